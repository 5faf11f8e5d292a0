"""Settings → the channels that are fed."""

from typing import TypeAlias

from services.notify.office.channels.config import Common, FeishuSettings, Settings, WeaverSettings, read
from services.notify.office.channels.feishu import Feishu
from services.notify.office.channels.mail import Mail
from services.notify.office.channels.port import Channel
from services.notify.office.channels.weaver import Weaver
from services.notify.office.channels.webhook import Signed
from services.notify.settings import NotifySettings

Opened: TypeAlias = tuple[Common, Channel]
MAIL = "mail"


def offices(settings: NotifySettings) -> list[Opened]:
    """Every office system of the file; raises ``Misconfigured``."""
    return [(one, _open(one)) for one in read(settings.oa_file)]


def mail(settings: NotifySettings) -> list[Opened]:
    """The mail channel, where a server and an address pattern are configured."""
    if settings.smtp_url is None or not settings.mail_address:
        return []
    url = settings.smtp_url.get_secret_value()
    common = Common(name=MAIL, base_url="http://mail.invalid", receiver=settings.mail_address)
    return [(common, Mail(url, settings.smtp_from, common.rate))]


def _open(one: Settings) -> Channel:
    if isinstance(one, WeaverSettings):
        return Weaver(one)
    return Feishu(one) if isinstance(one, FeishuSettings) else Signed(one)
