"""What people and client generators read of a service: API pages, names of operations, one page for each problem.

The pages load nothing from elsewhere. ``problem_codes.json`` is made by ``make contracts`` from the code.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from infra.kernel.errors import NotFound
from infra.web.problems import DESCRIBED, SCHEMA

Json = dict[str, Any]
CODES = Path(__file__).with_name("problem_codes.json")
LANGUAGES = re.compile(r"([^\x00-\x7f].*?) ([ -~]+)")
"""A text in Chinese, then in English, as tags and summaries have it."""
BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    bearerFormat="JWT",
    description="登录服务签发的令牌；演示：`brandmatrix token`。 A token of your sign-on service, or of this command.",
)
ADVICE = {
    "Refused": (
        "业务规则现在不允许；重复提交不会改变结果。",
        "The rules do not allow it now; asking again changes nothing.",
    ),
    "Stale": ("所依据的版本已过时：请重新读取后再提交。", "You decided on an older version: read again, then send."),
    "Invalid": ("请按 field 所指位置更正后再提交。", "Correct the place that `field` names, then send again."),
    "NotFound": ("请核对编号。", "Check the id."),
    "Forbidden": (
        "您的职务或角色不允许；如有疑问请联系党委工作部。",
        "Your post or role does not allow it; ask the Party work department.",
    ),
    "Unauthorised": ("请重新登录，使用有效的令牌。", "Sign in again; use a valid token."),
    "Unavailable": (
        "请稍后用同一 Idempotency-Key 重试，不会重复生效。",
        "Try again later with the same Idempotency-Key: it takes effect once.",
    ),
    "Bug": (
        "程序出错，已记录；请凭 correlationid 联系信息部门。",
        "A bug, logged; quote the correlationid to your IT department.",
    ),
    "NotYet": (
        "所依赖的数据尚未到达：请稍后用同一 Idempotency-Key 重试。",
        "What it builds on has not arrived: try again later with the same Idempotency-Key.",
    ),
}
STYLE = (
    "body{font:16px/1.7 system-ui,'Noto Sans CJK SC',sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1b}h1{font-size:1.4rem;margin-bottom:0}"
    "code{background:#f3f3f3;padding:.1em .3em;overflow-wrap:anywhere}"
    "small,.en{color:#555}li{margin:.4rem 0}a{color:#9b1c1c}"
)


@cache
def codes() -> dict[str, Json]:
    """Every problem code with the kinds, sentences and services that use it."""
    found: dict[str, Json] = json.loads(CODES.read_text(encoding="utf-8"))
    return found


def operation_id(route: APIRoute) -> str:
    """``post_review_check`` for ``POST /reviews/{key}/check``: unique, and good as a function's name in a client."""
    parts = route.path.strip("/").split("/")
    names = [
        _singular(part) if after.startswith("{") else part
        for part, after in zip(parts, [*parts[1:], ""], strict=True)
        if not part.startswith("{")
    ]
    method = min(route.methods or {"GET"}).lower()
    return f"{method}_{'_'.join(names)}".replace("-", "_")


def _singular(name: str) -> str:
    if name == "people":
        return "person"
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


def add_pages(app: FastAPI) -> None:
    """``/`` leads to the API pages, ``/problems/…`` explain codes, and the description is good to make clients of."""

    def described() -> Json:
        if not app.openapi_schema:
            document = get_openapi(
                title=app.title,
                summary=app.summary,
                version=app.version,
                openapi_version=app.openapi_version,
                routes=app.routes,
            )
            app.openapi_schema = _with_problems(_tagged(document))
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign] # the framework's own way to adjust it

    @app.get("/", include_in_schema=False)
    async def start() -> RedirectResponse:
        return RedirectResponse("docs")

    @app.get("/problems", include_in_schema=False)
    async def problems() -> HTMLResponse:
        return HTMLResponse(_page("问题代码", "Problem codes", _index()))

    @app.get("/problems/{code}", include_in_schema=False)
    async def one(code: str) -> HTMLResponse:
        known = codes().get(code) or next((entry for name, entry in codes().items() if _fits(name, code)), None)
        if known is None:
            raise NotFound("problem.unknown", zh=f"没有问题代码“{code}”。", en=f"There is no problem code “{code}”.")
        zh, en = known["title"]
        return HTMLResponse(_page(zh, en, _explained(code, known)))


def _tagged(document: Json) -> Json:
    """Tags in English, as clients name modules by them; their Chinese is the description."""
    tags: dict[str, str] = {}
    for methods in document["paths"].values():
        for operation in methods.values():
            names = [LANGUAGES.fullmatch(tag) for tag in operation.get("tags", ())]
            tags |= {match[2]: match[1] for match in names if match}
            operation["tags"] = [match[2] for match in names if match]
    document["tags"] = [{"name": name, "description": zh} for name, zh in tags.items()]
    return document


def _with_problems(document: Json) -> Json:
    """Problems described once, as components that every operation refers to."""
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"] |= {status: {"$ref": f"#/components/responses/{status}"} for status in DESCRIBED}
    components = document["components"]
    components["responses"] = dict(DESCRIBED)
    components["schemas"] = dict(sorted([*components.get("schemas", {}).items(), ("Problem", SCHEMA)]))
    return document


def _fits(pattern: str, code: str) -> bool:
    """Whether a code is one of those that ``run.not_{state}`` stands for."""
    return "{" in pattern and bool(re.fullmatch(re.sub(r"\\\{.*?\\\}", r"[a-z_]+", re.escape(pattern)), code))


def _index() -> Iterator[str]:
    yield "<ul>"
    for code, entry in codes().items():
        zh, en = entry["sentences"][0]
        link = f'<a href="problems/{escape(code)}"><code>{escape(code)}</code></a>'
        yield f'<li>{link} {escape(zh)} <span class="en" lang="en">{escape(en)}</span></li>'
    yield "</ul>"


def _explained(code: str, entry: Json) -> Iterator[str]:
    yield f"<p><code>{escape(code)}</code> · HTTP {entry['status']} {HTTPStatus(entry['status']).phrase}</p><ul>"
    for zh, en in entry["sentences"]:
        yield f'<li>{escape(zh)}<br><span class="en" lang="en">{escape(en)}</span></li>'
    zh, en = ADVICE[entry["kind"]]
    yield f'</ul><p><b>怎么办</b> {escape(zh)}<br><span class="en" lang="en"><b>What to do</b> {escape(en)}</span></p>'
    yield f"<p><small>{escape(' · '.join(entry['services']))}</small></p>"


def _page(zh: str, en: str, body: Iterator[str]) -> str:
    head = f'<h1>{escape(zh)}</h1><span class="en" lang="en">{escape(en)}</span>'
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(zh)} · {escape(en)}</title><style>{STYLE}</style>{head}{''.join(body)}</html>"
    )
