"""A workbook out, changed, and in again: a dry run, then every row a draft or none; never more than its sender may."""

from __future__ import annotations

from typing import Any

import pytest

from bot.audit import Deed
from bot.desk.publicity import importing, proposals
from bot.desk.publicity_ports import State
from bot.desk.upload_ports import UploadState
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge.entry import Entry
from bot.knowledge.workbook.comparing import How
from bot.knowledge.workbook.reading import read
from tests.desk.publicity.conftest import Team
from tests.knowledge.workbook.books import changed, column, line_of, small

KINDS = ("hotline", "office", "document")


@pytest.fixture(scope="session")
def content() -> tuple[Entry, ...]:
    """A small edition: what is tested here is the same with a thousand answers."""
    police = {"id": "h-110", "number": "110", "name": "报警电话", "region": "000000", "purpose": "有危险时打"}
    return (*small(), Entry("hotline", "h-110", {**police, "needs": "danger", "verified": "yes"}))


async def hotlines(team: Team) -> bytes:
    return await importing.export(team.desk, team.ed, KINDS)


def renamed(made: Any) -> None:
    sheet = made["热线"]
    sheet.cell(line_of(sheet, "id", "h-12345"), column(sheet, "name")).value = "政务便民热线"


def broken(made: Any) -> None:
    renamed(made)
    sheet = made["热线"]
    sheet.cell(line_of(sheet, "id", "h-110"), column(sheet, "number")).value = "一一〇"


async def drafts(team: Team) -> int:
    async with team.desk.store.reading() as work:
        return len(await work.proposals.list())


async def test_every_row_becomes_a_draft_and_nothing_is_live(team: Team) -> None:
    sent = await importing.upload(team.desk, team.ed, "热线.xlsx", changed(await hotlines(team), renamed))
    assert await drafts(team) == 0
    _, run = await importing.dry_run(team.desk, team.ed, sent.id)
    assert run is not None
    assert (run.lands, run.comparison.count(How.CHANGED)) == (True, 1)
    (made,) = await importing.land(team.desk, team.ed, sent.id)
    assert (made.state, made.author, made.key, made.source) == (State.DRAFT, team.ed.id, "h-12345", f"import:{sent.id}")
    assert made.data == {**await team.entry("h-12345", "hotline"), "name": "政务便民热线"}
    assert (await team.entry("h-12345", "hotline"))["name"] != "政务便民热线"
    after, run = await importing.dry_run(team.desk, team.ed, sent.id)
    assert (after.state, after.changed, run) == (UploadState.DONE, 1, None)
    with pytest.raises(Conflict, match="已经处理过"):
        await importing.land(team.desk, team.ed, sent.id)
    async with team.desk.store.reading() as work:
        assert await work.uploads.content(sent.id) == b"", "a file that did its work is forgotten"


async def test_one_wrong_row_and_none_lands(team: Team) -> None:
    sent = await importing.upload(team.desk, team.ed, "热线.xlsx", changed(await hotlines(team), broken))
    with pytest.raises(BadInput, match="没有作任何改动"):
        await importing.land(team.desk, team.ed, sent.id)
    assert await drafts(team) == 0
    marked = read(await importing.errors(team.desk, team.ed, sent.id))
    assert len(marked.rows) == len(read(await hotlines(team)).rows)


async def test_a_draft_that_cannot_begin_takes_all_others_back(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second row of two fails between dry run and landing: the first is not there either."""

    def two(made: Any) -> None:
        renamed(made)
        sheet = made["热线"]
        sheet.cell(line_of(sheet, "id", "h-110"), column(sheet, "name")).value = "报警"

    sent = await importing.upload(team.desk, team.ed, "热线.xlsx", changed(await hotlines(team), two))
    found, run = await importing.dry_run(team.desk, team.ed, sent.id)
    assert run is not None
    await proposals.start(team.desk, team.eve, "hotline", "h-12345")
    with pytest.raises(Conflict, match="正有人在改"):
        await importing._drafts(team.desk, team.ed, found, run, "")
    assert await drafts(team) == 1
    _, again = await importing.dry_run(team.desk, team.ed, sent.id)
    assert again is not None
    assert [one.reasons for one in again.comparison.outcomes if one.how is How.REFUSED] == [
        ("这一条已有一份没发布的稿子；先处理那一份，再传表",)
    ]


async def test_an_edition_published_meanwhile_is_seen(team: Team) -> None:
    content = changed(await hotlines(team), renamed)
    sent = await importing.upload(team.desk, team.ed, "热线.xlsx", content)
    found, run = await importing.dry_run(team.desk, team.ed, sent.id)
    assert run is not None
    entries = [
        one if one.key != "h-12345" else type(one)(one.kind, one.key, {**one.data, "note": "别人写的"})
        for one in await team.entries()
    ]
    async with team.desk.store.writing() as work:
        await work.editions.publish(entries, 1, "test", "another", team.desk.clock.now())
        await work.commit()
    with pytest.raises(Conflict, match="新的一版"):
        await importing._drafts(team.desk, team.ed, found, run, "")
    _, again = await importing.dry_run(team.desk, team.ed, sent.id)
    assert again is not None
    assert [one.reasons for one in again.comparison.outcomes if one.how is How.REFUSED] == [
        ("下载以后，别人改过这一条；请重新下载，再改一次",)
    ]


async def test_a_county_changes_only_what_is_its_own(team: Team) -> None:
    """T: an editor of Wuhan takes everything out, and may bring back only Wuhan's."""
    content = changed(await importing.export(team.desk, team.wuhan, KINDS), renamed)
    run = await importing.look(team.desk, team.wuhan, content)
    (refused,) = [one for one in run.comparison.outcomes if one.how is How.REFUSED]
    assert "不归您的账号管" in refused.reasons[0]
    assert not run.lands


async def test_files_are_their_senders_alone_and_every_step_is_in_the_log(team: Team) -> None:
    sent = await importing.upload(team.desk, team.ed, "=1+1.xlsx", changed(await hotlines(team), renamed))
    with pytest.raises(NotYours):
        await importing.dry_run(team.desk, team.eve, sent.id)
    with pytest.raises(NotYours):
        await importing.upload(team.desk, team.ann, "x.xlsx", await hotlines(team))
    await importing.drop(team.desk, team.ed, sent.id)
    with pytest.raises(Conflict):
        await importing.drop(team.desk, team.ed, sent.id)
    async with team.desk.store.reading() as work:
        lines = [line async for line, _ in work.audit.lines() if line.deed in (Deed.EXPORT, Deed.CHANGE)]
    told = [(line.deed, line.what.split(":")[0]) for line in lines if line.actor == team.ed.id]
    assert told == [
        (Deed.EXPORT, "workbook"),
        (Deed.CHANGE, "upload"),
        (Deed.EXPORT, "workbook"),
        (Deed.CHANGE, "upload"),
    ]


async def test_what_nobody_went_on_with_is_forgotten(team: Team) -> None:
    sent = await importing.upload(team.desk, team.ed, "热线.xlsx", await hotlines(team))
    async with team.desk.store.writing() as work:
        now = team.desk.clock.now()
        assert await work.uploads.forget(now) == 0
        team.desk.clock.advance(days=31)  # type: ignore[attr-defined]
        assert await work.uploads.forget(team.desk.clock.now()) == 1
        await work.commit()
    found, run = await importing.dry_run(team.desk, team.ed, sent.id)
    assert (found.state, run) == (UploadState.DROPPED, None)


async def test_a_template_has_no_rows(team: Team) -> None:
    book = read(await importing.template(team.desk, team.ed))
    assert (book.rows, book.about.edition) == ([], 0)
    with pytest.raises(BadInput, match="一行都没有填"):
        await importing.upload(team.desk, team.ed, "空.xlsx", await importing.template(team.desk, team.ed))
    with pytest.raises(BadInput, match="至少选一种"):
        await importing.export(team.desk, team.ed, ["words"])
