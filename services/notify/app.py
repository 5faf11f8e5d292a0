"""The notify service put together; importing this has no effect."""

from pathlib import Path

from infra.mongo import Mongo
from infra.schedule import Job
from infra.service import Service
from infra.settings import Settings
from services.notify.api import routes
from services.notify.callbacks import Callbacks
from services.notify.channels.opening import mail, offices
from services.notify.handlers import hear
from services.notify.inbox import Inbox
from services.notify.model.wording import Wording
from services.notify.office import Office
from services.notify.office_api import routes as office_routes
from services.notify.pushing import Pushing
from services.notify.reconciling import Reconciling
from services.notify.settings import NotifySettings
from services.notify.store import Mirrors, Notices, Todos, collections

TEMPLATES = Path(__file__).parent / "templates.json"


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service.

    Raises ``ValueError`` when a template is wrong, ``Misconfigured`` when the file of the office systems is.
    """
    own = NotifySettings.of("notify") if settings is None else NotifySettings.model_validate(settings.model_dump())
    mongo = Mongo(own)
    opened, mails = offices(own), mail(own)
    office = Office(mongo, [one.name for one, _ in (*opened, *mails)])
    pushings = [Pushing(office, one, channel, own.public_url) for one, channel in opened]
    mailing = [Pushing(office, one, channel, own.public_url) for one, channel in mails]
    reconciling = Reconciling(office, pushings)
    mirrors, todos, notices = Mirrors(mongo), Todos(mongo), Notices(mongo)
    callbacks = Callbacks(office, todos, {one.name: one for one, _ in opened})
    wording = Wording.model_validate_json(TEMPLATES.read_text(encoding="utf-8"))
    return Service(
        title=("通知", "Notify"),
        settings=own,
        mongo=mongo,
        routers=[
            routes(Inbox(todos, notices, mirrors, wording)),
            office_routes(office, [*pushings, *mailing], reconciling, callbacks),
        ],
        handlers=hear(mirrors, todos, notices, wording, office),
        stores=office.stores,
        others=[*collections(mirrors, todos, notices), *office.others],
        jobs=[
            *(Job(f"oa.{one.settings.name}", one.turn, own.poll_seconds) for one in (*pushings, *mailing)),
            Job("oa.reconcile", reconciling.turn, own.reconcile_seconds),
        ],
    )
