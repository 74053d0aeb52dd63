"""The cases an officer can read: a household in Chinese words, and what is told it of each programme.

One list in each file of `cases/`; every case is self-contained:

    - 名称: 天津三口之家，平均每人600元
      地方: 120101 天津市和平区       # 户口; left out: not said
      日子: 2026-11-25
      情况: {人数: 3, 收入: 1800, 财产: [], 在领: [], 难事: [], 家里有: [], 今晚缺: []}
      结果: {低保: 可能}              # 可能, 说不准, 可能不大
      其余: 可能不大                  # said of every programme not named, where it is written
      还差: {低保: [财产]}            # exactly what could still settle it
      金额: {低保: 全家每月约1335元}
      依据: {低保: [社会救助法 第18条]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.programmes.assess import Assessment
from bot.programmes.facts import Household
from bot.regions import RegionTree

CASES = Path(__file__).parent / "cases"
KEYS = {"名称", "地方", "日子", "情况", "结果", "其余", "还差", "金额", "依据"}
RESULTS = {"可能": "likely", "说不准": "cannot_tell", "可能不大": "not_likely"}
PROGRAMMES = {
    "救助站": "liulang", "小额快救": "linshi_xiaoe", "急难救助": "linshi_jinan", "支出型救助": "linshi_zhichu",
    "疾病应急": "jibing", "受灾救助": "shouzai", "低保": "dibao", "单人户": "dibao_danren", "特困": "tekun",
    "低保边缘": "bianyuan", "刚性支出": "gangxing", "医疗救助": "yiliao", "教育救助": "jiaoyu", "住房救助": "zhufang",
    "就业救助": "jiuye", "残疾生活补贴": "canji_shenghuo", "残疾护理补贴": "canji_huli", "孤儿": "ertong_guer",
    "无人抚养儿童": "ertong_shishi", "价格补贴": "jiage",
}  # fmt: skip
FACTS = {
    "人数": "household_size", "收入": "household_income", "花费": "rigid_spending", "户口": "hukou_kind", "财产": "assets",
    "在领": "benefits", "家里有": "people", "难事": "troubles", "今晚缺": "tonight", "现在在": "place_now", "父母": "child_parents",
    "谁养": "supporters", "地方": "place",
}  # fmt: skip
WORDS = {
    "hukou_kind": {"城镇": "urban", "农村": "rural"},
    "assets": {"另有房": "second_house", "车": "car", "存款": "savings", "生意": "business"},
    "benefits": {
        "低保": "dibao", "低保边缘": "bianyuan", "刚性支出": "gangxing", "特困": "tekun", "失业金": "unemployment",
        "孤儿补贴": "orphan", "优抚": "veteran", "残疾补贴": "disability_subsidy", "高龄津贴": "elder_allowance",
    },
    "people": {
        "老人": "elder", "孩子": "child", "重残": "severe", "智力三级": "mental", "残疾": "disabled", "重病": "ill",
        "学生": "student", "失业": "jobless",
    },
    "troubles": {
        "突发重病": "illness", "意外": "accident", "受灾": "disaster", "没了收入": "income_lost", "看病花费": "medical_cost",
        "上学花费": "school_cost", "住房": "housing", "急救没钱": "rescue",
    },
    "tonight": {"吃的": "food", "住处": "bed", "取暖": "heat", "药": "medicine"},
    "child_parents": {"能管": "able", "都不在": "orphan", "管不了": "unable"},
    "supporters": {"养得起": "able", "养不起": "weak", "没有": "none"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    file: str
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.data["名称"])

    @property
    def day(self) -> date:
        return date.fromisoformat(str(self.data["日子"]))

    def place(self, tree: RegionTree) -> str:
        """The division code; its name beside it must be the code's."""
        code, _, name = str(self.data.get("地方", "")).partition(" ")
        assert not code or tree.full_name(code) == name, f"{code} is {tree.full_name(code)}, not {name}"
        return code

    def told(self, tree: RegionTree) -> dict[str, Any]:
        told = {FACTS[key]: _value(FACTS[key], said) for key, said in self.data["情况"].items()}
        place = self.place(tree)
        return {**told, "place": {"region": place, "detail": ""}} if place else told


def load() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.yml")):
        for data in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert set(data) <= KEYS, f"{path.name}: {set(data) - KEYS} is no part of a case"
            yield Case(path.stem, data)


def _value(fact: str, said: Any) -> Any:
    if fact in ("household_income", "rigid_spending"):
        low, high = said if isinstance(said, list) else (said, said)
        return {"low": str(low), "high": None if high is None else str(high), "about": low != high, "per": ""}
    if fact == "place_now":
        return {"region": str(said).partition(" ")[0], "detail": ""}
    words = WORDS.get(fact)
    if words is None:
        return said
    return [words[one] for one in said] if isinstance(said, list) else words[said]


def assess(case: Case, edition: Any, tree: RegionTree) -> Assessment:
    household = Household(case.told(tree), case.day, edition.figure)
    return Assessment(edition.programmes.values(), household, edition.chain)
