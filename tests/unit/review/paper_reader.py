"""What stands in a Word file, and what the people of the scene are called on paper."""

import io

import docx

from services.review.reviews.papers.sheet import Names
from tests.unit.review.scene import COMMITTEE

PEOPLE = {person: f"委员{place}" for place, person in enumerate(COMMITTEE, 1)} | {
    "officer": "王五",
    "secretary": "赵六",
}
NAMES = Names(PEOPLE, {"branch": "后勤党支部", "committee": "中共某某公司委员会"})
UNKNOWN = Names({}, {})


def texts(content: bytes) -> list[str]:
    """Every paragraph of a Word file outside tables."""
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def cells(content: bytes) -> dict[str, str]:
    """The rows of all tables, by their label."""
    tables = docx.Document(io.BytesIO(content)).tables
    return {row.cells[0].text: row.cells[1].text for table in tables for row in table.rows}
