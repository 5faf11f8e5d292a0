"""What a campaign tells after each of its commands: itself as it is now, once for each stage who is asked to act."""

from infra.kernel.aggregate import Decision
from infra.kernel.events import Fact
from services.review.campaigns.model.campaign import Campaign
from services.review.events.published.campaigns import CampaignCalled, CampaignRecorded


def recorded(before: Campaign | None, after: Campaign, *more: Fact) -> Decision[Campaign]:
    """The decision: the campaign after it and its facts."""
    plan = after.plan
    fact = CampaignRecorded(
        campaign=after.id,
        title=plan.title,
        title_en=plan.title_en,
        committee=plan.committee,
        stage=after.stage,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        figures=after.progress(),
        exemplar=after.exemplar,
    )
    called = [_called(after)] if before is not None and before.stage != after.stage else []
    return after, [fact, *(one for one in called if one is not None), *more]


def _called(after: Campaign) -> CampaignCalled | None:
    plan = after.plan
    asked: dict[str, list[str]] = {"organisations": [], "people": []}
    until = None
    match after.stage:
        case "enrolling":
            asked["organisations"], until = list(after.eligible), plan.closes_on
        case "scoring":
            asked["people"] = list(after.panel.judges) if after.panel else []
        case _:
            return None
    return CampaignCalled(
        campaign=after.id, title=plan.title, title_en=plan.title_en, stage=after.stage, until=until, **asked
    )
