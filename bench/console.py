"""The office's console among many conversations, with many who watch: python -m bench.console [COUNT] [WATCHERS]

A console process as in life, on SQLite and on PostgreSQL, filled by bulk inserts. Timed from outside, over HTTP: each list, a
claim, and how long until those who watch are told of somebody who asked for a person in another process. The plans of the
lists' statements are looked at as well: none may read the whole table.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import aiohttp
from sqlalchemy import insert

from bench import plans
from bench.load import Timing
from bench.postgres import ABSENT, own_database
from bench.report import Line, show
from bench.servers import Server, free_port, start
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.knowledge.files import read_folder
from bot.messages import Inbound, Kind
from bot.settings import Settings
from bot.staff import Role, Staff
from bot.store import KeyRing, Suite, open_keyring
from bot.store.body import to_json
from bot.store.engine import make_migrator, read_url
from bot.store.ids import new_id
from bot.store.tables import conversations, messages
from bot.wiring import open_desk, open_house
from console.browser import _token

COUNT, WATCHERS, ROUNDS, CLAIMS = 100_000, 200, 25, 40
LIST_MS, CLAIM_MS, SEEN_S = 300.0, 200.0, 2.0
"""What 95 of 100 may take (issue 4)."""
VIEWS = ("queue", "overdue", "distress", "waiting", "mine", "closed")
AGENT = "bench"
_REGIONS = ("420111", "420106", "420103", "440305", "510104")
_OPEN = ((Holder.QUEUED, 60), (Holder.OFFICER, 400), (Holder.WAITING, 200))
_CHUNK = 5_000
_numbers = itertools.count(1)


@dataclass
class Watcher:
    """One open page: what it was told of, and when."""

    told: dict[str, float] = field(default_factory=dict)
    _waited_for: dict[str, asyncio.Event] = field(default_factory=dict)

    async def hears_of(self, conversation: str) -> None:
        """Returns when it was told of this conversation."""
        event = self._waited_for.setdefault(conversation, asyncio.Event())
        if conversation not in self.told:
            await event.wait()

    async def watch(self, session: aiohttp.ClientSession, url: str, ready: asyncio.Event) -> None:
        """As a page does it: whenever the stream ends, or was not opened, it is opened again."""
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                await self._watch(session, url, ready)
            await asyncio.sleep(2)

    async def _watch(self, session: aiohttp.ClientSession, url: str, ready: asyncio.Event) -> None:
        async with session.get(f"{url}/live?view=queue", timeout=aiohttp.ClientTimeout(total=None)) as answer:
            async for line in answer.content:
                if not line.startswith(b"data: "):
                    continue
                now = time.perf_counter()
                ready.set()
                for conversation in json.loads(line[6:])["ids"]:
                    self.told.setdefault(conversation, now)
                    if event := self._waited_for.get(conversation):
                        event.set()


async def fill(url: str, ring: KeyRing, count: int, officers: Sequence[Staff]) -> None:
    """So many conversations with a message each, most of them ended, over a year."""
    engine = make_migrator(read_url(url), 60.0)
    now = datetime.now(UTC)
    holders = _holders(count)
    try:
        for start_at in range(0, count, _CHUNK):
            talks, said = [], []
            for number in range(start_at, min(start_at + _CHUNK, count)):
                talk, words = _one(ring, next(holders), number, count, now, officers)
                talks.append(talk)
                said.append(words)
            async with engine.begin() as connection:
                await connection.execute(insert(conversations), talks)
                await connection.execute(insert(messages), said)
        if engine.dialect.name == "postgresql":
            async with engine.begin() as connection:
                await connection.exec_driver_sql("ANALYZE")
    finally:
        await engine.dispose()


def _holders(count: int) -> Iterator[Holder]:
    """What is open is the newest."""
    few = [holder for holder, number in _OPEN for _ in range(number)]
    yield from itertools.chain(
        itertools.islice(itertools.cycle([Holder.CLOSED] * 4 + [Holder.BOT]), max(0, count - len(few))), few
    )


def _one(
    ring: KeyRing, holder: Holder, number: int, count: int, now: datetime, officers: Sequence[Staff]
) -> tuple[dict[str, object], dict[str, object]]:
    moment = now - timedelta(days=365) * (1 - number / count)
    name, row = new_id(moment), new_id(moment)
    sender = f"o-bench-{number}"
    waits = holder in (Holder.QUEUED, Holder.OFFICER)
    late = number % 3 == 0
    talk = {
        "id": name,
        "channel": "wechat",
        "account": "gh_bench",
        "sender_hash": ring.hash("sender", "wechat", "gh_bench", sender),
        "sender": ring.seal(sender.encode(), "conversations", name, "sender"),
        "region": _REGIONS[number % len(_REGIONS)],
        "holder": holder,
        "holder_name": officers[number % len(officers)].id if holder in (Holder.OFFICER, Holder.WAITING) else "",
        "reason": "asked" if holder in (Holder.QUEUED, Holder.OFFICER, Holder.WAITING) else "",
        "priority": 9 if waits and number % 40 == 0 else 0,
        "version": 0,
        "quota_left": 3,
        "window_until": moment + timedelta(hours=48),
        "queued_at": moment if holder is Holder.QUEUED else None,
        "actor": "resident",
        "created_at": moment,
        "updated_at": moment,
        "last_seq": 1,
        "lease_worker": "",
        "form": "",
        "answer_by": now + timedelta(hours=-1 if late else 2) if waits else None,
    }
    body = to_json(
        {"text": f"低保怎么申请 {number}", "choices": [], "about": {}, "channel_message_id": row}, "a message"
    )
    said = {
        "id": row,
        "conversation": name,
        "seq": 1,
        "author": "resident",
        "state": "handled",
        "kind": "text",
        "body": ring.seal(body, "messages", row, "body"),
        "reply_to": "",
        "reason": "",
        "attempts": 0,
        "due_at": moment,
        "actor": "resident",
        "region": talk["region"],
        "created_at": moment,
        "state_at": moment,
        "done_at": moment,
    }
    return talk, said


async def crew(desk: Desk, count: int) -> tuple[list[Staff], list[str]]:
    """Officers of one city, each signed in; their tokens."""
    staff, tokens = [], []
    async with desk.store.writing() as work:
        for number in range(count):
            now = desk.clock.now()
            one = await work.staff.add(f"bench{number}", f"员{number}", [Role.OFFICER], ["420100"], [], "bench", now)
            staff.append(await work.staff.change(one, "bench", now, state="active"))
            tokens.append(secrets.token_urlsafe(32))
            await work.sessions.open(tokens[-1], staff[-1].id, "127.0.0.1", AGENT, now)
        await work.commit()
    return staff, tokens


@asynccontextmanager
async def signed_in(token: str) -> AsyncIterator[aiohttp.ClientSession]:
    cookies, agent = {"console": token}, {"User-Agent": AGENT}
    jar = aiohttp.CookieJar(unsafe=True)
    jar.update_cookies(cookies)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(cookie_jar=jar, headers=agent, connector=connector) as session:
        yield session


async def measure(home: Path, url: str, kind: str, count: int, watchers: int) -> list[Line]:
    settings = Settings(home=str(home), database_url=url)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(open_house(settings))
        ring = await open_keyring(settings.database, settings.keys, settings.key_file, Suite(settings.cipher))
        async with house.store.writing() as work:
            spoken = [one for one in read_folder(Path(settings.content)).entries if one.kind != "answer"]
            await work.editions.publish(spoken, 0, "bench", "", house.clock.now())
            await work.commit()
        desk = await open_desk(house)
        staff, tokens = await crew(desk, watchers + 1)
        began = time.perf_counter()
        await fill(settings.database, ring, count, staff)
        note = f"{count:,} conversations, filled in {time.perf_counter() - began:.0f} s"
        scans = await plans.scans(settings.database, ring, VIEWS, staff[0], desk.clock.now())
        server, address = _serve(home, url)
        stack.callback(server.end)
        before = server.cpu_seconds
        lists = await _lists(address, tokens[0])
        processor = (server.cpu_seconds - before) / ((ROUNDS + 1) * len(VIEWS))
        claims, seen, silent = await _claims(desk, address, tokens)
        memory = server.megabytes
    told = f"{watchers} watch; {silent} of them never told" if silent else f"{watchers} watch"
    return [
        Line(f"console list, {kind}, p50", "ms", lists.median, note=note),
        Line(f"console list, {kind}, p95", "ms", lists.percentile(0.95), ceiling=LIST_MS),
        Line(f"console list, {kind}, processor", "ms", processor * 1000, note="of the console; the database's apart"),
        Line(f"console lists that read a whole table, {kind}", "", float(len(scans)), ceiling=0, note=", ".join(scans)),
        Line(f"console claim, {kind}, p95", "ms", claims.percentile(0.95), ceiling=CLAIM_MS, note=told),
        Line(f"console hand-off seen, {kind}, p95", "s", seen.percentile(0.95) / 1000, ceiling=SEEN_S, note=told),
        Line(f"console memory, {kind}", "MB", memory, note=told),
    ]


def _serve(home: Path, url: str) -> tuple[Server, str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "BENCH_LOGS": str(home),
        "JIUZHUTONG_HOME": str(home),
        "JIUZHUTONG_DATABASE_URL": url,
        "JIUZHUTONG_CONSOLE_PORT": str(port),
    }

    def ready() -> bool:
        try:
            with urlopen(f"{address}/sign-in", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    return start("console", [sys.executable, "-m", "bot", "console"], Path.cwd(), environment, ready, 120), address


async def _lists(address: str, token: str) -> Timing:
    """Each view in turn, as a page: the first round fills caches and is not counted."""
    timing = Timing()
    async with signed_in(token) as session:
        for turn in range(ROUNDS + 1):
            for view in VIEWS:
                began = time.perf_counter()
                async with session.get(f"{address}/conversations?view={view}", allow_redirects=False) as answer:
                    text = await answer.text()
                if answer.status != 200 or 'id="talks"' not in text:
                    raise RuntimeError(f"the list {view} answered {answer.status}")
                if turn:
                    timing.turns.append(time.perf_counter() - began)
    return timing


async def _claims(desk: Desk, address: str, tokens: Sequence[str]) -> tuple[Timing, Timing, int]:
    """With all but one colleague watching: somebody asks for a person, all are told, the one claims."""
    claims, seen, silent = Timing(), Timing(), 0
    async with AsyncExitStack() as stack:
        me = await stack.enter_async_context(signed_in(tokens[0]))
        watching, ready = [], []
        for token in tokens[1:]:
            session = await stack.enter_async_context(signed_in(token))
            watcher, event = Watcher(), asyncio.Event()
            task = asyncio.create_task(watcher.watch(session, address, event))
            stack.callback(task.cancel)
            watching.append(watcher)
            ready.append(event)
        await asyncio.wait_for(asyncio.gather(*(one.wait() for one in ready)), 600)
        for _ in range(CLAIMS):
            taken = await take_in(desk, _asks())
            asked, conversation = time.perf_counter(), taken.conversation.id
            if taken.conversation.holder is not Holder.QUEUED:
                raise RuntimeError("who asked for a person does not wait for one")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(*(one.hears_of(conversation) for one in watching)), 10)
            seen.turns += [one.told[conversation] - asked for one in watching if conversation in one.told]
            silent += sum(conversation not in one.told for one in watching)
            began = time.perf_counter()
            form = {"form_token": _token(tokens[0])}
            where = f"{address}/conversations/{conversation}/claim"
            async with me.post(where, data=form, allow_redirects=False) as answer:
                await answer.read()
            if answer.status != 303:
                raise RuntimeError(f"a claim answered {answer.status}")
            claims.turns.append(time.perf_counter() - began)
    return claims, seen, silent


def _asks() -> Inbound:
    """In danger: so they wait for a person at any hour, first in the list."""
    number = next(_numbers)
    return Inbound(
        channel="wechat",
        account="gh_bench",
        sender=f"o-asks-{number}",
        message_id=f"asks-{number}",
        kind=Kind.TEXT,
        sent_at=datetime.now(UTC),
        text="我不想活了",
        may_send=5,
        may_send_seconds=172_800.0,
    )


async def both(folder: Path, count: int = COUNT, watchers: int = WATCHERS) -> list[Line]:
    """On a SQLite file in `folder`, and on a database of our own where PostgreSQL answers; one line says where it does not."""
    (folder / "console-sqlite").mkdir()
    lines = await measure(folder / "console-sqlite", "", "sqlite", count, watchers)
    async with own_database("console") as url:
        if not url:
            return [*lines, Line("console, postgresql", "ms", None, note=ABSENT)]
        (folder / "console-postgresql").mkdir()
        return lines + await measure(folder / "console-postgresql", url, "postgresql", count, watchers)


def main(arguments: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="jiuzhutong-console-") as folder:
        lines = asyncio.run(both(Path(folder), *(int(one) for one in arguments)))
    show(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
