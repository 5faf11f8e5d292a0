"""``python -m tests.support.vendors weaver --port 9301``: a simulated office system to look at, until it is ended.

Its page is at ``/``; ``PUT /_sim/weather`` makes a bad day (``{"down": true}``), ``GET /_sim/state`` tells all.
"""

import argparse
import asyncio

from tests.support.vendors.feishu import FeishuVendor
from tests.support.vendors.generic import GenericVendor
from tests.support.vendors.vendor import Vendor
from tests.support.vendors.weather import Limit
from tests.support.vendors.weaver import WeaverVendor

KINDS: dict[str, type[Vendor]] = {"weaver": WeaverVendor, "feishu": FeishuVendor, "generic": GenericVendor}


async def serve(kind: str, port: int, per_second: int | None) -> None:
    """Serve until the process is ended."""
    vendor = KINDS[kind]((Limit(per_second, 1),) if per_second else None)
    async with vendor.running(port):
        print(f"{vendor.title}: {vendor.url}", flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--per-second", type=int, help="another limit than this vendor's own")
    asked = parser.parse_args()
    asyncio.run(serve(asked.kind, asked.port, asked.per_second))
