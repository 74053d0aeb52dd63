"""What anybody may know of the office: whom to call and what is switched off, from what is published and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import SystemClock
from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.desk.turns import Breaker
from bot.knowledge.entry import HOTLINE, STOP, Entry
from bot.knowledge.keeper import EditionKeeper
from connectors.app import App, AppSettings, mount_app
from connectors.doorbell import Doorbell
from tests.connectors.app.town import API, SECRET
from tests.connectors.door_to_door import regions
from tests.databases import sqlite_first
from tests.in_force import of_kinds, real

Client = TestClient[web.Request, web.Application]
STOPPED = {
    "id": "stop-1",
    "of": "programme",
    "target": "dibao",
    "region": "420111",
    "from": "2026-01-01",
    "reason": "文件要改",
    "words": "低保现在暂停办理。",
}


def line(number: str, needs: str) -> Entry:
    fields = {
        "id": f"own-{number}",
        "number": number,
        "name": "自己的热线",
        "region": "000000",
        "purpose": "有事打",
        "needs": needs,
    }
    return Entry(HOTLINE, f"own-{number}", {**fields, "verified": "yes"})


@asynccontextmanager
async def published(store: Store, *entries: Entry, shipped: Sequence[Entry] = ()) -> AsyncIterator[Client]:
    """The app in front of an edition that has these."""
    clock = SystemClock()
    async with store.writing() as work:
        await work.editions.publish(entries, 0, "test", "an edition", clock.now())
        await work.commit()
    keeper = EditionKeeper(store, regions(), shipped)
    await keeper.refresh()
    app = web.Application()
    desk = Desk(store, clock, regions(), keeper)
    mount_app(app, desk, App(store), AppSettings(SECRET), Doorbell(), Breaker())
    async with TestClient(TestServer(app)) as client:
        yield client


@sqlite_first
async def test_the_page_names_the_published_lines_also_without_a_network(store: Store) -> None:
    """They stand in the page, which the phone keeps; nothing of it knows a number by itself."""
    async with published(store, line("12340", "assistance"), line("999", "illness")) as client:
        text = await (await client.get("/app/")).text()
    assert 'data-help="12340" data-rescue="999"' in text
    assert "请打 12340" in text


@sqlite_first
async def test_without_any_line_on_file_the_two_that_are_answered_everywhere_stand_there(store: Store) -> None:
    async with published(store, *of_kinds("words")) as client:
        assert 'data-help="12345" data-rescue="120"' in await (await client.get("/app/")).text()


@sqlite_first
async def test_what_is_switched_off_is_said_also_under_an_edition_older_than_the_app(store: Store) -> None:
    old = [one for one in of_kinds("words", "hotline", "programme") if not one.key.startswith("app_")]
    async with published(store, *old, Entry(STOP, "stop-1", STOPPED), shipped=real()) as client:
        here = await (await client.get(f"{API}/office", params={"region": "420111"})).json()
        elsewhere = await (await client.get(f"{API}/office", params={"region": "420106"})).json()
        wrong = await client.get(f"{API}/office", params={"region": "武汉"})
        told = await wrong.json()
    assert [words.splitlines() for words in here["notices"]] == [
        ["低保（只按一个人算）现在暂停办理。", "有事打12345。"],
        ["最低生活保障现在暂停办理。", "有事打12345。"],
    ]
    assert elsewhere["notices"] == []
    assert (wrong.status, told["code"], bool(told["message"])) == (400, "bad_request", True)
