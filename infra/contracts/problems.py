"""Problem codes as data, read from the code: which refusals a service knows, in which words; and where they are told.

A code whose end is chosen at run time stands with that part in braces (``run.not_{state}``).
"""

import ast
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from infra.kernel import errors

KINDS = {one.__name__: one for one in errors.Problem.__subclasses__()}
Json = dict[str, Any]
ROOT = Path(__file__).parents[2]


def codes(root: Path = ROOT) -> Json:
    """Every code below ``root`` with kind, HTTP status, title, sentences (Chinese, English) and who raises it."""
    found: Json = {}
    for folder in sorted(path for path in (root / "services").iterdir() if (path / "app.py").exists()):
        _collect(found, folder, folder.name)
    for library in ("kernel", "storage", "messaging", "web", "sandbox", "runtime"):
        _collect(found, root / "infra" / library, "library")
    of_http = json.loads((root / "infra" / "web" / "problems.json").read_text(encoding="utf-8"))
    for code, said in of_http["problems"].items():
        found[code] = _of_http(said["status"], said["title"], said["detail"])
    for status, title in of_http["routing"].items():
        found[f"http.{status}"] = _of_http(int(status), title, title)
    found["input.invalid"] = _of_http(errors.Invalid.status, errors.Invalid.title, ("{field}：…", "{field}: …"))
    return dict(sorted(found.items()))


def _of_http(status: int, title: Sequence[str], sentence: Sequence[str]) -> Json:
    """A problem of HTTP itself: its kind is the one whose advice fits."""
    kinds = {500: "Bug", 503: "Unavailable", 404: "NotFound"}
    kind = {"kind": kinds.get(status, "Invalid"), "status": status, "title": list(title)}
    return {**kind, "sentences": [list(sentence)], "services": ["library"]}


def _collect(found: Json, folder: Path, owner: str) -> None:
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == errors.__name__
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in named & set(KINDS):
                for code, sentence in _said(node, tree):
                    kind = KINDS[node.func.id]
                    new = {"kind": node.func.id, "status": kind.status, "title": list(kind.title)}
                    entry = found.setdefault(code, {**new, "sentences": [], "services": []})
                    for name, value in (("sentences", sentence), ("services", owner)):
                        if value not in entry[name]:
                            entry[name] = sorted([*entry[name], value])


def _said(call: ast.Call, tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The code of a refusal and its sentence in both languages."""
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    given |= dict(zip(("code", "zh", "en"), call.args, strict=False))
    if {"code", "zh", "en"} <= given.keys():
        code = _text(given["code"], tree)
        if "." in code:
            yield code, [_text(given["zh"], tree), _text(given["en"], tree)]


def _text(node: ast.expr, tree: ast.Module) -> str:
    """A literal as it is; what is filled in at run time in braces; a name by what it was set to last above."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part, tree) if isinstance(part, ast.Constant) else _blank(part) for part in parts)
        case ast.Name(id=name):
            given = [value for one in ast.walk(tree) for target, value in _assigned(one) if target == name]
            texts = [value for value in given if isinstance(value, ast.Constant | ast.JoinedStr)]
            if texts:  # each function sets its own: the last one above, or else a constant of the file
                above = [value for value in texts if value.lineno <= node.lineno]
                return _text(max(above, key=lambda one: one.lineno) if above else texts[0], tree)
    return "…"


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                yield from ((one.id, value) for one, value in pairs if isinstance(one, ast.Name))


def _blank(part: ast.expr) -> str:
    """What fills a place, by its last name: ``{state}`` for ``run.state``; anything longer is only ``…``."""
    inner = part.value if isinstance(part, ast.FormattedValue) else part
    name = inner.attr if isinstance(inner, ast.Attribute) else inner.id if isinstance(inner, ast.Name) else None
    return f"{{{name}}}" if name else "…"
