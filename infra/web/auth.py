"""Who asks: a signed token → ``Principal`` with roles, each with the organisation it holds for.

Only asymmetric algorithms are accepted, so that a public key can never serve as a shared secret, nor ``alg: none``.
Keys that a token brings along (``jwk``, ``jku``, ``x5u``) are never looked at.

The issuer's public keys are read from a file or fetched, kept for a while, and never guessed at: who cannot know
whether a key holds says so (503), and never that a token is wrong. Which claims say who asks, and with which roles, is
data of the installation: shipped in ``claims.json``; ``BRANDMATRIX_AUTH_CLAIMS_FILE`` names another
(docs/operations.md). They are found by JMESPath: ``realm_access.roles``, ``"https://sso.example/roles"``.
"""

import asyncio
import json
import math
import re
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

import httpx
import jmespath
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from pydantic import AfterValidator, BaseModel, Field, FiniteFloat, StringConstraints, ValidationError, field_validator

from infra.kernel import clock
from infra.kernel.errors import Forbidden, Unauthorised, Unavailable, first_fault
from infra.kernel.settings import Misconfigured, Settings
from infra.kernel.telemetry import log
from infra.kernel.values import Closed, Value

MOST_CHARACTERS = 16_000
FETCH_SECONDS = 5.0
PAUSE_SECONDS = 5.0
"""At most one fetch in this time, however many tokens name keys that nobody knows."""
FILE_SECONDS = 1.0
MOST_BYTES = 500_000
STRANGE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, JoseError)
UNREADABLE = (*STRANGE, OSError, httpx.HTTPError, httpx.InvalidURL)
SAFE = re.compile(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/")
MACHINE = "client:"
NUMBER = re.compile("[A-Za-z0-9_-]{1,40}")
ONE_CLAIM = re.compile(r'("[^"\\]+"|\w+)(\.("[^"\\]+"|\w+))*')
NO_NUMBER = re.compile(r"(?i)name|mail|phone|client|\b(upn|azp|appid|cid)\b")
"""What people call themselves, what they may change or share, and what names a machine: never an employee number."""
Claims = Mapping[str, Any]


def _number(text: str) -> str:
    if not ONE_CLAIM.fullmatch(text) or NO_NUMBER.search(text):
        raise ValueError("the employee number is one claim, and never a name, an address or a client")
    return text


Place = Annotated[str, AfterValidator(lambda text: jmespath.compile(text) and text)]
Role = Annotated[str, StringConstraints(pattern=r"^[a-z_]+@\S+$|^\{\w+\}@\S+$")]


class Rule(Closed):
    """Values of a claim (a text or a list) that give a role; a pattern must fit the whole value, its groups fill in."""

    claim: Place
    values: dict[str, Role] = {}  # noqa: RUF012 - pydantic copies it
    patterns: dict[re.Pattern[str], Role] = {}  # noqa: RUF012 - pydantic copies it

    @field_validator("patterns")
    @classmethod
    def _filled(cls, patterns: dict[re.Pattern[str], str]) -> dict[re.Pattern[str], str]:
        for pattern, gives in patterns.items():
            if not {name for _, name, *_ in Formatter().parse(gives) if name is not None} <= set(pattern.groupindex):
                raise ValueError(f"{gives} names a group that {pattern.pattern} does not have")
        return patterns

    def roles(self, claims: Claims) -> set[str]:
        """The roles that these claims give; ``scope`` is a text of words, as OAuth writes it."""
        found = jmespath.search(self.claim, claims)
        if isinstance(found, str):
            found = found.split() if self.claim in {"scope", "scp"} else [found]
        said = [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
        fits = [(gives, pattern.fullmatch(one)) for one in said for pattern, gives in self.patterns.items()]
        filled = {gives.format(**fit.groupdict("")) for gives, fit in fits if fit}
        return filled | {self.values[one] for one in said if one in self.values}


class _Side(Closed):
    roles: tuple[Rule, ...] = ()

    def given(self, claims: Claims) -> frozenset[str]:
        return frozenset().union(*(rule.roles(claims) for rule in self.roles))


class _Person(_Side):
    number: Annotated[str, AfterValidator(_number)]
    pattern: re.Pattern[str] = NUMBER


class _Machine(_Side):
    client: Place


class Sides(Closed):
    """How people and machines are told apart, and what each of them may become."""

    person: _Person
    machine: _Machine

    @classmethod
    def of(cls, settings: Settings) -> "Sides":
        """What the installation says, else what is shipped; raises ``Misconfigured`` with the place."""
        if not settings.auth_claims:
            return cls.model_validate_json(Path(__file__).with_name("claims.json").read_bytes())
        import yaml  # noqa: PLC0415 - most installations need it not

        try:
            return cls.model_validate(yaml.safe_load(settings.auth_claims))
        except (ValidationError, yaml.YAMLError) as error:
            fault = first_fault(error) if isinstance(error, ValidationError) else error
            raise Misconfigured(f"BRANDMATRIX_AUTH_CLAIMS: {fault}") from error

    def subject(self, claims: Claims) -> tuple[str, frozenset[str]]:
        """Who asks and their roles; raises ``Forbidden`` for a person without an employee number.

        What is a machine stays one, whatever else its token says.
        """
        client = jmespath.search(self.machine.client, claims)
        if client and isinstance(client, str):
            return f"{MACHINE}{client}", self.machine.given(claims)
        said = jmespath.search(self.person.number, claims)
        found = self.person.pattern.fullmatch(said) if isinstance(said, str) else None
        number = found[found.lastindex or 0] if found else None
        if not number or not NUMBER.fullmatch(number):
            zh = "您的账号没有工号，系统无法识别您是谁。请联系信息部门，在统一身份认证中为账号登记工号。"
            en = "Your account bears no employee number. Ask your IT department to enter it at the sign-in service."
            raise Forbidden("subject.not_bound", zh=zh, en=en)
        return number, self.person.given(claims)


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


class Principal(Value):
    """A person or a machine, and its system-wide roles ``role@scope``.

    ``id`` is an employee number, never a name, or ``client:…``; no employee number has a colon.
    """

    id: str = Field(min_length=1)
    roles: frozenset[str] = frozenset()

    @property
    def person(self) -> str:
        """The employee number of who acts; raises ``Forbidden`` for a machine, which can never act as a person."""
        if self.id.startswith(MACHINE):
            raise Forbidden(
                "person.needed", zh="此操作须由本人办理，系统账号不能代办。", en="Only a person may do this."
            )
        return self.id

    def has(self, role: str, scope: str | None = None) -> bool:
        """Whether the role is held for this scope; ``@*`` holds for all, no scope for none; scope None asks for any."""
        held = {name.partition("@")[2] for name in self.roles if name.partition("@")[0] == role}
        held.discard("")
        return bool(held) if scope is None else bool(held & {"*", scope})

    def require(self, role: str, *others: str, scope: str | None = None) -> None:
        """Raise ``Forbidden`` unless one of the roles is held for this scope."""
        wanted = (role, *others)
        if not any(self.has(name, scope) for name in wanted):
            names = ", ".join(wanted)
            raise Forbidden("role.missing", zh=f"此操作需要以下角色之一：{names}。", en=f"This needs one of: {names}.")


class _Claims(BaseModel):
    sub: str = Field(min_length=1)
    exp: FiniteFloat
    iss: str
    aud: str | list[str]
    nbf: FiniteFloat = 0
    iat: FiniteFloat = 0
    typ: str = ""
    at_hash: str = ""


class Tokens:
    """Verifies tokens against the issuer's published keys, and reads them by the installation's mapping of claims."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self.keys, self._sides = settings, Keys(settings), Sides.of(settings)
        self._registry = JWSRegistry(algorithms=settings.auth_algorithms, strict_check_header=False)

    async def principal(self, authorization: str | None) -> Principal:
        """The principal of an ``Authorization: Bearer …`` header.

        Raises ``Unauthorised`` with the reason, ``Unavailable`` where nobody can know, ``Forbidden`` for an account
        without an employee number.
        """
        scheme, _, text = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            raise Unauthorised("token.missing", zh="请先登录（缺少访问令牌）。", en="A bearer token is needed.")
        try:
            token = await self._verified(text.strip())
            kind = str(token.header.get("typ", "")).lower().removeprefix("application/")
            self._check(_Claims.model_validate(token.claims), kind)
            who, roles = self._sides.subject(token.claims)
        except (JoseError, ValueError) as error:
            log.debug("token.invalid", why=type(error).__name__)
            raise Unauthorised("token.invalid", zh="访问令牌无效。", en="The token is not valid.") from error
        return Principal(id=who, roles=roles)

    async def _verified(self, text: str) -> jwt.Token:
        if len(text) > MOST_CHARACTERS:
            raise ValueError("too long")
        try:
            return jwt.decode(text, await self.keys.known(), registry=self._registry)
        except InvalidKeyIdError:
            return jwt.decode(text, await self.keys.known(anew=True), registry=self._registry)

    def _check(self, claims: _Claims, kind: str) -> None:
        settings, now, leeway = self._settings, clock.wall().timestamp(), self._settings.auth_leeway_seconds
        audiences, types = {claims.aud} if isinstance(claims.aud, str) else {*claims.aud}, {*settings.auth_types}
        if claims.iss != settings.auth_issuer or not audiences & {*settings.auth_audience}:
            zh, en = "访问令牌并非签发给本系统。", "The token is of another issuer or audience."
            raise Unauthorised("token.not_for_us", zh=zh, en=en)
        if claims.at_hash or claims.typ == "ID" or (types and not types & {kind, claims.typ}):
            zh, en = "这不是访问令牌（例如误用了 ID 令牌）。", "This is no access token, but an ID token for example."
            raise Unauthorised("token.not_access", zh=zh, en=en)
        if now > claims.exp + leeway:
            raise Unauthorised("token.expired", zh="登录已过期，请重新登录。", en="The token has expired.")
        if now < max(claims.nbf, claims.iat) - leeway:
            raise Unauthorised("token.not_yet", zh="访问令牌尚未生效，请核对时钟。", en="The token is not valid yet.")
