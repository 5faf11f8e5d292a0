"""A service whose queues were not there when the facts were told is told again from the owners' journals."""

from examples.client import Client
from infra.kernel.settings import Settings
from infra.ops.replay import replay
from tests.support.actors.journey import Account, settled, walk
from tests.support.harness.ledger import Books
from tests.support.harness.system import System


async def test_a_reader_that_came_too_late_catches_up_by_a_replay(system: System) -> None:
    environment = system.environment
    system.stop("notify")
    for queue in ("decisions", "mirrors"):  # as if it had never been installed
        environment.management.call("DELETE", f"queues/{environment.name}/notify.{queue}")
    await walk(system, Account(), show=False)
    system.start("notify")
    await system.ready("notify")
    settings = {name: Settings.of(name, system.environ(name)) for name in system.services}
    published: dict[str, int] = {}
    for _ in range(2):  # twice is harmless
        await replay("notify", settings, None, published.__setitem__)
    await settled(system)
    todos = (await Books.read(environment, "notify")).rows["todos"]
    assert todos
    assert {todo["state"] for todo in todos} <= {"done", "withdrawn"}
    assert published["review.review.concluded.v1"] == 5
    client = Client(system.urls, system.token)
    messages = [item for item in (await client.get("E301", "notify", "/inbox"))["items"] if item["type"] == "message"]
    assert len(messages) == len({message["id"] for message in messages}) >= 2
    await client.close()
