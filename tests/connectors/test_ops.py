"""What operators see: alive, ready, figures — and nothing of anybody."""

from __future__ import annotations

import re
from typing import Any

from bot.desk.cases.lookup import ALARM, EVERYBODY
from bot.messages import State
from tests.connectors.door_to_door import Site


async def get(site: Site, path: str) -> tuple[int, str]:
    async with site.http.get(site.door.ops + path) as response:
        return response.status, await response.text()


async def ready(site: Site) -> dict[str, Any]:
    async with site.http.get(site.door.ops + "/ready") as response:
        told: dict[str, Any] = await response.json()
        return {"status": response.status, **told}


async def test_alive_and_ready(site: Site) -> None:
    assert await get(site, "/health") == (200, '{"alive": true}')
    told = await ready(site)
    assert (told["status"], told["database"], told["engine"], told["breaker"]) == (200, "ok", "ok", True)
    assert told["edition"] == 1
    assert set(told["messages"]) == {"received", "handled", "queued", "sending", "sent", "held", "failed"}


async def test_without_an_engine_it_is_ready_all_the_same(site: Site) -> None:
    """Messages are taken and kept; only their answers wait."""
    await site.engine.go()
    told = await ready(site)
    assert (told["status"], told["ready"], told["engine"]) == (200, True, "away")
    await site.wechat.say(site.resident(), "低保怎么申请")
    assert (await ready(site))["breaker"] is False


async def test_without_a_database_it_is_not(site: Site, database: Any) -> None:
    if database.kind == "sqlite":
        await site.door.drain()
        await site.store.close()
        moved = database.path.parent.rename(database.path.parent.with_name("moved"))
        assert (await ready(site))["status"] == 503
        assert (await get(site, "/metrics"))[0] == 200, "the other figures are wanted most now"
        moved.rename(database.path.parent)
    assert (await ready(site))["status"] == 200


async def test_figures_count_and_name_nobody(site: Site) -> None:
    who = site.resident()
    await site.wechat.say(who, "我叫黄三七，低保怎么申请")
    await site.until_rows(who, State.SENT)
    await site.http.post(site.url, data=b"nonsense")
    status, text = await get(site, "/metrics")
    assert status == 200
    assert 'jzt_messages_taken_total{channel="wechat",kind="fresh"}' in text
    assert 'jzt_callbacks_refused_total{channel="wechat"}' in text
    assert 'jzt_replies_sent_total{channel="wechat",way="passive"}' in text
    assert 'jzt_messages{state="sent"} 1.0' in text
    for gauge in ("jzt_edition 1.0", "jzt_engine_up 1.0", "jzt_breaker_open 0.0", "jzt_acknowledge_seconds_bucket"):
        assert gauge in text
    (row,) = await site.inbound(who)
    for personal in (who, "黄三七", row.id, row.conversation, row.channel_message_id):
        assert personal not in text
    ours = set(re.findall(r"^jzt_\w+\{(.*?)\}", text, re.MULTILINE))
    labels = {label for found in ours for label in re.findall(r"(\w+)=", found)}
    assert labels <= {"channel", "kind", "way", "state", "status", "le"}


async def test_guessing_at_cases_rings_at_fifty_an_hour(site: Site) -> None:
    """A-45: counted in the database, because look-ups run in the engine's process."""
    for rings, more in ((0.0, ALARM - 1), (1.0, 1)):
        async with site.store.writing() as work:
            for _ in range(more):
                await work.cases.tried(EVERYBODY, site.desk.clock.now())
            await work.commit()
        _, text = await get(site, "/metrics")
        assert f"jzt_lookup_alarm {rings}" in text
    assert f"jzt_lookup_misses_hour {ALARM:.1f}" in text
