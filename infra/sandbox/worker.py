"""The child process in which expressions and schemas are evaluated: nothing of value lives here, so it may be killed.

It reads one JSON object a line and writes one. Asked ``{"when": CEL, "map": JMESPath, "event": envelope or null}`` it
says ``{"when": true, "result": …}``; asked ``{"schema": JSON Schema, "data": …}`` it says ``{"misfit": null}`` or where
the data do not fit; without ``event`` or ``data`` it only reads the expressions. ``{"fault": [place, code, detail]}``
is what is wrong with them. The kernel ends the process when a question takes more processor time or memory than it may.
"""

import json
import resource
import signal
import sys
from typing import Any

import cel
import jmespath
import jsonschema_rs
from jmespath.exceptions import JMESPathError

from infra.kernel.json_pointer import pointer

CPU_SECONDS = 1.0
MOST_MEMORY = 512 * 1024 * 1024
MOST_RESULT = 100_000
VARIABLE = "event"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
FUNCTIONS = frozenset(
    [
        "bool",
        "bytes",
        "contains",
        "double",
        "duration",
        "endsWith",
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getFullYear",
        "getHours",
        "getMilliseconds",
        "getMinutes",
        "getMonth",
        "getSeconds",
        "int",
        "matches",
        "max",
        "min",
        "size",
        "startsWith",
        "string",
        "timestamp",
        "uint",
    ]
)
"""What an expression may call; operators have names that begin with ``_`` or ``@`` or end with ``_``."""


class _Fault(Exception):  # noqa: N818 - read as a word
    """What is wrong with an expression: its place, a code, and the library's words."""


def evaluate(when: str, mapping: str, event: dict[str, Any] | None) -> dict[str, Any]:
    """Whether the event concerns the rule and, if so, what the map makes of it; raises ``_Fault``."""
    try:
        program = cel.compile(when)
    except (ValueError, RuntimeError) as error:
        raise _Fault("when", "unreadable", _short(error)) from error
    called = {name for name in program.functions() if name[0] not in "_@" and name[-1] != "_"}
    if called - FUNCTIONS:
        raise _Fault("when", "function", ", ".join(sorted(called - FUNCTIONS)))
    try:
        path = jmespath.compile(mapping)
    except (JMESPathError, RecursionError) as error:
        raise _Fault("map", "unreadable", _short(error)) from error
    if event is None:
        return {}
    try:
        holds = program.execute({VARIABLE: event})
    except KeyError as error:
        raise _Fault("when", "field", str(error).strip("'\"")) from error
    except (ValueError, RuntimeError, TypeError, LookupError, ArithmeticError) as error:
        raise _Fault("when", "failed", _short(error)) from error
    if not isinstance(holds, bool):
        raise _Fault("when", "not_boolean", type(holds).__name__)
    if not holds:
        return {"when": False}
    try:
        return {"when": True, "result": path.search(event)}
    except (JMESPathError, TypeError, ValueError, LookupError, RecursionError, ArithmeticError) as error:
        raise _Fault("map", "failed", _short(error)) from error


def fit(schema: dict[str, Any], question: dict[str, Any]) -> dict[str, Any]:
    """Where the data do not fit the schema (JSON Pointer and the library's words); raises ``_Fault`` for a bad one."""
    try:
        jsonschema_rs.meta.validate({**schema, "$schema": DIALECT})
        validator = jsonschema_rs.Draft202012Validator(
            schema, pattern_options=jsonschema_rs.RegexOptions(), offline=True, validate_formats=True
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        raise _Fault("schema", "unreadable", _short(getattr(error, "message", None) or error)) from error
    if "data" not in question:
        return {}
    first = next(iter(validator.iter_errors(question["data"])), None)
    if first is None:
        return {"misfit": None}
    return {"misfit": [pointer("/data", *first.instance_path), _short(first.message)]}


def answer(line: str) -> str:
    """The answer to one line; never raises for what an expression does."""
    asked = json.loads(line)
    place = "schema" if "schema" in asked else "map"
    try:
        found = (
            fit(asked["schema"], asked) if "schema" in asked else evaluate(asked["when"], asked["map"], asked["event"])
        )
        said = json.dumps(found, ensure_ascii=False, allow_nan=False)
    except _Fault as fault:
        return json.dumps({"fault": fault.args})
    except (RecursionError, MemoryError) as error:
        return json.dumps({"fault": [place, "too_much", type(error).__name__]})
    except (ValueError, TypeError) as error:
        return json.dumps({"fault": [place, "no_json", _short(error)]})
    if len(said) > MOST_RESULT:
        return json.dumps({"fault": [place, "too_long", str(len(said))]})
    return said


def _short(error: object) -> str:
    """A library's words, at a length that a person reads."""
    text = " ".join(str(error).split())
    return text if len(text) <= 300 else f"{text[:300]}…"  # noqa: PLR2004 - a length for people


def main() -> None:
    """Answer line after line until the parent goes away."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the parent's business: it ends us by closing the pipe
    for line in sys.stdin:
        # processor time, whatever else the machine does: the signal's default is to end the process, even inside Rust
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        said = answer(line)
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.write(said + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
