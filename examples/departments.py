"""Another department's event in the demo: the safety department tells of a rescue, the secretary files its draft."""

import asyncio
import json
from collections.abc import Mapping

import aio_pika
from rich.console import Console

from examples.client import Client, Json, Token

OWNER, SECRETARY = "operations", "E101"
PAUSE_SECONDS = 0.1
WITHIN_SECONDS = 60.0
RESCUE: Json = {
    "specversion": "1.0",
    "id": "demo-rescue-1",
    "source": "/departments/safety",
    "type": "safety.rescue.completed",
    "subject": "demo-rescue-1",
    "time": "2026-06-21T06:00:00+08:00",
    "data": {
        "organisation": OWNER,
        "title": "党员先锋操作队抢险",
        "started_at": "2026-06-20T22:10:00+08:00",
        "ended_at": "2026-06-21T05:20:00+08:00",
        "place": "作业现场",
        "summary": "党员先锋操作队参加抢险。",
    },
}
"""Made up, as all of the demo's people are; that there was a rescue is in the programme's founding document."""


async def run(urls: Mapping[str, str], token: Token, console: Console, amqp: str) -> None:
    """Publish the event as the department would (``amqp``: its own user), then file the draft that follows from it.

    Again it changes nothing: the event is recognised, and its draft is settled.
    """
    async with await aio_pika.connect(amqp) as connection:
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.get_exchange("departments", ensure=False)
        body = json.dumps(RESCUE, ensure_ascii=False).encode()
        message = aio_pika.Message(body, content_type="application/cloudevents+json", delivery_mode=2)
        await exchange.publish(message, RESCUE["type"])
    client = Client(urls, token)
    try:
        draft = await _draft(client)
        console.print(f"\n[bold]安全管理部的事件 · an event of the safety department[/bold]\n  {RESCUE['type']}")
        console.print(f"  → 活动草稿 draft: {draft['title']}（{draft['kind_title']}，{draft['organisation']}）")
        if draft["state"] == "open":
            await client.post(SECRETARY, "activities", f"/drafts/{draft['id']}/filing", {})
            draft = await client.get(SECRETARY, "activities", f"/drafts/{draft['id']}")
        console.print(f"  → 书记 {SECRETARY} 核对后报备 filed by a person's hand: activity {draft['activity']}")
    finally:
        await client.close()


async def _draft(client: Client) -> Json:
    async with asyncio.timeout(WITHIN_SECONDS):
        while True:
            found = await client.get(SECRETARY, "activities", "/drafts", organisation=OWNER, limit="200")
            for draft in found["items"]:
                if (draft["origin"]["source"], draft["origin"]["subject"]) == (RESCUE["source"], RESCUE["subject"]):
                    return draft
            await asyncio.sleep(PAUSE_SECONDS)
