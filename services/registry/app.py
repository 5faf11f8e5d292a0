"""The registry service put together; importing this has no effect."""

from pathlib import Path
from typing import Any

from infra.kernel.settings import Settings
from infra.runtime.jobs import Job
from infra.runtime.schedule import Due
from infra.runtime.service import Service
from infra.storage.mongo import Mongo
from infra.storage.store import Store
from services.registry.brands.handlers import subscribe
from services.registry.hr.api import files as hr_files
from services.registry.hr.feeds.files.columns import Columns
from services.registry.hr.feeds.scim.feeding import Feed
from services.registry.hr.handlers import subscribe_hr
from services.registry.hr.model import department, employee
from services.registry.hr.use_cases.confirmation import Confirmation
from services.registry.hr.use_cases.events import HrEvents
from services.registry.hr.use_cases.holds import Holds
from services.registry.hr.use_cases.intake import Intake
from services.registry.hr.use_cases.mass_loss import MassLossBreaker
from services.registry.hr.use_cases.proposals import Proposing
from services.registry.hr.use_cases.runs import Runs
from services.registry.routes import routes
from services.registry.seeding import Shipped
from services.registry.stores import Stores

DATA = Path(__file__).parent / "data"


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service. Raises ``ValueError`` when shipped data are wrong."""
    settings = settings or Settings.of("registry")
    mongo = Mongo(settings)
    stores = Stores(mongo)
    shipped = Shipped.read(DATA)
    intake, confirmation = Intake(stores.hr), Confirmation(stores)
    breaker = MassLossBreaker(stores.hr, shipped.limits)
    runs, hr_events = Runs(stores.hr, intake, shipped.limits), HrEvents(stores.hr, breaker)
    scim, holds = Feed(stores.scim, stores.hr, breaker, Columns.shipped()), Holds(stores.hr, stores.scim, hr_events)
    subscriptions = subscribe(stores)
    subscribe_hr(subscriptions, hr_events, Proposing(stores), confirmation)
    own: list[Store[Any]] = [stores.organisations, stores.people, stores.programme, stores.block_types, stores.brands]
    own.append(stores.calendars)
    return Service(
        title=("品牌与党组织登记", "Registry"),
        settings=settings,
        mongo=mongo,
        routers=routes(stores, runs, hr_events, confirmation, holds),
        handlers=subscriptions,
        stores=[*own, *stores.hr.stores],
        others=[stores.brands.versions, stores.activities, *stores.hr.others, stores.scim],
        due=[Due(stores.hr.departments, "due_at", department.due), Due(stores.hr.employees, "due_at", employee.due)],
        jobs=[Job("hr.runs", runs.run_once), Job("hr.scim", scim.run_once), Job("hr.holds", holds.run_once)],
        larger={hr_files.PATH: hr_files.MOST_BYTES},
        started=[lambda: shipped.put(stores)],
    )
