"""Mail as the second channel: a to-do that opens is told once; what is done needs no mail.

The Message-ID follows from the to-do, so that a repetition after a crash is recognised by mail systems that look.
"""

import hashlib
from dataclasses import replace
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from infra.kernel.dates import CHINA
from services.notify.office.channels.port import Common, Entry, Item, Operation, Pace, Rejected, Unavailable

PERMANENT = range(500, 600)


class Mail:
    """One SMTP server."""

    def __init__(self, settings: Common, url: str, sender: str) -> None:
        self.settings, self._url, self._sender = settings, urlsplit(url), sender
        self.pace = Pace(settings.rate)

    async def send(self, item: Item, operation: Operation) -> str:
        """Send one message in both languages about what opens; a name or title cannot add a header to it."""
        if operation != "upsert":
            return f"nothing to send about {item.todo}"
        message = EmailMessage()
        try:
            message["From"], message["To"] = self._sender, item.receiver
        except ValueError as error:
            raise Rejected(f"no mail address: {item.receiver!r}") from error
        message["Subject"] = " ".join(f"待办 · {item.title}".split())
        name = hashlib.sha256(f"{item.todo}{item.since.isoformat()}".encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{name}@brand-matrix>"
        message["Date"] = format_datetime(item.since)
        message["Auto-Submitted"] = "auto-generated"
        due = f"\n期限 due: {item.due.astimezone(CHINA):%Y-%m-%d %H:%M}" if item.due else ""
        text = f"{item.title}\n{item.title_en}{due}\n\n{item.pc_link}\n"
        message.set_content(text, cte="base64")  # ASCII on the way, whatever the servers in between know
        await self.pace.wait()
        try:
            await aiosmtplib.send(
                message,
                hostname=self._url.hostname or "127.0.0.1",
                port=self._url.port,
                username=unquote(self._url.username) if self._url.username else None,
                password=unquote(self._url.password) if self._url.password else None,
                use_tls=self._url.scheme == "smtps",
                start_tls=self._url.scheme == "smtp+starttls",
                timeout=self.settings.timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _about(error.recipients[0].code, f"{item.receiver}: {error.recipients[0].message}") from error
        except aiosmtplib.SMTPDataError as error:
            raise _about(error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError) as error:  # a wrong password, too: it is mended without a redrive
            raise Unavailable(f"{type(error).__name__}: {error}") from error
        return "sent"

    async def reassign(self, item: Item, receiver: str) -> str:
        """The other one is told."""
        return await self.send(replace(item, receiver=receiver), "upsert")

    async def list_open(self) -> list[Entry]:
        """A mailbox is no list of to-dos."""
        return []


def _about(code: int, why: str) -> Unavailable | Rejected:
    """What the server says of one message: 4xx may pass later (greylisting, say), 5xx will not."""
    return Rejected(f"{code} {why}") if code in PERMANENT else Unavailable(f"{code} {why}", ours=True)
