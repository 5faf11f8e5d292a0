"""The HTTP interface of each service as data: its OpenAPI document, made without any server."""

import importlib
from typing import Any

from infra.kernel.settings import Settings


def openapi(service: str) -> dict[str, Any]:
    """The document that the service serves at ``/openapi.json``."""
    made = importlib.import_module(f"services.{service}.app").build(Settings.of(service, {}))
    return dict(made.app.openapi())
