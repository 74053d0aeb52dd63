"""An editor's day on a real database: load, look at the difference, publish, be stopped in time, go back, export."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.clock import FixedClock
from bot.desk import content
from bot.desk.ports import Store
from bot.desk.publicity.publishing import NotAccepted
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge.difference import How
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.problems import Refused
from bot.knowledge.search.vectors import text_hash
from bot.regions import RegionTree

GOOD = Path(__file__).parents[1] / "samples" / "broken_content" / "good"
WORDINGS = 4 * 7


@dataclass
class CountingEncoder:
    """Two numbers for every text, and a note of each text it was given."""

    name: str = "counting-1"
    dimension: int = 2
    seen: list[str] = field(default_factory=list)

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        self.seen += texts
        return np.array([[len(text), 1.0] for text in texts], np.float32).reshape(-1, 2)


@dataclass
class Library:
    store: Store
    clock: FixedClock
    regions: RegionTree
    encoders: list[CountingEncoder]


@pytest.fixture
def library(store: Store, regions: RegionTree) -> Library:
    return Library(
        store, FixedClock.on(date(2026, 11, 25)), regions, [CountingEncoder(), CountingEncoder("counting-2")]
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "content"))


def edit(folder: Path, old: str, new: str, name: str = "faq/dibao.yml") -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


async def published(library: Library, folder: Path, actor: str = "wang") -> int:
    await content.load(library, folder, actor)
    number = await content.publish(library, f"{actor}, looked at by li")
    await content.note_published(library, folder, number)
    return number


async def test_the_first_load_is_all_new_and_the_first_edition_is_one(library: Library, folder: Path) -> None:
    loaded = await content.load(library, folder, "wang", "第一次")
    assert (loaded.base, {change.how for change in loaded.changes}) == (0, {How.ADDED})
    assert await content.publish(library, "li") == 1
    only = (await content.editions(library))[0]
    assert (only.number, only.base, only.actor, only.note) == (1, 0, "li", "第一次")


async def test_every_wording_is_encoded_once_and_publishing_encodes_nothing(library: Library, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    loaded = await content.load(library, folder, "wang", progress=lambda done, total: told.append((done, total)))
    assert loaded.encoded == 2 * WORDINGS
    assert told[-1] == (2 * WORDINGS, 2 * WORDINGS)
    before = [len(encoder.seen) for encoder in library.encoders]
    assert await content.publish(library, "li") == 1
    assert await content.note_published(library, folder, 1)
    edit(folder, "- 低保线多少钱", "- 低保线是哪年定的")
    assert (await content.load(library, folder, "wang")).encoded == 2
    await content.publish(library, "li")
    assert [len(encoder.seen) for encoder in library.encoders] == [count + 1 for count in before]
    async with library.store.reading() as work:
        assert set(await work.vectors.get("counting-1", [text_hash("低保线是哪年定的")])) == {
            text_hash("低保线是哪年定的")
        }


async def test_a_load_that_was_interrupted_goes_on_where_it_stopped(library: Library, folder: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done > WORDINGS:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await content.load(library, folder, "wang", progress=stop)
    loaded = await content.load(library, folder, "wang")
    assert loaded.encoded == 0, "every finished batch was kept"


async def test_a_change_is_shown_before_it_is_published(library: Library, folder: Path) -> None:
    await published(library, folder)
    edit(folder, "写好申请，交上要的材料。", "写好申请就行。")
    loaded = await content.load(library, folder, "li")
    assert [(change.how, change.key) for change in loaded.changes] == [(How.CHANGED, "dibao-apply")]
    assert loaded.changes[0].lines == ("- text: 写好申请，交上要的材料。", "+ text: 写好申请就行。")
    async with library.store.reading() as work:
        assert await work.editions.head() == 1, "a draft is not published"


async def test_broken_files_change_nothing(library: Library, folder: Path) -> None:
    await published(library, folder)
    edit(folder, "  short: 标准各地自己定，可打12345问。\n", "")
    with pytest.raises(Refused, match="dibao-standard：缺少“short”；补上") as refused:
        await content.load(library, folder, "li")
    assert len(refused.value.problems) == 1
    with pytest.raises(BadInput, match="没有草稿可发布"):
        await content.publish(library, "li")


async def test_files_older_than_what_is_published_are_not_loaded_over_it(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    await published(library, folder)
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    edit(other, "写好申请，交上要的材料。", "写好申请就行。")
    assert await published(library, other) == 2
    edit(folder, "- 低保线多少钱", "- 低保线几多钱")
    with pytest.raises(Conflict, match="来自第1版，现在用的是第2版，中间有人改过；先 content export"):
        await content.load(library, folder, "zhao")


async def test_files_that_do_not_know_where_they_came_from(library: Library, folder: Path) -> None:
    await content.load(library, folder, "wang")
    await content.publish(library, "li")
    await content.load(library, folder, "wang")  # the first edition's own files: nothing else can be published yet
    await published(library, folder)
    (folder / content.BASE_FILE).unlink()
    with pytest.raises(Conflict, match="没有记着从哪一版来"):
        await content.load(library, folder, "zhao")
    (folder / content.BASE_FILE).write_text("two", encoding="ascii")
    with pytest.raises(BadInput, match="读不懂"):
        await content.load(library, folder, "zhao")


async def test_a_draft_is_not_published_over_a_newer_edition(library: Library, folder: Path) -> None:
    await published(library, folder)
    edit(folder, "- 低保线多少钱", "- 低保线几多钱")
    await content.load(library, folder, "wang")
    async with library.store.writing() as work:
        draft = await work.editions.draft()
        await work.editions.publish(await work.editions.read(1), 1, "zhao", "from the office", library.clock.now())
        assert draft
        await work.editions.save_draft(draft[2], draft[0], "wang", draft[1], library.clock.now())
        await work.commit()
    with pytest.raises(Conflict, match="made from edition 1, but edition 2 is published"):
        await content.publish(library, "li")


async def test_going_back_makes_a_new_edition_of_the_old_entries(library: Library, folder: Path) -> None:
    await published(library, folder)
    edit(folder, "写好申请，交上要的材料。", "写好申请就行。")
    await published(library, folder)
    assert await content.rollback(library, 1, "li") == 3
    keeper = EditionKeeper(library.store, library.regions)
    await keeper.refresh()
    assert keeper.current.number == 3
    assert "交上要的材料" in keeper.current.answers["dibao-apply"].text
    assert (await content.editions(library))[-1].note == "退回第1版"


async def test_going_back_is_refused_when_the_old_edition_no_longer_holds(library: Library, folder: Path) -> None:
    edit(folder, "2018-11-22,2019-05-01,,in_force", "2018-11-22,2019-05-01,2026-12-31,in_force", "documents.csv")
    edit(folder, "{region: '310000', from: 2026-07-01}", "{region: '310000', from: 2026-07-01, to: 2026-12-31}")
    await published(library, folder)
    edit(folder, "- 低保线多少钱", "- 低保线几多钱")
    await published(library, folder)
    library.clock.advance(days=60)
    with pytest.raises(Refused, match="沪条例：2026-12-31已到期，状态还写着 in_force"):
        await content.rollback(library, 1, "li")
    with pytest.raises(BadInput, match="第2版就是现在用的这一版"):
        await content.rollback(library, 2, "li")
    with pytest.raises(BadInput):
        await content.rollback(library, 9, "li")


async def test_an_old_edition_whose_wordings_no_new_encoder_knows(library: Library, folder: Path) -> None:
    await published(library, folder)
    edit(folder, "- 低保线多少钱", "- 低保线几多钱")
    await published(library, folder)
    library.encoders = [CountingEncoder("counting-3")]
    with pytest.raises(BadInput, match=f"第1版有{WORDINGS}种问法还没有向量"):
        await content.rollback(library, 1, "li")


async def test_export_load_export_gives_the_same_bytes(library: Library, folder: Path, tmp_path: Path) -> None:
    await published(library, folder)
    names = await content.export(library, tmp_path / "one")
    assert await published(library, tmp_path / "one") == 2
    assert await content.export(library, tmp_path / "two") == names
    for name in names:
        assert (
            (tmp_path / "one" / name).read_bytes()
            == (tmp_path / "two" / name).read_bytes()
            == (GOOD / name).read_bytes()
        )


async def test_an_export_leaves_no_answer_behind_that_the_edition_does_not_have(library: Library, folder: Path) -> None:
    await published(library, folder)
    (folder / "faq" / "old.yml").write_text("answers: []\n", encoding="utf-8")
    await content.export(library, folder, force=True)
    assert [path.name for path in (folder / "faq").iterdir()] == ["dibao.yml"]
    assert (folder / content.BASE_FILE).read_text(encoding="ascii").startswith("1 ")


async def test_work_that_was_not_published_is_not_written_over(library: Library, folder: Path) -> None:
    await published(library, folder)
    await content.export(library, folder)
    edit(folder, "写好申请，交上要的材料。", "写好申请就行。")
    with pytest.raises(Conflict, match="里有还没发布的改动，写上去就没了"):
        await content.export(library, folder)
    await published(library, folder)
    await content.export(library, folder, 1)
    assert "交上要的材料" in (folder / "faq" / "dibao.yml").read_text(encoding="utf-8")


async def test_what_falls_with_a_document(library: Library, folder: Path) -> None:
    with pytest.raises(BadInput, match="还没有发布过任何一版"):
        await content.what_falls(library, "救助法", date(2026, 12, 1))
    await published(library, folder)
    fallen = await content.what_falls(library, "救助法", date(2026, 12, 1))
    assert [one.key for one in fallen] == ["dibao-apply", "dibao-standard", "h-12345"]


async def test_who_loaded_it_does_not_publish_it(library: Library, folder: Path) -> None:
    await content.load(library, folder, "wang")
    assert await content.publish(library, "wang") == 1, "the first edition replaces nothing"
    edit(folder, "写好申请，交上要的材料。", "写好申请就行。")
    await content.load(library, folder, "wang")
    with pytest.raises(NotYours, match="另一位同事"):
        await content.publish(library, "wang")
    assert await content.publish(library, "li") == 2
    async with library.store.reading() as work:
        told = [(line.actor, line.what) async for line, _ in work.audit.lines()]
    assert told == [("cli:wang", "edition:1"), ("cli:li", "edition:2")]


async def test_protected_questions_are_accepted_by_name_on_the_command_line_too(library: Library, folder: Path) -> None:
    (folder / "protected.csv").write_text(
        "id,question,region,expect,why\nq-1,怎么申请低保呀,,answer:dibao-apply,常问\n", encoding="utf-8"
    )
    edit(folder, "  phrasings:\n", "  phrasings:\n  - 怎么申请低保呀\n")
    await published(library, folder)
    before = await content.editions(library)
    (folder / "protected.csv").unlink()
    await content.load(library, folder, "wang")
    with pytest.raises(NotAccepted) as left:
        await content.publish(library, "li")
    assert left.value.changed[0].id == "q-1"
    assert len(await content.editions(library)) == len(before)
    assert await content.publish(library, "li", accepted=["q-1"]) == 2
    async with library.store.reading() as work:
        told = [(line.actor, line.what) async for line, _ in work.audit.lines()]
    assert ("cli:li", "protected:q-1") in told


async def test_a_new_installation_publishes_its_files_once(library: Library, folder: Path) -> None:
    assert await content.ensure_published(library, folder) == 1
    assert await content.ensure_published(library, folder) == 1
    assert [edition.actor for edition in await content.editions(library)] == ["system"]


@pytest.mark.parametrize("actor", ["", "  "])
async def test_nobody_changes_anything_without_a_name(library: Library, folder: Path, actor: str) -> None:
    for doing in (
        content.load(library, folder, actor),
        content.publish(library, actor),
        content.rollback(library, 1, actor),
    ):
        with pytest.raises(BadInput, match="加上 --as 名字"):
            await doing
