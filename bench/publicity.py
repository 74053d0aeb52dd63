"""How long a publication takes with 1,000 answers of 8 wordings each: `python -m bench.publicity [ANSWERS]`.

Vectors are there, as they are when a proposal was submitted; what is timed is what an approver waits for: the check, the
protected questions over both editions where asked for, and the transaction.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import tempfile
import time
from copy import deepcopy
from datetime import date
from pathlib import Path

import numpy as np

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.publicity import proposals, publishing
from bot.desk.publicity.meaning import OwnMeaning
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.search.encoders import Array
from bot.regions import RegionTree
from bot.staff import Role
from bot.store import migrate, open_store
from bot.store.keys import new_text, parse

CONTENT = Path(__file__).parents[1] / "content"


class Instant:
    """Directions by hash: encoding costs nothing, everything else is as in life."""

    def __init__(self, name: str, dimension: int) -> None:
        self.name, self.dimension = name, dimension

    def encode(self, texts: list[str]) -> Array:
        seeds = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "big") for text in texts]
        rows = np.array([np.random.default_rng(seed).standard_normal(self.dimension) for seed in seeds], np.float32)
        rows = rows.reshape(-1, self.dimension)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def many(entries: list[Entry], answers: int) -> list[Entry]:
    """The real content and copies of its answers under other names, each with 7 phrasings and a title of its own."""
    real = [entry for entry in entries if entry.kind == "answer"]
    made = [entry for entry in entries if entry.kind != "answer"]
    for number in range(answers):
        data = deepcopy(dict(real[number % len(real)].data))
        if number >= len(real):
            data |= {"id": f"copy-{number}", "aspect": f"copy{number}", "title": f"{data['title']}之{number}"}
            data["phrasings"] = [f"{text}第{number}种" for text in data["phrasings"][:7]]
        made.append(Entry("answer", data["id"], data))
    return made


async def main(answers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        await migrate(url)
        store = await open_store(url, parse(new_text()))
        tree, clock = RegionTree.from_csv(CONTENT / "regions.csv"), FixedClock.on(date(2026, 11, 26))
        entries = many(read_folder(CONTENT).entries, answers)
        async with store.writing() as work:
            await work.editions.publish(entries, 0, "bench", "", clock.now())
            people = [await work.staff.add(f"bench{n}", "工", [role], ["000000"], [], "system", clock.now())
                      for n, role in enumerate((Role.EDITOR, Role.APPROVER))]  # fmt: skip
            ed, ann = [await work.staff.change(one, "system", clock.now(), state="active") for one in people]
            await work.commit()
        keeper = EditionKeeper(store, tree)
        await keeper.refresh()
        meaning = OwnMeaning(store, (Instant("bench-fast", 512), Instant("bench-slow", 384)))
        desk = Desk(store, clock, tree, keeper, meaning=meaning)
        wordings = [text for one in keeper.current.answers.values() for text in one.wordings]
        await meaning.keep(wordings)
        print(f"{answers} answers, {len(wordings)} wordings")
        for round_ in range(3):
            key = f"copy-{answers - 1 - round_}"
            data = next(dict(one.data) for one in entries if one.key == key)
            draft = await proposals.start(desk, ed, "answer", key)
            draft = await proposals.save(
                desk, ed, draft.id, draft.version, {**data, "text": f"{data['text']}新的一句。\n"}
            )
            (sent,) = await proposals.submit(desk, ed, {draft.id: draft.version})
            began, spent = time.perf_counter(), time.process_time()
            shown = await publishing.preview(desk, ann, [sent.id])
            looked, looking = time.perf_counter(), time.process_time() - spent
            accepted = [one.id for one in shown.protected]
            await publishing.publish(desk, ann, {sent.id: sent.version}, accepted, approving=True)
            done, publishing_ = time.perf_counter(), time.process_time() - spent - looking
            await keeper.refresh()
            live = time.perf_counter()
            print(
                f"shown in {looked - began:.2f} s ({looking:.2f} s of processor), published in {done - looked:.2f} s "
                f"({publishing_:.2f} s of processor), in force {live - done:.2f} s later",
                flush=True,
            )
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
