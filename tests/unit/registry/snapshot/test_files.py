"""Spreadsheets and text files as offices make them: numbers that are text, dates in every form, headers anywhere."""

import io
from collections.abc import Sequence
from datetime import date, datetime

import pytest
import xlsxwriter

from infra.kernel.errors import Invalid
from services.registry.hr.feeds.files import Columns, Read, read, sheets

DAY = date(2026, 6, 1)
COLUMNS = Columns.shipped()


def workbook(*tables: Sequence[Sequence[object]]) -> bytes:
    """A workbook with one sheet for each table."""
    paper = io.BytesIO()
    with xlsxwriter.Workbook(paper, {"default_date_format": "yyyy-mm-dd"}) as book:
        for rows in tables:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write(number, column, cell)
    return paper.getvalue()


def taken(content: bytes) -> Read:
    return read(sheets(content), COLUMNS, DAY)


HEADER = ["工号", "姓名", "部门编码", "状态", "生效日期", "备注"]


def test_a_workbook_of_an_office_is_read() -> None:
    content = workbook(
        [
            ["人员花名册（2026年6月）"],
            [],
            HEADER,
            [1010.0, "张三", "D10", "在职", date(2020, 1, 1), "夜班"],
            ["007", " 李四 ", "Ｄ２０", "退休", "2026年6月1日", None],
            [],
            ["1012", "王五", "D10", "挂职", 46174, None],
        ],
        [
            ["部门编码", "部门名称", "上级编码", "是否启用"],
            ["D10", "营运操作部", "D1", "启用"],
            ["D9", "旧部", None, "封存"],
        ],
    )
    found = taken(content)
    assert [(row["employee_no"], row["name"], row["status"], row["effective_from"]) for row in found.employees] == [
        ("1010", "张三", "active", "2020-01-01"),
        ("007", "李四", "retired", "2026-06-01"),
        ("1012", "王五", "seconded", "2026-06-01"),
    ]
    assert found.employees[0]["raw"] == {"备注": "夜班"}
    assert found.employees[1]["main_dept_id"] == "D20"
    assert [(row["source_id"], row["enabled"]) for row in found.departments] == [("D10", True), ("D9", False)]
    assert found.faults == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_the_encodings_of_offices(encoding: str, delimiter: str) -> None:
    lines = [HEADER, ["007", "张三", "D10", "在职", "2020/1/1", ""], ["1010", "李四", "", "离职", "20260601", "=1+1"]]
    found = taken("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    assert [(row["employee_no"], row["status"], row["effective_from"]) for row in found.employees] == [
        ("007", "active", "2020-01-01"),
        ("1010", "left", "2026-06-01"),
    ]
    assert found.employees[1]["raw"] == {"备注": "=1+1"}


def test_a_wrong_row_is_named_by_sheet_and_number_and_the_rest_is_taken() -> None:
    rows = [HEADER, ["1", "甲", "D", "在职"], ["2", "乙", "D", "火星"], ["3", "丙", "D", "在职", "某日"], ["", "丁"]]
    found = taken(workbook(rows))
    assert [row["employee_no"] for row in found.employees] == ["1"]
    assert [(fault.row, fault.field) for fault in found.faults] == [
        ("Sheet1!3", "状态"),
        ("Sheet1!4", "生效日期"),
        ("Sheet1!5", "工号"),
    ]


def test_several_posts_in_one_cell_are_several() -> None:
    header = ["工号", "姓名", "兼职部门"]
    found = taken(workbook([header, ["1", "甲", "D1，D2；D3、 D4"]]))
    assert found.employees[0]["part_time_dept_ids"] == ["D1", "D2", "D3", "D4"]


def test_a_time_of_day_is_no_part_of_a_date() -> None:
    found = taken(workbook([["工号", "姓名", "生效日期"], ["1", "甲", datetime(2026, 6, 1, 23, 59)]]))  # noqa: DTZ001
    assert found.employees[0]["effective_from"] == "2026-06-01"


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0broken", b"\x89PNG\r\n\x1a\n\0\0\0", b"\xff\xff\xff", b'"open, quote'],
)
def test_what_is_no_list_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        taken(content)
    assert refusal.value.code in {"file.unreadable", "file.no_header"}


def test_a_list_without_a_known_header_says_what_it_needs() -> None:
    with pytest.raises(Invalid, match="header"):
        taken(workbook([["a", "b"], ["1", "2"]]))


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    import zipfile

    paper = io.BytesIO()
    with zipfile.ZipFile(paper, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 310_000_000)
    assert len(paper.getvalue()) < 400_000
    with pytest.raises(Invalid, match="too large"):
        sheets(paper.getvalue())


def test_a_source_may_have_its_own_names_for_columns_and_statuses() -> None:
    own = '{"employees": {"employee_no": "账号", "name": ["员工"]}, "status": {"left": "已离"}}'
    found = read(sheets("账号,员工,状态\n7,甲,已离\n8,乙,在职\n".encode()), COLUMNS.said(own), DAY)
    assert [(row["employee_no"], row["name"], row["status"]) for row in found.employees] == [
        ("7", "甲", "left"),
        ("8", "乙", "active"),
    ]


@pytest.mark.parametrize(
    "wrong", ["{", "[]", '"a"', '{"people": {}}', '{"employees": {"zodiac": "属相"}}', '{"employees": 7}']
)
def test_a_wrong_column_map_is_refused_with_what_is_known(wrong: str) -> None:
    with pytest.raises(Invalid) as refusal:
        COLUMNS.said(wrong)
    assert refusal.value.code in {"columns.unknown_field", "columns.unreadable"}


def test_a_column_for_part_time_posts_that_is_blank_means_none_and_no_column_means_nothing() -> None:
    (without,) = taken("工号,姓名\n1,甲\n".encode()).employees
    (blank,) = taken("工号,姓名,兼职部门\n1,甲,\n".encode()).employees
    assert "part_time_dept_ids" not in without
    assert blank["part_time_dept_ids"] == []
