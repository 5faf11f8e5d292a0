"""What people can ask of a campaign, as data: the bodies of its requests, and what its decisions are given."""

from datetime import date

from pydantic import Field

from infra.kernel.values import Input
from services.review.shared.actor import example
from services.review.shared.public_notice.notice import Complaint
from services.review.shared.scoring.panel import Marks
from services.review.shared.scoring.rubric import Judge, Points
from services.review.shared.text_types import Key, Line, Reason


class Enrolled(Input, **example(brand="b-sanxin")):
    """Which brand; everything else about it is known."""

    brand: str = Field(description="品牌编号 / The brand's id")


class Reasoned(Input, **example(reason="另有安排。")):
    """Why."""

    reason: Reason = Field(description="理由 / Why")


class Rated(Input, **example(points="88.5", gate=True, comment="特色鲜明。")):
    """What the work department says of an entrant in the first assessment; ``gate``: whether it is open to it."""

    points: Points = Field(description="初评得分 / Points of the first assessment")
    gate: bool = Field(description="是否达到门槛（如支部达标） / Whether the gate is open to it")
    comment: Reason | None = Field(default=None, description="评语，可省略 / A comment, optional")


class TieDecided(Reasoned, **example(picked=["b-sanxin"], reason="覆盖面更广。")):
    """Who of those tied is in, and why."""

    picked: tuple[str, ...] = Field(min_length=1, max_length=1000, description="入选品牌 / The brands that are in")


class Seated(Input, **example(judges=["2001", "2002", "2003"], supervisors=["2009"], quorum=3)):
    """Who scores, who supervises, and the fewest sheets that make a result."""

    judges: tuple[Judge, ...] = Field(min_length=1, max_length=50, description="评委（工号） / Judges, by number")
    supervisors: tuple[Judge, ...] = Field(max_length=10, description="监督人（工号） / Supervisors, by number")
    quorum: int = Field(ge=1, le=50, description="最少有效打分表 / Fewest sheets that make a result")


class StoodBack(Reasoned, **example(judge="2001", reason="曾参与该品牌创建。")):
    """Which judge stands back, or whose sheet is set aside, and why."""

    judge: Judge = Field(description="评委（工号） / The judge, by number")


class SheetHandedIn(Input):
    """One judge's sheet; after the reveal a change needs a reason."""

    model_config = example(marks={"points": {"identity": "9.5", "outcomes": "22"}, "gates": {"branch_standard": True}})

    marks: Marks = Field(description="打分 / The marks")
    reason: Reason | None = Field(default=None, description="揭示后更改的理由 / Why, for a change after the reveal")


class Revealed(Input, **example(shortfall="一位评委因公出差。")):
    """The reveal; why sheets that are missing are not waited for."""

    shortfall: Reason | None = Field(default=None, description="不再等待的理由 / Why not to wait for missing sheets")


class Chosen(Reasoned, **example(brand="b-sanxin", reason="做法可复制。")):
    """Which brand, and why."""

    brand: str = Field(description="品牌编号 / The brand's id")


class Nominated(Chosen, **example(award="innovation", brand="b-sanxin", reason="方法新。")):
    """A finalist for a typed award, and why."""

    award: Key = Field(description="奖项 / The award")


class Objected(Complaint, **example(brand="b-sanxin", text="获奖数据不实。", raised_by="李某，办公室")):
    """An objection against one entrant."""

    brand: str = Field(description="所异议的品牌 / The brand it is about")


class Resolved(Input):
    """The meeting that resolved, with its figures; ``recused`` stood back and count for no majority of voters."""

    model_config = example(
        number="党委决议〔2026〕9号", meeting="2026年第6次党委会", held_on="2026-03-20", expected=9, present=8,
        in_favour=7, against=0, abstained=1,
    )  # fmt: skip

    number: Line = Field(description="决议文号 / The resolution's number")
    meeting: Line = Field(description="会议 / The meeting")
    held_on: date = Field(description="会议日期 / Its day")
    expected: int = Field(ge=1, le=1000, description="应到 / Expected")
    present: int = Field(ge=0, le=1000, description="实到 / Present")
    in_favour: int = Field(ge=0, le=1000, description="赞成 / In favour")
    against: int = Field(ge=0, le=1000, description="反对 / Against")
    abstained: int = Field(ge=0, le=1000, description="弃权 / Abstained")
    recused: int = Field(default=0, ge=0, le=1000, description="回避 / Stood back")
