"""Which office systems are fed, as one YAML or JSON file: addresses, credentials in files of their own, field names."""

import math
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from infra.kernel.settings import Misconfigured
from infra.kernel.values import Closed

SHARE = 0.8


class Link(Closed):
    """How the address of a to-do is made from ours; ``{link}`` is the path that people see here."""

    pc: str = "{public}{link}"
    app: str = "{public}{link}"


class Common(Closed):
    """What every channel has. ``receiver`` makes the vendor's user from an employee number; ``people`` overrides it.

    ``per_second`` and ``per_minute`` are what the vendor's documentation allows; calls are spread evenly, at four
    fifths of it. A secret's file is read for each call, so a new secret needs no restart.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")
    base_url: str = Field(pattern=r"^https?://")
    secret_file: Path | None = None
    receiver: str = "{person}"
    people: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    per_second: float = Field(default=10, gt=0, le=1000)
    per_minute: float | None = Field(default=None, gt=0)
    timeout: float = Field(default=10, gt=0, le=120)
    breaker_failures: int = Field(default=5, ge=1)
    breaker_seconds: float = Field(default=30, gt=0)
    callback_secret_file: Path | None = None
    link: Link = Link()

    @property
    def rate(self) -> float:
        """Calls in a second, evenly: below both limits, also when the way to the vendor bunches some of them."""
        return SHARE * min(self.per_second, (self.per_minute or math.inf) / 60)

    @property
    def secret(self) -> str:
        """The content of the secret's file."""
        return _read(self.secret_file)

    @property
    def callback_secret(self) -> str:
        """With what the vendor signs its callbacks; "" = it sends none."""
        return _read(self.callback_secret_file)

    def user(self, person: str) -> str:
        """The vendor's user for an employee number."""
        return self.people.get(person) or self.receiver.replace("{person}", person)


class WeaverPaths(Closed):
    """Where a 泛微 installation answers; installations of different years differ."""

    receive: str = "/rest/ofs/ReceiveRequestInfoByJson"
    delete: str = "/rest/ofs/deleteUserRequestInfoByJson"
    list: str = "/rest/ofs/getTodoListByJson"


class WeaverSettings(Common):
    """泛微 OFS; ``syscode`` is what our system is registered under there.

    ``mapping``: its name of a field for the documented one, in what is sent and in its list; ``extra``: fields that it
    wants beside them; ``workflows``: its name of a workflow for a step of ours, where that is not ``workflow``.
    OFS documents no rate: agree on one with those who run it.
    """

    kind: Literal["weaver_ofs"]
    syscode: str
    workflow: str = "党建品牌"
    workflows: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    creator: str = ""
    mapping: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    extra: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    paths: WeaverPaths = WeaverPaths()
    token_header: str = "token"  # noqa: S105 - a name

    @property
    def token(self) -> str:
        """The token of the gateway, where there is one."""
        return self.secret


class FeishuSettings(Common):
    """飞书; ``approval_key`` identifies our definition of an approval. Its limits hold for each address."""

    kind: Literal["feishu_approval"]
    per_second: float = Field(default=50, gt=0, le=1000)
    per_minute: float | None = Field(default=1000, gt=0)
    app_id: str
    approval_key: str = "brand-matrix"
    title: str = "党建品牌待办"


class WebhookSettings(Common):
    """Any receiver of Standard Webhooks; the secret begins with ``whsec_``."""

    kind: Literal["webhook"]
    secret_file: Path


Settings = Annotated[WeaverSettings | FeishuSettings | WebhookSettings, Field(discriminator="kind")]


class Channels(Closed):
    """The whole file."""

    channels: tuple[Settings, ...] = ()


def read(path: Path | None) -> tuple[Settings, ...]:
    """The channels of a file; raises ``Misconfigured`` with the place of the fault."""
    if path is None:
        return ()
    try:
        found = Channels.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for one in found.channels:
            _ = one.secret, one.callback_secret
            for secret in (one.callback_secret, one.secret if isinstance(one, WebhookSettings) else ""):
                if secret:
                    Webhook(secret)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(f"BRANDMATRIX_NOTIFY_OA_FILE {path}: {where}: {first['msg']}") from error
    except (OSError, yaml.YAMLError, ValueError, EmptyWebhookSecretError) as error:
        raise Misconfigured(f"BRANDMATRIX_NOTIFY_OA_FILE {path}: {error}") from error
    names = [one.name for one in found.channels]
    if len(set(names)) < len(names):
        raise Misconfigured(f"BRANDMATRIX_NOTIFY_OA_FILE {path}: channels: a name stands there twice")
    return found.channels


def _read(path: Path | None) -> str:
    return path.read_text(encoding="utf-8").strip() if path else ""
