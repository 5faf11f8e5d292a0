"""Another installation of the same vendor: other names of fields and workflows, other addresses, by settings alone."""

from pathlib import Path

import yaml

from infra.kernel.settings import Settings
from infra.runtime.service import Service
from services.notify.app import build
from services.notify.settings import NotifySettings
from tests.support.actors.office import Office, channel
from tests.support.harness.environment import Environment
from tests.support.harness.service import ServiceHarness
from tests.support.vendors.weaver import WeaverVendor

NAMES = {"flowid": "requestid", "receiver": "loginid", "requestname": "title"}


class Elsewhere(WeaverVendor):
    """An installation behind a gateway."""

    receive_path = "/gateway/ofs/receive"
    token, token_header = "t1", "x-access-token"


async def test_field_names_workflow_names_and_addresses_are_settings(environment: Environment, tmp_path: Path) -> None:
    vendor = Elsewhere(names=NAMES, extra=("tenant",), workflows=("支部品牌审核",))
    async with vendor.running():
        (tmp_path / "token").write_text("t1", encoding="utf-8")
        settings = channel(
            "weaver",
            vendor.url,
            tmp_path,
            secret_file=str(tmp_path / "token"),
            mapping=NAMES,
            extra={"tenant": "hq"},
            workflows={"check": "支部品牌审核"},
            paths={"receive": "/gateway/ofs/receive"},
            token_header="x-access-token",
            receiver="CORP\\{person}",
            people={"1002": "zhangsan"},
            link={"pc": "https://sso.example.com/?to={link}", "app": "app:{link}"},
        )
        file = tmp_path / "oa.yaml"
        file.write_text(yaml.safe_dump({"channels": [settings]}), encoding="utf-8")

        def make(base: Settings) -> Service:
            own = {"oa_file": file, "reconcile_seconds": 1.0}
            return build(NotifySettings.model_validate({**base.model_dump(), **own}))

        async with ServiceHarness(environment, "notify", make).running() as notify:
            one = Office(notify, {"weaver": vendor})
            one.listed = lambda: [("r1:check:1:1001", "CORP\\1001"), ("r1:check:1:1002", "zhangsan")]  # type: ignore[method-assign]
            await one.tell("r1", p1001="open", p1002="open")
            await one.agreed()
            links = {entry.link for entry in vendor.entries.values()}
            assert links == {"https://sso.example.com/?to=/reviews/r1"}
            (drift,) = await one.reconcile()
            assert (drift["missing"], drift["surplus"], drift["error"], drift["open_there"]) == ([], [], None, 2)
            one.listed = lambda: [("r1:check:1:1001", "CORP\\1001")]  # type: ignore[method-assign]
            await one.tell("r1", p1002="done")
            await one.agreed()
