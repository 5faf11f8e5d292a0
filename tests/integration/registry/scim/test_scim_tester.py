"""scim2-tester, the conformance suite for SCIM servers, against the running registry over HTTP."""

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.integration.registry.scim.conftest import Served

if TYPE_CHECKING:
    from scim2_tester import CheckResult

CHECKS = 40
"""Fewer would mean that the suite could not see our resource types."""


@pytest.mark.timeout(400)
@pytest.mark.slow
async def test_every_check_of_the_conformance_suite_passes(served: Served) -> None:
    # importing them takes seconds, which every run of any tests would pay
    from scim2_tester import Status, check_server

    from tests.integration.registry.scim.client import Client

    def checked() -> "list[CheckResult]":
        with httpx.Client(
            base_url=f"{served.url}/scim/v2", headers=served.headers(), timeout=60, trust_env=False
        ) as http:
            return check_server(Client(http))

    results = await asyncio.to_thread(checked)
    wrong = [
        f"{one.title} {one.resource_type}: {one.status.name} {one.reason}"
        for one in results
        if one.status is not Status.SUCCESS
    ]
    assert not wrong, "\n".join(wrong)
    assert len(results) > CHECKS
    assert {one.resource_type for one in results} >= {"User", "Group"}
