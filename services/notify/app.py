"""The notify service put together; importing this has no effect."""

from pathlib import Path

from infra.mongo import Mongo
from infra.service import Service
from infra.settings import Settings
from services.notify.api import routes
from services.notify.handlers import hear
from services.notify.inbox import Inbox
from services.notify.model.wording import Wording
from services.notify.store import Mirrors, Notices, Todos, collections

TEMPLATES = Path(__file__).parent / "templates.json"


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service. Raises ``ValueError`` when a template is wrong."""
    settings = settings or Settings.of("notify")
    mongo = Mongo(settings)
    mirrors, todos, notices = Mirrors(mongo), Todos(mongo), Notices(mongo)
    wording = Wording.model_validate_json(TEMPLATES.read_text(encoding="utf-8"))
    return Service(
        title=("通知", "Notify"),
        settings=settings,
        mongo=mongo,
        routers=[routes(Inbox(todos, notices, mirrors, wording))],
        handlers=hear(mirrors, todos, notices, wording),
        stores=[],
        others=collections(mirrors, todos, notices),
    )
