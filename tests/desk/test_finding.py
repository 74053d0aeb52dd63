"""Search follows the edition in force, and does again only what a publication changed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.clock import FixedClock
from bot.desk import finding
from bot.desk.finding import follow
from bot.desk.ports import Store
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.search.encoders import Array
from bot.knowledge.search.reading import readable
from bot.knowledge.search.shared import SharedRows
from bot.regions import RegionTree

CONTENT = Path(__file__).parents[2] / "content"
FEW = ("dibao-apply", "dibao-materials", "linshi-what")


class Counting:
    """Vectors that depend on the text alone, and how many texts were encoded."""

    dimension = 8

    def __init__(self, name: str) -> None:
        self.name, self.encoded = name, 0

    def encode(self, texts: list[str]) -> Array:
        self.encoded += len(texts)
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=self.dimension) for text in texts]
        made = np.array(rows, np.float32).reshape(len(texts), self.dimension)
        return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    """Three answers with what they stand on."""
    return [one for one in read_folder(CONTENT).entries if one.kind == "document" or one.key in FEW]


async def publish(store: Store, entries: Sequence[Entry], clock: FixedClock) -> None:
    async with store.writing() as work:
        await work.editions.publish(entries, await work.editions.head(), "test", "", clock.now())
        await work.commit()


def changed(entries: Sequence[Entry], **fields: object) -> list[Entry]:
    """With these fields of the first answer changed."""
    return [replace(one, data={**one.data, **fields}) if one.key == FEW[0] else one for one in entries]


async def test_only_what_a_publication_changed_is_done_again(
    store: Store, clock: FixedClock, regions: RegionTree, entries: list[Entry]
) -> None:
    encoders = Counting("fast"), Counting("slow")
    keeper = EditionKeeper(store, regions)
    finder = await follow(keeper, store, encoders)
    await publish(store, entries, clock)
    await keeper.refresh()
    first, made = finder.index, encoders[0].encoded
    assert set(first.entries) == set(FEW)
    assert made >= 20

    await publish(store, changed(entries, text="换了说法，问法没变。"), clock)
    await keeper.refresh()
    assert keeper.current.answers[FEW[0]].text == "换了说法，问法没变。"
    assert finder.index is first, "a text that changed is asked for as before"

    phrasings = next(one for one in entries if one.key == FEW[0]).data["phrasings"]
    await publish(store, changed(entries, phrasings=[*phrasings, "俺想问个新说法"]), clock)
    await keeper.refresh()
    assert encoders[0].encoded == encoders[1].encoded == made + 1
    assert finder.index is not first
    (there,) = [at for at, one in enumerate(finder.index.phrasings) if one.text == "俺想问个新说法"]
    old = {one.text: row for one, row in zip(first.phrasings, first._vectors[0], strict=True)}
    for at, one in enumerate(finder.index.phrasings):
        if at != there:
            assert np.array_equal(finder.index._vectors[0][at], old[one.text])
    assert np.allclose(finder.index._vectors[0][there], encoders[0].encode([readable("俺想问个新说法")])[0], atol=1e-6)


async def test_an_answer_taken_back_is_not_found_any_more(
    store: Store, clock: FixedClock, regions: RegionTree, entries: list[Entry]
) -> None:
    keeper = EditionKeeper(store, regions)
    finder = await follow(keeper, store, (Counting("fast"), Counting("slow")))
    await publish(store, entries, clock)
    await keeper.refresh()
    await publish(store, [one for one in entries if one.key != FEW[0]], clock)
    await keeper.refresh()
    assert {one.entry for one in finder.find("低保怎么申请", top=10)} == set(FEW[1:])


async def test_a_second_process_of_the_machine_reads_no_vectors_again(
    store: Store,
    clock: FixedClock,
    regions: RegionTree,
    entries: list[Entry],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared, encoders = SharedRows(tmp_path), (Counting("fast"), Counting("slow"))
    await publish(store, entries, clock)
    found = []
    for process in range(2):
        keeper = EditionKeeper(store, regions)
        finder = await follow(keeper, store, encoders, shared)
        await keeper.refresh()
        found.append([(one.entry, one.score) for one in finder.find("低保怎么申请")])
        if not process:
            monkeypatch.delattr(finding, "_stored")
    assert found[0] == found[1]


async def test_what_was_built_before_a_process_divided_serves_in_it(
    store: Store, clock: FixedClock, regions: RegionTree, entries: list[Entry]
) -> None:
    encoders = Counting("fast"), Counting("slow")
    await publish(store, entries, clock)
    before = EditionKeeper(store, regions)
    await before.refresh()
    begun = await finding.built_over(before.current, store, encoders)

    keeper = EditionKeeper(store, regions)
    finder = await follow(keeper, store, encoders, built=begun)
    await keeper.refresh()
    assert finder.index is begun.index
    await publish(store, [one for one in entries if one.key != FEW[0]], clock)
    await keeper.refresh()
    assert {one.entry for one in finder.find("低保怎么申请", top=10)} == set(FEW[1:])
