"""Absences: who is away from when to when, and who acts in their name."""

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import APIRouter

from infra.kernel.events import Cause
from infra.storage.store import CommandResult
from infra.web.http import Asked, Asking, Reader
from services.review.absences.model import AbsenceRecorded, Absences, end, record, require_may_record
from services.review.absences.store import Away
from services.review.access import OFFICE, actor_of, scopes
from services.review.shared.mirrors import Mirrors
from services.review.shared.text_types import Number


def routes(away: Away, mirrors: Mirrors, reseat: Callable[[str, Cause], Awaitable[None]]) -> APIRouter:
    """POST /absences, GET /absences/{person}, POST …/{n}/end; ``reseat``: to-dos of what waits for a person follow."""
    api = APIRouter(prefix="/absences", tags=["代理 absences"])

    async def changed(answer: CommandResult, asked: Asking) -> CommandResult:
        """The to-dos of what waits for this person follow; repeated after a crash by the retry, or the daily sweep."""
        await reseat(answer.id, asked.cause.step("reseat"))
        return answer

    async def of_office(asked: Asking) -> bool:
        """A proxy checks and signs everywhere, so only the office of the top committee names one for somebody else."""
        top = await mirrors.top(scopes(asked.user, OFFICE))
        return top or any(asked.user.has(role, "*") for role in ("administrator", OFFICE))

    @api.post("", status_code=201, summary="登记代理 Record an absence and who acts meanwhile")
    async def recorded(body: AbsenceRecorded, asked: Asked) -> CommandResult:
        person = body.person or asked.user.person
        require_may_record(asked.user.person, person, office=await of_office(asked))
        await mirrors.require_known((person,), "/person")
        await mirrors.require_known((body.proxy,), "/proxy")
        decide = partial(record, command=body, person=person, actor=actor_of(asked))
        return await changed(await away.put(person, decide, cause=asked.cause), asked)

    @api.post("/{person}/{n}/end", summary="结束代理 End an absence")
    async def ended(person: Number, n: int, asked: Asked) -> CommandResult:
        require_may_record(asked.user.person, person, office=await of_office(asked))
        decide = partial(end, n=n, actor=actor_of(asked))
        return await changed(await away.update(person, decide, cause=asked.cause), asked)

    @api.get("/{person}", summary="一个人的代理记录 The absences of one person")
    async def listed(person: Number, reader: Reader) -> Absences:
        if person != reader.user.person:
            reader.user.require("administrator", OFFICE, "auditor")
        found = await away.find({"_id": person})
        return found[0] if found else Absences(id=person)

    return api
