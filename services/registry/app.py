"""The registry service put together; importing this has no effect."""

from pathlib import Path
from typing import Any

from infra.mongo import Mongo
from infra.schedule import Due, Job
from infra.service import Service
from infra.settings import Settings
from infra.store import Store
from services.registry.api import hr_files, routes
from services.registry.brake import Braked
from services.registry.confirmation import Confirmation
from services.registry.gates import Gates
from services.registry.handlers import hear
from services.registry.hearing import Hearing
from services.registry.hr_handlers import hear_hr
from services.registry.intake import Intake
from services.registry.model.hr import department, employee
from services.registry.proposing import Proposing
from services.registry.running import Runs
from services.registry.scim.feeding import Feed
from services.registry.shipped import Shipped
from services.registry.snapshot.columns import Columns
from services.registry.store import Stores

HERE = Path(__file__).parent


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service. Raises ``ValueError`` when shipped data are wrong."""
    settings = settings or Settings.of("registry")
    mongo = Mongo(settings)
    stores = Stores(mongo)
    shipped = Shipped.read(HERE)
    intake, confirmation = Intake(stores.hr), Confirmation(stores)
    braked = Braked(stores.hr, shipped.limits)
    runs, hearing = Runs(stores.hr, intake, shipped.limits), Hearing(stores.hr, braked)
    scim, gates = Feed(stores.scim, stores.hr, braked, Columns.shipped()), Gates(stores.hr, stores.scim, hearing)
    heard = hear(stores)
    hear_hr(heard, hearing, Proposing(stores), confirmation)
    own: list[Store[Any]] = [stores.organisations, stores.people, stores.programme, stores.block_types, stores.brands]
    own.append(stores.calendars)
    return Service(
        title=("品牌与党组织登记", "Registry"),
        settings=settings,
        mongo=mongo,
        routers=routes(stores, runs, hearing, confirmation, gates),
        handlers=heard,
        stores=[*own, *stores.hr.stores],
        others=[stores.brands.versions, stores.activities, *stores.hr.others, stores.scim],
        due=[Due(stores.hr.departments, "due_at", department.due), Due(stores.hr.employees, "due_at", employee.due)],
        jobs=[Job("hr.runs", runs.turn), Job("hr.scim", scim.turn), Job("hr.gates", gates.turn)],
        larger={hr_files.PATH: hr_files.MOST_BYTES},
        started=[lambda: shipped.put(stores)],
    )
