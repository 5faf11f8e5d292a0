"""Reading an enterprise's data file: both forms of a section, and mistakes named before anything is sent."""

from pathlib import Path

import pytest

from infra.ops.loading import read


def written(tmp_path: Path, text: str, name: str = "data.yaml") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.yaml", 'organisations:\n  - {id: committee, name: "党委"}\n'),
        ("mapping.yaml", "organisations:\n  committee: {name: 党委}\n"),
        ("list.json", '{"organisations": [{"id": "committee", "name": "党委"}]}'),
    ],
)
def test_rows_may_stand_as_list_or_mapping_in_yaml_or_json(tmp_path: Path, name: str, text: str) -> None:
    assert read(written(tmp_path, text, name)) == {"organisations": {"committee": {"name": "党委"}}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("organisations: [", "not valid YAML"),
        ("- one\n- two\n", "mapping of sections"),
        ("departments: []\n", "sections nobody keeps: departments"),
        ("people:\n  - {name: 张}\n", "people: row 1 has no id"),
        ("people:\n  - {id: E1}\n  - {id: E1}\n", "E1 stands there twice"),
        ("people:\n  E1: 张\n", "people: E1 is no mapping"),
        ("people: 张\n", "people must be a list or a mapping"),
    ],
)
def test_a_mistake_is_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read(written(tmp_path, text))
