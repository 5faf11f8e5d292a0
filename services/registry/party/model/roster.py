"""The roster of an organisation as of any day: who belongs to it or below it, who is expected, who votes."""

from collections.abc import Collection, Iterable
from datetime import date

from pydantic import BaseModel, Field

from services.registry.party.model.person import EXPECTED, VOTING, Person


class Entry(BaseModel):
    """One person of a roster; who may not see political status gets name and number only."""

    person: str = Field(description="工号 / Employee number")
    name: str = Field(description="姓名 / Name")
    organisation: str | None = Field(default=None, description="所在党组织 / Where the membership is")
    status: str | None = Field(default=None, description="党员身份，仅授权人员可见 / Status, for those who may see it")
    expected: bool | None = Field(default=None, description="是否应到 / Whether expected")
    votes: bool | None = Field(default=None, description="有无表决权 / Whether entitled to vote")


class Roster(BaseModel):
    """Who belonged to an organisation, or to one below it, on one day."""

    organisation: str
    on: date = Field(description="日期 / The day")
    expected: int = Field(description="应到人数（正式、预备党员） / How many are expected")
    voters: int = Field(description="有表决权人数（正式党员） / How many may vote")
    people: list[Entry]

    def names_only(self) -> "Roster":
        """The roster for readers who may not see political status."""
        return self.model_copy(update={"people": [Entry(person=one.person, name=one.name) for one in self.people]})


def roster(organisation: str, on: date, within: Collection[str], people: Iterable[Person]) -> Roster:
    """The roster on a day; ``within`` are the ids of the organisation and of those below it on that day."""
    entries = []
    for person in people:
        membership = person.membership_on(on)
        if membership is not None and membership.organisation in within:
            entries.append(
                Entry(
                    person=person.id,
                    name=person.name,
                    organisation=membership.organisation,
                    status=membership.status,
                    expected=membership.status in EXPECTED,
                    votes=membership.status in VOTING,
                )
            )
    return Roster(
        organisation=organisation,
        on=on,
        expected=sum(entry.expected is True for entry in entries),
        voters=sum(entry.votes is True for entry in entries),
        people=sorted(entries, key=lambda entry: entry.person),
    )
