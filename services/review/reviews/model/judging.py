"""A panel scores one review: sealed sheets, the reveal, reasons for outliers, and a result that passes or is lost.

The panel is that of the day on which the step opened: points, like votes, are a person's. The rules of scoring are the
package ``scoring``; here they meet the step, which names the judges, and whoever is in charge of it, who supervises.
"""

from infra.kernel.errors import NotYet, Refused
from services.review.reviews.model.commands import Command
from services.review.reviews.model.context import CommandContext, Duties, Outcome, eligible, holders
from services.review.reviews.model.panels import Judging
from services.review.reviews.model.procedure import Step
from services.review.reviews.model.scores import CloseScoring, Justify, Recuse, Reveal, Score, SetAside, StandBack
from services.review.reviews.model.step_run import StepRun
from services.review.shared.scoring.panel import Act, Panel
from services.review.shared.scoring.record import plain
from services.review.shared.scoring.result import Result, pending, result
from services.review.shared.scoring.rubric import Rubric
from services.review.shared.scoring.sealing import begin, hand_in, justify, recuse, reveal, set_aside

MOST_JUDGES = 50


def begun(turn: CommandContext, step: Step, base: StepRun) -> Judging:
    """The panel of today: the holders of its roles, then its experts, no drafter; the branch's own are recused by rule.

    Raises ``NotYet`` when those who are left could not reach the quorum.
    """
    found = dict.fromkeys(person for role in step.judges for person in holders(role, turn.review, turn.seats))
    named = dict.fromkeys((*found, *step.experts))
    judges = tuple(person for person in named if eligible(turn.review, step, person))
    share = step.quorum
    assert share is not None  # noqa: S101 - a published scoring has one
    quorum = share.needed({"judges": len(judges)}) if judges else 1
    own = {*turn.seats.members, *turn.seats.secretaries, *turn.seats.deputies, *turn.seats.branch_committee}
    if len(judges) > MOST_JUDGES or len(set(judges) - own) < quorum:
        raise NotYet(
            "scoring.no_panel",
            zh=f"环节“{step.title}”今天无法组成评审组：评委 {len(judges)} 人，回避 {len(own & set(judges))} 人，"
            f"至少须 {quorum} 人评分，最多 {MOST_JUDGES} 人。",
            en=f"No panel for the step “{step.title_en}” today: {len(judges)} judges, of whom "
            f"{len(own & set(judges))} are recused; {quorum} must score, at most {MOST_JUDGES} may.",
        )
    seats = Panel(rubric=rubric_of(step), judges=judges, quorum=quorum)
    card = begin(turn.review.id, seats, own, turn.at)
    return Judging(**dict(base), judges=judges, quorum=quorum, card=card)


def rubric_of(step: Step) -> Rubric:
    """The rubric of a scoring step."""
    assert step.rubric is not None  # noqa: S101 - a published scoring has one
    return step.rubric


def panel(step: Step, visit: Judging, *supervisors: str) -> Panel:
    """The panel of a visit."""
    return Panel(rubric=rubric_of(step), judges=visit.judges, supervisors=supervisors, quorum=visit.quorum)


def scored(step: Step, visit: Judging) -> Result:
    """What the visit's card comes to."""
    return result(visit.card, panel(step, visit))


def decide(turn: CommandContext, visit: Judging, move: Command) -> Outcome:
    """Hand in, stand back, reveal, say why, set aside, or close."""
    card, seats, act = visit.card, panel(turn.step, visit, turn.by), Act(turn.by, turn.at)
    match move:
        case Score():
            card = hand_in(card, seats, act, move.marks, move.reason)
        case StandBack():
            card = recuse(card, seats, turn.by, act, move.reason)
        case Justify():
            card = justify(card, seats, act, move.reason)
        case Recuse():
            turn.require_charge()
            card = recuse(card, seats, move.judge, act, move.reason)
        case Reveal():
            turn.require_charge()
            card = reveal(card, seats, act, move.reason)
        case SetAside():
            turn.require_charge()
            card = set_aside(card, seats, move.judge, act, move.reason)
        case CloseScoring():
            return _close(turn, visit)
        case _:
            raise turn.not_here(move)
    return Outcome(visit.becomes(card=card))


def duties(turn: CommandContext, visit: Judging) -> Duties:
    """Judges hand in, or explain an outlier; whoever supervises watches, reveals and closes."""
    card, seats = visit.card, panel(turn.step, visit)
    waiting: Duties
    if card.revealed:
        waiting = dict.fromkeys(pending(card, seats), ("说明评分偏离理由", "say why the total is far from the others"))
        return dict.fromkeys(turn.leading, ("确认评分结果", "close the scoring")) | waiting
    waiting = dict.fromkeys(card.missing(seats), ("评分", "score"))
    return dict.fromkeys(turn.leading, ("监督评分", "supervise the scoring")) | waiting


def _close(turn: CommandContext, visit: Judging) -> Outcome:
    turn.require_charge()
    step, found = turn.step, scored(turn.step, visit)
    if found.verdict == "open":
        names = ", ".join(found.pending)
        raise Refused(
            "score.open",
            zh=f"尚未揭示评分，或以下评委尚未说明偏离理由：{names or '—'}。",
            en=f"Not revealed yet, or the reason of these judges is awaited: {names or '-'}.",
        )
    zh, en = _words(step, found)
    if found.verdict == "passed":
        return Outcome(visit, "pass", reason=f"{zh} {en}")
    return Outcome(visit, "back", to=step.on_not_carried, lost=True, reason=f"{zh} {en}")


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
