"""A list of HR as a file over HTTP: taken, reported row by row, too large or no list at all refused in plain words."""

import io

import httpx
import pytest
import xlsxwriter

from services.registry.hr.api.runs import MOST_BYTES
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

HR = ("hr_system@*",)


def workbook(people: int) -> bytes:
    paper = io.BytesIO()
    with xlsxwriter.Workbook(paper) as book:
        sheet = book.add_worksheet("人员")
        for number, row in enumerate(
            [["工号", "姓名", "部门编码"], *([f"{n:05}", f"员工{n}", "D1"] for n in range(people))]
        ):
            sheet.write_row(number, 0, row)
    return paper.getvalue()


async def sent(registry: ServiceHarness, content: bytes, key: str | None = None, **query: str) -> httpx.Response:
    asked = "&".join(f"{name}={value}" for name, value in ({"source": "hr", "kind": "full"} | query).items())
    return await registry.upload(f"/hr/files?{asked}", content, by="hr", roles=HR, key=key)


async def ended(registry: ServiceHarness, key: str) -> Json:
    async def there() -> bool:
        return (await registry.ask("GET", f"/hr/runs/{key}", roles=HR)).json()["state"] in {"done", "held"}

    await eventually(there)
    return dict((await registry.ask("GET", f"/hr/runs/{key}", roles=HR)).json())


@pytest.mark.slow
async def test_a_workbook_of_three_thousand_is_applied_and_the_same_again_changes_nothing(
    registry: ServiceHarness,
) -> None:
    content = workbook(3000)
    first = await ended(registry, (await sent(registry, content)).json()["id"])
    assert (first["counts"]["created"], first["applied"]) == (3000, 3000)
    again = await ended(registry, (await sent(registry, content)).json()["id"])
    assert (again["counts"]["unchanged"], again["counts"]["gone"]) == (3000, 0)
    assert (await registry.ask("GET", "/hr/employees/00007", roles=HR)).json()["now"]["department"] == "D1"


async def test_an_upload_that_is_repeated_with_its_key_is_one_list(registry: ServiceHarness) -> None:
    answers = [await sent(registry, workbook(10), key="k1") for _ in range(3)]
    assert [answer.text for answer in answers if not answer.is_success] == []
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await registry.ask("GET", "/hr/runs", roles=HR)).json()["total"] == 1
    assert (await ended(registry, answers[0].json()["id"]))["counts"]["created"] == 10


async def test_a_wrong_row_stands_in_the_report(registry: ServiceHarness) -> None:
    content = "工号,姓名,状态\n1,甲,在职\n2,乙,火星\n".encode("gbk")
    run = await ended(registry, (await sent(registry, content)).json()["id"])
    assert (run["counts"]["created"], run["counts"]["faulty"]) == (1, 1)
    assert (run["faults"][0]["row"], run["faults"][0]["field"]) == ("csv!3", "状态")


async def test_changes_of_one_person_in_one_list_build_on_one_another_by_their_days(registry: ServiceHarness) -> None:
    await ended(registry, (await sent(registry, "工号,姓名,部门编码\n1001,王五,DA\n".encode())).json()["id"])
    rows = "异动单号,工号,姓名,部门编码,岗位,生效日期\nA,1001,王五,,调度员,2999-08-01\nZ,1001,王五,DB,,2999-07-01\n"
    await ended(registry, (await sent(registry, rows.encode(), kind="delta")).json()["id"])
    slices = (await registry.ask("GET", "/hr/employees/1001", roles=HR)).json()["slices"]
    assert [(one["key"], one["department"], one["position"]) for one in slices[1:]] == [
        ("Z", "DB", None),
        ("A", "DB", "调度员"),
    ]


@pytest.mark.parametrize(("content", "status"), [(b"", 422), (b"hello", 422), (b"x" * (MOST_BYTES + 1), 413)])
async def test_what_is_no_list_is_refused(registry: ServiceHarness, content: bytes, status: int) -> None:
    answer = await sent(registry, content)
    assert (answer.status_code, bool(answer.json()["detail"]), bool(answer.json()["detail_en"])) == (status, True, True)
    assert (await registry.ask("GET", "/hr/runs", roles=HR)).json()["total"] == 0


async def test_only_hr_and_administrators_feed(registry: ServiceHarness) -> None:
    answer = await registry.upload("/hr/files?source=hr&kind=full", workbook(1), by="1001", roles=("auditor@*",))
    assert answer.status_code == 403
