"""What this service asks of its database: the tree, people, settings, brands with versions, activities counted."""

from infra.storage.mongo import Mongo
from infra.storage.store import Store
from services.registry.brands.model.document import Document
from services.registry.brands.model.drafting import Text
from services.registry.brands.store import Activities, Brands
from services.registry.hr.store import Entries, Hr
from services.registry.party.store import Organisations, People
from services.registry.programme.model.block_type import BlockType
from services.registry.programme.model.calendar import Calendar
from services.registry.programme.model.programme import KEY, Programme, Rules


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
