"""A panel scores one review: sealed sheets, the reveal, reasons for outliers, and a result that passes or is lost.

The panel is that of the day on which the step opened: points, like votes, are a person's. The rules of scoring are the
package ``scoring``; here they meet the step, which names the judges, and whoever is in charge of it, who supervises.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import Field

from infra.kernel.dates import day_of
from infra.kernel.errors import NotYet, Refused
from services.review.reviews.model.commands import Command, Form, Route
from services.review.reviews.model.context import CommandContext, Duties, Outcome, Rehearsal, Step, StepRun, eligible
from services.review.reviews.model.explain.page import Reason, Requirement
from services.review.reviews.model.procedure.bodies import Base
from services.review.reviews.model.steps.kind import Kind, Rule, Viewer, none_left, share_of
from services.review.shared.actor import Actor
from services.review.shared.scoring.panel import Marks, Panel, Scorecard, Veto
from services.review.shared.scoring.result import Result, Standing, pending, result
from services.review.shared.scoring.rubric import Rubric, plain
from services.review.shared.scoring.sealing import begin, hand_in, justify, recuse, reveal, set_aside
from services.review.shared.text_types import Number
from services.review.shared.text_types import Reason as Text

MOST_JUDGES = 50


class Judging(StepRun):
    """A panel scores; ``judges`` are those of the day on which it opened, ``quorum`` the fewest sheets that count."""

    kind: Literal["scoring"] = "scoring"
    judges: tuple[str, ...]
    quorum: int
    card: Scorecard

    @property
    def figures(self) -> dict[Base, int]:
        """The body that a quorum is a part of."""
        return {"judges": len(self.judges)}


class ScoringView(Judging):
    """A scoring as one reader sees it: sheets of others only after the reveal."""

    standing: Standing


def rubric_of(step: Step) -> Rubric:
    """The rubric of a scoring step."""
    assert step.rubric is not None  # noqa: S101 - a published scoring has one
    return step.rubric


def panel(step: Step, run: Judging, *supervisors: str) -> Panel:
    """The panel of a run."""
    return Panel(rubric=rubric_of(step), judges=run.judges, supervisors=supervisors, quorum=run.quorum)


def scored(step: Step, run: Judging) -> Result:
    """What the run's card comes to."""
    return result(run.card, panel(step, run))


def view_of(run: Judging, step: Step, person: str) -> ScoringView:
    """The run with its figures; of a sealed card only this person's own sheet."""
    standing = Standing.of(run.card, panel(step, run))
    return ScoringView.model_validate({**dict(run), "card": run.card.seen_by(person), "standing": standing})


class Score(Command, duty=True, stays=True, sealed=True):
    """A judge hands in their sheet; after the reveal a change of it needs a reason."""

    kind: Literal["score"] = "score"
    done: ClassVar = ("提交打分表", "handed a sheet in")
    marks: Marks
    reason: Text | None = None


class StandBack(Command, stays=True):
    """A judge declares that they are too close to the matter."""

    kind: Literal["stand_back"] = "stand_back"
    done: ClassVar = ("声明回避", "stood back")
    reason: Text = Field(description="回避理由 / Why")


class Recuse(Command, leading=True, stays=True):
    """Whoever supervises says that a judge is too close to the matter."""

    kind: Literal["recuse"] = "recuse"
    done: ClassVar = ("决定评委回避", "recused a judge")
    judge: Number
    reason: Text = Field(description="回避理由 / Why")


class Reveal(Command, duty=True, leading=True, stays=True):
    """Whoever supervises opens the sheets; ``reason``: why without waiting for those that are missing."""

    kind: Literal["reveal"] = "reveal"
    done: ClassVar = ("揭示评分", "revealed the scores")
    route: ClassVar = Route(
        "/scoring/reveal", "揭示评分（监督人） Reveal the sheets, by who supervises", {"reason": "一位评委病假"}
    )
    reason: Text | None = Field(
        default=None, description="不再等待未提交者的理由 / Why not to wait for those that are missing"
    )


class Justify(Command, duty=True, stays=True):
    """A judge says why their total is far from the others."""

    kind: Literal["justify"] = "justify"
    done: ClassVar = ("说明评分偏离理由", "said why their total is far from the others")
    route: ClassVar = Route(
        "/scoring/justification", "说明评分偏离理由 Say why one's total is far off", {"reason": "现场查看后加分"}
    )
    reason: Text = Field(description="理由 / Why")


class SetAside(Command, leading=True, stays=True):
    """Whoever supervises does not count an outlier that nobody explained."""

    kind: Literal["set_aside"] = "set_aside"
    done: ClassVar = ("不计入一份打分表", "set a sheet aside")
    route: ClassVar = Route(
        "/scoring/sheets/{judge}/exclusion", "不计入未说明理由的打分表 Set a sheet aside", {"reason": "逾期未说明理由"}
    )
    judge: Number
    reason: Text = Field(description="理由 / Why")


class CloseScoring(Command, duty=True, leading=True):
    """Whoever supervises makes the revealed sheets the result."""

    kind: Literal["close_scoring"] = "close_scoring"
    done: ClassVar = ("确认评分结果", "closed the scoring")
    route: ClassVar = Route("/scoring/closure", "确认评分结果 Close the scoring: it passes or is lost", {})


class ScoreSheet(Marks, Form):
    """A judge's sheet; a change of it after the reveal needs a reason."""

    route: ClassVar = Route(
        "/scoring/sheets",
        "提交打分表（揭示前保密） Hand a sheet in, sealed till the reveal",
        {"points": {"alignment": "18.5", "effect": "26"}, "gates": {"approved_text": True}, "comment": "成效扎实"},
    )
    reason: Text | None = Field(default=None, description="揭示后更改的理由 / Why it is changed after the reveal")

    def command(self, by: str) -> Command:
        """Handing it in."""
        marks = {name: getattr(self, name) for name in Marks.model_fields}
        return Score(marks=Marks(**marks), reason=self.reason)


class Recusal(Form):
    """A judge stands back; without a number it is the caller."""

    route: ClassVar = Route("/scoring/recusals", "评委回避 A judge stands back", {"reason": "曾任该支部书记"})
    judge: Number | None = Field(default=None, description="评委工号，本人声明时省略 / The judge, if not the caller")
    reason: Text = Field(description="回避理由 / Why")

    def command(self, by: str) -> Command:
        """Standing back oneself, or saying it of another judge."""
        own = self.judge is None or self.judge == by
        return StandBack(reason=self.reason) if own else Recuse.model_validate(dict(self))


def _carded(context: CommandContext, run: Judging, command: Command) -> Outcome:
    """What is said of the card; by whoever leads where the command says so."""
    if command.leading:
        context.require_charge()
    card, board, actor = run.card, panel(context.step, run, context.by), Actor(by=context.by, at=context.at)
    match command:
        case Score():
            card = hand_in(card, board, actor, command.marks, command.reason)
        case StandBack():
            card = recuse(card, board, context.by, actor, command.reason)
        case Recuse():
            card = recuse(card, board, command.judge, actor, command.reason)
        case Reveal():
            card = reveal(card, board, actor, command.reason)
        case Justify():
            card = justify(card, board, actor, command.reason)
        case SetAside():
            card = set_aside(card, board, command.judge, actor, command.reason)
    return Outcome(run.becomes(card=card))


def marks(rubric: Rubric, *, agreeing: bool) -> Marks:
    """Full marks; or none, every gate shut and every veto named."""
    none = Decimal(0)
    return Marks(
        points={one.key: one.greatest if agreeing else none for one in rubric.dimensions},
        gates={one.key: agreeing for one in rubric.gates},
        vetoes=() if agreeing else tuple(Veto(ground=one.key, reason="trial") for one in rubric.vetoes),
    )


def _close(context: CommandContext, run: Judging, _: CloseScoring) -> Outcome:
    context.require_charge()
    step, found = context.step, scored(context.step, run)
    if found.verdict == "open":
        names = ", ".join(found.pending)
        raise Refused(
            "score.open",
            zh=f"尚未揭示评分，或以下评委尚未说明偏离理由：{names or '—'}。",
            en=f"Not revealed yet, or the reason of these judges is awaited: {names or '-'}.",
        )
    zh, en = _words(step, found)
    if found.verdict == "passed":
        return Outcome(run, "pass", reason=f"{zh} {en}")
    return context.lost(run, f"{zh} {en}")


def _words(step: Step, found: Result) -> tuple[str, str]:
    rubric, mean = rubric_of(step), found.shown
    match found.verdict:
        case "vetoed":
            titles = {one.key: (one.title, one.title_en) for one in rubric.vetoes}
            grounds = dict.fromkeys(one.ground for one in found.vetoes)
            zh, en = ("、".join(titles[one][0] for one in grounds), ", ".join(titles[one][1] for one in grounds))
            return f"一票否决：{zh}（平均 {mean} 分）。", f"Vetoed: {en} (mean {mean})."
        case "gate_not_met":
            shut = [one for one in rubric.gates if one.key in found.shut]
            zh, en = "、".join(one.title for one in shut), ", ".join(one.title_en for one in shut)
            return f"门槛未达到：{zh}（平均 {mean} 分）。", f"Gate not met: {en} (mean {mean})."
        case "below_mark":
            mark = plain(rubric.pass_mark) if rubric.pass_mark is not None else ""
            return f"评分未通过：平均 {mean} 分，合格线 {mark} 分。", f"Mean {mean}, the pass mark is {mark}."
        case _:
            return f"评审得分：平均 {mean} 分。", f"Mean {mean}."


class Scoring(Kind[Judging]):
    """A panel scores."""

    labels: ClassVar = {"scoring": "评分"}
    run: ClassVar = Judging
    view: ClassVar = ScoringView
    commands: ClassVar = {
        **dict.fromkeys((Score, StandBack, Recuse, Reveal, Justify, SetAside), _carded),
        CloseScoring: _close,
    }
    tag: ClassVar = "评分 scoring"
    forms: ClassVar = (ScoreSheet, Recusal)
    shares: ClassVar = ("quorum",)
    bases: ClassVar = ("judges",)
    takes_experts: ClassVar = True
    empty: ClassVar = ("panel", "judges")

    def begin(self, context: CommandContext, step: Step, common: dict[str, Any]) -> Judging:
        """The panel of today: its roles' holders, then its experts, no drafter; the branch's own are recused by rule.

        Raises ``NotYet`` when those who are left could not reach the quorum.
        """
        named = dict.fromkeys((*context.holding(*step.judges), *step.experts))
        judges = tuple(person for person in named if eligible(context.review, step, person))
        share = step.quorum
        assert share is not None  # noqa: S101 - a published scoring has one
        quorum = share.needed({"judges": len(judges)}) if judges else 1
        own = {
            *context.holders.members,
            *context.holders.secretaries,
            *context.holders.deputies,
            *context.holders.branch_committee,
        }
        if len(judges) > MOST_JUDGES or len(set(judges) - own) < quorum:
            raise NotYet(
                "scoring.no_panel",
                zh=f"环节“{step.title}”今天无法组成评审组：评委 {len(judges)} 人，回避 {len(own & set(judges))} 人，"
                f"至少须 {quorum} 人评分，最多 {MOST_JUDGES} 人。",
                en=f"No panel for the step “{step.title_en}” today: {len(judges)} judges, of whom "
                f"{len(own & set(judges))} are recused; {quorum} must score, at most {MOST_JUDGES} may.",
            )
        board = Panel(rubric=rubric_of(step), judges=judges, quorum=quorum)
        card = begin(context.review.id, board, own, context.at)
        return Judging(**common, judges=judges, quorum=quorum, card=card)

    def duties(self, context: CommandContext, run: Judging) -> Duties:
        """Judges hand in, or explain an outlier; whoever supervises watches, reveals and closes."""
        card, board = run.card, panel(context.step, run)
        waiting: Duties
        if card.revealed:
            waiting = dict.fromkeys(
                pending(card, board), ("说明评分偏离理由", "say why the total is far from the others")
            )
            return dict.fromkeys(context.leading, ("确认评分结果", "close the scoring")) | waiting
        waiting = dict.fromkeys(card.missing(board), ("评分", "score"))
        return dict.fromkeys(context.leading, ("监督评分", "supervise the scoring")) | waiting

    def rules(self, step: Step, *, mine: bool) -> Iterator[Rule]:
        """Who judges, and by which rubric."""
        rubric = step.rubric
        roles, named = step.judges, step.judges or (mine and step.experts)
        decides = rubric is None or rubric.pass_mark is not None or rubric.vetoes or rubric.gates
        yield (
            "judges",
            bool(named) == mine,
            "评分环节须写明评委角色或专家，其他环节不写。",
            "a scoring names roles or experts who judge, no other step does.",
        )
        yield (
            "judges",
            "drafter" not in roles and len(set(roles)) == len(roles),
            "起草人不得给自己的稿件评分，角色不得重复。",
            "a drafter may not score their own text; each role once.",
        )
        yield (
            "rubric",
            (rubric is not None) == mine,
            "评分环节须带评分标准，其他环节不带。",
            "goes with a scoring, and must.",
        )
        yield (
            "rubric",
            decides,
            "评分标准须有合格线、一票否决或门槛，否则此环节什么也不决定。",
            "needs a pass mark, a veto or a gate: else the step decides nothing.",
        )

    def terms(self, step: Step) -> Iterator[str]:
        """The pass mark."""
        if step.rubric is not None and step.rubric.pass_mark is not None:
            yield f"合格 {plain(step.rubric.pass_mark)} / {plain(step.rubric.greatest)}"

    def rehearse(self, rehearsal: Rehearsal, run: Judging, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """Everybody scores alike, and the sheets are revealed and closed."""
        step = rehearsal.context.step
        score = Score(marks=marks(rubric_of(step), agreeing=agreeing))
        yield from ((judge, score) for judge in run.card.missing(panel(step, run)))
        yield rehearsal.lead, Reveal()
        yield rehearsal.lead, CloseScoring()

    def passes_with(self, context: CommandContext, run: Judging) -> str | None:
        """The pass mark."""
        rubric = rubric_of(context.step)
        return f"{plain(rubric.pass_mark)} / {plain(rubric.greatest)}" if rubric.pass_mark is not None else None

    def requirements(self, step: Step, run: Judging) -> tuple[Requirement, ...]:
        """How many sheets are in; once they are revealed, how many reasons are awaited. Never a point."""
        board = panel(step, run)
        missing = len(run.card.missing(board))
        waiting = len(pending(run.card, board))
        if run.card.revealed:
            words = (f"{waiting} 位评委尚未说明偏离理由", f"{waiting} judges have not said why they differ")
            return (none_left("outliers_open", waiting, (), words),)
        counted = len(run.card.counted(board))
        return (
            *share_of("quorum", ("有效打分表", "sheets"), step.quorum, counted, run.figures),
            none_left(
                "sheets_missing", missing, (), (f"{missing} 位评委尚未提交", f"{missing} judges have not handed in")
            ),
        )

    def reasons(self, context: CommandContext, run: Judging, person: str, day: date) -> Iterator[Reason]:
        """A judge of the panel."""
        if person in run.judges:
            opened = day_of(run.opened_at)
            yield Reason(rule="judge", day=day, zh=f"{opened} 组成的评审组评委", en=f"a judge of the panel of {opened}")

    def figures(self, step: Step, run: Judging) -> Iterator[str]:
        """How many judges and sheets."""
        yield f"评委 {len(run.judges)} 人，打分表 {len(run.card.sheets)} 份"

    def involved(self, run: Judging) -> Iterable[str]:
        """The judges."""
        return run.judges

    def shown_to(self, viewer: Viewer, step: Step, run: Judging) -> ScoringView:
        """With its figures; of a sealed card only the reader's own sheet."""
        return view_of(run, step, viewer.person)

    def opened(self, run: Judging) -> bool:
        """Whether the sheets are revealed."""
        return run.card.revealed
