"""Named examples: the seed's organisations, one person of each office, a brand in every state."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from infra.kernel.events import Fact
from services.registry.app import DATA, Shipped
from services.registry.brands.model.brand import Actor, Award, Brand, award
from services.registry.brands.model.document import Document, concealed
from services.registry.brands.model.drafting import Text, found, submit
from services.registry.brands.model.reviewing import ReviewFact, concluded, returned, stood
from services.registry.events.consumed import (
    DocumentRevised,
    Resolution,
    ReviewConcluded,
    ReviewOpened,
    ReviewReturned,
    StandingRecorded,
)
from services.registry.party.model.organisation import Known, Masked, Organisation
from services.registry.party.model.person import Membership, Person, Post
from services.registry.programme.model import block_type
from services.registry.programme.model.block_type import BlockType, Shape
from services.registry.programme.model.programme import Rules

SHIPPED = Shipped.read(DATA)
RULES: Rules = SHIPPED.rules
START = date(2020, 1, 1)
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SECRETARY = Actor("E301", NOW)
OFFICER = Actor("E011", NOW + timedelta(days=121))
RESOLUTION = Resolution(
    number="党委决议〔2026〕3号", meeting="党委会〔2026〕第5次", held_on=date(2026, 3, 20), expected=9, present=8,
    in_favour=7, against=0, abstained=1,
)  # fmt: skip
AWARD = Award(brand="power-1010", number="0004", awarded_on=date(2026, 7, 1), occasion="庆祝建党主题活动", flag=True)


def types() -> dict[str, BlockType]:
    """The shipped block types."""
    made = (block_type.record(None, key, shape, "shipped", NOW)[0] for key, shape in SHIPPED.block_types.items())
    return {one.id: one for one in made}


TYPES = types()


def organisation(key: str, kind: str, parent: str | None = "committee", **more: Any) -> Organisation:  # noqa: ANN401
    """An organisation named after its id."""
    fields = {"name": Known(value=key), "valid_from": START, **more}
    return Organisation.model_validate({"id": key, "kind": kind, "parent": parent, **fields})


COMMITTEE = organisation("committee", "party_committee", None)
OPERATIONS = organisation("operations", "general_branch")
ENGINEERING = organisation("engineering", "party_branch", name=Masked(shown="**党支部"))
GROUP = organisation("group-1", "party_group", "engineering")


def person(key: str, *posts: Post, member_of: str = "engineering", status: str = "full_member") -> Person:
    """A person with one membership since the start."""
    membership = Membership.model_validate({"organisation": member_of, "status": status, "since": START})
    return Person(id=key, name=f"姓名{key}", memberships=(membership,), posts=posts)


def post(name: str, at: str, since: date = START, until: date | None = None) -> Post:
    """A term in a post."""
    return Post.model_validate({"organisation": at, "post": name, "since": since, "until": until})


def document(**more: Any) -> Document:  # noqa: ANN401 - any fields
    """The text of 1010: almost empty, its background masked."""
    fields: dict[str, Any] = {
        "name": {"state": "known", "value": "1010"},
        "background": {
            "state": "masked", "shown": "**党支部", "visible_to": ["branch_secretary"], "value": "工程党支部",
        },
        "blocks": {"digits": {"type": "numeric_code", "data": {"digits": "1010"}}},
    }  # fmt: skip
    return Document.model_validate({**fields, **more})


def text(wanted: Document | None = None) -> Text:
    """A text with what it is checked against."""
    return Text(wanted or document(), TYPES, RULES)


def draft() -> Brand:
    """A new brand."""
    return found("1010", ENGINEERING, (), text(), SECRETARY)[0]


def in_review() -> Brand:
    """Handed in."""
    return submit(draft(), None, SECRETARY)[0]


def sent_back() -> Brand:
    """Handed in and returned to its drafter: a draft that a review waits for."""
    return returned(in_review(), back(), published(3))[0]


def approved() -> Brand:
    """Approved by the committee."""
    return concluded(in_review(), conclusion("approved"), published(9))[0]


def rejected() -> Brand:
    """Turned down."""
    return concluded(in_review(), conclusion("rejected"), published(9))[0]


def plaqued() -> Brand:
    """With its plaque."""
    return award(approved(), AWARD, OFFICER)[0]


def stands(state: str = "revoked", review: str = "1010.r1", **more: Any) -> StandingRecorded:  # noqa: ANN401
    """Review says how the brand stands; revoked on the day of the plaque, to apply again after a year."""
    gone = {"revoked_on": "2026-07-01", "revoked_by": "党委决议〔2026〕9号", "reapply_from": "2027-07-01"}
    fields = {"brand": "1010", "state": state, "level": None, "review": review, "by": "E011"}
    return StandingRecorded.model_validate(
        {**dict.fromkeys(gone), **fields, **(gone if state == "revoked" else {}), **more}
    )


def revoked() -> Brand:
    """A brand whose plaque was revoked."""
    return stood(plaqued(), stands(), ReviewFact(30, OFFICER.at))[0]


STATES = {
    "draft": draft, "sent_back": sent_back, "in_review": in_review, "approved": approved, "rejected": rejected,
    "plaqued": plaqued, "revoked": revoked,
}  # fmt: skip


def published(sequence: int) -> ReviewFact:
    """The n-th version of a review, n minutes after the start."""
    return ReviewFact(sequence, NOW + timedelta(minutes=sequence))


def reviewed(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - any fields
    """The text as review has it: what is masked stayed at home."""
    return concealed(document(**more))


def slogan(words: str) -> dict[str, Any]:
    """The text in review with a slogan that was suggested."""
    return reviewed(slogan={"state": "known", "value": words})


def start() -> ReviewOpened:
    """Review took the text."""
    return ReviewOpened(review="1010.r1", brand="1010", procedure="one-branch-one-brand", procedure_version=1)


def revision(number: int, words: str) -> DocumentRevised:
    """A suggestion was accepted."""
    return DocumentRevised(
        review="1010.r1", brand="1010", document=slogan(words), revision=number, suggested_by="E011"
    )  # fmt: skip


def back(*, to_drafter: bool = True, number: int = 1, document: dict[str, Any] | None = None) -> ReviewReturned:
    """The review goes back."""
    return ReviewReturned(
        review="1010.r1", brand="1010", document=document or reviewed(), revision=number, from_step="branch_discussion",
        to_drafter=to_drafter, reason="请补充内涵",
        returned_by="E301",
    )  # fmt: skip


def conclusion(outcome: str, number: int = 1, document: dict[str, Any] | None = None) -> ReviewConcluded:
    """The review is over."""
    return ReviewConcluded.model_validate(
        {
            "review": "1010.r1", "brand": "1010", "outcome": outcome, "document": document or reviewed(),
            "revision": number, "resolution": RESOLUTION if outcome == "approved" else None,
            "reason": None if outcome == "approved" else "理由", "concluded_by": "E011",
        }
    )  # fmt: skip


def every_block_of_the_examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """One block for each shipped type, as far as the seed fills them."""
    yield "letter_items", {"items": [{"symbol": "E", "term_en": "Earthing", "term_zh": "接地气"}]}
    yield "keywords", {"items": [{"word": "尽心"}, {"word": "细心"}, {"word": "暖心"}]}
    yield "numeric_code", {"digits": "1010"}
    yield "centre_guide_baseline", {"centre": "“家”文化", "guide": "“GPS”", "baseline": "支部达标"}
    yield "work_methods", {"items": [{"name": "党建12+N"}]}
    yield "carriers", {"items": [{"kind": "pioneer_post", "name": "党员先锋岗"}]}
    yield "stories", {"items": [{"title": "群口相声《我们队那些事儿》", "organisation": "党员先锋操作队"}]}
    yield "outcomes", {"items": [{"indicator": "提高凝聚力"}, {"indicator": "故障率", "before": 3.5, "after": 1}]}
    yield "served_groups", {"items": [{"name": "公司全体员工"}]}
    yield "visuals", {"meaning": "两个十"}
    yield "programme_role", {"exemplar": True}


def shape(**schema: Any) -> Shape:  # noqa: ANN401 - any schema
    """A block type of one's own."""
    return Shape(title="自定义", title_en="Own", body_schema={"type": "object", **schema})


def names(facts: Sequence[Fact]) -> list[str]:
    """The wire names of facts, in order."""
    return [fact.type for fact in facts]
