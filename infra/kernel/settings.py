"""The only reader of the environment: every setting has one name, one type, one default and one place."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator

from infra.kernel.values import Value

PREFIX = "BRANDMATRIX_"
DEMO_ISSUER = "brand-matrix-demo"
"""Whoever runs on its machine can be anybody: it is believed in demo mode only."""
Algorithm = Literal["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519"]
"""Asymmetric ones only: with a symmetric one the public key would be the secret."""


class Misconfigured(Exception):  # noqa: N818 - read as a sentence
    """The environment says something that a service cannot work with; the text names the variable."""


class Settings(Value):
    """What one service needs from outside.

    ``BRANDMATRIX_X`` holds for every service, ``BRANDMATRIX_<SERVICE>_X`` for one and wins; ``…_X_FILE`` names a file
    that holds the value (container secrets).
    """

    service: str
    mongo_url: SecretStr = SecretStr("mongodb://127.0.0.1:27017/?replicaSet=rs0")
    mongo_database: str = ""
    amqp_url: SecretStr = SecretStr("amqp://127.0.0.1:5672/brandmatrix")
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8700, ge=0, le=65535)
    auth_demo: bool = False
    auth_issuer: str = ""
    auth_jwks_file: str = ""
    auth_jwks_url: str = ""
    auth_audience: Annotated[tuple[str, ...], Field(min_length=1)] = ("brand-matrix",)
    auth_algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("ES256", "EdDSA", "RS256", "PS256")
    auth_types: tuple[str, ...] = ()
    auth_claims: str = ""
    auth_leeway_seconds: float = Field(default=30, ge=0, le=300)
    auth_refresh_seconds: float = Field(default=300, gt=0, le=3600)
    auth_max_age_seconds: float = Field(default=14400, gt=0, le=604800)
    log_format: str = Field(default="json", pattern="^(json|console)$")
    log_level: str = "INFO"
    retry_delays: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1)] = (1, 10, 60, 600, 3600)
    """Seconds a failed message waits before each new try; after the last one it is parked."""
    prefetch: int = Field(default=64, ge=1)
    publish_timeout: float = Field(default=5, gt=0)
    lease_seconds: float = Field(default=10, gt=0)
    drain_seconds: float = Field(default=10, gt=0)
    poll_seconds: float = Field(default=1, gt=0)

    @field_validator("auth_issuer")
    @classmethod
    def _no_demo_by_mistake(cls, issuer: str, info: ValidationInfo) -> str:
        if issuer == DEMO_ISSUER and not info.data.get("auth_demo"):
            raise ValueError("the demo issuer is believed in demo mode only (BRANDMATRIX_AUTH_DEMO=true)")
        return issuer

    @property
    def database(self) -> str:
        """The database this service owns; its own name unless told otherwise."""
        return self.mongo_database or self.service

    @classmethod
    def of(cls, service: str, environ: Mapping[str, str] | None = None) -> Self:
        """Read the settings of one service; raises ``Misconfigured`` with the variable's name."""
        environ = os.environ if environ is None else environ
        found: dict[str, object] = {"service": service}
        said: dict[str, str] = {}
        for name, field in cls.model_fields.items():
            for variable in (f"{PREFIX}{service}_{name}".upper(), f"{PREFIX}{name}".upper()):
                value = _value(variable, environ)
                if value is not None:
                    several = isinstance(field.default, tuple)
                    found[name] = tuple(filter(None, map(str.strip, value.split(",")))) if several else value
                    said[name] = variable
                    break
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            raise Misconfigured(f"{said.get(name, f'{PREFIX}{name}'.upper())}: {first['msg']}") from error


def _value(variable: str, environ: Mapping[str, str]) -> str | None:
    """The variable itself, or the content of the file that ``<variable>_FILE`` names."""
    if variable in environ:
        return environ[variable]
    path = environ.get(f"{variable}_FILE")
    if path is None:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Misconfigured(f"{variable}_FILE: cannot read {path}: {error.strerror}") from error
