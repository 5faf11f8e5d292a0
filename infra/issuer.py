"""A sign-in service for demonstrations and tests only: it hands a token to whoever asks on this machine.

A real installation names its own sign-in service with ``BRANDMATRIX_AUTH_JWKS_FILE`` and never runs this. The private
key stays under the home folder, readable by its owner alone; services see the public keys (JWKS) only.
"""

import json
import time
import uuid
from collections.abc import Iterable
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey

from infra.processes import only_one, write_private

ALGORITHM = "ES256"
HOUR = 3600


class DemoIssuer:
    """Makes its key at the first use and keeps it in ``<home>/issuer``."""

    def __init__(self, home: Path, issuer: str = "brand-matrix-demo", audience: str = "brand-matrix") -> None:
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

    def token(self, person: str, roles: Iterable[str] = (), *, seconds: int = HOUR) -> str:
        """A signed token for an employee number with roles such as ``party_work_department@committee``.

        ``seconds`` below zero makes one that has expired, for tests.
        """
        now = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": person,
            "roles": sorted(roles),
            "iat": now,
            "exp": now + seconds,
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key)
