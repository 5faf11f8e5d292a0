"""One command of each kind, as somebody would make it."""

from infra.kernel.working_days import Calendar
from services.review.reviews.model.commands import (
    Advise,
    Command,
    Copy,
    Delegate,
    Overdue,
    Recalendar,
    Recall,
    Reject,
    Reseat,
    SendBack,
    Terminate,
    Transfer,
    Urge,
)
from services.review.reviews.model.steps.acknowledge import Acknowledge
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.co_revision import Answer, CloseCoRevision, Suggest
from services.review.reviews.model.steps.discussion import CloseDiscussion, Opine, Rule, Vote
from services.review.reviews.model.steps.poll import ClosePoll, PollVote
from services.review.reviews.model.steps.public_notice import (
    ApproveNotice,
    DecideObjection,
    ExamineNotice,
    PublishNotice,
    RaiseObjection,
)
from services.review.reviews.model.steps.resolution import Ballot, Resolve
from services.review.reviews.model.steps.scoring import (
    CloseScoring,
    Justify,
    Recuse,
    Reveal,
    Score,
    SetAside,
    StandBack,
)
from services.review.reviews.model.steps.signing import AddSigner, RemoveSigner, Sign
from services.review.shared.scoring.panel import Marks
from tests.unit.review.scene import SLOGAN, convened, submission

PLAIN = Marks.model_validate({"points": {"meaning": 50, "outcomes": 31}, "gates": {"branch_standard_met": True}})
"""Marks by the rubric of the scored procedure."""
ONE_OF_EACH: dict[str, Command] = {
    "submit": submission(9),
    "agree": Agree(),
    "send_back": SendBack(reason="补充"),
    "reject": Reject(reason="不符合"),
    "recall": Recall(),
    "opine": Opine(text="很好"),
    "rule": Rule(opinion=1, adopted=True, reason="有理"),
    "vote": Vote(choice="for"),
    "close_discussion": CloseDiscussion(),
    "suggest": Suggest(path="/slogan", proposal=SLOGAN, reason="补上"),
    "answer": Answer(suggestion=1, accepted=True),
    "close_co_revision": CloseCoRevision(),
    "convene": convened(),
    "ballot": Ballot(meeting=1, choice="for"),
    "resolve": Resolve(meeting=1, number="1号", close=True),
    "overdue": Overdue(),
    "reseat": Reseat(),
    "recalendar": Recalendar(calendar=Calendar(confirmed=(2026,))),
    "sign": Sign(choice="agree"),
    "add_signer": AddSigner(person="m2", reason="会签"),
    "remove_signer": RemoveSigner(person="c1", reason="不需"),
    "transfer": Transfer(to="colleague", reason="出差"),
    "delegate": Delegate(to="colleague", reason="请核对"),
    "advise": Advise(opinion="可行"),
    "copy": Copy(to=("guest",)),
    "urge": Urge(),
    "terminate": Terminate(reason="支部撤销"),
    "score": Score(marks=PLAIN, reason="漏看附件"),
    "stand_back": StandBack(reason="亲属关系"),
    "recuse": Recuse(judge="c2", reason="亲属关系"),
    "reveal": Reveal(reason="不再等待"),
    "justify": Justify(reason="成效突出"),
    "set_aside": SetAside(judge="c1", reason="未说明"),
    "close_scoring": CloseScoring(),
    "poll_vote": PollVote(choice="for"),
    "close_poll": ClosePoll(close=True),
    "examine_notice": ExamineNotice(question="secrecy", passed=True),
    "approve_notice": ApproveNotice(),
    "publish_notice": PublishNotice(where="公司公告栏"),
    "raise_objection": RaiseObjection(text="事迹不实"),
    "decide_objection": DecideObjection(objection=1, upheld=True, reason="属实"),
    "acknowledge": Acknowledge(),
}
