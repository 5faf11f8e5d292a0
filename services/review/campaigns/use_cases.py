"""Where a command about a campaign meets the Party tree, the brands, and whoever gives it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Forbidden, Invalid, NotYet, Problem
from infra.kernel.events import Cause, Event
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import CommandResult, Store
from infra.web.auth import Principal
from infra.web.http import Asking
from services.review.access import OFFICE
from services.review.campaigns.model.campaign import Campaign
from services.review.campaigns.model.enrolling import Brand
from services.review.campaigns.model.noticing import recount
from services.review.events.published.campaigns import CampaignNamed
from services.review.shared.actor import Actor
from services.review.shared.role_holders import RoleHolders, day_of, people
from services.review.shared.roster import OrganisationContext
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.grading import grant
from services.review.standings.model.justification import Justification
from services.review.standings.use_cases import StandingUseCases

Decide: TypeAlias = Callable[[Campaign, Actor], Decision[Campaign]]


class CampaignUseCases:
    """The campaigns, with the standings of standings in which their namings end."""

    def __init__(self, mongo: Mongo, standings: StandingUseCases) -> None:
        stage = IndexModel([("stage", ASCENDING)], name="stage")
        self.campaigns: Store[Campaign] = Store(mongo, "campaigns", Campaign, [stage])
        self.standings, self.mirrors = standings, standings.reviews.mirrors

    async def is_officer(self, user: Principal, committee: str, at: datetime) -> bool:
        """Whether somebody is of a committee's Party work department, by role or by post."""
        return user.has(OFFICE, committee) or user.person in (await self.holders(committee, at)).work_department

    async def require_officer(self, user: Principal, committee: str, at: datetime) -> None:
        """Raise ``Forbidden`` unless somebody is of the committee's Party work department."""
        if not await self.is_officer(user, committee, at):
            raise Forbidden(
                "campaign.not_office",
                zh="只有该党委的党委工作部可以执行此操作。",
                en="Only the Party work department of this committee may.",
            )

    async def require_secretary(self, committee: str, asked: Asking) -> None:
        """Raise ``Forbidden`` unless it is the secretary of the committee."""
        if asked.user.person not in (await self.holders(committee, asked.at)).committee_secretaries:
            raise Forbidden(
                "campaign.not_committee_secretary",
                zh="由党委书记审批。",
                en="The secretary of the Party committee approves it.",
            )

    async def holders(self, organisation: str, at: datetime) -> RoleHolders:
        """Who holds what around an organisation today; raises ``NotYet``."""
        place = await self.place(organisation, at)
        return await self.mirrors.holders(place, day_of(at))

    async def place(self, organisation: str, at: datetime) -> OrganisationContext:
        """Where an organisation stands in the tree today; raises ``NotYet``."""
        return await self.mirrors.context_of(organisation, day_of(at))

    async def by_office(self, key: str, decide: Decide, asked: Asking) -> CommandResult:
        """A decision that is the Party work department's."""
        campaign = await self.campaigns.get(key)
        await self.require_officer(asked.user, campaign.plan.committee, asked.at)
        return await self.by_anybody(key, decide, asked)

    async def by_anybody(self, key: str, decide: Decide, asked: Asking) -> CommandResult:
        """A decision that itself says who may make it."""
        actor = Actor(by=asked.user.person, at=asked.at)
        return await self.campaigns.update(key, lambda current: decide(current, actor), cause=asked.cause)

    async def eligible(self, campaign: Campaign, at: datetime) -> tuple[str, ...]:
        """The organisations under the committee today of the kinds that the plan names."""
        plan, day = campaign.plan, day_of(at)
        below = set((await self.place(plan.committee, at)).below)
        known = await self.mirrors.organisations.find({"_id": {"$in": sorted(below)}}, limit=0)
        return people(one.id for one in known if one.kind in plan.kinds and one.exists_on(day))

    async def brand(self, key: str) -> Brand:
        """A brand as registry told it last; raises ``Invalid``."""
        found = await self.standings.projections.brands.find({"_id": key})
        if not found:
            raise Invalid("brand.unknown", zh=f"没有品牌“{key}”。", en=f"No brand “{key}”.", field="/brand")
        row = found[0]
        return Brand(row.id, row.owner, row.name, row.state)

    async def require_may_enrol(self, campaign: Campaign, brand: Brand, asked: Asking) -> None:
        """Raise ``Forbidden`` unless it is the owner's secretary or the Party work department."""
        holders = await self.holders(brand.owner, asked.at)
        branch = asked.user.person in {*holders.secretaries, *holders.deputies}
        if not branch and not await self.is_officer(asked.user, campaign.plan.committee, asked.at):
            raise Forbidden(
                "campaign.not_secretary",
                zh="由该党组织书记、副书记或党委工作部申报。",
                en="The secretary or deputy of its organisation, or the Party work department, may.",
            )

    async def belonging(self, campaign: Campaign, judges: tuple[str, ...], at: datetime) -> dict[str, frozenset[str]]:
        """For each finalist's organisation, the judges who belong to it or hold a post there."""
        await self.mirrors.require_known(judges, "/judges")
        found = {}
        for owner in {one.owner for one in campaign.finalists}:
            holders = await self.holders(owner, at)
            inside = {*holders.members, *holders.secretaries, *holders.deputies, *holders.branch_committee}
            found[owner] = frozenset(inside.intersection(judges))
        return found

    async def grant(self, event: Event[CampaignNamed]) -> None:
        """Give each named brand what it won; repeated, nothing is given twice.

        What one brand's standing refuses (it was suspended meanwhile) keeps nothing from the others; then the refusal
        is raised, so that the message is parked with its reason until a person has seen to it.
        """
        fact, rules = event.data, (await self.standings.published()).newest
        actor = Actor(by=fact.named_by, at=fact.named_at)
        reason = f"{fact.title} {fact.title_en}"
        justification = Justification(
            reason=reason, on=fact.held_on, resolution=fact.resolution, campaign=fact.campaign
        )
        context = DecisionContext(justification, actor, rules)
        refused: Problem | None = None
        for won in fact.grants:
            for n, kind in enumerate(won.awards or [None]):
                decide = partial(grant, level=won.level if n == 0 else None, kind=kind, context=context)
                cause = replace(event.cause, id=f"{event.cause.id}#{won.brand}#{n}")
                try:
                    await self.standings.standings.update(won.brand, decide, cause=cause)
                except Problem as problem:
                    refused = refused or problem
        if refused is not None:
            raise refused

    async def recalendar(self, year: str, sequence: int, cause: Cause) -> None:
        """The calendar of a year changed: the last days of running notices follow; ``NotYet`` before it is mirrored."""
        calendars = self.standings.reviews.calendars
        if not await calendars.count({"_id": year, "version": {"$gte": sequence}}):
            raise NotYet(
                "calendar.not_yet", zh=f"{year} 年日历尚未到达。", en=f"The calendar of {year} is not here yet."
            )
        calendar = await calendars.known()
        for campaign in await self.campaigns.find({"stage": "notice"}, limit=0):
            decide = partial(recount, calendar=calendar, at=cause.at)
            await self.campaigns.update(campaign.id, decide, cause=replace(cause, id=f"{cause.id}#campaigns"))

    @property
    def stores(self) -> list[Store[Any]]:
        """What this part owns."""
        return [self.campaigns]
