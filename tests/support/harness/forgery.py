"""Tokens that hold and tokens that must not: what an attacker who knows everything public would try."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from infra.kernel.settings import DEMO_ISSUER, Settings
from infra.local.demo_issuer import ALGORITHM, DemoIssuer

Claims = dict[str, Any]


class Mint:
    """Signs any claims with the key of an issuer of this name, and makes each kind of forgery."""

    def __init__(self, home: Path, name: str = DEMO_ISSUER) -> None:
        self.issuer, self.name = DemoIssuer(home, name), name
        self.key = ECKey.import_key(json.loads(self.issuer.jwks_file.with_name("key.json").read_text("utf-8")))
        self.environ = {f"BRANDMATRIX_{name}": value for name, value in self.issuer.environ.items()}
        self.settings = Settings.of("registry", self.environ)

    def claims(self, **changed: Any) -> Claims:  # noqa: ANN401 - claims of any type
        """The claims of a good token, with some changed (None = left out)."""
        good: Claims = {"iss": self.name, "aud": "brand-matrix", "sub": "u-7", "employee_number": "10001"}
        good["exp"] = time.time() + 600
        return {name: value for name, value in {**good, **changed}.items() if value is not None}

    def signed(self, claims: Claims, key: ECKey | None = None, **header: Any) -> str:  # noqa: ANN401 - of any header
        """Sign claims with the issuer's key, or another one."""
        return jwt.encode({"alg": ALGORITHM, "kid": self.key.kid, **header}, claims, key or self.key)

    def forged(self) -> dict[str, str]:
        """Every forgery by name; none needs the private key."""
        stranger = ECKey.generate_key("P-256")
        brought = {
            "jwk": stranger.as_dict(private=False),
            "jku": "https://evil.example/k",
            "x5u": "https://evil.example/x",
        }
        head, body, mark = self.signed(self.claims()).split(".")
        promoted = encoded(self.claims(roles=["administrator@*"]))
        secrets = {
            "as PEM": self.key.as_pem(private=False),
            "as JWK": json.dumps(self.key.as_dict(private=False)).encode(),
            "as JWKS": self.issuer.jwks_file.read_bytes(),
            "as nothing": b"",
        }
        return {
            "garbage": "garbage",
            "dots": "..",
            "not text": "ünï.cö.dé",
            "no algorithm": f"{encoded({'kid': self.key.kid})}.{body}.{mark}",
            "alg none": f"{encoded({'alg': 'none'})}.{body}.",
            "alg None": f"{encoded({'alg': 'None', 'kid': self.key.kid})}.{body}.",
            "alg none with the old signature": f"{encoded({'alg': 'none', 'kid': self.key.kid})}.{body}.{mark}",
            "no signature": f"{head}.{body}.",
            "other claims under a good signature": f"{head}.{promoted}.{mark}",
            "a stranger's key under a known kid": self.signed(self.claims(), stranger),
            "a stranger's key under an unknown kid": self.signed(self.claims(), stranger, kid="stranger"),
            **{
                f"a stranger's key brought along as {name}, {how}": self.signed(
                    self.claims(), stranger, **{name: value, "kid": kid}
                )
                for name, value in brought.items()
                for how, kid in (("known kid", self.key.kid), ("its own kid", stranger.thumbprint()))
            },
            "encrypted": ".".join([encoded({"alg": "dir", "enc": "A128GCM"}), "", "AAAA", "AAAA", "AAAA"]),
            "costly to open": ".".join(
                [encoded({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2**31, "p2s": "AAAA"}), *"AAAA"]
            ),
            "deep": f"{base64.urlsafe_b64encode(b'[' * 9000).decode()}.{body}.{mark}",
            **{f"HS256 with the public key {name}": self._hmac(secret) for name, secret in secrets.items()},
        }

    def refused(self) -> dict[str, str]:
        """Tokens that are signed well and still do not hold."""
        now = time.time()
        wrong: dict[str, Claims] = {
            "expired": {"exp": now - 60},
            "not valid yet": {"nbf": now + 60},
            "never expires": {"exp": float("inf")},
            "without expiry": {"exp": None},
            "another issuer's": {"iss": "someone"},
            "without issuer": {"iss": None},
            "for another audience": {"aud": "payroll"},
            "for no audience": {"aud": []},
            "without audience": {"aud": None},
            "for nobody": {"sub": None},
            "for an empty name": {"sub": ""},
            "for a number": {"sub": 10001},
            "issued in the future": {"iat": now + 60},
            "an ID token by what it says": {"typ": "ID"},
            "an ID token by what it carries": {"at_hash": "q83vEjRWeJA"},
        }
        return {name: self.signed(self.claims(**changed)) for name, changed in wrong.items()}

    def _hmac(self, secret: bytes) -> str:
        signed = f"{encoded({'alg': 'HS256', 'kid': self.key.kid})}.{encoded(self.claims(roles=['administrator@*']))}"
        mark = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def encoded(part: Claims) -> str:
    """A header or claims as base64url without padding."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
