"""Facts about campaigns, as notify hears them, and the messages that they lead to."""

from services.notify.events import consumed as events
from services.notify.inbox.model import notice
from services.notify.inbox.model.notice import Message


def campaigning(stage: str) -> Message:
    about = {"campaign": "b1", "title": "第一批", "title_en": "First batch"}
    if stage == "named":
        grants = [{"brand": "charm-gps", "owner": "general"}, {"brand": "other", "owner": "general"}]
        return notice.named(
            events.CampaignNamed.model_validate({**about, "resolution": "〔2026〕9号", "grants": grants})
        )
    asked = {"stage": stage, "organisations": ["general"], "people": ["2001"], "until": "2026-03-20"}
    message = notice.called(events.CampaignCalled.model_validate({**about, **asked}))
    assert message is not None
    return message
