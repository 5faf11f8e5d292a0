"""What people do while a review runs: each step in its true shape, driven by what the review is waiting for."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any

from examples.client import Client, Json, Refusal

OFFICER, OFFICE = "E011", "party_work_department@committee"
COMMITTEE = tuple(f"E00{number}" for number in range(1, 8))
AGENDA = ("审定支部品牌终稿",)
CHINA = timezone(timedelta(hours=8))


class Review:
    """One brand's review, acted out by the people whom it waits for; whatever was done already is not done again."""

    def __init__(self, client: Client, key: str, script: Mapping[str, Any]) -> None:
        self._client, self.key, self._script = client, key, script

    async def look(self) -> Json:
        """The review in full, as the work department sees it."""
        return await self._client.get(OFFICER, "review", f"/reviews/{self.key}", OFFICE)

    async def look_if_there(self) -> Json | None:
        """As ``look``; None while the submission is still on its way from registry to review."""
        try:
            return await self.look()
        except Refusal as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    async def act(self, review: Json) -> None:
        """Do all that the running step asks for."""
        acts = {
            "secretary_check": self._check,
            "branch_discussion": self._discuss,
            "committee_co_revision": self._revise,
            "committee_resolution": self._resolve,
        }
        await acts[review["step"]](review["runs"][-1])

    async def _check(self, visit: Json) -> None:
        reason = self._script.get("returned_once")
        if reason and visit["round"] == 1:
            await self._do(self._script["secretary"], "/return", {"to": "draft", "reason": reason})
        else:
            body = {"decision": "agree", "reason": "符合支部实际，同意提交讨论。"}
            await self._do(self._script["secretary"], "/check", body)

    async def _discuss(self, visit: Json) -> None:
        secretary = self._script["secretary"]
        for wanted in self._script.get("opinions", ()):
            if wanted["text"] not in {opinion["text"] for opinion in visit["opinions"]}:
                await self._do(wanted["by"], "/opinions", {"text": wanted["text"]})
        rulings = {wanted["text"]: wanted for wanted in self._script.get("opinions", ())}
        for opinion in (await self.look())["runs"][-1]["opinions"]:
            if opinion["ruling"] is None:
                ruling = rulings[opinion["text"]]
                body = {"adopted": ruling["adopted"], "reason": ruling["reason"]}
                await self._do(secretary, f"/opinions/{opinion['n']}/ruling", body)
        voted = {vote["by"] for vote in visit["votes"]}
        for person in visit["voters"]:
            if person not in voted:
                choice = "abstain" if person in self._script.get("abstaining", ()) else "for"
                await self._do(person, "/votes", {"choice": choice})
        await self._do(secretary, "/discussion/closure", {})

    async def _revise(self, visit: Json) -> None:
        wished = {wanted["path"]: wanted for wanted in self._script.get("suggestions", ())}
        for path, wanted in wished.items():
            if path not in {suggestion["path"] for suggestion in visit["suggestions"]}:
                body = {"path": path, "proposal": wanted["proposal"], "reason": wanted["reason"]}
                await self._do(OFFICER, "/suggestions", body, OFFICE)
        for suggestion in (await self.look())["runs"][-1]["suggestions"]:
            if suggestion["state"] == "open":
                wanted = wished[suggestion["path"]]
                body = {"accepted": wanted["accepted"], "reason": wanted["answer"]}
                await self._do(self._script["secretary"], f"/suggestions/{suggestion['n']}/answer", body)
        await self._do(OFFICER, "/co-revision/closure", {}, OFFICE)

    async def _resolve(self, visit: Json) -> None:
        meetings = visit["meetings"]
        if not meetings or meetings[-1]["state"] == "no_quorum":
            short = self._script.get("missed_quorum") and not meetings
            present = COMMITTEE[:4] if short else COMMITTEE
            body = {
                "number": f"{self._script['meeting']}{'' if short or not meetings else '（重开）'}",
                "held_on": datetime.now(UTC).astimezone(CHINA).date().isoformat(),
                "agenda": list(AGENDA),
                "present": list(present),
            }
            await self._do(OFFICER, "/meetings", body, OFFICE)
            return
        meeting = meetings[-1]
        voted = {vote["by"] for vote in meeting["votes"]}
        for person in meeting["present"]:
            if person not in voted:
                await self._do(person, f"/meetings/{meeting['n']}/votes", {"choice": "for"})
        await self._do(OFFICER, f"/meetings/{meeting['n']}/resolution", {"number": self._script["resolution"]}, OFFICE)

    async def _do(self, person: str, path: str, body: Json, *roles: str) -> Json:
        return await self._client.post(person, "review", f"/reviews/{self.key}{path}", body, *roles)
