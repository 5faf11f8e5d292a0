"""Papers over HTTP: Word files with people's names, for those who take part and nobody else."""

import io

import docx

from services.review.reviews.papers.sheet import MIME
from tests.integration.review.cast import COMMITTEE, OFFICER, SECRETARY, act, carry_discussion, opened, today
from tests.support.harness.service import ServiceHarness


async def paper(reviews: ServiceHarness, path: str, by: str) -> str:
    """All that a Word file says, cells included."""
    answer = await reviews.ask("GET", f"/reviews/{path}", by=by)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MIME
    assert answer.headers["content-disposition"].startswith("attachment; filename=\"paper.docx\"; filename*=UTF-8''")
    found = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in found.paragraphs), *cells])


async def test_minutes_and_opinions_are_had_by_those_who_take_part(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    await carry_discussion(reviews, review)
    await act(reviews, OFFICER, f"{review}/co-revision/closure")
    held = {
        "number": "党委会〔2026〕第5次",
        "held_on": today(),
        "agenda": ["学习文件", "审定“三心”品牌"],
        "item": 2,
        "present": list(COMMITTEE[:5]),
        "on_leave": [{"person": COMMITTEE[5], "reason": "出差"}],
        "non_voting_attendees": [OFFICER],
        "place": "三楼会议室",
        "chair": COMMITTEE[0],
        "recorder": OFFICER,
    }
    wrong = await reviews.ask("POST", f"/reviews/{review}/meetings", by=OFFICER, json={**held, "chair": OFFICER})
    assert (wrong.status_code, wrong.json()["type"], wrong.json()["field"]) == (
        422,
        "/problems/meeting.chair_absent",
        "/chair",
    )
    assert (await act(reviews, OFFICER, f"{review}/meetings", held))["meeting"] == 1
    for voter in COMMITTEE[:5]:
        await act(reviews, voter, f"{review}/meetings/1/votes", {"choice": "for"})
    await act(reviews, OFFICER, f"{review}/meetings/1/resolution", {"number": "党委决议1号"})
    said = await paper(reviews, f"{review}/meetings/1/minutes", SECRETARY)
    names = "、".join(f"党员{number}" for number in COMMITTEE[:5])
    for part in (
        f"5 人：{names}",
        f"1 人：党员{COMMITTEE[5]}（出差）",
        f"1 人：党员{OFFICER}",
        "三楼会议室",
        "党委决议1号",
    ):
        assert part in said
    sheet = await paper(reviews, f"{review}/opinions-sheet", COMMITTEE[0])
    assert f"支部书记审核（第 1 轮）：同意（党员{SECRETARY}，" in sheet
    assert "决议文号 党委决议1号" in sheet
    view = (await reviews.ask("GET", f"/reviews/{review}", by=SECRETARY)).json()["runs"][-1]["meetings"][0]
    assert (view["absent"], view["item"], view["chair"]) == ([], 2, COMMITTEE[0])
    missing = await reviews.ask("GET", f"/reviews/{review}/meetings/2/minutes", by=SECRETARY)
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/meeting.not_found")
    for path in ("meetings/1/minutes", "opinions-sheet"):
        stranger = await reviews.ask("GET", f"/reviews/{review}/{path}", by="7001")
        assert (stranger.status_code, stranger.json()["type"]) == (403, "/problems/review.not_yours")
