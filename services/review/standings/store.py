"""The standings, and what registry and activities told about brands, as the evidence of a recheck needs it."""

from collections.abc import Sequence
from typing import Any

from infra.storage.collections import Collection, Mirrored, Projection
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import Store
from services.review.events.value_objects import Activity, Measured, Plaque
from services.review.standings.model import evidence
from services.review.standings.model.standing import Standing


class Standings(Store[Standing]):
    """The standings, one for each brand that was ever approved."""

    def __init__(self, mongo: Mongo) -> None:
        fields = {"owner": ["owner"], "committee": ["committee", "state"], "level": ["level"], "due": ["due_at"]}
        indexes = [IndexModel([(one, ASCENDING) for one in keys], name=name) for name, keys in fields.items()]
        super().__init__(mongo, "standings", Standing, indexes)


class BrandRow(Mirrored, evidence.Brand):
    """A brand, and whose it is."""

    owner: str


class PlaqueRow(Mirrored, Plaque):
    """A plaque that was awarded."""

    brand: str


class HeldRow(Mirrored, Activity):
    """An activity that was held."""

    brand: str | None


class FiledRow(Mirrored):
    """The newest filing of a plan."""

    late: bool


class MeasuredRow(Mirrored, Measured):
    """A value that another department measured."""

    brand: str


class HintRow(Mirrored, evidence.Suspected):
    """A hint, about one brand or about whatever brands its organisation has."""

    brand: str | None
    organisation: str


class EvidenceProjections:
    """The mirrors, and what they say together about one brand."""

    def __init__(self, mongo: Mongo) -> None:
        by_brand = IndexModel([("brand", ASCENDING)], name="brand")
        self.brands = Projection(mongo, "evidence_brands", BrandRow)
        self.plaques = Projection(mongo, "evidence_plaques", PlaqueRow, [by_brand])
        self.held = Projection(mongo, "evidence_activities", HeldRow, [by_brand])
        self.filed = Projection(mongo, "evidence_filings", FiledRow)
        self.measured = Projection(mongo, "evidence_points", MeasuredRow, [by_brand])
        by_organisation = IndexModel([("organisation", ASCENDING)], name="organisation")
        self.hints = Projection(mongo, "evidence_hints", HintRow, [by_brand, by_organisation])
        self.collections: list[Collection[Any]] = [
            self.brands,
            self.plaques,
            self.held,
            self.filed,
            self.measured,
            self.hints,
        ]

    async def hinted(self, brand: str, places: Sequence[str]) -> list[HintRow]:
        """The hints about a brand, or about one of the places where it is made, newest first."""
        about = {"$or": [{"brand": brand}, {"brand": None, "organisation": {"$in": list(places)}}]}
        return await self.hints.find(about, sort=(("raised_at", -1), ("_id", ASCENDING)), limit=0)

    async def sources(self, brand: str, places: Sequence[str]) -> evidence.Sources:
        """Everything that was told of a brand; an activity counts for the brand that its record names."""
        of = {"brand": brand}
        held = await self.held.find(of, limit=0)
        plans = await self.filed.find({"_id": {"$in": [row.id for row in held]}}, limit=0)
        late = {row.id: row.late for row in plans}
        return evidence.Sources(
            held=tuple(evidence.Held(activity=row.id, filed_late=late.get(row.id), **row.model_dump()) for row in held),
            measured=tuple(Measured(**row.model_dump()) for row in await self.measured.find(of, limit=0)),
            suspected=tuple(evidence.Suspected(**row.model_dump()) for row in await self.hinted(brand, places)),
            portrait=await self._portrait(brand),
        )

    async def _portrait(self, brand: str) -> evidence.Portrait | None:
        found = await self.brands.find({"_id": brand})
        plaques = await self.plaques.find({"brand": brand}, sort=(("awarded_on", -1), ("_id", -1)), limit=1)
        plaque = Plaque(**dict(plaques[0])) if plaques else None
        return evidence.Portrait(plaque=plaque, **found[0].model_dump()) if found else None
