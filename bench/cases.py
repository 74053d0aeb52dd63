"""What a look-up costs among a million cases: python -m bench.cases [COUNT]

Fills an empty database with people, cases and keys by bulk inserts, then times `look`, with the right
facts and for numbers that do not exist, each in its own unit of work.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import secrets
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from bench.load import Timing
from bench.postgres import ABSENT, own_database
from bench.report import Line, show
from bot.cases import new_number
from bot.clock import SystemClock
from bot.conversations import Conversation, Holder
from bot.desk.cases.lookup import Found, look
from bot.desk.cases.proof import Facts
from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree
from bot.store import migrate, open_store
from bot.store.body import to_json
from bot.store.crypto import SealingKey
from bot.store.ids import new_id
from bot.store.keys import KeyRing, new_text, parse
from bot.store.room import place
from bot.store.subject_keys import KEY_BYTES, Sealer

COUNT, LOOKUPS, CHUNK = 1_000_000, 2_000, 10_000
CONTENT = Path(__file__).parents[1] / "content"
CEILING = 50.0
"""Milliseconds that 99 of 100 look-ups may take (issue 3)."""
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(days=2)
_FACTS = Facts(name="王桂英", phone_tail="4321")
_PERSON = {"name": "王桂英", "identity": "420106195001011234", "phone": "13800004321"}
_REGIONS = ("420111", "420106", "110101", "440305", "510104")
_STATES = ("submitted", "accepted", "investigating", "reviewing", "paying")
_TABLES: dict[str, tuple[str, ...]] = {
    "people": ("id", "body", "created_at", "updated_at"),
    "cases": (
        "id", "number_hash", "draft", "person", "helper", "programme", "region", "state", "version", "office_number",
        "priority", "submitted_at", "body", "about", "created_at", "updated_at",
    ),
    "subjects": ("id", "key", "made_at"),
}  # fmt: skip
Rows = dict[str, list[tuple[Any, ...]]]


def some_cases(ring: KeyRing, first: int, count: int, told: int) -> tuple[Rows, list[str]]:
    """Rows of so many cases, each with its person and both their keys; and the numbers of the first `told`, which are sealed
    as the store seals them. The others are as long and as many, under names of their own, but their seals open nothing: a
    look-up opens only what it finds."""
    rows: Rows = {name: [] for name in _TABLES}
    numbers: list[str] = []

    def made(subject: str) -> Sealer:
        secret = os.urandom(KEY_BYTES)
        rows["subjects"].append((subject, ring.seal(secret, "subjects", subject, "key"), NOW))
        return Sealer(ring, SealingKey(secret))

    for at in range(count):
        moment = BEGAN + (first + at) * timedelta(milliseconds=100)  # names in order of time, as they are in life
        case, draft, person = new_id(moment), new_id(moment), new_id(moment)
        if at < told:
            number = new_number()
            key, hashed = made(draft), ring.hash("case", number)
            body = key.seal(to_json({"number": number}, "a case"), place("cases", case, "body"))
            about = key.seal(to_json({"notice": "2026-11"}, "a case"), place("cases", case, "about"))
            who = made(person).seal(to_json(_PERSON, "a person"), place("people", person, "body"))
            numbers.append(number)
        else:
            hashed, key_row = os.urandom(32), rows["subjects"][-1][1]
            rows["subjects"] += [(draft, key_row, NOW), (person, key_row, NOW)]
        rows["people"].append((person, who, NOW, NOW))
        region, state = secrets.choice(_REGIONS), secrets.choice(_STATES)
        case_row = (case, hashed, draft, person, "", "dibao", region, state, 1, f"O{case}", 0, NOW)
        rows["cases"].append((*case_row, body, about, NOW, NOW))
    return rows, numbers


def _chunk(job: tuple[str, int, int, int]) -> tuple[Rows, list[str]]:
    text, first, count, told = job
    return some_cases(parse(text), first, count, told)


def _chunks(text: str, count: int) -> Iterator[tuple[Rows, list[str]]]:
    told = max(1, LOOKUPS * CHUNK // count)
    jobs = [(text, at, min(CHUNK, count - at), told) for at in range(0, count, CHUNK)]
    with multiprocessing.get_context("spawn").Pool() as pool:
        yield from pool.imap(_chunk, jobs)


async def fill(url: str, text: str, count: int) -> list[str]:
    """Put `count` cases into a migrated, empty database; some of their numbers."""
    numbers: list[str] = []
    put = _put_sqlite(url) if url.startswith("sqlite") else await _put_postgresql(url)
    try:
        for rows, some in _chunks(text, count):
            for table, values in rows.items():
                await put(table, values)
            numbers += some
    finally:
        await put.close()
    return numbers


class _put_sqlite:
    """Straight into the files: what is measured later is reading."""

    def __init__(self, url: str) -> None:
        path = Path(make_url(url).database or "")
        self._files = {"subjects": sqlite3.connect(path.with_suffix(".subject-keys"), isolation_level=None)}
        self._files["people"] = self._files["cases"] = sqlite3.connect(path, isolation_level=None)
        for file in self._files.values():
            for pragma in ("synchronous=OFF", "cache_size=-500000", "wal_autocheckpoint=50000"):
                file.execute(f"PRAGMA {pragma}")

    async def __call__(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        columns = _TABLES[table]
        insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        moment = NOW.replace(tzinfo=None).isoformat(" ", "microseconds")
        file = self._files[table]
        file.execute("BEGIN IMMEDIATE")
        file.executemany(insert, ([moment if value is NOW or value == NOW else value for value in row] for row in rows))
        file.execute("COMMIT")

    async def close(self) -> None:
        for file in self._files.values():
            file.close()


async def _put_postgresql(url: str) -> Any:
    connection = await asyncpg.connect(url)

    class Put:
        async def __call__(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
            schema = "subject_keys" if table == "subjects" else "public"
            await connection.copy_records_to_table(table, records=rows, columns=_TABLES[table], schema_name=schema)

        async def close(self) -> None:
            await connection.execute("ANALYZE")
            await connection.close()

    return Put()


async def time_lookups(store: Store, regions: RegionTree, numbers: Sequence[str]) -> tuple[Timing, Timing]:
    """(found, missed): one unit of work each, from its opening to its commit."""
    desk = Desk(store, SystemClock(), regions, EditionKeeper(store, regions))
    found, missed = Timing(), Timing()
    for number in numbers:
        for timing, wanted, expected in ((found, number, Found.FOUND), (missed, new_number(), Found.MISSED)):
            began = time.perf_counter()
            async with store.writing() as work:
                looked = await look(desk, work, _somebody(), wanted, _FACTS)
                await work.commit()
            timing.turns.append(time.perf_counter() - began)
            if looked.found is not expected:
                raise RuntimeError(f"a look-up was {looked.found}, not {expected}")
    return found, missed


def _somebody() -> Conversation:
    """A resident who never guessed before."""
    name = new_id(NOW)
    return Conversation(name, "wechat", "gh_1", name, "", Holder.BOT, "", "", 0, 0, 0, None, None, NOW, NOW)


async def measure(url: str, count: int, kind: str, regions: RegionTree) -> list[Line]:
    """Fill the database at `url`, and the lines of the report."""
    text = new_text()
    await migrate(url)
    store = await open_store(url, parse(text))
    try:
        began = time.perf_counter()
        numbers = await fill(url, text, count)
        note = f"{count:,} cases, filled in {time.perf_counter() - began:.0f} s"
        found, missed = await time_lookups(store, regions, numbers[:LOOKUPS])
    finally:
        await store.close()
    return [
        Line(f"status look-up, {kind}, p50", "ms", found.median, note=note),
        Line(f"status look-up, {kind}, p99", "ms", found.percentile(0.99), ceiling=CEILING),
        Line(f"status look-up that misses, {kind}, p50", "ms", missed.median, note="and counts the guess"),
        Line(f"status look-up that misses, {kind}, p99", "ms", missed.percentile(0.99), ceiling=CEILING),
    ]


async def both(folder: Path, count: int = COUNT) -> list[Line]:
    """On a SQLite file in `folder`, and on a database of our own where PostgreSQL answers; one line says where it does not."""
    regions = RegionTree.from_csv(CONTENT / "regions.csv")
    lines = await measure(f"sqlite:///{folder}/cases.db", count, "sqlite", regions)
    async with own_database("cases") as url:
        if not url:
            return [*lines, Line("status look-up, postgresql", "ms", None, note=ABSENT)]
        return lines + await measure(url, count, "postgresql", regions)


def main(arguments: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="jiuzhutong-cases-") as folder:
        lines = asyncio.run(both(Path(folder), int(arguments[0]) if arguments else COUNT))
    show(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
