"""Problem codes as they are read from the code: each with the sentences of the place that raises it."""

from pathlib import Path

from infra.contracts.problems import codes

TWO = """
from infra.kernel.errors import Refused
SHARED = "都一样。"

def one() -> None:
    zh, en = "第一句。", "The first."
    raise Refused("thing.first", zh, en)

def other(state: str) -> None:
    zh, en = f"第二句：{state}。", "The second."
    raise Refused("thing.second", zh=zh, en=en)

def third() -> None:
    raise Refused("thing.third", SHARED, LATER)

LATER = "All the same."
"""


def test_functions_of_one_file_keep_their_sentences_apart(tmp_path: Path) -> None:
    service = tmp_path / "services" / "thing"
    service.mkdir(parents=True)
    (service / "app.py").write_text(TWO, encoding="utf-8")
    web = tmp_path / "infra" / "web"
    web.mkdir(parents=True)
    (web / "problems.json").write_text('{"problems": {}, "routing": {}}', encoding="utf-8")
    said = {code: one["sentences"] for code, one in codes(tmp_path).items()}
    assert said["thing.first"] == [["第一句。", "The first."]]
    assert said["thing.second"] == [["第二句：{state}。", "The second."]]
    assert said["thing.third"] == [["都一样。", "All the same."]]
