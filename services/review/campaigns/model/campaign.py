"""One campaign as one document: its plan, who is eligible, its entrants, and everything decided about them."""

from collections import Counter
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias

from pydantic import Field

from infra.kernel.errors import Invalid, NotFound, Refused
from infra.kernel.events import Aggregate, Fact
from services.review.campaigns.model.commands import Nominated, Rated, Resolved
from services.review.campaigns.model.plan import Plan
from services.review.events.published.campaigns import CampaignCalled, CampaignRecorded
from services.review.events.value_objects import Stored
from services.review.shared.actor import Actor, example
from services.review.shared.public_notice.notice import Notice
from services.review.shared.scoring.panel import Panel, Scorecard
from services.review.shared.scoring.ranking import Shortlist

Stage: TypeAlias = Literal["planned", "enrolling", "shortlisting", "scoring", "grading", "notice", "named", "cancelled"]
STAGES: Final[dict[Stage, tuple[str, str]]] = {
    "planned": ("部署", "planned"),
    "enrolling": ("申报", "enrolling"),
    "shortlisting": ("初评", "shortlisting"),
    "scoring": ("现场评审", "scoring"),
    "grading": ("评定级别", "grading"),
    "notice": ("公示", "public notice"),
    "named": ("已命名", "named"),
    "cancelled": ("已终止", "cancelled"),
}


class Made(Stored):
    """Who did it, and when."""

    by: str
    at: datetime


class Rating(Rated, Made, **example()):
    """The first assessment (初评) of an entrant, as it was entered."""


class Struck(Made):
    """An entrant is out: it withdrew, or an objection against it was upheld."""

    kind: Literal["withdrawn", "objection"]
    reason: str


class Entrant(Stored):
    """A brand that takes part, as it was when it enrolled."""

    brand: str
    owner: str
    name: str | None
    enrolled_by: str
    enrolled_at: datetime
    rating: Rating | None = None
    card: Scorecard | None = None
    struck: Struck | None = None


class Award(Nominated, Made, **example()):
    """A typed award that is to be given."""


class Named(Resolved, Made, **example()):
    """The committee's resolution that names the brands, as it was entered."""


class Line(Made):
    """One line of what happened."""

    deed: str
    about: str | None = None
    reason: str | None = None


class Campaign(Aggregate):
    """One batch. ``eligible`` are the organisations that might take part, as of the day on which it was opened.

    ``graded``: per level, from the highest on, who is in and whether a tie waits for a person. ``against``: which
    entrant each objection of the public notice, by its number, is about.
    """

    plan: Plan
    stage: Stage = "planned"
    eligible: tuple[str, ...] = ()
    opened_on: date | None = None
    entrants: tuple[Entrant, ...] = ()
    shortlist: Shortlist | None = None
    panel: Panel | None = None
    graded: dict[str, Shortlist] = Field(default_factory=dict)
    awards: tuple[Award, ...] = ()
    exemplar: str | None = None
    notice: Notice | None = None
    against: dict[str, str] = Field(default_factory=dict)
    named: Named | None = None
    log: tuple[Line, ...] = ()

    def answer(self) -> dict[str, Any]:
        """The stage that it is in now."""
        return {"stage": self.stage}

    @property
    def running(self) -> tuple[Entrant, ...]:
        """The entrants that are not out."""
        return tuple(one for one in self.entrants if one.struck is None)

    @property
    def finalists(self) -> tuple[Entrant, ...]:
        """The entrants of the shortlist that are not out."""
        inside = self.shortlist.entrants if self.shortlist else ()
        return tuple(one for one in self.running if one.brand in inside)

    def entrant(self, brand: str, field: str = "/brand") -> Entrant:
        """An entrant that is not out; raises ``Invalid``."""
        found = next((one for one in self.running if one.brand == brand), None)
        if found is None:
            raise Invalid("campaign.no_entrant", zh=f"“{brand}”未参评。", en=f"“{brand}” takes no part.", field=field)
        return found

    def card(self, brand: str) -> tuple[Entrant, Scorecard]:
        """The card of a finalist; raises ``NotFound``."""
        found = next((one for one in self.finalists if one.brand == brand), None)
        if found is None or found.card is None:
            raise NotFound("campaign.no_card", zh=f"“{brand}”不在评审之列。", en=f"“{brand}” is not being scored.")
        return found, found.card

    def require(self, *stages: Stage) -> None:
        """Raise ``Refused`` in every other stage."""
        if self.stage not in stages:
            zh, en = STAGES[self.stage]
            raise Refused(
                "campaign.stage",
                zh=f"批次目前处于“{zh}”，不能执行此操作。",
                en=f"The campaign is in the stage “{en}”; this does not belong to it.",
            )

    def require_panel(self) -> Panel:
        """The panel; raises ``Refused`` while there is none."""
        if self.panel is None:
            raise Refused("campaign.no_panel", zh="尚未组成评审组。", en="There is no panel yet.")
        return self.panel

    def replaced(self, after: Entrant) -> tuple[Entrant, ...]:
        """The entrants with one of them changed."""
        return tuple(after if one.brand == after.brand else one for one in self.entrants)

    def progress(self) -> dict[str, int]:
        """How far it has come, in figures."""
        cards = [one.card for one in self.finalists if one.card is not None]
        struck = Counter(one.struck.kind for one in self.entrants if one.struck)
        return {
            "eligible": len(self.eligible),
            "entrants": len(self.running),
            "organisations": len({one.owner for one in self.running}),
            "withdrawn": struck["withdrawn"],
            "rated": sum(one.rating is not None for one in self.running),
            "shortlisted": len(self.finalists),
            "sheets": sum(len(card.counted(self.panel)) for card in cards) if self.panel else 0,
            "sheets_expected": sum(len(card.seated(self.panel)) for card in cards) if self.panel else 0,
            "revealed": sum(card.revealed for card in cards),
            "objections": len(self.notice.objections) if self.notice else 0,
            "objections_open": len(self.notice.open) if self.notice else 0,
            "struck": struck["objection"],
        }


def recorded(before: Campaign, after: Campaign) -> tuple[Campaign, list[Fact]]:
    """The decision: the campaign as it is now, and once for each stage who is asked to act."""
    plan = after.plan
    of = {"campaign": after.id, "title": plan.title, "title_en": plan.title_en, "stage": after.stage}
    own = plan.model_dump(include={"committee", "opens_on", "closes_on"})
    fact = CampaignRecorded(**of, **own, figures=after.progress(), exemplar=after.exemplar)
    asked: dict[str, Any] = {"organisations": [], "people": [], "until": None}
    if after.stage == "enrolling":
        asked |= {"organisations": list(after.eligible), "until": plan.closes_on}
    if after.stage == "scoring" and after.panel is not None:
        asked |= {"people": list(after.panel.judges)}
    if before.stage == after.stage or not (asked["organisations"] or asked["people"]):
        return after, [fact]
    return after, [fact, CampaignCalled(**of, **asked)]


def done(
    before: Campaign, actor: Actor, deed: str, about: str | None = None, reason: str | None = None, **changes: object
) -> tuple[Campaign, list[Fact]]:
    """The decision: one more line of what happened, and what it changed."""
    line = Line(at=actor.at, by=actor.by, deed=deed, about=about, reason=reason)
    return recorded(before, before.becomes(log=(*before.log, line), **changes))


def struck_off(campaign: Campaign, brand: str, struck: Struck) -> dict[str, Any]:
    """What changes when an entrant is out: it is to get nothing any more."""
    entrants = campaign.replaced(campaign.entrant(brand).becomes(struck=struck))
    awards = tuple(one for one in campaign.awards if one.brand != brand)
    exemplar = None if campaign.exemplar == brand else campaign.exemplar
    return {"entrants": entrants, "awards": awards, "exemplar": exemplar}
