"""Group what was asked by meaning, on this machine: the missing vectors are made, all are compared, and each question is told
its group. Run beside the console's pages; what it takes long for runs in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from bot.clock import today
from bot.desk.asking_ports import Run, ToGroup, Wanted
from bot.desk.desk import Desk
from bot.desk.publicity_ports import Meaning
from bot.knowledge import grouping
from bot.knowledge.fields import NATION
from bot.knowledge.search.encoders import Array
from bot.knowledge.search.reading import readable

LOOKS_BACK = timedelta(days=180)
MOST = 50_000
"""Questions compared at once; of more the newest."""
_READ, _ENCODED, _WRITTEN = 500, 128, 1000
"""At a time: between two of these the pages of the console, and the turns of residents, have their chance."""
_HALF = np.dtype("<f2")


async def regroup(desk: Desk) -> Run:
    """Every question in words of the last half year in its group. A group keeps its name, and with it what was decided
    about it, as long as most of its questions stay together."""
    since = await _since(desk)
    if desk.meaning:
        await _encode(desk, desk.meaning, since)
    questions = await _read(desk, desk.meaning.encoder if desk.meaning else "", since)
    placed = await asyncio.to_thread(_placed, questions, desk.meaning is not None)
    changed = [(one.id, *now) for one, now in zip(questions, placed, strict=True) if now != (one.team, one.place)]
    for start in range(0, len(changed), _WRITTEN):
        async with desk.store.writing() as work:
            await work.questions.set_teams(changed[start : start + _WRITTEN])
            await work.commit()
    run = Run(desk.clock.now(), len(questions), len({team for team, _ in placed}))
    async with desk.store.writing() as work:
        await work.questions.ran(run)
        await work.commit()
    return run


async def _since(desk: Desk) -> date:
    """The day from which the newest `MOST` were asked."""
    until = today(desk.clock)
    async with desk.store.reading() as work:
        days = await work.questions.count(Wanted((NATION,), until - LOOKS_BACK, until), "day")
    total = 0
    for one in reversed(days):
        total += one.number
        if total > MOST:
            return date.fromisoformat(one.key[0]) + timedelta(days=1)
    return until - LOOKS_BACK


async def _encode(desk: Desk, encoding: Meaning, since: date) -> None:
    while True:
        async with desk.store.reading() as work:
            missing = await work.questions.unencoded(encoding.encoder, since, _ENCODED)
        if not missing:
            return
        rows = await encoding.encode([readable(words) for words in missing.values()])
        made = {one: row.astype(_HALF).tobytes() for one, row in zip(missing, rows, strict=True)}
        async with desk.store.writing() as work:
            await work.questions.keep_vectors(encoding.encoder, made)
            await work.commit()


async def _read(desk: Desk, encoder: str, since: date) -> list[ToGroup]:
    """Those without a vector, where others have one, wait for the next time."""
    found: list[ToGroup] = []
    after = ""
    while True:
        async with desk.store.reading() as work:
            some = await work.questions.to_group(encoder, since, after, _READ)
        found += [one for one in some if one.vector is not None or not encoder]
        if len(some) < _READ:
            return found
        after = some[-1].id
        await asyncio.sleep(0)


def _placed(questions: Sequence[ToGroup], encoded: bool) -> list[tuple[str, int]]:
    if not questions:
        return []
    vectors: Array | None = None
    if encoded:
        vectors = np.stack([np.frombuffer(one.vector or b"", _HALF) for one in questions]).astype(np.float32)
    placed = grouping.group([one.words for one in questions], vectors)
    ids, before = [one.id for one in questions], [one.team for one in questions]
    teams = grouping.names([one.team for one in placed], ids, before)
    return [(team, one.place) for team, one in zip(teams, placed, strict=True)]
