"""Whether a miss tells by its time that there is a case (T-28): python -m bench.guesses

Five hundred wrong guesses at numbers that exist and five hundred at numbers that do not, by turns; the medians may differ
by 10 ms at most. What they cost in statements is a test (tests/desk/cases/test_enumeration.py).
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from bench.cases import CONTENT, _somebody, fill
from bench.load import Timing
from bench.report import Line, show
from bot.cases import new_number
from bot.clock import SystemClock
from bot.desk.cases.lookup import Found, look
from bot.desk.cases.proof import Facts
from bot.desk.desk import Desk
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree
from bot.store import migrate, open_store
from bot.store.keys import new_text, parse

GUESSES, CASES = 500, 10_000
CEILING = 10.0
"""Milliseconds between the medians."""
_WRONG = Facts(name="王桂英", phone_tail="0000")
"""One of two is right: as near as a stranger comes."""


async def measure(url: str, kind: str) -> list[Line]:
    """At an empty database."""
    text = new_text()
    await migrate(url)
    store = await open_store(url, parse(text))
    regions = RegionTree.from_csv(CONTENT / "regions.csv")
    desk = Desk(store, SystemClock(), regions, EditionKeeper(store, regions))
    there, nowhere = Timing(), Timing()
    try:
        numbers = (await fill(url, text, CASES))[:GUESSES]
        for at, number in enumerate(numbers):
            pair = [(there, number), (nowhere, new_number())]
            for timing, wanted in pair if at % 2 else reversed(pair):
                began = time.perf_counter()
                async with store.writing() as work:
                    looked = await look(desk, work, _somebody(), wanted, _WRONG)
                    await work.commit()
                timing.turns.append(time.perf_counter() - began)
                if looked.found is not Found.MISSED:
                    raise RuntimeError(f"a wrong guess was {looked.found}")
    finally:
        await store.close()
    apart = abs(there.median - nowhere.median)
    return [
        Line(f"wrong guess at a case, {kind}, p50", "ms", there.median, note=f"{len(there.turns)} guesses"),
        Line(f"guess at no case, {kind}, p50", "ms", nowhere.median, note=f"{len(nowhere.turns)} guesses"),
        Line(f"between the two, {kind}", "ms", apart, ceiling=CEILING),
    ]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="jiuzhutong-guesses-") as folder:
        lines = asyncio.run(measure(f"sqlite:///{Path(folder)}/cases.db", "sqlite"))
    show(lines)


if __name__ == "__main__":
    main()
