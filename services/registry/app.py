"""The registry service put together; importing this has no effect."""

from pathlib import Path

from infra.mongo import Mongo
from infra.service import Service
from infra.settings import Settings
from services.registry.api import routes
from services.registry.handlers import hear
from services.registry.shipped import Shipped
from services.registry.store import Stores

HERE = Path(__file__).parent


def build(settings: Settings | None = None) -> Service:
    """Settings → MongoDB → stores → HTTP and handlers → service. Raises ``ValueError`` when shipped data are wrong."""
    settings = settings or Settings.of("registry")
    mongo = Mongo(settings)
    stores = Stores(mongo)
    shipped = Shipped.read(HERE)
    return Service(
        title=("品牌与党组织登记", "Registry"),
        settings=settings,
        mongo=mongo,
        routers=routes(stores),
        handlers=hear(stores),
        stores=[stores.organisations, stores.people, stores.programme, stores.block_types, stores.brands],
        others=[stores.brands.versions, stores.activities],
        started=[lambda: shipped.put(stores)],
    )
