"""Where a command about a campaign meets the Party tree, the brands, and whoever gives it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeAlias

from infra.kernel.dates import day_of
from infra.kernel.errors import Forbidden, Invalid, NotYet, Problem
from infra.kernel.events import Decision, Event
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import CommandResult, Store
from infra.web.auth import Principal
from infra.web.http import Asking
from services.review.access import actor_of, is_office
from services.review.campaigns.model.campaign import Campaign
from services.review.campaigns.model.enrolling import Brand, draw_up
from services.review.campaigns.model.naming import recount
from services.review.campaigns.model.plan import Planned
from services.review.events.consumed import CalendarRecorded
from services.review.events.published.campaigns import CampaignNamed
from services.review.shared.actor import Actor
from services.review.shared.role_holders import people
from services.review.standings.model.decision_context import DecisionContext, Justification
from services.review.standings.model.grading import grant
from services.review.standings.use_cases import StandingUseCases

Decide: TypeAlias = Callable[..., Decision[Campaign]]


class CampaignUseCases:
    """The campaigns, with the standings of brands in which their namings end."""

    def __init__(self, mongo: Mongo, standings: StandingUseCases) -> None:
        stage = IndexModel([("stage", ASCENDING)], name="stage")
        self.campaigns: Store[Campaign] = Store(mongo, "campaigns", Campaign, [stage])
        self.standings, self.mirrors = standings, standings.reviews.mirrors

    async def require_officer(self, user: Principal, committee: str, at: datetime) -> None:
        """Raise ``Forbidden`` unless somebody is of the committee's Party work department."""
        if not await is_office(self.mirrors, user, committee, at):
            raise Forbidden(
                "campaign.not_office",
                zh="只有该党委的党委工作部可以执行此操作。",
                en="Only the Party work department of this committee may.",
            )

    async def require_secretary(self, committee: str, asked: Asking) -> None:
        """Raise ``Forbidden`` unless it is the secretary of the committee."""
        if asked.user.person not in (await self.mirrors.around(committee, asked.at)).committee_secretaries:
            raise Forbidden(
                "campaign.not_committee_secretary",
                zh="由党委书记审批。",
                en="The secretary of the Party committee approves it.",
            )

    async def may_enrol(self, key: str, brand_key: str, asked: Asking) -> Brand:
        """The brand as registry told it last; raises ``Forbidden`` unless its secretary or the office asks."""
        committee, brand = (await self.campaigns.get(key)).plan.committee, await self.brand(brand_key)
        holders = await self.mirrors.around(brand.owner, asked.at)
        branch = asked.user.person in {*holders.secretaries, *holders.deputies}
        if not branch and not await is_office(self.mirrors, asked.user, committee, asked.at):
            raise Forbidden(
                "campaign.not_secretary",
                zh="由该党组织书记、副书记或党委工作部申报。",
                en="The secretary or deputy of its organisation, or the Party work department, may.",
            )
        return brand

    async def plan(self, command: Planned, asked: Asking) -> CommandResult:
        """A new campaign, drawn up by the Party work department."""
        await self.require_officer(asked.user, command.committee, asked.at)
        return await self.campaigns.create(partial(draw_up, command, actor_of(asked)), cause=asked.cause)

    async def by_office(self, key: str, asked: Asking, decide: Decide, *said: object) -> CommandResult:
        """A decision that is the Party work department's."""
        await self.require_officer(asked.user, (await self.campaigns.get(key)).plan.committee, asked.at)
        return await self.by_anybody(key, asked, decide, *said)

    async def by_anybody(self, key: str, asked: Asking, decide: Decide, *said: object) -> CommandResult:
        """A decision that itself says who may make it: of the campaign, what is ``said``, and who says it."""
        actor = actor_of(asked)
        return await self.campaigns.update(key, lambda current: decide(current, *said, actor), cause=asked.cause)

    async def eligible(self, key: str, at: datetime) -> tuple[str, ...]:
        """The organisations under the committee today of the kinds that the plan names."""
        plan, day = (await self.campaigns.get(key)).plan, day_of(at)
        below = set((await self.mirrors.context_of(plan.committee, day)).below)
        known = await self.mirrors.organisations.find({"_id": {"$in": sorted(below)}}, limit=0)
        return people(one.id for one in known if one.kind in plan.kinds and one.exists_on(day))

    async def brand(self, key: str) -> Brand:
        """A brand as registry told it last; raises ``Invalid``."""
        found = await self.standings.projections.brands.find({"_id": key})
        if not found:
            raise Invalid("brand.unknown", zh=f"没有品牌“{key}”。", en=f"No brand “{key}”.", field="/brand")
        return Brand.model_validate(dict(found[0]))

    async def belonging(self, key: str, judges: tuple[str, ...], at: datetime) -> dict[str, frozenset[str]]:
        """For each finalist's organisation, the judges who belong to it or hold a post there."""
        campaign = await self.campaigns.get(key)
        await self.mirrors.require_known(judges, "/judges")
        found = {owner: await self.mirrors.around(owner, at) for owner in {one.owner for one in campaign.finalists}}
        return {key: frozenset(judges) & {*one.members, *one.branch_committee} for key, one in found.items()}

    async def grant(self, event: Event[CampaignNamed]) -> None:
        """Give each named brand what it won; repeated, nothing is given twice.

        What one brand's standing refuses (it was suspended meanwhile) keeps nothing from the others; then the refusal
        is raised, so that the message is parked with its reason until a person has seen to it.
        """
        fact, rules = event.data, (await self.standings.published()).newest
        reason = f"{fact.title} {fact.title_en}"
        won_by = Justification(reason=reason, on=fact.held_on, resolution=fact.resolution, campaign=fact.campaign)
        context = DecisionContext(won_by, Actor(by=fact.named_by, at=fact.named_at), rules)
        refused: Problem | None = None
        for won in fact.grants:
            for n, kind in enumerate(won.awards or [None]):
                decide = partial(grant, level=won.level if n == 0 else None, kind=kind, context=context)
                try:
                    await self.standings.standings.update(won.brand, decide, cause=event.cause.step(won.brand, n))
                except Problem as problem:
                    refused = refused or problem
        if refused is not None:
            raise refused

    async def recalendar(self, event: Event[CalendarRecorded]) -> None:
        """The calendar of a year changed: the last days of running notices follow; ``NotYet`` before it is mirrored."""
        calendars, year = self.standings.reviews.calendars, event.data.calendar
        if not await calendars.count({"_id": year, "version": {"$gte": event.sequence}}):
            raise NotYet(
                "calendar.not_yet", zh=f"{year} 年日历尚未到达。", en=f"The calendar of {year} is not here yet."
            )
        calendar = await calendars.known()
        for campaign in await self.campaigns.find({"stage": "notice"}, limit=0):
            decide = partial(recount, calendar=calendar, at=event.time)
            await self.campaigns.update(campaign.id, decide, cause=event.cause.step("campaigns"))
