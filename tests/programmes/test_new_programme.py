"""D8: a programme nobody wrote code for, dropped in as a file, is checked, assessed, asked about and changed like any other."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.knowledge.check import check_folder
from bot.knowledge.difference import How, difference
from bot.knowledge.edition import Edition
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.impact import impact, what_cites
from bot.programmes.amount import estimate
from bot.programmes.assess import Assessment, Result
from bot.programmes.facts import Household
from bot.regions import RegionTree
from tests.knowledge.broken import ROOT
from tests.programmes.households import led

DAY = date(2026, 11, 25)
HEATING = """\
programme:
  id: qunuan
  name: 冬季取暖补助
  plain: 冬天取暖有困难的家庭，帮着付一部分
  group: welfare
  topic: general
  order: '60'
  from: 2026-07-01
  apply:
  - at: hukou
    office: township_window
    text: 去户口所在地的乡镇（街道）问。
    clauses:
    - {document: 社会救助法, clause: 第33条}
  conditions:
  - id: pets
    text: 冬天家里要烧煤或用电取暖
    unmet: 按您说的，家里有集中供暖。
    test: {is: [heating, stove]}
    clauses:
    - {document: 社会救助法, clause: 第33条}
  - id: income
    text: 平均收入低于低保线的两倍
    unmet: 按您说的，平均收入高过线。
    test: {less: [per_person_income, {times: ['2', figure.dibao]}]}
    clauses:
    - {document: 社会救助法, clause: 第33条}
  facts:
  - heating
  - place
  - household_income
  - household_size
  - hukou_kind
  papers: {needed: [], sometimes: [], not_to_ask: []}
  amounts:
  - text: 一个月的低保标准的两成
    term: {times: ['0.2', figure.dibao]}
    unit: year
    per: household
    figure: dibao
    clauses:
    - {document: 社会救助法, clause: 第33条}
"""
FIELD = """
- key: heating
  label: 怎么取暖
  kind: choice
  ask: 冬天家里怎么取暖？
  why: 看能不能补一部分取暖的钱。
  options:
  - {value: stove, label: 烧煤、用电, words: 煤 炉子 电}
  - {value: central, label: 集中供暖, words: 暖气}
"""
TOLD = {
    "heating": "stove", "place": {"region": "120101", "detail": ""}, "household_size": 3,
    "household_income": {"low": "4500", "high": "4500", "about": False, "per": "month"}, "tonight": [], "troubles": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published content with one file more, and one question more."""
    root = tmp_path_factory.mktemp("with_heating") / "content"
    shutil.copytree(ROOT / "content", root)
    (root / "programmes" / "qunuan.yml").write_text(HEATING, encoding="utf-8")
    with (root / "fields.yml").open("a", encoding="utf-8") as fields:
        fields.write(FIELD)
    return root


@pytest.fixture(scope="module")
def entries(folder: Path) -> list[Entry]:
    made_of = {"document", "standard", "field", "form", "consent", "programme"}
    return [one for one in read_folder(folder).entries if one.kind in made_of]


@pytest.fixture(scope="module")
def wider(entries: list[Entry], regions: RegionTree) -> Edition:
    return Edition(2, entries, regions)


def test_it_is_accepted(folder: Path, regions: RegionTree) -> None:
    refused = [str(one) for one in check_folder(folder, regions, DAY).refusals if "qunuan" in str(one)]
    assert refused == []


def test_it_is_asked_about_and_assessed(wider: Edition) -> None:
    steps = list(led(wider, TOLD, DAY))
    assert "heating" in [question for question, _ in steps]
    assert steps[-1][1].verdict("qunuan").result is Result.LIKELY


def test_its_amount_is_worked_out(wider: Edition) -> None:
    found = Assessment(wider.programmes.values(), Household(TOLD, DAY, wider.figure), wider.chain)
    assert [one.text for one in estimate(found, "qunuan")] == ["全家每年约209元"]


def test_who_has_central_heating_is_told_so_kindly(wider: Edition) -> None:
    told = {**TOLD, "heating": "central"}
    verdict = Assessment(wider.programmes.values(), Household(told, DAY, wider.figure), wider.chain).verdict("qunuan")
    assert verdict.result is Result.NOT_LIKELY
    assert [reason.text for reason in verdict.telling] == ["按您说的，家里有集中供暖。"]
    assert verdict.apply is not None


def test_before_its_first_day_it_is_not_there(wider: Edition) -> None:
    found = Assessment(wider.programmes.values(), Household(TOLD, date(2026, 6, 30), wider.figure), wider.chain)
    assert "qunuan" not in [verdict.programme.id for verdict in found.all()]


def test_the_difference_names_it(entries: list[Entry], edition: Edition) -> None:
    before = [one for one in entries if one.key not in ("qunuan", "heating")]
    changes = difference(before, entries)
    assert [(one.how, one.kind, one.key) for one in changes] == [
        (How.ADDED, "field", "heating"), (How.ADDED, "programme", "qunuan"),
    ]  # fmt: skip
    assert any("per_person_income" in line for line in changes[1].lines)


def test_what_hangs_on_a_document_includes_it(wider: Edition) -> None:
    cited = {(one.kind, one.key) for one in what_cites(wider.content, "社会救助法")}
    assert ("programme", "qunuan") in cited
    assert ("programme", "dibao") in cited
    assert ("programme", "qunuan") in {(one.kind, one.key) for one in impact(wider.content, "社会救助法", DAY)}
    # What ended with the old rules does not lose its footing again today.
    old = impact(wider.content, "社会救助暂行办法", DAY)
    assert "programme" not in {one.kind for one in old}
    with pytest.raises(BadInput, match="没有登记"):
        what_cites(wider.content, "没有的文件")
