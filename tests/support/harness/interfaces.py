"""What the services say of their HTTP interfaces: made once in a process, without any server."""

import importlib
from functools import cache
from typing import Any

from fastapi import FastAPI

from infra.kernel.settings import Settings


@cache
def interface(service: str) -> dict[str, Any]:
    """The OpenAPI document of a service with no setting of its own; nobody changes it."""
    app: FastAPI = importlib.import_module(f"services.{service}.app").build(Settings.of(service, {})).app
    return app.openapi()
