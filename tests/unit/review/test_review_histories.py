"""Real histories, kept as they were stored: whatever the code becomes, each of them replays to the same review."""

import json
from pathlib import Path

import pytest

from services.review.reviews.model.decision import first, replay
from services.review.reviews.model.review import Review

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


@pytest.mark.parametrize("history", HISTORIES, ids=lambda path: path.stem)
def test_a_stored_history_replays_for_ever(history: Path) -> None:
    stored = Review.model_validate_json(history.read_text(encoding="utf-8"))
    again = replay(first(stored), stored.history, stored.holders)
    assert again.becomes(version=stored.version, seal=stored.seal) == stored  # the oldest are from before seals


@pytest.mark.parametrize("history", HISTORIES, ids=lambda path: path.stem)
def test_its_seal_stays_what_it_was(history: Path) -> None:
    """A field that a command gained later, and that nobody gave, is no part of the seal."""
    stored = Review.model_validate_json(history.read_text(encoding="utf-8"))
    again = replay(first(stored), stored.history, stored.holders)
    assert stored.seal in (None, again.seal)


@pytest.mark.parametrize("history", HISTORIES, ids=lambda path: path.stem)
def test_nothing_that_was_stored_is_forgotten(history: Path) -> None:
    """Read and written again, every field that was there is there with the same value; new ones have defaults."""
    old = json.loads(history.read_text(encoding="utf-8"))
    new = json.loads(Review.model_validate(old).model_dump_json())
    assert _lost(old, new) == []


def test_the_first_release_is_among_them() -> None:
    assert len([path for path in HISTORIES if path.stem.startswith("first-release")]) >= 3


def test_a_sealed_one_is_among_them() -> None:
    assert [path for path in HISTORIES if Review.model_validate_json(path.read_text(encoding="utf-8")).seal]


def _lost(old: object, new: object, place: str = "") -> list[str]:
    """Where the new one lacks what the old one has."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [lost for key in old for lost in _lost(old[key], new.get(key, "gone"), f"{place}/{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [lost for n, one in enumerate(old) for lost in _lost(one, new[n], f"{place}/{n}")]
    return [] if old == new else [place]
