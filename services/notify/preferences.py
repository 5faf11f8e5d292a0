"""Who gets mail: everybody decides for themselves; for whoever said nothing a setting decides."""

from fastapi import APIRouter
from pydantic import ConfigDict

from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Input
from infra.storage.mongo import Mongo
from infra.storage.store import CommandResult, Store
from infra.web.http import Asked, Reader


class Wish(Input):
    """Whether to be told by mail of to-dos that open."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"mail": True}]})

    mail: bool


class Preference(Wish, Aggregate):
    """What a person (the id) wishes."""


class PreferenceView(Wish):
    """What holds for a person; ``chosen``: they said so themselves."""

    model_config = ConfigDict(extra="ignore", json_schema_extra=None)

    chosen: bool


class Preferences(Store[Preference]):
    """The wishes of all."""

    def __init__(self, mongo: Mongo, by_default: bool) -> None:
        super().__init__(mongo, "preferences", Preference)
        self._default = by_default

    async def of(self, person: str) -> PreferenceView:
        """What holds for a person."""
        found = await self.find({"_id": person}, limit=1)
        return PreferenceView(mail=found[0].mail if found else self._default, chosen=bool(found))

    async def wants_mail(self, person: str) -> bool:
        """Whether this person is told by mail."""
        return (await self.of(person)).mail


def routes(preferences: Preferences) -> APIRouter:
    """One's own wishes; nobody reads or changes another's."""
    api = APIRouter(tags=["收件箱 inbox"])

    @api.get("/preferences", summary="我的提醒方式 How I am told")
    async def mine(asked: Reader) -> PreferenceView:
        return await preferences.of(asked.user.person)

    @api.put("/preferences", summary="设置提醒方式 Choose how to be told")
    async def choose(body: Wish, asked: Asked) -> CommandResult:
        person = asked.user.person

        def decide(before: Preference | None) -> Decision[Preference]:
            return (before or Preference(id=person, mail=body.mail)).becomes(mail=body.mail), []

        return await preferences.put(person, decide, cause=asked.cause)

    return api
