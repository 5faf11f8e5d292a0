"""Which channels there are: office systems as one YAML or JSON file says, each kind a vendor's file; and mail."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from infra.kernel.errors import first_fault
from infra.kernel.settings import Misconfigured
from infra.kernel.values import Closed
from services.notify.office.channels.mail import Mail
from services.notify.office.channels.oa_vendors.feishu import Feishu, FeishuSettings
from services.notify.office.channels.oa_vendors.weaver import Weaver, WeaverSettings
from services.notify.office.channels.oa_vendors.webhook import Signed, WebhookSettings
from services.notify.office.channels.port import Channel, Common
from services.notify.settings import NotifySettings

Settings = Annotated[WeaverSettings | FeishuSettings | WebhookSettings, Field(discriminator="kind")]
VENDORS: Mapping[type[Common], Callable[[Any], Channel]] = {
    WeaverSettings: Weaver,
    FeishuSettings: Feishu,
    WebhookSettings: Signed,
}
"""The channel that each kind of settings makes."""


class Channels(Closed):
    """The whole file."""

    channels: tuple[Settings, ...] = ()


def offices(path: Path | None) -> list[Channel]:
    """Every office system of the file; raises ``Misconfigured`` with the place of the fault."""
    if path is None:
        return []
    try:
        found = Channels.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for one in found.channels:
            _ = one.secret, one.callback_secret
            for secret in (one.callback_secret, one.secret if isinstance(one, WebhookSettings) else ""):
                if secret:
                    Webhook(secret)
    except ValidationError as error:
        raise Misconfigured(f"BRANDMATRIX_NOTIFY_OA_FILE {path}: {first_fault(error)}") from error
    except (OSError, yaml.YAMLError, ValueError, EmptyWebhookSecretError) as error:
        raise Misconfigured(f"BRANDMATRIX_NOTIFY_OA_FILE {path}: {error}") from error
    if len({one.name for one in found.channels}) < len(found.channels):
        raise Misconfigured(f"BRANDMATRIX_NOTIFY_OA_FILE {path}: channels: a name stands there twice")
    return [VENDORS[type(one)](one) for one in found.channels]


def mail(settings: NotifySettings) -> list[Channel]:
    """The mail channel, where a server and an address pattern are configured."""
    if settings.smtp_url is None or not settings.mail_address:
        return []
    common = Common(name="mail", base_url="http://mail.invalid", receiver=settings.mail_address, timeout=20)
    return [Mail(common, settings.smtp_url.get_secret_value(), settings.smtp_from)]
