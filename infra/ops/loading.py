"""Loading an enterprise's own data file over HTTP: what any client could do, with progress and every refusal shown.

The file is YAML or JSON: sections (``organisations``, ``people``, …), each a list of rows or a mapping from id to row.
A row is put under its id, so loading twice changes nothing. Rows that build on one another (a branch on its committee)
may stand in any order: what is refused is tried again as long as others get through.
"""

import asyncio
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import yaml

AT_ONCE = 8
PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.3


@dataclass(frozen=True)
class Section:
    """Rows of one kind: the service that keeps them, the path they are put under, the field that holds their id."""

    name: str
    service: str
    path: str
    key: str = "id"


SECTIONS = (
    Section("block_types", "registry", "/block-types"),
    Section("organisations", "registry", "/organisations"),
    Section("people", "registry", "/people"),
    Section("procedures", "review", "/procedures"),
    Section("kinds", "activities", "/kinds"),
    Section("brands", "registry", "/brands"),
)


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken, and why, in both languages; ``field`` is a JSON Pointer into the row."""

    section: str
    row: str
    field: str
    zh: str
    en: str


Report = Callable[[str, int, int], None]
"""Told after each row: section, rows done, rows in all."""


def read(file: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Sections → id → row. Raises ``ValueError`` (or ``OSError``) with a sentence that says what is wrong where."""
    text = file.read_text(encoding="utf-8")
    try:
        content = json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"{file} is not valid YAML: {error}") from error
    except ValueError as error:
        raise ValueError(f"{file} is not valid JSON: {error}") from error
    known = {section.name: section for section in SECTIONS}
    if not isinstance(content, dict):
        raise ValueError(f"{file} must be a mapping of sections: {', '.join(known)}")  # noqa: TRY004 - wrong content
    if unknown := sorted(set(map(str, content)) - set(known)):
        raise ValueError(f"{file} has sections nobody keeps: {', '.join(unknown)}; known are {', '.join(known)}")
    return {name: _rows(known[name], rows) for name, rows in content.items()}


def _rows(section: Section, rows: object) -> dict[str, dict[str, Any]]:
    if isinstance(rows, Mapping):
        pairs = [(str(key), row) for key, row in rows.items()]
    elif isinstance(rows, list):
        pairs = [(str(row.get(section.key) or "") if isinstance(row, dict) else "", row) for row in rows]
    else:
        raise ValueError(f"{section.name} must be a list or a mapping of rows")  # noqa: TRY004 - wrong content
    found: dict[str, dict[str, Any]] = {}
    for number, (key, row) in enumerate(pairs, start=1):
        if not key:
            raise ValueError(f"{section.name}: row {number} has no {section.key}")
        if not isinstance(row, dict):
            raise ValueError(f"{section.name}: {key} is no mapping of fields")  # noqa: TRY004 - wrong content
        if key in found:
            raise ValueError(f"{section.name}: {key} stands there twice")
        found[key] = {name: value for name, value in row.items() if name != section.key}
    return found


async def load(
    content: Mapping[str, Mapping[str, dict[str, Any]]], urls: Mapping[str, str], token: str, report: Report
) -> list[Refusal]:
    """Put all rows, section by section; returns the refused. Raises ``httpx.HTTPError`` when nobody answers."""
    refused: list[Refusal] = []
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False) as client:
        for section in SECTIONS:
            rows = content.get(section.name, {})
            if rows:
                base = f"{urls[section.service]}{section.path}"
                refused += await _section(client, section, base, rows, report)
    return refused


async def _section(
    client: httpx.AsyncClient, section: Section, base: str, rows: Mapping[str, dict[str, Any]], report: Report
) -> list[Refusal]:
    limit, left = asyncio.Semaphore(AT_ONCE), dict(rows)

    async def one(key: str) -> Refusal | None:
        async with limit:
            problem = await _put(client, f"{base}/{quote(key, safe='')}", left[key])
        if problem is not None:
            return _refusal(section.name, key, problem)
        done.append(key)
        report(section.name, len(rows) - len(left) + len(done), len(rows))
        return None

    while True:
        done: list[str] = []
        refused = [refusal for refusal in await asyncio.gather(*map(one, left)) if refusal]
        if not refused or not done:
            return refused
        left = {refusal.row: left[refusal.row] for refusal in refused}


async def _put(client: httpx.AsyncClient, url: str, row: dict[str, Any]) -> httpx.Response | None:
    """Put one row under one idempotency key, with patience while a service is not ready; returns what refuses it."""
    headers = {"Idempotency-Key": uuid.uuid4().hex, "Content-Type": "application/json"}
    body = json.dumps(row, ensure_ascii=False, default=_plain).encode()
    end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        over = asyncio.get_running_loop().time() > end
        try:
            answer = await client.put(url, content=body, headers=headers)
        except httpx.TransportError:
            if over:
                raise
        else:
            if answer.is_success:
                return None
            if over or answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                return answer
        await asyncio.sleep(PAUSE_SECONDS)


def _refusal(section: str, key: str, answer: httpx.Response) -> Refusal:
    try:
        problem: dict[str, Any] = answer.json()
    except ValueError:
        problem = {"detail": answer.text[:200]}
    errors: Sequence[dict[str, str]] = problem.get("errors") or [problem]
    zh = "；".join(str(error.get("detail", "")) for error in errors)
    en = "; ".join(str(error.get("detail_en", "")) for error in errors)
    field = " ".join(str(error.get("field") or "") for error in errors)
    return Refusal(section, key, field, zh, f"{answer.status_code} {en}")


def _plain(value: object) -> str:
    """YAML knows dates; JSON gets them as ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be sent as JSON")
