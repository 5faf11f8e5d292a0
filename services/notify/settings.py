"""What notify needs from outside beside what every service needs."""

from pathlib import Path

from pydantic import Field, SecretStr

from infra.kernel.settings import Settings


class NotifySettings(Settings):
    """``BRANDMATRIX_NOTIFY_…``. Without ``oa_file`` no office system is fed, without ``smtp_url`` no mail is sent.

    ``smtp_url``: ``smtp://user:password@host:25``, ``smtps://…:465`` or ``smtp+starttls://…:587``.
    ``mail_address``: how an address follows from an employee number, ``{person}@example.com``.
    ``mail_default``: whether people who did not choose get mail.
    """

    oa_file: Path | None = None
    public_url: str = "http://127.0.0.1:8700"
    reconcile_seconds: float = Field(default=300, gt=0)
    smtp_url: SecretStr | None = None
    smtp_from: str = "brand-matrix@localhost"
    mail_address: str = ""
    mail_default: bool = True
