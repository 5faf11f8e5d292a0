"""Who asks: a signed token → ``Principal`` with roles, each with the organisation it holds for.

Only asymmetric algorithms are accepted, so that a public key can never serve as a shared secret, nor ``alg: none``.
"""

import json
import time
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from infra.aggregate import Forbidden, Unauthorised
from infra.settings import Settings

ALGORITHMS = ["ES256", "EdDSA", "RS256", "PS256"]
LEEWAY_SECONDS = 30


class Principal(BaseModel):
    """A person (by employee number, never by name) or a machine, and its system-wide roles ``role@scope``."""

    model_config = ConfigDict(frozen=True)

    person: str = Field(min_length=1)
    roles: frozenset[str] = frozenset()

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
    roles: frozenset[str] = frozenset()
    nbf: FiniteFloat = 0


class Tokens:
    """Verifies tokens against the issuer's published keys (a JWKS file, read again when it changes)."""

    def __init__(self, settings: Settings) -> None:
        self._path: Path = settings.auth_jwks_file
        self._issuer, self._audience = settings.auth_issuer, settings.auth_audience
        self._keys: KeySet | None = None
        self._read: tuple[int, ...] = ()

    def principal(self, authorization: str | None) -> Principal:
        """The principal of an ``Authorization: Bearer …`` header; raises ``Unauthorised`` with the reason."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthorised("token.missing", zh="请先登录（缺少访问令牌）。", en="A bearer token is needed.")
        try:
            claims = _Claims.model_validate(jwt.decode(token.strip(), self._known(), algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError, ValidationError) as error:
            raise Unauthorised("token.invalid", zh="访问令牌无效。", en="The token is not valid.") from error
        audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        if claims.iss != self._issuer or self._audience not in audiences:
            raise Unauthorised(
                "token.not_for_us", zh="访问令牌并非签发给本系统。", en="The token is of another issuer or audience."
            )
        now = time.time()
        if now > claims.exp + LEEWAY_SECONDS or now < claims.nbf - LEEWAY_SECONDS:
            raise Unauthorised("token.expired", zh="登录已过期，请重新登录。", en="The token has expired.")
        return Principal(person=claims.sub, roles=claims.roles)

    def _known(self) -> KeySet:
        try:
            now = self._path.stat()
            found = (now.st_mtime_ns, now.st_ino, now.st_size)
            if self._keys is None or found != self._read:
                self._keys = KeySet.import_key_set(json.loads(self._path.read_text(encoding="utf-8")))
                self._read = found
        except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
            raise Unauthorised(
                "issuer.keys_missing",
                zh="服务器尚未配置签发方公钥（BRANDMATRIX_AUTH_JWKS_FILE）。",
                en="The server has no keys of an issuer (BRANDMATRIX_AUTH_JWKS_FILE).",
            ) from error
        return self._keys
