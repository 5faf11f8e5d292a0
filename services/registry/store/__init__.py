"""What this service asks of its database: the tree, people, settings, brands with versions, activities counted."""

from infra.mongo import Mongo
from infra.store import Store
from services.registry.model.block_type import BlockType
from services.registry.model.calendar import Calendar
from services.registry.model.document import Document
from services.registry.model.drafting import Text
from services.registry.model.programme import KEY, Programme, Rules
from services.registry.store.activities import Activities
from services.registry.store.brands import Brands
from services.registry.store.hr import Hr
from services.registry.store.party import Organisations, People
from services.registry.store.scim import Entries


class Stores:
    """Every collection of this service."""

    def __init__(self, mongo: Mongo) -> None:
        self.organisations, self.people, self.brands = Organisations(mongo), People(mongo), Brands(mongo)
        self.programme = Store(mongo, "programme", Programme)
        self.block_types = Store(mongo, "block_types", BlockType)
        self.calendars = Store(mongo, "calendars", Calendar)
        self.activities = Activities(mongo)
        self.hr = Hr(mongo)
        self.scim = Entries(mongo)

    async def rules(self) -> Rules:
        """The programme's settings as they are now."""
        return (await self.programme.get(KEY)).rules

    async def text(self, document: Document) -> Text:
        """A text with what it is checked against: the settings and the types of its blocks."""
        wanted = sorted({block.type for block in document.blocks.values()})
        types = await self.block_types.find({"_id": {"$in": wanted}}, limit=0)
        return Text(document, {one.id: one for one in types}, await self.rules())
