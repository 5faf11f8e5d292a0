"""Papers read back with the Word library: every figure that was recorded, nothing that was not, any name intact."""

import io
import zipfile
from xml.etree import ElementTree as ET

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.kernel.errors import NotFound
from services.review.reviews.model.explain.page import UNRECORDED
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps.co_revision import Suggest
from services.review.reviews.model.steps.resolution import Ballot, Resolve
from services.review.reviews.model.steps.resolution.meeting import Convene
from services.review.reviews.papers.docx import word
from services.review.reviews.papers.minutes import extract
from services.review.reviews.papers.sheet import Heading, Names, Paragraph, Sheet, Table, named
from tests.unit.review import scene
from tests.unit.review.one_of_each import ONE_OF_EACH
from tests.unit.review.paper_reader import NAMES, UNKNOWN, cells, texts
from tests.unit.review.scene import COMMITTEE, OFFICER, SECRETARY, START, TODAY, Journey


def minutes(review: Review, n: int = 1, names: Names = NAMES) -> dict[str, str]:
    return cells(word(extract(review, n, names)))


def in_full() -> Journey:
    """A missed quorum, then a meeting in full: five of six, one on leave, two guests, our item is the second."""
    journey = scene.at_resolution()
    journey.do(OFFICER, scene.convened(*COMMITTEE[:3]))
    more = {
        "number": "党委会〔2026〕第5次",
        "held_on": TODAY,
        "agenda": ("学习文件", "审定“三心”品牌", "其他事项"),
        "present": COMMITTEE[:5],
        "item": 2,
        "place": "三楼会议室",
        "chair": "c1",
        "recorder": "officer",
        "on_leave": [{"person": "c6", "reason": "出差"}],
        "non_voting_attendees": ["officer", "巡察组 李四"],
        "repeats": 1,
    }
    journey.do(OFFICER, Convene.model_validate(more))
    return journey


def voted(choices: str = "++++r") -> Journey:
    journey, words = in_full(), {"+": "for", "-": "against", "0": "abstain", "r": "recuse"}
    for person, mark in zip(COMMITTEE, choices, strict=False):
        journey.do(person, Ballot.model_validate({"meeting": 2, "choice": words[mark]}))
    return journey


def test_the_extract_says_everything_that_was_recorded() -> None:
    journey = voted()
    journey.do(OFFICER, Resolve(meeting=2, number="党委决议〔2026〕3号"))
    content = word(extract(journey.review, 2, NAMES))
    assert cells(content) == {
        "会议编号": "党委会〔2026〕第5次",
        "会议日期": "2026年3月2日",
        "地点": "三楼会议室",
        "主持人": "委员1",
        "记录人": "王五",
        "应到": "6 人：委员1、委员2、委员3、委员4、委员5、委员6",
        "实到": "5 人：委员1、委员2、委员3、委员4、委员5",
        "请假": "1 人：委员6（出差）",
        "缺席": "无",
        "列席": "2 人：王五、巡察组 李四",
        "重新召开": "本次会议重新召开 2026年3月2日未达法定人数的会议“第1次”",
        "议题": "第 2 项：审定“三心”品牌",
        "品牌名称": "三心",
        "申报党组织": "后勤党支部",
        "审核编号": "b.r1",
        "法定人数": "应到人数的 2/3 以上（含）：6 人中须 4 人到会，实际 5 人，已达到",
        "赞成": "4 票",
        "反对": "0 票",
        "弃权": "0 票",
        "回避": "1 人：委员5",
        "未表决": "无",
        "通过规则": "应到人数的 1/2 以上（不含）：6 人中须 4 人赞成，实际 4 人，已达到",
        "会议结果": "通过",
        "决议文号": "党委决议〔2026〕3号",
    }
    lines = texts(content)
    assert lines[:2] == ["会议纪要摘录", "中共某某公司委员会　党委会〔2026〕第5次"]
    items = lines[lines.index("议程") + 1 : lines.index("审议事项")]
    assert items == ["1. 学习文件", "2. 审定“三心”品牌", "3. 其他事项"]
    assert any("主持人：（签字）" in line and "记录人：（签字）" in line for line in lines)
    assert "（党委盖章）" in lines
    assert f"记录封印：{journey.review.seal}" in lines


def test_what_nobody_recorded_is_printed_as_unrecorded() -> None:
    found = minutes(scene.approved().review)
    for label in ("地点", "主持人", "记录人", "请假", "缺席", "列席"):
        assert found[label] == UNRECORDED
    assert "重新召开" not in found
    assert found["议题"] == "第 1 项：审定品牌"


def test_leave_without_a_reason_says_so_and_others_are_absent() -> None:
    journey = scene.at_resolution()
    leave = [{"person": "c6"}]
    journey.do(OFFICER, Convene.model_validate({**dict(scene.convened()), "on_leave": leave}))
    found = minutes(journey.review)
    assert (found["请假"], found["缺席"]) == (f"1 人：委员6（事由{UNRECORDED}）", "1 人：委员5")


@pytest.mark.parametrize(
    ("choices", "close", "result", "figures"),
    [
        ("+++-0", False, "未通过", ("3 票", "1 票", "1 票", "无", "无")),
        ("++++", True, "通过", ("4 票", "0 票", "0 票", "无", "1 人")),
    ],
)
def test_the_votes_are_those_that_were_cast(choices: str, close: bool, result: str, figures: tuple[str, ...]) -> None:
    journey = voted(choices)
    journey.do(OFFICER, Resolve(meeting=2, number="2号", close=close))
    found = minutes(journey.review, 2)
    assert found["会议结果"] == result
    assert tuple(found[label] for label in ("赞成", "反对", "弃权", "回避", "未表决")) == figures


def test_a_meeting_without_its_quorum_tells_of_no_votes_and_an_open_one_of_no_resolution() -> None:
    journey = in_full()
    missed = minutes(journey.review)
    assert missed["法定人数"] == "应到人数的 2/3 以上（含）：6 人中须 4 人到会，实际 3 人，未达到"
    assert missed["会议结果"] == "未达到法定人数，会议不作决定"
    assert not {"赞成", "通过规则", "决议文号"} & set(missed)
    running = minutes(journey.review, 2)
    assert (running["会议结果"], running["决议文号"], running["未表决"]) == ("正在表决，尚未形成决议", "无", "5 人")


def test_an_earlier_meeting_decided_on_the_text_of_then() -> None:
    journey = voted("+++-0")
    journey.do(OFFICER, Resolve(meeting=2, number="2号"))
    renamed = {"state": "known", "value": "三心二意"}
    journey.do(OFFICER, Suggest(path="/name", proposal=renamed, reason="改名"))
    journey.do(SECRETARY, ONE_OF_EACH["answer"])
    assert journey.review.name == "三心二意"
    assert minutes(journey.review, 2)["品牌名称"] == "三心"


def test_two_people_of_one_name_are_told_apart_and_a_number_stands_where_no_name_is_known() -> None:
    twins = Names({"c1": "王芳", "c2": "王芳", "c3": "李强"}, {})
    assert minutes(in_full().review, 1, twins)["实到"] == "3 人：王芳（c1）、王芳（c2）、李强"
    assert minutes(in_full().review, 1, UNKNOWN)["实到"] == "3 人：c1、c2、c3"
    assert {"c6", "officer", "secretary", "巡察组 李四"} <= named(in_full().review)


def test_a_meeting_that_was_not_held_is_not_found() -> None:
    with pytest.raises(NotFound) as raised:
        extract(in_full().review, 3, NAMES)
    assert raised.value.code == "meeting.not_found"


ANY_TEXT = st.text(st.characters(), min_size=1, max_size=40) | st.sampled_from(
    [
        "A&B <三心>",
        "</w:t><w:p/>",
        "]]>",
        "&#0;",
        "\x00\x0b\x1f",
        "\ufffe",
        "{{ name }}",
        "a\tb\nc",
        "\U0001f3c5",
        "\ud800",
    ]
)


@settings(deadline=None, max_examples=60)
@given(name=ANY_TEXT, label=ANY_TEXT)
def test_any_text_comes_back_as_it_was_but_for_what_no_word_file_can_hold(name: str, label: str) -> None:
    parts = (Heading(name), Paragraph(name, right=True), Table(((label, name),)))
    content = word(Sheet(title=name, parts=parts, as_of=START))
    fit = "".join(shown(letter) for letter in name)
    assert texts(content) == [fit, fit, fit]
    (row,) = docx.Document(io.BytesIO(content)).tables[0].rows
    assert [cell.text for cell in row.cells] == ["".join(map(shown, label)), fit]


def shown(letter: str) -> str:
    """What a reader sees of one character; a break of either kind is a new line."""
    code = ord(letter)
    if letter in "\t\n\r":
        return letter.replace("\r", "\n")
    if code < 0x20 or code == 0x7F:
        return "␡" if code == 0x7F else chr(0x2400 + code)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF) else letter


def test_chinese_stands_in_the_fonts_of_official_papers_and_nothing_names_its_maker() -> None:
    content = word(extract(in_full().review, 1, NAMES))
    paper = docx.Document(io.BytesIO(content))
    fonts = {}
    for name in ("Normal", "Title", "Heading 1"):
        element = paper.styles[name].element.rPr.rFonts
        assert element.get(qn("w:eastAsiaTheme")) is None
        fonts[name] = element.get(qn("w:eastAsia"))
    assert fonts == {"Normal": "仿宋", "Title": "黑体", "Heading 1": "黑体"}
    assert (paper.core_properties.author, paper.core_properties.comments) == ("", "")
    assert paper.core_properties.title == "会议纪要摘录"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(archive.read(name))  # noqa: S314 - made a moment ago by ourselves
                assert b"python" not in archive.read(name).lower()
