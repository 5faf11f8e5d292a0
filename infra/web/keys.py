"""The issuer's public keys: read from a file or fetched, kept for a while, and never guessed at.

Who cannot know whether a key holds says so (503), and never that a token is wrong.
"""

import asyncio
import json
import math
import re
import ssl
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from infra.kernel.errors import Unavailable
from infra.kernel.settings import Settings
from infra.kernel.telemetry import log

FETCH_SECONDS = 5.0
PAUSE_SECONDS = 5.0
"""At most one fetch in this time, however many tokens name keys that nobody knows."""
FILE_SECONDS = 1.0
MOST_BYTES = 500_000
STRANGE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, JoseError)
UNREADABLE = (*STRANGE, OSError, httpx.HTTPError, httpx.InvalidURL)
SAFE = re.compile(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/")


class Keys:
    """Fetched when they are asked for and old, or when one is missing; many who ask at once share one fetch."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._refresh = FILE_SECONDS if settings.auth_jwks_file else settings.auth_refresh_seconds
        self._keys: KeySet | None = None
        self._tried = self._fresh = self._until = -math.inf
        self._flight: asyncio.Task[None] | None = None
        self._trouble = ""

    async def known(self, *, anew: bool = False) -> KeySet:
        """The keys that hold now; ``anew`` when one is missing, for it may have been published a moment ago.

        While the issuer does not answer, older keys serve without waiting for it. Raises ``Unavailable``.
        """
        now = time.monotonic()
        if anew or now >= self._fresh:
            idle = self._flight is None or self._flight.done()
            failing = self._trouble and now - self._tried < max(self._refresh, 2 * FETCH_SECONDS)
            if idle and now - self._tried >= min(PAUSE_SECONDS, self._refresh):
                self._tried, self._flight = now, asyncio.create_task(self._fetch(now))
            if self._flight and (anew or not failing or now >= self._until):
                await asyncio.shield(self._flight)
        if self._keys is None or time.monotonic() >= self._until or (anew and self._trouble):
            zh = "暂时无法核实访问令牌：取不到签发方的公钥（原因见 /readyz）。请稍后重试。"
            en = "Tokens cannot be checked now: the issuer's keys are out of reach (/readyz says why). Try again later."
            raise Unavailable("issuer.keys_missing", zh=zh, en=en)
        return self._keys

    async def state(self) -> tuple[str, bool]:
        """Why the keys cannot be had anew ('' = they can), and whether older ones still serve."""
        with suppress(Unavailable):
            await self.known()
        return self._trouble, time.monotonic() < self._until

    async def _fetch(self, now: float) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                self._keys = KeySet.import_key_set(await self._published())
            self._fresh, self._until = now + self._refresh, now + self._settings.auth_max_age_seconds
            self._trouble = ""
        except UNREADABLE as error:
            self._trouble = str(error) or f"{type(error).__name__} after {time.monotonic() - now:.1f} s"
            log.warning("issuer.keys_missing", error=repr(error))

    async def _published(self) -> Any:  # noqa: ANN401 - whatever the issuer says
        issuer, file, url = (getattr(self._settings, f"auth_{name}") for name in ("issuer", "jwks_file", "jwks_url"))
        if not issuer:
            raise ValueError("BRANDMATRIX_AUTH_ISSUER names no issuer")
        if file:
            return json.loads(await asyncio.to_thread(Path(file).read_bytes))
        trusted = await asyncio.to_thread(ssl.create_default_context)  # the system's, or those of SSL_CERT_FILE
        async with httpx.AsyncClient(verify=trusted, trust_env=False) as client:
            if not url:
                about = await _read(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                if about["issuer"] != issuer:
                    raise ValueError(f"{issuer} says that it is {str(about['issuer'])[:200]}")
                url = about["jwks_uri"]
            return await _read(client, url)


async def _read(client: httpx.AsyncClient, url: str) -> Any:  # noqa: ANN401 - any JSON
    """A JSON document of bounded size from exactly this place: a redirect is an error."""
    if not SAFE.match(url):
        raise ValueError(f"{url[:200]}: keys come by https only")
    body = b""
    async with client.stream("GET", url, headers={"accept-encoding": "identity"}) as answer:
        answer.raise_for_status()
        async for part in answer.aiter_raw():
            body += part
            if len(body) > MOST_BYTES:
                raise ValueError(f"{url} sends more than {MOST_BYTES} bytes")
    return json.loads(body)
