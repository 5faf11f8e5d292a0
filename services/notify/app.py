"""The notify service put together; importing this has no effect."""

from pathlib import Path

from infra.kernel.settings import Settings
from infra.runtime.jobs import Job
from infra.runtime.service import Service
from infra.storage.mongo import Mongo
from services.notify.inbox.api import routes
from services.notify.inbox.handlers import subscribe
from services.notify.inbox.model.wording import Wording
from services.notify.inbox.store import Mirrors, Notices, Todos, collections
from services.notify.inbox.use_cases import Inbox
from services.notify.office.api.callbacks import Callbacks
from services.notify.office.api.routes import routes as office_routes
from services.notify.office.channels.opening import mail, offices
from services.notify.office.store import Office
from services.notify.office.use_cases.delivery import DeliveryWorker
from services.notify.office.use_cases.reconciliation import ChannelWorker
from services.notify.preferences import Preferences
from services.notify.preferences import routes as preference_routes
from services.notify.settings import NotifySettings

TEMPLATES = Path(__file__).parent / "data" / "templates.json"


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service.

    Raises ``ValueError`` when a template is wrong, ``Misconfigured`` when the file of the office systems is.
    """
    own = NotifySettings.of("notify") if settings is None else NotifySettings.model_validate(settings.model_dump())
    mongo = Mongo(own)
    opened, mails, stretch = offices(own.oa_file), mail(own), own.lease_seconds / 5
    office = Office(mongo, [one.settings.name for one in (*opened, *mails)])
    mirrors, todos, notices = Mirrors(mongo), Todos(mongo), Notices(mongo)
    preferences = Preferences(mongo, own.mail_default)
    workers = [DeliveryWorker(office, one, own.public_url, stretch) for one in opened]
    channel_workers = [ChannelWorker(office, todos, one, own.reconcile_seconds) for one in workers]
    mailing = [DeliveryWorker(office, one, own.public_url, stretch, preferences.wants_mail) for one in mails]
    callbacks = Callbacks(office, todos, workers)
    wording = Wording.model_validate_json(TEMPLATES.read_text(encoding="utf-8"))
    return Service(
        title=("通知", "Notify"),
        settings=own,
        mongo=mongo,
        routers=[
            routes(Inbox(todos, notices, mirrors, wording)),
            office_routes(office, [one.settings.name for one in workers], callbacks),
            preference_routes(preferences),
        ],
        handlers=subscribe(mirrors, todos, notices, wording, office),
        stores=[*office.stores, preferences],
        others=[*collections(mirrors, todos, notices), office.deliveries],
        jobs=[
            Job("oa.channels", office.note_channels, 3600),
            *(Job(f"oa.{one.worker.settings.name}", one.run_once, own.poll_seconds) for one in channel_workers),
            *(Job(f"oa.{one.settings.name}", one.run_once, own.poll_seconds) for one in mailing),
        ],
    )
