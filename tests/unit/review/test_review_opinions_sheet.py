"""The opinions of each level, read back from the Word file: what happened at each step, at the level of who acted."""

from services.review.reviews.model.commands import SendBack
from services.review.reviews.model.explain.page import UNRECORDED
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.co_revision import Answer, CloseCoRevision
from services.review.reviews.model.steps.discussion import CloseDiscussion, Opine, Rule, Vote
from services.review.reviews.model.steps.resolution import Ballot, Resolve
from services.review.reviews.papers.docx import word
from services.review.reviews.papers.opinions_sheet import LEVELS, opinions_of_each_level
from tests.unit.review import scene, signing_scene
from tests.unit.review.one_of_each import ONE_OF_EACH
from tests.unit.review.paper_reader import NAMES, texts
from tests.unit.review.scene import COMMITTEE, DRAFTER, OFFICER, SECRETARY, Journey


def by_level(review: Review) -> dict[str, list[str]]:
    """What the sheet says under each level, without the places for signatures."""
    found: dict[str, list[str]] = {}
    for line in texts(word(opinions_of_each_level(review, NAMES)))[1:]:
        if line in LEVELS:
            found[line] = []
        elif "（签字）" not in line:
            found[list(found)[-1]].append(line)
    return found


def test_the_opinions_of_each_level_come_from_what_happened() -> None:
    journey = scene.at_check()
    journey.do(SECRETARY, SendBack(reason="请补充内涵"))
    journey.do(DRAFTER, scene.submission(2, 2))
    journey.do(SECRETARY, Agree(comment="符合支部实际"))
    journey.do("m1", Opine(text="口号不够响亮"))
    journey.do("m1", Opine(text="很好"))
    journey.do(SECRETARY, Rule(opinion=1, adopted=True, reason="有理"))
    journey.do(SECRETARY, Rule(opinion=2, adopted=False, reason="无具体内容"))
    for person, choice in (("secretary", "for"), ("m1", "for"), ("m2", "for"), ("deputy", "against")):
        journey.do(person, Vote.model_validate({"choice": choice}))
    journey.do(SECRETARY, CloseDiscussion())
    for _ in range(2):
        journey.do(OFFICER, ONE_OF_EACH["suggest"])
    journey.do(SECRETARY, ONE_OF_EACH["answer"])
    journey.do(SECRETARY, Answer(suggestion=2, accepted=False, reason="已采纳"))
    journey.do(OFFICER, CloseCoRevision())
    journey.do(OFFICER, scene.convened())
    for person in COMMITTEE[:4]:
        journey.do(person, Ballot(meeting=1, choice="for"))
    journey.do(OFFICER, Resolve(meeting=1, number="1号"))
    found = by_level(journey.review)
    assert list(found) == list(LEVELS)
    returned, checked, discussed = found["支部意见"]
    assert returned == "支部书记审核（第 1 轮）：退回。请补充内涵（赵六，2026年3月2日）"
    assert checked == "支部书记审核（第 2 轮）：同意。符合支部实际（赵六，2026年3月2日）"
    for figure in (
        "应到党员 6 人，有表决权 5 人，参加表决 4 人，赞成 3 票，反对 1 票，弃权 0 票",
        "有表决权党员人数的 1/2 以上（不含）：5 人中须 3 人表决，实际 4 人，已达到",
        "5 人中须 3 人赞成，实际 3 人，已达到",
        "意见 2 条，采纳 1 条，未采纳 1 条，未作决定 0 条。同意",
    ):
        assert figure in discussed
    assert found["总支意见"] == [UNRECORDED]
    (revised,) = found["党委工作部意见"]
    assert "修改建议 2 条，采纳 1 条，未采纳 1 条，未答复 0 条。同意（王五，2026年3月2日）" in revised
    (resolved,) = found["党委意见"]
    assert (
        "会议“第1次”（2026年3月2日）：应到 6 人，实到 4 人，赞成 4 票，反对 0 票，弃权 0 票，通过，决议文号 1号"
        in resolved
    )
    members = {"m1", "m2", "deputy"}
    assert not [line for lines in found.values() for line in lines if any(name in line for name in members)]


def test_a_superior_secretary_speaks_for_the_general_branch_or_for_the_committee() -> None:
    for committee, level in ((("c1",), "总支意见"), (("c1", "superior"), "党委意见")):
        journey = Journey(scene.SEATS.model_copy(update={"committee_secretaries": committee, "secretaries": ()}))
        journey.holders = journey.holders.model_copy(update={"deputies": ()})
        journey.do(DRAFTER, scene.submission())
        journey.do("superior", Agree())
        assert [line[:6] for line in by_level(journey.review)[level]] == ["支部书记审核"]


def test_signatures_stand_at_the_level_of_the_post_in_which_they_were_given() -> None:
    journey = signing_scene.at_countersign()
    for person in ("deputy", "c1", "expert"):
        journey.do(person, ONE_OF_EACH["sign"])
    found = by_level(journey.review)
    assert any("会签（第 1 轮）：同意（deputy，" in line for line in found["支部意见"])
    assert any("会签（第 1 轮）：同意（委员1，" in line for line in found["党委意见"])
    assert any("同意（expert，" in line for line in found["党委工作部意见"])
    assert any("应签署 3 人，同意 3 人，不同意 0 人" in line for line in found["党委工作部意见"])
