"""The field's words: what the house gave up is the name of nothing any more (docs/decisions/0031)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GIVEN_UP = {
    "told": "published",
    "untold": "outbox_since",
    "tell": "publish",
    "hear": "subscribe",
    "heard": "consumed",
    "hearing": "the thing's own name",
    "pending": "outbox",
    "ladder": "RetryPolicy",
    "shelf": "ImmutableCollection",
    "shelved": "stored",
    "lane": "lock",
    "lanes": "KeyedLocks",
    "bureau": "CampaignUseCases",
    "bench": "RuleEvaluator",
    "room": "SandboxPool",
    "desk": "access, drafting rights, use cases",
    "eye": "Viewer",
    "sight": "Viewer",
    "hand": "Actor",
    "warrant": "DecisionContext",
    "brake": "MassLossBreaker",
    "braked": "MassLossBreaker",
    "gate": "HoldDecision, limit",
    "gates": "holds",
    "odd": "quarantined",
    "pushing": "DeliveryWorker",
    "pushings": "workers",
    "tending": "ChannelWorker",
    "kept": "stored",
}
"""What is not said, and what is said instead."""
FREE = {
    ("infra/kernel/clock.py", "kept"),
    ("services/review/shared/scoring/result.py", "pending"),
    ("services/review/shared/scoring/sealing.py", "hand_in"),
    ("services/review/campaigns/model/judging.py", "hand_in"),
}
"""What the database keeps, the reasons that a result waits for, and what a judge does with a sheet."""
OF_A_RUBRIC = {"gate", "gates", "divided_gates"}
"""Its gates (门槛) are the domain's own word."""


def names(path: Path) -> Iterator[str]:
    """Everything that a module gives a name to: itself, classes, functions, parameters, variables, fields, aliases."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.alias(asname=str(name)):
                yield name


def words(name: str) -> set[str]:
    """The words of a name, however it is written."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def files() -> list[Path]:
    """Every module of the product and of its examples."""
    return sorted(path for folder in ("infra", "services", "examples") for path in (ROOT / folder).rglob("*.py"))


def test_no_name_has_a_word_that_was_given_up() -> None:
    found = {(str(path.relative_to(ROOT)), name) for path in files() for name in names(path)}
    wrong = {one for one in found if words(one[1]) & GIVEN_UP.keys()} - FREE
    assert {one for one in wrong if not (one[1] in OF_A_RUBRIC and one[0].startswith("services/review/"))} == set()


def test_no_decision_is_called_a_move_where_it_is_imported() -> None:
    imports = re.compile(r"^from .* import \w+ as moves$", re.MULTILINE)
    assert [path for path in files() if imports.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", ["was_told", "RuleBench", "PENDING", "_hearing", "DeskOf"])
def test_a_word_is_found_in_whatever_way_a_name_is_written(name: str) -> None:
    assert words(name) & GIVEN_UP.keys()
