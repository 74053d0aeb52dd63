"""Administrative divisions, and the places a resident names. A name with several meanings gives all: ask."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

# Districts every town talks of: they count only right after the place they are in. So does a county without
# its last letter (公安, 和平) when `short` in the table is its whole name, which marks an everyday word.
_VAGUE = "城区 郊区 矿区 东区 西区 江北 巴州 新城区 老城区 城中区 城东区 城西区 城北区 海港区 港口区 新市区"
# Cities that are also words, people or roads: they need 在, 到 … before them, or a wider place in the text.
_UNSURE = "三明 安康 日照 白银 来宾 朝阳 中山 山南 海东 海西 海北 黄南"
_NOT_PLACES = "北京时间 兰州拉面 沙县小吃 三明治 大理石 大同小异 孙中山 重大庆 伟大理"
# Endings people use at each level (恩施州, 长阳县), or did before a place was raised (监利县, 龙海市).
_SPOKEN = {1: {"区": ["自治区"]}, 2: {"州": ["州"]}, 3: {"区": ["县", "市"], "市": ["县"], "县": ["县"]}}
_ALSO = {"内蒙": "150000", "巴州": "652800", "克州": "653000", "锡盟": "152500", "版纳": "532800"}
# Dissolved in 2025 and still said: without them every 江北区 would be the one in 宁波.
_ALSO |= {"江北区": "500157", "江北": "500157", "渝北区": "500157 500109", "渝北": "500157 500109"}

_ROAD = re.compile(r"[东南西北中]?(路(?![边上过费]|[桥南北]区)|街(?![道上头边])|巷|大道)|[岸侧麓]|坡(?!头)")
_NAMED_AFTER = re.compile(r"公园|医院|大学|学院|[小中]学|纪念|.{0,2}[路街巷]")
_TOWNSHIP = re.compile(r"[镇乡村屯寨]|街道|社区|小区")
# 户口在河南，人在鼓楼区: where people are registered says nothing about where they are.
_HOME = re.compile(r"(户口|户籍|老家|籍贯).{0,2}$")
# What may stand around the name when it is the whole answer: 我是监利的.
_BEFORE = re.compile(r"(我们?|俺|咱|人|现在|目前|老家|户口|户籍|家|就|都|住|在|是|来自|位于|属于|\W)*")
_AFTER = re.compile(r"(的|人|这边|那边|这里|那里|呢|啊|吧|哦|呀|\W)*")
_MOST_NAMES = 40
"""Names read of one text. Each is weighed against all others: 300 of them, which nobody means, took 140 ms."""
_HAN, _CUE = re.compile(r"[一-鿿]"), re.compile(r"[在住到去来回是从往自于属口籍家]")
_GLUE, _WIDE_GLUE = re.compile(r"[\s·>/_\-—]*"), re.compile(r"[\s·>/_\-—,，的]*")


class UnknownRegion(LookupError):
    """The code is in no row of the table: ask for the place again, never take a neighbour's."""


@dataclass(frozen=True, slots=True)
class Region:
    """One division: level 0 is the nation, 1 a province, 2 a city, 3 a county."""

    code: str
    name: str
    short: str
    level: int
    parent: str


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """One place named in a text, with every region it may mean."""

    start: int
    end: int
    text: str
    candidates: tuple[Region, ...]


class _Sense(NamedTuple):
    region: Region
    full: bool
    trust: int  # 2 stands alone; 1 needs its province or city in the text; 0 needs it right before


class _Token(NamedTuple):
    start: int
    end: int
    senses: tuple[_Sense, ...]


_Wide = tuple[_Token, Region]  # a province or city, and where in the text it is named


class RegionTree:
    """All divisions, found by code, by their place in the tree, or by the words of a sentence."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._regions: dict[str, Region] = {}
        self._chains: dict[str, tuple[Region, ...]] = {}
        for region in sorted(regions, key=lambda region: (region.level, region.code)):
            self._regions[region.code] = region
            self._chains[region.code] = (region, *(self.chain(region.parent) if region.parent else ()))
        below: dict[str, list[Region]] = {}
        for region in self._regions.values():
            below.setdefault(region.parent, []).append(region)
        self._children = {code: tuple(regions) for code, regions in below.items()}
        self._names = _senses(self._regions)
        self._lengths: dict[str, list[int]] = {}
        for length, first in sorted({(len(name), name[0]) for name in self._names}, reverse=True):
            self._lengths.setdefault(first, []).append(length)

    @classmethod
    def from_csv(cls, path: Path | str) -> RegionTree:
        with open(path, encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            return cls(Region(r["code"], r["name"], r["short"], int(r["level"]), r["parent"]) for r in rows)

    def get(self, code: str) -> Region:
        if code not in self._regions:
            raise UnknownRegion(f"region code {code!r} is not in the region table; ask for the place again")
        return self._regions[code]

    def chain(self, code: str) -> tuple[Region, ...]:
        """The region, then each one above it, to the nation: the order in which policy is looked up."""
        return self._chains[self.get(code).code]

    def children(self, code: str) -> tuple[Region, ...]:
        return self._children.get(self.get(code).code, ())

    def full_name(self, code: str) -> str:
        return "".join(region.name for region in reversed(self.chain(code)[:-1])) or self.get(code).name

    def is_within(self, code: str, ancestor: str) -> bool:
        return self.get(ancestor) in self.chain(code)

    def find(self, text: str) -> list[PlaceMatch]:
        """The places named in a sentence or an address, in order; a chain (湖北武汉洪山) is one place."""
        tokens = list(islice(self._tokens(text), _MOST_NAMES))
        wide = [(t, s.region) for t in tokens for s in t.senses if s.trust and s.region.level < 3]
        matches: list[PlaceMatch] = []
        for token in tokens:
            start, last = token.start, matches[-1] if matches else None
            regions = self._below(text, token, last) if last else []
            if regions:
                start = matches.pop().start
            else:
                regions = self._alone(text, token, last, wide)
            if regions:
                matches.append(PlaceMatch(start, token.end, text[start : token.end], tuple(regions)))
        return matches

    def _inside(self, regions: Iterable[Region], wider: Region) -> list[Region]:
        return [region for region in regions if region != wider and wider in self._chains[region.code]]

    def _tokens(self, text: str) -> Iterator[_Token]:
        start = last_end = 0
        while start < len(text):
            for end in (start + length for length in self._lengths.get(text[start], ())):
                senses = self._names.get(text[start:end]) if end <= len(text) else None
                if senses is None or self._misread(text, start, end, senses, text[last_end:start][-1:]):
                    continue
                road = None if any(sense.full for sense in senses) else _ROAD.match(text, end)
                if senses and not road:
                    yield _Token(start, end, senses)
                start = last_end = road.end() if road else end
                break
            else:
                start += 1

    def _misread(self, text: str, start: int, end: int, senses: tuple[_Sense, ...], before: str) -> bool:
        """Whether the letters are a name by accident: 示范|县, 西|南山区, 义乌市|场, 青岛|市南区, 长安|镇."""
        across = text[end - 1 : end + 1]
        if re.match("市场|区域|县级|区县", across) or re.match("[东西][南北]", before + text[start]):
            return True
        if not any(sense.full for sense in senses):
            return {sense.region.level for sense in senses} == {3} and bool(_TOWNSHIP.match(text, end))
        if (end - start == 2 or text[start] == "路") and _HAN.match(before) and not _CUE.match(before):
            return True
        overlapping = self._names.get(text[end - 1 : end + 2], ()) if text[end - 1] == "市" else ()
        return any(self._inside([sense.region for sense in overlapping], wider.region) for wider in senses)

    def _below(self, text: str, token: _Token, last: PlaceMatch) -> list[Region]:
        """What the name means under the place named right before it."""
        glue = _WIDE_GLUE if token.senses[0].full or token.senses[0].trust == 2 else _GLUE
        if not glue.fullmatch(text, last.end, token.start):
            return []
        ended = not _HAN.match(text, token.end) or text[token.end] in "的人这那"
        fitting = [sense.region for sense in token.senses if sense.full or sense.trust or ended]
        narrower = [region for wider in last.candidates for region in self._inside(fitting, wider)]
        return narrower or [region for region in fitting if region in last.candidates]

    def _alone(self, text: str, token: _Token, last: PlaceMatch | None, wide: list[_Wide]) -> list[Region]:
        """What the name means by itself, narrowed by the provinces and cities named elsewhere in the text."""
        before, after = text[: token.start], text[token.end :]
        whole, framed = (
            not re.search(r"\w", before + after),
            _BEFORE.fullmatch(before) and _AFTER.fullmatch(after),
        )
        sure = [s.region for s in token.senses if s.trust == 2 or whole or (framed and s.trust)]
        meant = sure or [sense.region for sense in token.senses if sense.trust]
        if last and last.end == token.start and token.senses[0].region.level == 3:
            # 武汉市朝阳区 is no place: another city's was not meant. 胶州平度 are two of 青岛.
            here = self._chains[last.candidates[0].code]
            return self._inside(meant, here[-2 if sure else 1]) if here[0].level == 3 else []
        if not sure and _NAMED_AFTER.match(text, token.end):
            return []
        home = _HOME.search(before[-4:]) is None
        for other, place in sorted(wide, key=lambda at: (at[0] > token, abs(at[0].start - token.start))):
            narrowed = self._inside(meant, place)
            if narrowed and home == (_HOME.search(text[: other.start][-4:]) is None):
                return narrowed
        return sure or [region for region in meant if region.level == 2 and _CUE.match(before[-1:])]


def _senses(regions: Mapping[str, Region]) -> dict[str, tuple[_Sense, ...]]:
    """Every way to say each region, and how far each can be trusted."""
    vague, unsure, official = _VAGUE.split(), _UNSURE.split(), {region.name for region in regions.values()}
    found: dict[str, list[_Sense]] = {name: [] for name in _NOT_PLACES.split()}

    def say(name: str, region: Region, full: bool = True, trust: int = 2) -> None:
        found.setdefault(name, []).append(_Sense(region, full, 0 if name in vague else trust))

    for region in filter(lambda region: region.level, regions.values()):
        name, short, county = region.name, region.short, region.level == 3
        say(name, region)
        stem, everyday = (name[:-1], True) if short == name and len(name) == 3 and county else (short, False)
        if everyday and stem != regions[region.parent].short:
            say(stem, region, full=False, trust=0)
        elif short != name:
            weak = county and short[-1] not in "县旗"
            say(short, region, full=county and not weak, trust=2 - (weak or short in unsure))
        for ending in _SPOKEN[region.level].get(name[-1], []) if stem != name and stem[-1] != "县" else []:
            accident = ending == "市" and (everyday or stem[-1] == "城")  # 原则上|城市, 新增|城市
            if not accident and stem + ending not in official:
                say(stem + ending, region)
    for name, codes in _ALSO.items():
        for region in (regions[code] for code in codes.split() if code in regions):
            say(name, region)
    return {name: tuple([s for s in senses if s.trust == 2] or senses) for name, senses in found.items()}
