"""The documents say what is so: links, commands, settings, files, words and examples are compared with the code."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import typer

from infra.kernel.settings import PREFIX, Settings
from infra.messaging.topology import BROKER_DELIVERY_LIMIT
from infra.ops import cli
from infra.ops.loading import read
from infra.storage import store
from services.notify.settings import NotifySettings
from services.review.app import ReviewSettings
from services.review.reviews.model.procedure.procedure import Step
from tests.support.actors import guide as guides

ROOT = Path(__file__).parent.parent.parent
GENERATED = ("docs/events.md",)
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if str(path.relative_to(ROOT)) not in GENERATED
)
CHINESE = ".zh-CN.md"
PAIRS = [(name.replace(CHINESE, ".md"), name) for name in DOCUMENTS if name.endswith(CHINESE)]
PARTS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
SERVICES = ("registry", "review", "activities", "notify")
LINK = r"\]\(([^)\s]+)\)"
CURL = r'curl (?:-X (\w+) )?"\$(REGISTRY|REVIEW|ACTIVITIES|NOTIFY)(/[^"]*)"(?:[^\n]*<<\'JSON\'\n(.*?)\nJSON\n)?'


@cache
def text(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def everything() -> str:
    """All documents, one after the other."""
    return "\n".join(map(text, DOCUMENTS))


def blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", text(document), re.DOTALL)


def prose(document: str) -> str:
    """A document without its fenced blocks and without the line that leads to its other language."""
    return re.sub(r"^```.*?^```$|^\[(?:中文|English)\]\([^)\n]+\)$", "", text(document), flags=re.DOTALL | re.MULTILINE)


def headings(document: str) -> list[tuple[str, str]]:
    """The level of each heading, and what stands behind the # of a link to it."""
    found = re.findall(r"^(#+) (.+)$", prose(document), re.MULTILINE)
    return [(level, re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")) for level, title in found]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_relative_link_leads_somewhere(document: str) -> None:
    for target in re.findall(LINK, text(document)):
        path, _, anchor = target.partition("#")
        assert "://" not in target, f"{target}: a document links inside the repository only"
        there = ((ROOT / document).parent / path).resolve() if path else ROOT / document
        assert there.exists(), f"{document} links to {target}"
        if anchor:
            known = [slug for _, slug in headings(str(there.relative_to(ROOT)))]
            assert anchor in known, f"{document} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_exists(document: str) -> None:
    named = re.findall(r"`((?:infra|services|tests|docs|examples)/[\w/.*-]+)`", text(document))
    planned = {"services/activities/contracts/activities.activity.cancelled.v1.json"}  # the example of the guide
    assert [name for name in named if name not in {*planned, *not_yet()} and not list(ROOT.glob(name))] == []


def not_yet() -> list[str]:
    """The places that README gives to what is not there yet, row by row: names or patterns below the repository."""
    rows = re.search(r"\nNot yet, .*\n\n\| \| \|\n\|--\|--\|\n((?:\|.*\n)+)", text("README.md"))
    assert rows
    places = [re.findall(r"`([^`]+)`", row) for row in rows[1].splitlines()]
    assert all(places), "each row names the place that shows whether it is still so"
    return [place for row in places for place in row]


def test_what_readme_says_is_not_there_yet_is_not_there() -> None:
    assert "services/portal" in not_yet()
    assert {name: there for name in not_yet() if (there := [str(one) for one in ROOT.glob(name)])} == {}


def test_every_target_of_make_that_is_named_exists() -> None:
    known = set(re.findall(r"^([a-z0-9-]+):", text("Makefile"), re.MULTILINE))
    code = re.findall(r"`([^`\n]+)`", everything()) + re.findall(r"```bash\n(.*?)```", everything(), re.DOTALL)
    named = {target for piece in code for target in re.findall(r"\bmake ([a-z0-9-]+)", piece)}
    assert {"run", "test", "check"} <= named <= known


def test_every_subcommand_that_is_named_exists() -> None:
    group = typer.main.get_command(cli.app)
    known = set(group.commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"\bbrandmatrix ([a-z][a-z-]*)\b", everything()))
    assert named <= known, named - known
    assert {"doctor", "parked", "redrive", "load", "token", "up"} <= named


def test_every_variable_that_is_named_is_read_by_the_code() -> None:
    fields = set(Settings.model_fields) | set(ReviewSettings.model_fields) | set(NotifySettings.model_fields)
    scoped = "|".join(SERVICES).upper()
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "infra").rglob("*.py"))
    for name in set(re.findall(rf"\b{PREFIX}(\w+)", everything() + text(".env.example"))) - {"X"}:
        bare = re.sub(rf"^(?:{scoped})_", "", name).lower()
        read_here = f"{PREFIX}{name}" in code or f"{{PREFIX}}{name}" in code
        assert {bare, bare.removesuffix("_file")} & fields or read_here, f"nobody reads {PREFIX}{name}"


def test_the_table_of_settings_is_complete_and_has_the_defaults() -> None:
    rows = dict(re.findall(rf"^\| `{PREFIX}(\w+)` \| (?:`([^`]*)`)? ?\|", text("docs/operations.md"), re.MULTILINE))
    settings = Settings.of("review", {})
    wanted = {name: plain(getattr(settings, name)) for name in Settings.model_fields if name != "service"}
    own, common = NotifySettings.of("notify", {}), set(Settings.model_fields)
    fields = [name for name in NotifySettings.model_fields if name not in common]
    wanted |= {f"notify_{name}": plain(getattr(own, name)) for name in fields}
    wanted["review_procedure"] = ReviewSettings.model_fields["procedure"].default
    table = {name.lower(): default for name, default in rows.items() if name not in {"HOME", "TOKEN"}}
    assert table == wanted


def plain(value: Any) -> str:  # noqa: ANN401 - a setting of any type
    """A default as one would write it into the environment."""
    if isinstance(value, tuple):
        return ",".join(part if isinstance(part, str) else f"{part:g}" for part in value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if value is None:
        return ""
    return value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)


def test_every_metric_that_is_named_is_measured() -> None:
    measured = set(re.findall(r'"(brandmatrix_\w+)"', text("infra/kernel/telemetry.py")))
    named = {name.removesuffix("_total") for name in re.findall(r"`(brandmatrix_\w+)`", everything())}
    assert named == measured


def test_users_of_rabbitmq_get_in_the_document_what_they_get_from_the_code() -> None:
    patterns = re.findall(r'rf"([^"]+)"', text("infra/local/management.py"))
    assert len(patterns) == 3
    for pattern in patterns:
        assert f'"{pattern.replace("{service}", "$s")}"' in text("docs/operations.md")


def test_figures_in_sentences_are_those_of_the_code() -> None:
    assert f"more than {store.MOST_CAUSES} further changes" in text("docs/architecture.md")
    assert f"as the last net, at {BROKER_DELIVERY_LIMIT}" in text(
        "docs/decisions/0012-retries-through-own-exchanges.md"
    )
    lock = text("requirements.lock")
    for name, version in re.findall(r"(FastStream|aio-pika|motor) (\d[\d.]*\d)", text("docs/architecture.md")):
        assert f"{name.lower()}=={version} " in lock, "architecture.md says which versions were tried"
    assert re.search(r'^version = "(.+)"', text("pyproject.toml"), re.MULTILINE)[1] in text("CHANGELOG.md")  # type: ignore[index]


def test_every_decision_is_listed_and_has_its_five_parts() -> None:
    pages = sorted(path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    listed = re.findall(r"^\| \[(\d{4})\]\((.+?)\) \| (.+) \|$", text("docs/decisions/README.md"), re.MULTILINE)
    assert [name for _, name, _ in listed] == pages
    for number, name, title in listed:
        assert text(f"docs/decisions/{name}").startswith(f"# {number} {title}\n")
        assert re.findall(r"^## (.+)$", text(f"docs/decisions/{name}"), re.MULTILINE) == PARTS
        assert name.startswith(number)


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_a_translation_and_its_original_lead_to_each_other(english: str, chinese: str) -> None:
    assert text(english).splitlines()[2] == f"[中文]({Path(chinese).name})"
    assert text(chinese).splitlines()[2] == f"[English]({Path(english).name})"


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_a_translation_has_the_headings_the_links_and_the_names_of_its_original(english: str, chinese: str) -> None:
    assert [level for level, _ in headings(chinese)] == [level for level, _ in headings(english)]
    assert set(re.findall(LINK, prose(chinese))) == {
        in_chinese(target, english) for target in re.findall(LINK, prose(english))
    }
    assert set(re.findall(r"`([^`\n]+)`", prose(chinese))) == set(re.findall(r"`([^`\n]+)`", prose(english)))


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_a_translation_has_the_code_of_its_original_block_by_block(english: str, chinese: str) -> None:
    originals, translated = (guides.blocks(text(name)) for name in (english, chinese))
    if english == "README.md":  # its drawing and its comments are in Chinese too
        originals, translated = ([one for one in of if one.language] for of in (originals, translated))
        bare = [[re.sub(" *#.*", "", one.content) for one in of] for of in (originals, translated)]
        assert bare[1] == bare[0] != []
        return
    shapes = [[(one.language, one.content, bool(one.above)) for one in of] for of in (originals, translated)]
    assert shapes[1] == shapes[0] != []
    for original, one in zip(originals, translated, strict=True):
        assert f"`{original.saved_as}`" in one.above or not original.saved_as, f"{chinese}:{one.line}"


def in_chinese(target: str, document: str) -> str:
    """Where the translation of a document leads instead: to the Chinese page and its heading, if there is one."""
    path, _, anchor = target.partition("#")
    page = (ROOT / document).parent / (path or Path(document).name)
    sister = page.with_name(page.stem + CHINESE)
    if page.suffix != ".md" or not sister.exists():
        return target
    original, translated = (headings(str(one.resolve().relative_to(ROOT))) for one in (page, sister))
    there = {slug: other for (_, slug), (_, other) in zip(original, translated, strict=True)}
    return (path and path.replace(".md", CHINESE)) + (anchor and f"#{there[anchor]}")


def test_the_glossary_has_only_words_that_the_code_uses() -> None:
    words = set(re.findall(r"`([a-z_]+)`", text("docs/glossary.md")))
    sources = [path for kind in ("py", "json") for path in (ROOT / "services").rglob(f"*.{kind}")]
    used = {word for path in sources for word in re.findall(r"[a-z_]+", path.read_text(encoding="utf-8"))}
    assert words - used == set()


def test_the_library_proper_is_what_services_load_and_every_file_has_its_place() -> None:
    section = text("docs/architecture.md").partition("## The library\n")[2].partition("\n## ")[0]
    table, _, rest = section.partition("That is the library proper")
    rooms = re.findall(r"^\| `(\w+)/` \|(.*)\|$", table, re.MULTILINE)
    assert [room for room, _ in rooms] == LIBRARY
    for room, files in [*rooms, *re.findall(r"^\| `((?!deploy)\w+)/` \|(.*)\|$", rest, re.MULTILINE)]:
        there = {
            path.relative_to(ROOT / "infra" / room).with_suffix("") for path in (ROOT / "infra" / room).rglob("*.py")
        }
        assert set(re.findall(r"`([\w/]+)`", files)) == {str(one) for one in there if one.name != "__init__"}, room
    assert {name.split(".")[1] for name in loaded()} == set(LIBRARY)
    assert set(re.findall(r"^\| `(\w+)/` \|", section, re.MULTILINE)) == {
        path.name for path in (ROOT / "infra").iterdir() if path.is_dir() and path.name != "__pycache__"
    }


LIBRARY = ["kernel", "storage", "messaging", "web", "sandbox", "runtime"]
"""The rooms that a service process loads."""


def loaded() -> set[str]:
    """The modules of ``infra`` that a service process imports, directly or through others."""
    found: set[str] = set()
    wanted = {name for path in (ROOT / "services").rglob("*.py") for name in imports(path)}
    while wanted:
        name = wanted.pop()
        found.add(name)
        wanted |= set(imports(ROOT / f"{name.replace('.', '/')}.py")) - found
    return found


def imports(path: Path) -> Iterator[str]:
    """The modules of ``infra`` that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "infra":
            for name in (node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)):
                if (ROOT / f"{name.replace('.', '/')}.py").exists():
                    yield name


@pytest.mark.parametrize("guide", [name for name in DOCUMENTS if name.startswith("docs/guides/")])
def test_every_example_in_a_guide_fits_the_code(guide: str, tmp_path: Path) -> None:
    for code in blocks(guide, "python"):
        ast.parse(code)
    followed = Path(guide).name.startswith("for-")  # word by word, in tests/e2e and tests/containers
    for code in blocks(guide, "json"):
        json.loads(code) if followed else Step.model_validate_json(code)
    for code in blocks(guide, "yaml"):
        (tmp_path / "data.yaml").write_text(code, encoding="utf-8")
        assert followed or read(tmp_path / "data.yaml")
    for method, service, path, body in re.findall(CURL, text(guide), re.DOTALL):
        fits(service.lower(), (method or "get").lower(), path, body)


def fits(service: str, method: str, path: str, body: str) -> None:
    """A call of an example has its route, and its body the route's schema."""
    described = json.loads(text(f"docs/openapi/{service}.json"))  # fresh, says tests/contract
    routes = [
        operations[method]
        for template, operations in described["paths"].items()
        if method in operations and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]
    assert routes, f"{service} has no {method.upper()} {path}"
    if body:
        schema = routes[0]["requestBody"]["content"]["application/json"]["schema"]
        jsonschema_rs.Draft202012Validator({**schema, "components": described["components"]}).validate(json.loads(body))


def test_the_guide_to_procedures_names_every_field_of_a_step() -> None:
    rows = re.findall(r"^\| (`[^|]+) \|", text("docs/guides/change-the-procedure.md"), re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(Step.model_fields)
