"""Group 50,000 logged questions by meaning, whole: rows and vectors unsealed, compared, and each told its group.

    python -m bench.grouping [COUNT]

The questions are our own phrasings as people vary them: a beginning, an ending, a letter lost or doubled, so that no two are
the same. Their vectors are stored before, as in the service, where the console makes them as questions come: that of the phrasing
by the real encoder, turned a little, as a letter lost turns it. What encoding costs is told apart, on a sample.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.asking import Ended
from bot.clock import SystemClock
from bot.desk.asking_ports import Asked, Wanted
from bot.desk.desk import Desk
from bot.desk.publicity.meaning import OwnMeaning
from bot.desk.questions import board, grouping
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.search.encoders import UseEncoder
from bot.knowledge.search.reading import readable
from bot.regions import RegionTree
from bot.store import migrate, open_store
from bot.store.ids import new_id
from bot.store.keys import new_text, parse

COUNT, BAR = 50_000, 60.0
_TALKS, _TURN = 2_000, 0.01
_BEGIN = ("", "请问", "你好，", "我想问", "麻烦问一下，", "那", "在吗，", "咨询一下")
_END = ("", "？", "啊", "呢", "吗", "谢谢", "，急", "，在线等")
_CONTENT = Path(__file__).parents[1] / "content"


def questions(count: int) -> dict[str, str]:
    """Each with the phrasing it came from."""
    chance = random.Random(7)  # the same questions every time
    base = [
        said
        for entry in read_folder(_CONTENT).entries
        if entry.kind == "answer"
        for said in (entry.data["title"], *entry.data["phrasings"])
    ]
    found: dict[str, str] = {}
    while len(found) < count:
        phrasing = said = chance.choice(base)
        at = chance.randrange(len(said))
        said = chance.choice((said, said[:at] + said[at + 1 :], said[:at] + said[at] + said[at:]))
        found[chance.choice(_BEGIN) + said + chance.choice(_END)] = phrasing
    return found


def directions(texts: dict[str, str], encoder: UseEncoder) -> NDArray[np.float32]:
    plain = {said: readable(said) for said in dict.fromkeys(texts.values())}
    begin, cpu = time.monotonic(), time.process_time()
    made = dict(zip(plain, encoder.encode(list(plain.values())), strict=True))
    took, spent = time.monotonic() - begin, time.process_time() - cpu
    print(
        f"encoding: {1000 * took / len(plain):.1f} ms each (processor {1000 * spent / len(plain):.1f} ms)", flush=True
    )
    rows = np.stack([made[said] for said in texts.values()])
    turned = rows + _TURN * np.random.default_rng(9).normal(size=rows.shape).astype(np.float32)
    unit: NDArray[np.float32] = (turned / np.linalg.norm(turned, axis=1, keepdims=True)).astype(np.float32)
    return unit


async def fill(desk: Desk, texts: dict[str, str], rows: NDArray[np.float32]) -> None:
    chance, now = random.Random(8), desk.clock.now()
    said = list(texts)
    async with desk.store.writing() as work:
        talks = [(await work.conversations.open("wechat", "gh", f"o-{n}", now, "bench")).id for n in range(_TALKS)]
        await work.commit()
    for start in range(0, len(said), 5_000):
        async with desk.store.writing() as work:
            vectors: dict[str, bytes] = {}
            for at_row, text in enumerate(said[start : start + 5_000], start):
                at = now - timedelta(minutes=chance.randrange(8 * 7 * 24 * 60))
                outcome = chance.choice((Ended.ANSWERED, Ended.ANSWERED, Ended.DECLINED, Ended.CLARIFIED))
                place = chance.choice(("420111", "420106", "420102", "440305", ""))
                one = Asked(
                    new_id(at), chance.choice(talks), place, "wechat", outcome, "unclear", "", "", 0.5, at, text
                )
                await work.questions.add(one)
                vectors[one.id] = rows[at_row].astype("<f2").tobytes()
            await work.questions.keep_vectors(UseEncoder.name, vectors)
            await work.commit()


async def measure(count: int, folder: Path) -> float:
    """Seconds of the grouping; the rest is printed."""
    url = f"sqlite:///{folder / 'bench.db'}"
    await migrate(url)
    store = await open_store(url, parse(new_text()))
    regions = RegionTree.from_csv(_CONTENT / "regions.csv")
    encoder = UseEncoder()
    meaning = OwnMeaning(store, (encoder,))
    desk = Desk(store, SystemClock(), regions, EditionKeeper(store, regions), meaning=meaning)
    texts = questions(count)
    await fill(desk, texts, directions(texts, encoder))
    print(f"{count:,} questions, no two the same", flush=True)
    begin, cpu = time.monotonic(), time.process_time()
    run = await grouping.regroup(desk)
    took = time.monotonic() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    spent = time.process_time() - cpu
    print(
        f"grouped into {run.teams:,}: {took:.1f} s (processor {spent:.1f} s; process {memory} MB at most)", flush=True
    )
    begin = time.monotonic()
    async with store.reading() as work:
        wanted = Wanted(("000000",), desk.today() - timedelta(weeks=4), desk.today(), outcome="unhelped")
        rows = await board.rows(desk, work, wanted, await work.questions.teams(wanted, board.MOST))
    print(f"board of {len(rows)} groups: {time.monotonic() - begin:.2f} s", flush=True)
    await store.close()
    return took


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with tempfile.TemporaryDirectory(prefix="jiuzhutong-grouping-") as folder:
        took = asyncio.run(measure(count, Path(folder)))
    print(f"bar {BAR:.0f} s: {'kept' if took <= BAR else 'missed'}")
    return int(took > BAR)


if __name__ == "__main__":
    sys.exit(main())
