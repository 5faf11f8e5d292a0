"""Papers as Word files, laid out as official documents are (GB/T 9704: A4, 仿宋 16 pt, headings 黑体).

Every text is written as text: what looks like markup stays as it is, and a character that no Word file can hold is
shown by its picture (␀ for NUL) instead of being lost.
"""

import io
import re
from typing import Final

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from services.review.reviews.papers.sheet import Heading, Paragraph, Sheet, Table

BODY, HEAD, LATIN = "仿宋", "黑体", "Times New Roman"
MARGINS: Final = {"top_margin": Mm(37), "bottom_margin": Mm(35), "left_margin": Mm(28), "right_margin": Mm(26)}
LABEL, VALUE = Mm(32), Mm(124)
STYLES: Final = (("Normal", BODY, 16), ("Title", HEAD, 22), ("Heading 1", HEAD, 16))
CONTROLS: Final = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"} | {0x7F: "␡"}
UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")


def word(sheet: Sheet) -> bytes:
    """The Word file of a sheet."""
    paper = Document()
    _lay_out(paper, sheet)
    title = paper.add_paragraph(_fit(sheet.title), style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in sheet.parts:
        match part:
            case Heading():
                paper.add_paragraph(_fit(part.text), style="Heading 1")
            case Paragraph():
                line = paper.add_paragraph(_fit(part.text))
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if part.right else WD_ALIGN_PARAGRAPH.LEFT
            case Table():
                _fill(paper, part)
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _lay_out(paper: Paper, sheet: Sheet) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, width in MARGINS.items():
        setattr(section, name, width)
    for name, font, points in STYLES:
        style = paper.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101 - the library's own template has them
        style.font.size, style.font.name, style.font.color.rgb = Pt(points), LATIN, None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)  # a theme's font would win over the one named here
        fonts.set(qn("w:eastAsia"), font)
    for border in paper.styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # line breaks and punctuation as in Chinese
    properties = paper.core_properties
    properties.title, properties.language, properties.author, properties.comments, properties.last_modified_by = (
        _fit(sheet.title),
        "zh-CN",
        "",
        "",
        "",
    )
    properties.created = properties.modified = sheet.as_of.replace(tzinfo=None)


def _fill(paper: Paper, part: Table) -> None:
    table = paper.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for texts in part.rows:
        for cell, text, width in zip(table.add_row().cells, texts, (LABEL, VALUE), strict=True):
            cell.width, cell.text = width, _fit(text)


def _fit(text: str) -> str:
    """The text with what XML cannot hold made visible: a control's picture, or the replacement character."""
    return UNFIT.sub("\ufffd", text.translate(CONTROLS))
