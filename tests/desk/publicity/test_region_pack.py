"""A county that does not exist joins by filling its workbook: no file is touched, and its wrong version is refused by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.desk.publicity import importing, proposals, publishing
from bot.desk.publicity.importing import DryRun
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.standards import Side
from bot.knowledge.workbook.comparing import How
from bot.regions import Region, RegionTree
from bot.staff import Role, Staff
from tests.desk.conftest import CONTENT
from tests.desk.publicity.conftest import Team, hired
from tests.knowledge.workbook.books import changed, column, line_of

CODE, NAME, DOCUMENT = "420199", "望江县", "望江民发〔2026〕9号"


@pytest.fixture
async def county(team: Team) -> tuple[Team, Staff, Staff]:
    """The real tree with one county more, and its own editor and approver."""
    real = RegionTree.from_csv(CONTENT / "regions.csv")
    tree = RegionTree([*real._regions.values(), Region(CODE, NAME, "望江", 3, "420100")])
    keeper = EditionKeeper(team.desk.store, tree)
    await keeper.refresh()
    there = replace(team, desk=replace(team.desk, regions=tree, editions=keeper))
    return (
        there,
        await hired(there.desk, "wang", Role.EDITOR, (CODE,)),
        await hired(there.desk, "jiang", Role.APPROVER, (CODE,)),
    )


def put(sheet: Any, row: int, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        sheet.cell(row, column(sheet, name)).value = value


def filled(made: Any, amount: str = "812", short: str = "带户口本和身份证，到望江县民政局，问027-80000001。") -> None:
    """As the county's clerk would, from the pack alone."""
    put(made["填表单位"], 3, {"unit": "望江县民政局", "phone": "027-80000001"})
    put(
        made["文件"],
        3,
        {
            "region": CODE,
            "id": DOCUMENT,
            "title": "望江县城乡低保标准的通知",
            "issuer": "望江县民政局",
            "in_force_from": "2026-07-01",
            "status": "现行有效",
            "verified": "已核实",
        },
    )
    standards = made["标准"]
    row = line_of(standards, "programme", "低保")
    put(
        standards,
        row,
        {"urban": amount, "rural": "640", "from": "2026-07-01", "document": DOCUMENT, "verified": "已核实"},
    )
    offices = made["窗口"]
    row = line_of(offices, "kind", "民政局")
    put(offices, row, {"name": "望江县民政局", "serves": "低保、特困", "phone": "027-80000001", "verified": "已核实"})
    put(made["服务时间"], 3, {"spans": "周一到周五 09:00-12:00 14:00-17:00；周六 09:00-11:00"})
    hotlines = made["热线"]
    put(
        hotlines,
        hotlines.max_row + 1,
        {
            "id": "h-wangjiang",
            "number": "027-80000001",
            "name": "望江县救助热线",
            "region": CODE,
            "purpose": "问低保、问救助",
            "needs": "问救助和求助",
            "verified": "已核实",
        },
    )
    told = made["当地答法"]
    row = line_of(told, "wider", "dibao-materials")
    put(
        told,
        row,
        {
            "text": "带户口本和身份证。\n送到望江县民政局。\n不清楚打027-80000001。",
            "short": short,
            "basis": f"{DOCUMENT}｜第三条",
            "from": "2026-07-01",
        },
    )


async def tried(team: Team, wang: Staff, **how: str) -> tuple[str, DryRun]:
    pack = await importing.pack(team.desk, wang, CODE)
    sent = await importing.upload(team.desk, wang, "望江.xlsx", changed(pack, lambda made: filled(made, **how)))
    _, run = await importing.dry_run(team.desk, wang, sent.id)
    assert run is not None
    return sent.id, run


async def test_a_filled_pack_brings_the_county_live(county: tuple[Team, Staff, Staff]) -> None:
    team, wang, jiang = county
    day = team.desk.today()
    assert team.desk.edition.answer("dibao-materials", CODE, day).scope.region != CODE  # type: ignore[union-attr]
    sent, run = await tried(team, wang)
    assert not run.comparison.refused, [(one.row.place, one.reasons) for one in run.comparison.outcomes if one.reasons]
    assert {one.row.sheet for one in run.comparison.outcomes if one.how is How.NEW} == {
        *("文件", "标准", "窗口", "服务时间", "热线", "当地答法")
    }
    made = await importing.land(team.desk, wang, sent)
    assert {one.region for one in made} == {CODE}
    handed = await proposals.submit(team.desk, wang, {one.id: one.version for one in made})
    good = await proposals.approve(team.desk, jiang, {one.id: one.version for one in handed})
    await publishing.publish(team.desk, jiang, {one.id: one.version for one in good})
    await team.live()
    edition = team.desk.edition
    answer = edition.answer("dibao-materials", CODE, day)
    assert answer is not None
    assert answer.text.startswith("带户口本和身份证。")
    assert answer.phrasings == edition.answers["dibao-materials"].phrasings
    near = edition.answer("dibao-materials", "420111", day)
    assert near is not None
    assert near.scope.region != CODE, "the neighbours are told what they were told"
    (line,) = edition.figures("dibao", CODE, day).lines
    assert (line.standard.value(Side.URBAN), line.standard.value(Side.RURAL), line.standard.region) == (
        "812",
        "640",
        CODE,
    )
    assert edition.offices(CODE, "civil_affairs")[0].name == "望江县民政局"
    assert edition.hours.said((CODE, "420100", "000000")).startswith("周一到周五09:00")
    assert edition.hotlines(CODE, "assistance")[0].id == "h-wangjiang"


async def test_a_wrong_pack_is_refused_row_by_row_and_nothing_lands(county: tuple[Team, Staff, Staff]) -> None:
    team, wang, _ = county
    sent, run = await tried(team, wang, amount="八百", short="您不符合条件。")
    told = {one.row.sheet: one.reasons for one in run.comparison.outcomes if one.how is How.REFUSED}
    assert told["标准"] == ("“城镇（元）”“八百”不是金额；只写数字，如 1395",)
    assert "写了“您不符合”" in told["当地答法"][0]
    with pytest.raises(importing.BadInput):
        await importing.land(team.desk, wang, sent)
    async with team.desk.store.reading() as work:
        assert await work.proposals.list() == []


async def test_a_pack_holds_its_own_place_alone(county: tuple[Team, Staff, Staff]) -> None:
    team, wang, _ = county

    def elsewhere(made: Any) -> None:
        filled(made)
        put(made["服务时间"], 3, {"region": "420111"})
        put(made["当地答法"], line_of(made["当地答法"], "wider", "dibao-apply"), {"text": "只有正文。"})

    pack = await importing.pack(team.desk, wang, CODE)
    run = await importing.look(team.desk, wang, changed(pack, elsewhere))
    told = [(one.row.sheet, one.reasons[0]) for one in run.comparison.outcomes if one.how is How.REFUSED]
    assert told == [
        ("服务时间", "地区代码“420111”不在湖北省武汉市望江县里面；这份表只填当地的内容"),
        ("当地答法", "“当地短答案”没有填；补上，或把这一行右边都清空"),
    ]
    with pytest.raises(importing.NotYours):
        await importing.pack(team.desk, wang, "420111")


async def test_an_empty_pack_changes_nothing(county: tuple[Team, Staff, Staff]) -> None:
    team, wang, _ = county
    run = await importing.look(team.desk, wang, await importing.pack(team.desk, wang, CODE))
    assert (run.comparison.outcomes, run.lands) == ((), False)
