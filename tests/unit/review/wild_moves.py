"""Commands as people would make them, sensible ones and wild ones, and the procedures that they are made in."""

from datetime import date

from hypothesis import strategies as st

from infra.kernel.dates import day_of
from services.review.reviews.model.commands import (
    Advise,
    Command,
    Copy,
    Delegate,
    Recall,
    Reject,
    Reseat,
    SendBack,
    Terminate,
    Transfer,
    Urge,
)
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.steps.check import Agree, Checking
from services.review.reviews.model.steps.co_revision import Answer, CloseCoRevision, CoRevising, Suggest
from services.review.reviews.model.steps.discussion import CloseDiscussion, Discussing, Opine, Rule, Vote
from services.review.reviews.model.steps.poll import ClosePoll, Polling, PollVote
from services.review.reviews.model.steps.public_notice import (
    ApproveNotice,
    DecideObjection,
    ExamineNotice,
    Noticing,
    PublishNotice,
    RaiseObjection,
)
from services.review.reviews.model.steps.resolution import Ballot, Resolve
from services.review.reviews.model.steps.resolution.meeting import Convene, Resolving
from services.review.reviews.model.steps.scoring import (
    CloseScoring,
    Judging,
    Justify,
    Recuse,
    Reveal,
    SetAside,
    StandBack,
)
from services.review.reviews.model.steps.signing import AddSigner, RemoveSigner, Sign, Signing
from services.review.shared.public_notice.notice import QUESTIONS
from tests.unit.review.notice_scene import NOTICED, steps_of_a_notice
from tests.unit.review.panel_scene import CREW, SCORED, WATCHER, sheet
from tests.unit.review.scene import COMMITTEE, OFFICER, PROCEDURE, VOTERS, Journey, convened, submission
from tests.unit.review.signing_scene import SIGNED

OWN = Procedure.model_validate(
    {
        "id": "own",
        "number": 1,
        "title": "本单位程序",
        "title_en": "Our own",
        "steps": [
            PROCEDURE.steps[0].model_dump(),
            {
                "key": "ask_any",
                "kind": "sign_any",
                "title": "支委或签",
                "title_en": "Any of the branch",
                "assignees": ["secretary"],
                "signers": ["branch_committee", "deputy"],
                "urge_hours": 1,
            },
            PROCEDURE.steps[2].model_dump(),
            {
                "key": "two_thirds",
                "kind": "countersign",
                "title": "党委委员会签",
                "title_en": "Two thirds of the committee",
                "assignees": ["committee_secretary"],
                "signers": ["committee_member"],
                "experts": ["expert", "drafter"],
                "majority": {"of": "signers", "at_least": "2/3"},
                "on_not_carried": "branch_discussion",
            },
            PROCEDURE.steps[3].model_dump(),
            PROCEDURE.steps[4].model_dump() | {"returnable_to": ["two_thirds"]},
        ],
    }
)
"""Everything in one: a sign-any, a discussion, two thirds of the committee and an expert, a co-revision, a meeting."""
OTHERS = ("probationer", "superior", OFFICER, "officer2", "stranger", "expert", "admin")
PEOPLE = (*VOTERS, *CREW, WATCHER, *OTHERS, *COMMITTEE)
STEPS = [step.key for procedure in (PROCEDURE, SIGNED, OWN, NOTICED, SCORED) for step in procedure.steps]
PERSON = st.sampled_from(PEOPLE)
NUMBERS = st.integers(1, 4)
DAYS = st.dates(date(2026, 2, 28), date(2026, 3, 31))
CHOICES = st.sampled_from(["for", "for", "for", "against", "abstain"])
ANY_MOVE: st.SearchStrategy[Command] = st.one_of(
    st.builds(Agree),
    st.builds(SendBack, to=st.sampled_from([None, "previous", *STEPS]), reason=st.just("再改"), resume=st.booleans()),
    st.builds(Reject, reason=st.just("不符")),
    st.builds(Recall),
    st.builds(Opine, text=st.just("好"), path=st.sampled_from([None, "/name", "/nowhere"])),
    st.builds(Rule, opinion=NUMBERS, adopted=st.booleans(), reason=st.just("有理")),
    st.builds(Vote, choice=CHOICES),
    st.builds(CloseDiscussion, close=st.booleans()),
    st.builds(
        Suggest,
        path=st.sampled_from(["/slogan", "/highlight"]),
        proposal=st.sampled_from(["一", "二"]).map(lambda text: {"state": "known", "value": text}),
        reason=st.just("更好"),
    ),
    st.builds(Answer, suggestion=NUMBERS, accepted=st.booleans(), reason=st.just("同意")),
    st.builds(CloseCoRevision),
    st.integers(1, 6).map(lambda present: convened(*COMMITTEE[:present])),
    st.builds(
        lambda present, **more: Convene.model_validate({**dict(convened(*COMMITTEE[:present])), **more}),
        st.integers(2, 6),
        chair=st.sampled_from([None, "c1", "c6"]),
        on_leave=st.sampled_from([None, (), ({"person": "c5"},), ({"person": "c6", "reason": "出差"},)]),
        non_voting_attendees=st.sampled_from([None, (), (OFFICER,)]),
        repeats=st.none() | NUMBERS,
    ),
    st.builds(Ballot, meeting=NUMBERS, choice=st.one_of(CHOICES, st.just("recuse"))),
    st.builds(Resolve, meeting=NUMBERS, number=st.just("1号"), close=st.booleans()),
    st.builds(Reseat),
    st.builds(Sign, choice=st.sampled_from(["agree", "agree", "disagree"]), signer=st.none() | PERSON),
    st.builds(AddSigner, person=PERSON, reason=st.just("加签")),
    st.builds(RemoveSigner, person=PERSON, reason=st.just("减签")),
    st.builds(Transfer, to=PERSON, reason=st.just("转办")),
    st.builds(Delegate, to=PERSON, reason=st.just("请提意见")),
    st.builds(Advise, opinion=st.just("可行")),
    st.builds(Copy, to=st.tuples(PERSON)),
    st.builds(Urge),
    st.builds(Terminate, reason=st.just("终止")),
    st.builds(sheet, st.sampled_from([40, 60, 80, 100]), st.sampled_from([None, "漏看附件"])),
    st.builds(StandBack, reason=st.just("亲属关系")),
    st.builds(Recuse, judge=PERSON, reason=st.just("亲属关系")),
    st.builds(Reveal, reason=st.sampled_from([None, "不再等待"])),
    st.builds(Justify, reason=st.just("成效突出")),
    st.builds(SetAside, judge=PERSON, reason=st.just("未说明")),
    st.builds(CloseScoring),
    st.builds(PollVote, choice=CHOICES),
    st.builds(ClosePoll, close=st.booleans()),
    st.builds(
        ExamineNotice,
        question=st.sampled_from(QUESTIONS),
        passed=st.booleans(),
        comment=st.sampled_from([None, "已核"]),
    ),
    st.builds(ApproveNotice),
    st.builds(PublishNotice, where=st.just("公告栏"), published_on=st.none() | DAYS),
    st.builds(
        RaiseObjection, text=st.just("不实"), raised_by=st.sampled_from([None, "张三"]), received_on=st.none() | DAYS
    ),
    st.builds(
        DecideObjection,
        objection=NUMBERS,
        upheld=st.booleans(),
        reason=st.just("已核实"),
        reply=st.sampled_from([None, "已答复"]),
    ),
)


def duty(journey: Journey, person: str, choice: str) -> list[Command]:
    """The commands by which people do what the running step asks; one of them must go through."""
    commands: list[Command]
    match journey.review.live:
        case Checking():
            commands = [Agree()]
        case Discussing() as run:
            rulings = [Rule(opinion=one.n, adopted=True, reason="有理") for one in run.opinions if not one.ruling]
            vote = Vote.model_validate({"choice": choice})
            commands = [vote, *rulings[:1], CloseDiscussion(), SendBack(reason="再改")]
        case CoRevising() as run if run.open:
            n = run.open[0].n
            commands = [Answer(suggestion=n, accepted=True), Answer(suggestion=n, accepted=False, reason="不采纳")]
        case CoRevising():
            commands = [CloseCoRevision()]
        case Resolving() as run if run.open:
            n = run.open.n
            ballot = Ballot.model_validate({"meeting": n, "choice": choice})
            resolutions = [Resolve(meeting=n, number="1号", close=close) for close in (False, True)]
            commands = [ballot, *resolutions]
        case Resolving():
            met = convened(*journey.holders.committee_members[:4])
            commands = [met.model_copy(update={"held_on": day_of(journey.at)})]
        case Signing() as run:
            signed = "agree" if choice == "for" else "disagree"
            vacant = [signer for signer in run.silent if signer.role is not None]
            removals = [RemoveSigner(person=signer.person, reason="空缺") for signer in vacant]
            newcomer = AddSigner(person="newcomer", reason="补签")
            commands = [Sign.model_validate({"choice": signed}), *removals, newcomer]
        case Judging() | Polling() as run:
            commands = of_panel(run, person, choice)
        case Noticing() as run:
            commands = steps_of_a_notice(run, upheld=choice == "against")
        case _:
            commands = [submission(journey.review.submission + 1, journey.review.revision + 1)]
    return [Advise(opinion="可行"), *commands]


def of_panel(run: Judging | Polling, person: str, choice: str) -> list[Command]:
    """What a judge, a voter, or whoever is in charge of them does."""
    if isinstance(run, Polling):
        return [PollVote.model_validate({"choice": choice}), ClosePoll(), SendBack(reason="再改")]
    recused = person in {one.judge for one in run.card.recusals}
    if person in run.judges and not recused and run.card.sheet_of(person) is None:
        return [sheet({"for": 80, "against": 55, "abstain": 30}[choice])]
    return [Justify(reason="依据不足"), CloseScoring(), Reveal(), SendBack(reason="评委不足")]
