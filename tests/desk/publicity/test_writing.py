"""While an editor writes: hints as the check says them, what residents would read, versions for places, and finding things."""

from __future__ import annotations

from datetime import date

import pytest

from bot.channels import CAPABILITIES
from bot.desk.publicity import beginning, proposals
from bot.desk.publicity.finding import Wanted, find
from bot.desk.publicity.hints import hints
from bot.desk.publicity.overrides import above, differing, versions, write_another
from bot.desk.publicity.places import offered
from bot.desk.publicity.previewing import previews
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge.check import check_entries
from bot.knowledge.entry import Entry
from bot.knowledge.workbook.plainly import plainly
from tests.desk.publicity.conftest import KEY, Team

DAYS = "tekun-days"
ONE, TWO = "特困手续走完要多长时间", "特困申请几天有结果"
"""Wordings it has."""


async def test_a_published_answer_is_as_the_whole_check_says(team: Team) -> None:
    """The one that is written and all of them at once: the same refusals and warnings, said of boxes."""
    entries = await team.entries()
    whole = check_entries(entries, team.desk.regions, team.desk.today())
    for key in (KEY, DAYS, "yiqing-tingye"):
        entry = next((one for one in entries if (one.kind, one.key) == ("answer", key)), None)
        if entry is None:
            continue
        found = await hints(team.desk, "answer", key, entry.data, key)
        said = {
            (plainly(one.what), plainly(one.todo)) for one in (*whole.refusals, *whole.warnings) if one.entry == key
        }
        assert {(one.what, one.todo) for one in found.all} == said


async def test_what_hurts_is_refused_beside_its_box(team: Team) -> None:
    data = await team.entry() | {
        "text": "2026年的法律说，您必须先交材料。\n去街道问。\n",
        "short": "一定能办，打12345。",
    }
    found = await hints(team.desk, "answer", KEY, data, KEY)
    (text,), (short,) = ([one for one in found.at(name) if one.refuses] for name in ("text", "short"))
    assert text.what == "写了“必须”，像在命令，改成“要”或“请”"
    assert "一定能" in short.what
    assert found.refusals == 2


async def test_what_is_missing_is_called_as_the_page_calls_it(team: Team) -> None:
    data = beginning.named("answer", beginning.blank(team.desk, team.ed, "answer", "dibao"))
    found = await hints(team.desk, "answer", data["id"], data)
    assert [one.what for one in found.at("title")] == ["缺少“标题”"]
    assert not found.elsewhere(("title", "text", "short"))


async def test_a_second_answer_for_the_same_place_and_days_is_refused(team: Team) -> None:
    data = await team.entry(DAYS) | {"id": "tekun-days-2"}
    found = await hints(team.desk, "answer", "tekun-days-2", data)
    assert any(one.refuses and "管同一件事" in one.what for one in found.at("scope.region"))


async def test_the_same_wording_is_refused_and_a_near_one_is_shown(team: Team) -> None:
    data = await team.entry(DAYS) | {"id": "x", "aspect": "x", "title": "特困要等多久能办好呢"}
    data["phrasings"] = [ONE, f"请问{TWO}", "甲乙丙丁", "子丑寅卯", "天地玄黄", "宇宙洪荒"]
    found = await hints(team.desk, "answer", "x", data)
    assert any(one.refuses and ONE in one.what for one in found.at("phrasings"))
    assert DAYS in [one.answer.id for one in found.near]
    assert await hints(team.desk, "answer", DAYS, await team.entry(DAYS), DAYS) == await hints(
        team.desk, "answer", DAYS, await team.entry(DAYS), DAYS
    )


async def test_a_figure_that_overlaps_another_is_refused_while_it_is_typed(team: Team) -> None:
    rows = [one for one in await team.entries() if one.kind == "standard" and "to" in one.data and "from" in one.data]
    data = dict(rows[0].data) | {"urban": "9999", "to": "2030-12-31"}
    found = await hints(team.desk, "standard", "new", data)
    assert any(one.refuses and "日子重叠" in one.what for one in found.at("from"))


async def test_a_hotline_with_letters_is_refused_at_its_number(team: Team) -> None:
    found = await hints(
        team.desk, "hotline", "h-110", await team.entry("h-110", "hotline") | {"number": "一一〇"}, "h-110"
    )
    assert [one.what for one in found.at("number")] == ["“号码”“一一〇”不是电话号码"]


async def test_whoever_ends_a_document_is_told_what_falls_with_it(team: Team) -> None:
    data = await team.entry("社会救助法", "document")
    found = await hints(team.desk, "document", "社会救助法", {**data, "in_force_to": "2026-12-31"}, "社会救助法")
    (said,) = found.at("in_force_to")
    assert said.what.startswith("2026-12-31以后，有")
    assert not said.refuses
    for end in ("", "2026-13-99", "明天"):
        found = await hints(team.desk, "document", "社会救助法", {**data, "in_force_to": end}, "社会救助法")
        assert all("失去依据" not in one.what for one in found.all)


async def test_previews_show_the_whole_text_in_what_each_channel_carries(team: Team) -> None:
    data = await team.entry() | {"text": "\n".join(f"第{n}句，说的是怎样申请，去哪里办。" for n in range(80)) + "\n"}
    shown = {one.channel: one for one in previews(team.desk, data)}
    assert set(shown) == set(CAPABILITIES)
    for channel, one in shown.items():
        assert all(len(text.encode()) <= CAPABILITIES[channel].text_bytes for text in one.pages)
        together = "".join(one.pages)
        assert all(f"第{n}句" in together for n in range(80)), channel
    assert len(shown["weibo"].pages) > len(shown["wechat"].pages) > 1
    assert len(shown["app"].pages) == 1
    assert shown["app"].footing.startswith("依据：")
    assert "分成" in shown["weibo"].note


async def test_a_preview_with_figures_says_them_for_the_place_asked(team: Team) -> None:
    key = next(one.id for one in team.desk.edition.answers.values() if one.lookup == "standard" and not one.scope.last)
    here = previews(team.desk, await team.entry(key), "420111")[0]
    nowhere = previews(team.desk, await team.entry(key))[0]
    assert "武汉" in "".join(here.pages)
    assert "在哪里看" in nowhere.note


async def test_an_unfinished_answer_can_be_looked_at(team: Team) -> None:
    assert next(one.pages for one in previews(team.desk, {"text": "一句。"})) == ("一句。",)
    assert len(previews(team.desk, {})) == len(CAPABILITIES)


async def test_a_county_writes_its_own_version_of_a_national_answer(team: Team) -> None:
    made = await write_another(team.desk, team.wuhan, DAYS, "420111")
    assert made.data is not None
    assert made.data["scope"] == {"from": "2026-07-01", "region": "420111"}
    assert (made.key, made.region, made.base) == (f"{DAYS}-420111", "420111", "")
    data = {**made.data, "text": "洪山区一般20个工作日办完。\n没消息，请打12345。\n"}
    entries = [*await team.entries(), Entry("answer", made.key, data)]
    async with team.desk.store.writing() as work:
        await work.editions.publish(entries, 1, "test", "", team.desk.clock.now())
        await work.commit()
    await team.keeper.refresh()
    edition = team.desk.edition
    local, wider = edition.answers[made.key], edition.answers[DAYS]
    assert above(edition, local) == wider
    assert above(edition, wider) is None
    changed = {pair.right for pair in differing(local, wider) if pair.how == "changed"}
    assert "洪山区一般20个工作日办完。" in changed
    assert [one.relation for one in versions(edition, wider)] == ["below"]
    found = await find(team.desk, team.wuhan, Wanted(region="420100"))
    assert [(row.key, row.differs) for row in found.rows] == [(made.key, True)]
    with pytest.raises(Conflict):
        await write_another(team.desk, team.wuhan, DAYS, "420111")


async def test_a_version_for_one_channel_and_what_is_no_version(team: Team) -> None:
    made = await write_another(team.desk, team.ed, DAYS, channel="weibo")
    assert made.data is not None
    assert made.data["scope"]["channels"] == ["weibo"]
    for region, channel in (("", ""), ("000000", ""), ("420111", "telegram"), ("999999", "")):
        with pytest.raises(BadInput):
            await write_another(team.desk, team.ed, DAYS, region, channel)
    with pytest.raises(NotYours):
        await write_another(team.desk, team.wuhan, DAYS, "440100")


async def test_finding_by_word_programme_document_day_and_state(team: Team) -> None:
    def keys(found: object) -> set[str]:
        return {row.key for row in found.rows}  # type: ignore[attr-defined]

    desk, ed = team.desk, team.ed
    whole = await find(desk, ed, Wanted())
    assert whole.all == len(whole.rows) == len(desk.edition.answers)
    assert sum(count for _, _, count in whole.tree) == whole.all
    assert DAYS in keys(await find(desk, ed, Wanted(words=ONE)))
    assert keys(await find(desk, ed, Wanted(words=f"{ONE} 没有的字"))) == set()
    assert {row.programme for row in (await find(desk, ed, Wanted(programme="tekun"))).rows} == {"tekun"}
    assert DAYS in keys(await find(desk, ed, Wanted(document="特困认定办法")))
    before = keys(await find(desk, ed, Wanted(day=date(2026, 6, 30))))
    assert DAYS not in before
    assert before
    assert keys(await find(desk, ed, Wanted(state="draft"))) == set()
    draft = await proposals.start(desk, ed, "answer", DAYS)
    assert keys(await find(desk, ed, Wanted(state="draft"))) == {DAYS}
    fresh = beginning.named("answer", beginning.blank(desk, ed, "answer", "dibao"))
    made = await proposals.start(desk, ed, "answer", fresh["id"], fresh)
    assert keys(await find(desk, ed, Wanted(state="draft"))) == {DAYS, made.key}
    assert keys(await find(desk, team.wuhan, Wanted(state="draft"))) == set(), "another place's drafts are not shown"
    assert draft.id != made.id
    with pytest.raises(BadInput):
        await find(desk, ed, Wanted(kind="form"))


async def test_places_are_a_walk_down_the_tree(team: Team) -> None:
    def names(typed: str) -> list[str]:
        return [one.name for one in offered(team.desk, typed)]

    assert names("")[0] == "全国"
    assert "湖北省" in names("")
    assert names("湖北省")[:2] == ["湖北省", "武汉市"]
    assert "洪山区" in names("湖北省武汉市")
    assert "洪山区" in names("洪山")
    assert names("没有这地方") == []
