"""The only reader of the environment: every setting has one name, one type, one default and one place."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

PREFIX = "BRANDMATRIX_"


class Misconfigured(Exception):  # noqa: N818 - read as a sentence
    """The environment says something that a service cannot work with; the text names the variable."""


class Settings(BaseModel):
    """What one service needs from outside.

    ``BRANDMATRIX_X`` holds for every service, ``BRANDMATRIX_<SERVICE>_X`` for one and wins; ``…_X_FILE`` names a file
    that holds the value (container secrets).
    """

    model_config = ConfigDict(frozen=True)

    service: str
    mongo_url: SecretStr = SecretStr("mongodb://127.0.0.1:27017/?replicaSet=rs0")
    mongo_database: str = ""
    amqp_url: SecretStr = SecretStr("amqp://127.0.0.1:5672/brandmatrix")
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8700, ge=0, le=65535)
    auth_jwks_file: Path = Path(".runtime/issuer/jwks.json")
    auth_issuer: str = "brand-matrix-demo"
    auth_audience: str = "brand-matrix"
    log_format: str = Field(default="json", pattern="^(json|console)$")
    log_level: str = "INFO"
    retry_delays: tuple[Annotated[float, Field(gt=0)], ...] = (1, 10, 60, 600, 3600)
    """Seconds a failed message waits before each new try; after the last one it is parked."""
    prefetch: int = Field(default=64, ge=1)
    publish_timeout: float = Field(default=5, gt=0)
    lease_seconds: float = Field(default=10, gt=0)
    drain_seconds: float = Field(default=10, gt=0)
    poll_seconds: float = Field(default=1, gt=0)

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
        for name in cls.model_fields:
            for variable in (f"{PREFIX}{service}_{name}".upper(), f"{PREFIX}{name}".upper()):
                value = _value(variable, environ)
                if value is not None:
                    found[name] = tuple(value.split(",")) if name == "retry_delays" else value
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
