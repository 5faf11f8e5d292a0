"""The registry service put together; importing this has no effect."""

import json
from functools import partial
from pathlib import Path
from typing import Any, Self

from fastapi import APIRouter
from pydantic import BaseModel

from infra.kernel import clock
from infra.kernel.settings import Settings
from infra.runtime.jobs import Job
from infra.runtime.schedule import Due
from infra.runtime.service import Service
from infra.storage.mongo import Mongo
from infra.storage.store import Store
from services.registry.access import Access
from services.registry.brands.api import brands, ledger
from services.registry.brands.handlers import subscribe
from services.registry.hr.api import mirror, runs
from services.registry.hr.feeds.files import Columns
from services.registry.hr.feeds.scim import server
from services.registry.hr.feeds.scim.feeding import Feed
from services.registry.hr.handlers import subscribe_hr
from services.registry.hr.model.employee_and_department import Department, Employee
from services.registry.hr.model.run import Limits
from services.registry.hr.use_cases.intake import Holds, HrEvents, Intake, MassLossBreaker
from services.registry.hr.use_cases.proposals import Confirmation, Proposing
from services.registry.hr.use_cases.runs import Runs
from services.registry.party import api as party
from services.registry.programme import api as programme_api
from services.registry.programme.model import block_type, calendar, programme
from services.registry.programme.model.block_type import Shape
from services.registry.programme.model.calendar import Official
from services.registry.programme.model.programme import KEY, Rules
from services.registry.stores import Stores

DATA = Path(__file__).parent / "data"
SHIPPED_BY = "shipped"


class Shipped(BaseModel):
    """The data files beside this module."""

    rules: Rules
    block_types: dict[str, Shape]
    limits: Limits
    calendars: dict[int, Official]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the files; raises ``ValueError`` that says what is wrong in them."""
        shapes = json.loads((folder / "block_types.json").read_text(encoding="utf-8"))
        rules = Rules.model_validate_json((folder / "programme.json").read_text(encoding="utf-8"))
        limits = Limits.model_validate_json((folder / "hr_limits.json").read_text(encoding="utf-8"))
        calendars = json.loads((folder / "calendars.json").read_text(encoding="utf-8"))
        block_types = {shape.pop("id"): Shape.model_validate(shape) for shape in shapes}
        return cls(rules=rules, block_types=block_types, limits=limits, calendars=calendars)

    async def put(self, stores: Stores) -> None:
        """Put in place what is missing; doing it again changes nothing."""
        await stores.programme.seed(KEY, partial(programme.settle, None, self.rules))
        for key, shape in self.block_types.items():
            make = partial(block_type.record, None, key, shape, SHIPPED_BY, clock.now())
            await stores.block_types.seed(key, make)
        for year, official in self.calendars.items():
            await stores.calendars.seed(str(year), partial(calendar.arrange, None, year, official))


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service. Raises ``ValueError`` when shipped data are wrong."""
    settings = settings or Settings.of("registry")
    mongo = Mongo(settings)
    stores = Stores(mongo)
    shipped = Shipped.read(DATA)
    intake, confirmation = Intake(stores.hr), Confirmation(stores)
    breaker = MassLossBreaker(stores.hr, shipped.limits)
    hr_runs, hr_events = Runs(stores.hr, intake, shipped.limits), HrEvents(stores.hr, breaker)
    scim, holds = Feed(stores.scim, stores.hr, breaker, Columns.shipped()), Holds(stores.hr, stores.scim, hr_events)
    subscriptions = subscribe(stores)
    subscribe_hr(subscriptions, hr_events, Proposing(stores), confirmation)
    own: list[Store[Any]] = [stores.organisations, stores.people, stores.programme, stores.block_types, stores.brands]
    own.append(stores.calendars)
    return Service(
        title=("品牌与党组织登记", "Registry"),
        settings=settings,
        mongo=mongo,
        routers=routes(stores, hr_runs, hr_events, confirmation, holds),
        handlers=subscriptions,
        stores=[*own, *stores.hr.stores],
        others=[stores.brands.versions, stores.activities, *stores.hr.others, stores.scim],
        due=[Due(stores.hr.departments, "due_at", Department.due), Due(stores.hr.employees, "due_at", Employee.due)],
        jobs=[Job("hr.runs", hr_runs.run_once), Job("hr.scim", scim.run_once), Job("hr.holds", holds.run_once)],
        larger={runs.PATH: runs.MOST_BYTES},
        started=[lambda: shipped.put(stores)],
    )


def routes(
    stores: Stores, hr_runs: Runs, hr_events: HrEvents, confirmation: Confirmation, holds: Holds
) -> list[APIRouter]:
    """Every route of this service."""
    access = Access(stores)
    return [
        party.organisation_routes(stores, access),
        party.person_routes(stores, access),
        programme_api.settings_routes(stores, access),
        programme_api.block_type_routes(stores, access),
        programme_api.calendar_routes(stores, access),
        brands.draft_routes(stores, access),
        brands.routes(stores, access),
        brands.version_routes(stores, access),
        ledger.routes(stores, access),
        ledger.matrix_routes(stores),
        runs.routes(stores, access, hr_runs),
        runs.file_routes(hr_runs),
        runs.hold_routes(stores, access, holds),
        server.routes(stores.scim),
        server.status_routes(stores.scim),
        mirror.proposal_routes(stores, access, confirmation),
        mirror.routes(stores, access, hr_events),
    ]
