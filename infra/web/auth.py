"""Who asks: a signed token → ``Principal`` with roles, each with the organisation it holds for.

Only asymmetric algorithms are accepted, so that a public key can never serve as a shared secret, nor ``alg: none``.
Keys that a token brings along (``jwk``, ``jku``, ``x5u``) are never looked at.
"""

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry
from pydantic import BaseModel, Field, FiniteFloat

from infra.kernel import clock
from infra.kernel.errors import Forbidden, Unauthorised
from infra.kernel.settings import Settings
from infra.kernel.telemetry import log
from infra.kernel.values import Value
from infra.web.claims import MACHINE, Sides
from infra.web.keys import Keys

MOST_CHARACTERS = 16_000


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
