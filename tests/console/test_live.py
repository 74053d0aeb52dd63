"""Live updates: counters and ids, to whoever is signed in, as long as they are (T-27)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse

from bot.desk.staff.signing_in import IDLE
from console.pages import live
from tests.console.conftest import Office
from tests.console.door import Visitor, outside
from tests.console.talking import ELSEWHERE, officer, queued, resident

PHONE = "13800138000"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("_EVERY", 0.02), ("_AGAIN", 0.1), ("_PROOF_EVERY", 0.1), ("_LISTS_AGAIN", 0.1)):
        monkeypatch.setattr(live, name, seconds)


async def test_counters_and_ids_and_nothing_else(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await queued(office.desk, f"我叫王桂英，电话{PHONE}")
    async with stream(chen, f"/live?view=queue&conversation={talk.id}") as answer:
        told = await next_of(events(answer))
    assert set(told) == {"counts", "ids", "mark", "watching", "writing"}
    assert told["ids"] == [talk.id]
    assert told["counts"]["queue"] == 1
    assert all(isinstance(count, int) for count in told["counts"].values())
    assert "王桂英" not in json.dumps(told, ensure_ascii=False)
    assert PHONE not in json.dumps(told)


async def test_what_comes_is_told(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await queued(office.desk)
    async with stream(chen, f"/live?view=queue&conversation={talk.id}") as answer:
        heard = events(answer)
        first = await next_of(heard)
        other = await queued(office.desk, sender="o-2")
        second = await next_of(heard)
        assert set(second["ids"]) == {talk.id, other.id}
        assert second["mark"] == first["mark"]
        await resident(office.desk, "还有人吗")
        third = await next_of(heard)
        while third["mark"] == first["mark"]:
            third = await next_of(heard)


async def test_another_places_are_not_told_of(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await queued(office.desk, region=ELSEWHERE)
    async with stream(chen, f"/live?view=queue&conversation={talk.id}") as answer:
        told = await next_of(events(answer))
    assert (told["ids"], told["mark"], told["counts"]["queue"]) == ([], "", 0)


async def test_colleagues_who_look_are_counted(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    liming, _ = await officer(office, "liming")
    talk = await queued(office.desk)
    async with stream(chen, f"/live?view=queue&conversation={talk.id}") as answer:
        heard = events(answer)
        assert (await next_of(heard))["watching"] == 0
        await liming.get(f"/conversations/{talk.id}")
        assert (await next_of(heard))["watching"] == 1


async def test_nobody_else_gets_it(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    nobody = await outside(office)
    refused = await nobody.get("/live")
    assert (refused.status, refused.headers["Location"]) == (303, "/sign-in")
    for origin in ("https://evil.example", "null"):
        foreign = await chen.get("/live", Origin=origin)
        assert foreign.status == 403
        assert foreign.content_type == "text/html"


async def test_it_ends_with_the_session(office: Office) -> None:
    chen, who = await officer(office, "chen")
    async with stream(chen, "/live") as answer:
        heard = events(answer)
        await next_of(heard)
        async with office.desk.store.writing() as work:
            await work.sessions.end_all(who.staff.id, "signed out", office.desk.clock.now())
            await work.commit()
        with pytest.raises(StopAsyncIteration):
            while True:
                await next_of(heard)


async def test_an_open_page_keeps_nobody_signed_in(office: Office) -> None:
    chen, who = await officer(office, "chen")
    talk = await queued(office.desk)
    async with stream(chen, "/live") as answer:
        await next_of(events(answer))
        office.desk.clock.advance(seconds=IDLE.total_seconds() - 60)  # type: ignore[attr-defined]
        assert (await chen.get(f"/conversations/{talk.id}", **{"X-Live": "1"})).status == 200
        await asyncio.sleep(0.2)
    async with office.desk.store.reading() as work:
        (session,) = await work.sessions.of_staff(who.staff.id)
    assert office.desk.clock.now() - session.seen_at >= IDLE - IDLE / 10
    office.desk.clock.advance(seconds=120)  # type: ignore[attr-defined]
    assert (await chen.get("/conversations")).status == 303


def stream(visitor: Visitor, path: str) -> Any:
    return visitor.browser.get(path, allow_redirects=False)


async def events(answer: ClientResponse) -> AsyncIterator[dict[str, Any]]:
    assert answer.content_type == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    async for line in answer.content:
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


async def next_of(heard: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    return await asyncio.wait_for(anext(heard), 10)
