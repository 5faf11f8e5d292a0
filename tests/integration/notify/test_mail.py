"""Mail as the second channel, through a real SMTP server: once, to whoever wants it, with nothing that is private."""

import email
import email.policy
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from infra.kernel.settings import Settings
from infra.local.processes import ports
from infra.runtime.service import Service
from services.notify.app import build
from services.notify.office.channels.mail import Mail
from services.notify.office.channels.port import Common, Item, Rejected, Unavailable
from services.notify.settings import NotifySettings
from tests.support.actors.office import ADMIN, KIND, Reviews
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually


class Postbox:
    """Keeps what arrives; refuses ``nobody``, and everything while ``busy``."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.busy = 0

    async def handle_RCPT(  # noqa: N802 - the name and form that aiosmtpd calls
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        if self.busy:
            self.busy -= 1
            return "450 greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@asynccontextmanager
async def server(home: Path, **more: Any) -> AsyncIterator[tuple[Postbox, int]]:  # noqa: ANN401 - settings of aiosmtpd
    """A mail server inside the block, and its port."""
    box, port = Postbox(), ports(home, "smtp")["smtp"]
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=60, **more)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


@asynccontextmanager
async def notify(environment: Environment, home: Path, port: int, **more: object) -> AsyncIterator[ServiceHarness]:
    def make(settings: Settings) -> Service:
        own = {"smtp_url": f"smtp://127.0.0.1:{port}", "mail_address": "{person}@example.com", **more}
        return build(NotifySettings.model_validate({**settings.model_dump(), **own}))

    async with ServiceHarness(environment, "notify", make).running() as standing:
        yield standing


async def logged(one: ServiceHarness, *outcomes: str) -> list[Json]:
    """The delivery log, newest first, once it says this: a mail is there a moment before its entry says so."""
    log: list[Json] = []

    async def there() -> bool:
        log[:] = (await one.ask("GET", "/oa/deliveries?channel=mail", roles=ADMIN)).json()["items"]
        return [entry["outcome"] for entry in log] == list(outcomes)

    await eventually(there)
    return log


async def test_a_to_do_is_told_by_mail_once_however_often_review_tells_it(
    environment: Environment, tmp_path: Path
) -> None:
    async with server(tmp_path) as (box, port), notify(environment, tmp_path, port) as one:
        reviews = Reviews()
        for _ in range(3):
            await one.tell(KIND, *reviews.fact("r1", {"1001": "open"}))
        await eventually(lambda: box.recipients == ["1001@example.com"])
        message = box.messages[0]
        assert message["Subject"] == "待办 · 三心 支部书记审核·审核"
        assert "=?utf-8?" in message.as_bytes().decode("ascii"), "encoded for mail systems that know only ASCII"
        text = message.get_content()
        assert text.splitlines()[-1].endswith("/reviews/r1")
        assert set(message.keys()) <= {
            "From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted", "MIME-Version",
            "Content-Type", "Content-Transfer-Encoding", "X-Peer", "X-MailFrom", "X-RcptTo",
        }  # fmt: skip
        await one.tell(KIND, *reviews.fact("r1", {"1001": "done"}))
        await one.tell(KIND, *reviews.fact("r2", {"1002": "open"}))
        await eventually(lambda: box.recipients == ["1001@example.com", "1002@example.com"])
        await one.tell(KIND, *reviews.fact("r1", {"1001": "open"}))  # again: a new duty
        await eventually(lambda: len(box.recipients) == 3)

        log = await logged(one, "done", "done", "done")
        assert {entry["operation"] for entry in log} == {"upsert"}


async def test_who_does_not_want_mail_gets_none(environment: Environment, tmp_path: Path) -> None:
    async with server(tmp_path) as (box, port), notify(environment, tmp_path, port) as one:
        assert (await one.ask("GET", "/preferences", by="1001")).json() == {"mail": True, "chosen": False}
        assert (await one.ask("PUT", "/preferences", by="1001", json={"mail": False})).is_success
        assert (await one.ask("GET", "/preferences", by="1001")).json() == {"mail": False, "chosen": True}
        wrong = await one.ask("PUT", "/preferences", by="1001", json={"mail": "perhaps"})
        assert (wrong.status_code, wrong.headers["content-type"]) == (422, "application/problem+json")
        reviews = Reviews()
        await one.tell(KIND, *reviews.fact("r1", {"1001": "open", "1002": "open"}))

        async def settled() -> bool:
            todos = [f"r1:check:1:{person}" for person in ("1001", "1002")]
            rows = [
                (await one.ask("GET", f"/oa/channel-deliveries?todo={todo}", roles=ADMIN)).json()["items"]
                for todo in todos
            ]
            (view,) = (await one.ask("GET", "/oa/channels", roles=ADMIN)).json()[
                "items"
            ]  # asked last: both are there to wait
            return view["waiting"] == 0 and [len(found) for found in rows] == [1, 1]

        await eventually(settled)
        assert box.recipients == ["1002@example.com"]


async def test_what_the_mail_server_puts_off_is_sent_later_and_what_it_refuses_waits_for_a_person(
    environment: Environment, tmp_path: Path
) -> None:
    async with server(tmp_path) as (box, port), notify(environment, tmp_path, port) as one:
        box.busy = 1
        await one.tell(KIND, *Reviews().fact("r1", {"1001": "open"}))
        await eventually(lambda: box.recipients == ["1001@example.com"])
        log = await logged(one, "done", "unavailable")
        assert "450" in log[1]["answer"]
        await one.tell(KIND, *Reviews().fact("r2", {"nobody": "open"}))

        async def failed() -> bool:
            return len((await one.ask("GET", "/oa/channel-deliveries?failed=true", roles=ADMIN)).json()["items"]) == 1

        await eventually(failed)
        assert (await one.ask("POST", "/oa/channels/mail/redrive", roles=ADMIN)).json() == {"redriven": 1}


def item(**more: str) -> Item:
    from datetime import UTC, datetime

    fields = {"todo": "t", "receiver": "1001@example.com", "title": "三心 审核", "title_en": "Check", "name": "三心"}
    fields |= {"step": "check", "pc_link": "http://x/reviews/r1", "app_link": "", **more}
    return Item(seq=1, since=datetime.now(UTC), due=None, **fields)


def through(url: str) -> Mail:
    """The channel through this server."""
    return Mail(Common(name="mail", base_url="http://mail.invalid", timeout=20), url, "from@example.com")


async def test_no_name_adds_a_header_or_a_recipient(tmp_path: Path) -> None:
    async with server(tmp_path) as (box, port):
        mail = through(f"smtp://127.0.0.1:{port}")
        await mail.send(item(title="三心\r\nBcc: spy@example.com\r\n\r\nx"), "upsert")
        assert (box.recipients, box.messages[0]["Bcc"]) == (["1001@example.com"], None)
        with pytest.raises(Rejected, match="no mail address"):
            await mail.send(item(receiver="1001@example.com\nBcc: spy@example.com"), "upsert")


def certified(folder: Path) -> ssl.SSLContext:
    """A certificate of the test's own for 127.0.0.1."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", key, "-out", cert]
    subprocess.run([*map(str, command), *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


async def test_starttls_and_a_password_are_used_and_a_certificate_that_nobody_vouches_for_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def right(_: object, __: object, ___: object, mechanism: str, data: Any) -> AuthResult:  # noqa: ANN401
        return AuthResult(success=(data.login, data.password) == (b"brand", b"s3cret/"), handled=False)

    settings = {"tls_context": certified(tmp_path), "require_starttls": True, "authenticator": right}
    async with server(tmp_path, auth_required=True, **settings) as (box, port):
        url = f"smtp+starttls://brand:s3cret%2F@127.0.0.1:{port}"
        with pytest.raises(Unavailable):
            await through(url).send(item(), "upsert")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        await through(url).send(item(), "upsert")
        assert box.recipients == ["1001@example.com"]
        with pytest.raises(Unavailable, match="Authentication"):
            await through(url.replace("s3cret", "wrong")).send(item(), "upsert")
