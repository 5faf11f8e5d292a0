"""``python -m tests.support.vendors weaver --port 9301``: a simulated office system to look at, until it is ended."""

import argparse
import asyncio

from tests.support.vendors.feishu import FeishuVendor
from tests.support.vendors.generic import GenericVendor
from tests.support.vendors.vendor import Vendor
from tests.support.vendors.weaver import WeaverVendor

KINDS: dict[str, type[Vendor]] = {"weaver": WeaverVendor, "feishu": FeishuVendor, "generic": GenericVendor}


async def serve(kind: str, port: int) -> None:
    """Serve until the process is ended."""
    async with KINDS[kind]().running(port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    asyncio.run(serve(asked.kind, asked.port))
