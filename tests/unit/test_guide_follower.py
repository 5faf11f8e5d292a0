"""What follows the guides: it runs, saves and compares as the form says, and fails where a guide is wrong."""

import shutil
from pathlib import Path

import pytest

from tests.support.actors.guide import blocks, follow, matches

PAGE = """# A guide

Save this as `ten.py`:

```python
print("ten", 10)
```

Run it:

```bash
NAME=brand
python3 ten.py
```

```text
ten …
```

The shell remembers:

```bash
echo "$NAME matrix"
```

```text
brand matrix
```
"""
ENVIRON = {"PATH": "/usr/local/bin:/usr/bin:/bin"}


def followed(text: str, folder: Path) -> int:
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return follow(page, folder, ENVIRON)


def test_commands_are_run_files_saved_and_answers_compared(tmp_path: Path) -> None:
    assert followed(PAGE, tmp_path) == 2
    assert (tmp_path / "ten.py").read_text(encoding="utf-8") == 'print("ten", 10)\n'


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("ten …", "eleven …"), ('echo "$NAME matrix"', "false"), ("python3 ten.py", "echo $NEVER_SET")],
)
def test_a_wrong_guide_fails(right: str, wrong: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        followed(PAGE.replace(right, wrong), tmp_path)


def test_a_machine_without_curl_on_which_nothing_can_be_installed_is_told_so(tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    for program in ("bash", "id"):
        (bare / program).symlink_to(str(shutil.which(program)))
    page = tmp_path / "page.md"
    page.write_text("```bash\ncurl --version\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="has curl; please install it"):
        follow(page, tmp_path, {"PATH": str(bare)})


def test_a_block_without_a_sentence_above_it_is_the_answer_to_the_one_before() -> None:
    found = blocks(PAGE)
    assert [(one.language, one.saved_as, bool(one.above)) for one in found] == [
        ("python", "ten.py", True),
        ("bash", None, True),
        ("text", None, False),
        ("bash", None, True),
        ("text", None, False),
    ]


def test_an_ellipsis_is_anything_and_all_else_is_itself() -> None:
    said = '{"id": "a-1", "state": "done"}\n'
    assert matches('"id": …\n…"state": "done"', said.replace(", ", ",\n"))
    assert not matches('"state": "d.ne"', said)
