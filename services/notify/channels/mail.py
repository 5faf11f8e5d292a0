"""Mail as the second channel: a to-do that opens is told once; what is done needs no mail.

The Message-ID follows from the to-do, so that a repetition after a crash is recognised by mail systems that look.
"""

import hashlib
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from services.notify.channels.port import Entry, Item, Rejected, Unavailable

PERMANENT = range(500, 600)


class Mail:
    """One SMTP server."""

    def __init__(self, url: str, sender: str, timeout: float = 20) -> None:
        self._url, self._sender, self._timeout = urlsplit(url), sender, timeout

    async def upsert(self, item: Item) -> str:
        """Send one message in both languages."""
        message = EmailMessage()
        message["From"], message["To"] = self._sender, item.receiver
        message["Subject"] = f"待办 · {item.title}".replace("\n", " ").replace("\r", " ")
        name = hashlib.sha256(f"{item.todo}{item.since.isoformat()}".encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{name}@brand-matrix>"
        due = f"\n期限 due: {item.due:%Y-%m-%d %H:%M}" if item.due else ""
        message.set_content(f"{item.title}\n{item.title_en}{due}\n\n{item.pc_link}\n")
        try:
            await aiosmtplib.send(
                message,
                hostname=self._url.hostname or "127.0.0.1",
                port=self._url.port,
                username=unquote(self._url.username) if self._url.username else None,
                password=unquote(self._url.password) if self._url.password else None,
                use_tls=self._url.scheme == "smtps",
                start_tls=self._url.scheme == "smtp+starttls",
                timeout=self._timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise Rejected(f"{item.receiver}: {error}") from error
        except aiosmtplib.SMTPResponseException as error:
            if error.code in PERMANENT:
                raise Rejected(f"{error.code} {error.message}") from error
            raise Unavailable(f"{error.code} {error.message}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error
        return "sent"

    async def complete(self, item: Item) -> str:
        """Nothing is sent."""
        return f"nothing to send about {item.todo}"

    async def withdraw(self, item: Item) -> str:
        """Nothing is sent."""
        return f"nothing to send about {item.todo}"

    async def reassign(self, item: Item, receiver: str) -> str:
        """The other one is told."""
        return await self.upsert(Item(**{**vars(item), "receiver": receiver}))

    async def list_open(self, receiver: str | None = None) -> list[Entry]:
        """A mailbox is no list of to-dos."""
        del receiver
        return []

    async def close(self) -> None:
        """Each message has a connection of its own."""
