"""A sign-in service for demonstrations and tests only: it hands a token to whoever asks on this machine.

It exists in demo mode only: no service loads this, and an installation that names its own sign-in service in any
setting never runs it. The private key stays under the home folder, readable by its owner alone; services see the public
keys (JWKS) only.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from joserfc import jwt
from joserfc.jwk import ECKey

from infra.kernel import clock
from infra.kernel.settings import DEMO_ISSUER, PREFIX, Misconfigured
from infra.local.processes import only_one, write_private

ALGORITHM = "ES256"
HOUR = 3600
OWN = ("AUTH_ISSUER", "AUTH_JWKS_FILE", "AUTH_JWKS_URL")


def demo(environ: Mapping[str, str]) -> bool:
    """Whether this environment leaves signing on to the demo issuer: no setting names another one."""
    ends = tuple(f"_{name}{file}" for name in OWN for file in ("", "_FILE"))
    named = {value for name, value in environ.items() if name.startswith(PREFIX) and name.endswith(ends)}
    return not named - {"", DEMO_ISSUER}


class DemoIssuer:
    """Makes its key at the first use and keeps it in ``<home>/issuer``."""

    def __init__(self, home: Path, issuer: str = DEMO_ISSUER, audience: str = "brand-matrix") -> None:
        self.jwks_file = home.resolve() / "issuer" / "jwks.json"
        self._key_file = self.jwks_file.with_name("key.json")
        self._issuer, self._audience = issuer, audience
        with only_one(self.jwks_file.with_name("lock")):
            if not self._key_file.exists():
                key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
                write_private(self._key_file, json.dumps(key.as_dict(private=True)))
            self._key = ECKey.import_key(json.loads(self._key_file.read_text(encoding="utf-8")))
            write_private(self.jwks_file, json.dumps({"keys": [self._key.as_dict(private=False)]}))
            self.jwks_file.chmod(0o644)

    @classmethod
    def of(cls, environ: Mapping[str, str], home: Path) -> Self:
        """The one of this home; raises ``Misconfigured`` where the installation has its own sign-in service."""
        if not demo(environ):
            raise Misconfigured(
                "this installation has its own sign-in service, and only that one makes tokens: get one there"
                " (client credentials for a machine) and give it in BRANDMATRIX_TOKEN"
            )
        return cls(home)

    @property
    def environ(self) -> dict[str, str]:
        """What tells a service to believe it, without the prefix: demo mode is never silent."""
        keys = {"AUTH_ISSUER": self._issuer, "AUTH_JWKS_FILE": str(self.jwks_file)}
        return {"AUTH_DEMO": "true", "AUTH_AUDIENCE": self._audience, **keys}

    def token(self, person: str, roles: Iterable[str] = (), *, seconds: int = HOUR) -> str:
        """A signed token for an employee number with roles such as ``party_work_department@committee``.

        ``seconds`` below zero makes one that has expired, for tests.
        """
        return self._signed(seconds, sub=person, employee_number=person, roles=sorted(roles))

    def machine(self, client: str, scopes: Iterable[str] = (), *, seconds: int = HOUR) -> str:
        """A signed token as a system gets it by its client credentials, with scopes such as ``hr.feed``."""
        return self._signed(seconds, sub=client, client_id=client, scope=" ".join(scopes))

    def _signed(self, seconds: int, **claims: object) -> str:
        now = int(clock.wall().timestamp())
        common = {"iss": self._issuer, "aud": self._audience, "iat": now, "exp": now + seconds, "jti": uuid.uuid4().hex}
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, {**common, **claims}, self._key)
