"""What stands in a workbook: a sheet for each kind, its columns, and what codes are called in Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.knowledge import entry as kinds
from bot.knowledge.answers import (
    CHANNELS,
    PROGRAMMES,
    STANDARD_IF_KNOWN,
    STANDARD_LOOKUP,
    SUBSIDY_LOOKUP,
)
from bot.knowledge.contacts import NEEDS, OFFICES
from bot.knowledge.documents import VERIFIED, Status
from bot.knowledge.standards import UNITS

KEY, REMOVE, TODO = "#key", "#remove", "#todo"
"""Columns of ours: which entry a row came from, whether it is to go, and what must be mended."""
YES = "是"
VERIFIED_NAMES = dict(zip(VERIFIED, ("已核实", "部分核实", "没有核实"), strict=True))
STATUS_NAMES = {Status.IN_FORCE.value: "现行有效", Status.REPEALED.value: "已废止", Status.UNKNOWN.value: "没有查明"}
TRIGGERED_NAMES = {"yes": "启动了", "no": "没有启动", "unknown": "没有查到"}
CHANNEL_NAMES = dict(zip(CHANNELS, ("微信", "微博", "应用", "长辈版", "工作人员"), strict=True))
NEED_NAMES = {code: name.replace("、", "和") for code, name in NEEDS.items()}
"""Several stand in one cell, parted by 、."""
LOOKUP_NAMES = {STANDARD_LOOKUP: "当地标准", STANDARD_IF_KNOWN: "知道地方就带标准", SUBSIDY_LOOKUP: "价格补贴"}


class Shape(StrEnum):
    """How a value stands in one cell."""

    TEXT = "text"
    ONE = "one"
    """One of the choices."""
    CODES = "codes"
    """Several of the choices, parted by 、 in the cell and by blanks in the entry."""
    SEVERAL = "several"
    """Several of the choices, a list in the entry."""
    LINES = "lines"
    """A list, one a line."""
    CLAUSES = "clauses"
    """A list of clauses, one a line: 文件｜第几条."""

    SPANS = "spans"
    """A week: 周一到周五 08:30-12:00 13:30-17:00；周六 09:00-12:00."""


@dataclass(frozen=True, slots=True)
class Column:
    """`name`: where the value stands in the entry (`scope.from`); `title`: what people call it."""

    name: str
    title: str
    help: str = ""
    shape: Shape = Shape.TEXT
    choices: Mapping[str, str] = field(default_factory=dict)
    needed: bool = False
    width: int = 16
    fixed: bool = False
    """Only shown: what is typed over it is not read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    kind: str
    title: str
    columns: Sequence[Column]
    about: str


def _one(name: str, title: str, choices: Mapping[str, str], help: str = "从下拉里选", needed: bool = True) -> Column:
    return Column(name, title, help, Shape.ONE, choices, needed)


_REGION = Column("region", "地区代码", "六位行政区划代码，如 420111", needed=True, width=12)
_NAME = Column("region_name", "地区名称", "和代码对得上，如 洪山区", needed=True)
_VERIFIED = _one("verified", "核实", VERIFIED_NAMES)
_NOTE = Column("note", "备注", "给同事看，居民看不到", width=30)
_HOURS = Column("hours", "服务时间", "如 工作日 8:30—17:30")

DOCUMENTS = Sheet(
    kinds.DOCUMENT,
    "文件",
    (
        Column("id", "文件名称", "别的表里用这个名称引用它", needed=True, width=26),
        Column("title", "全称", needed=True, width=40),
        Column("number", "文号", "如 民发〔2022〕83号"),
        Column("issuer", "发文机关", needed=True, width=20),
        Column("dated", "成文日期", "2026-07-01 这样写"),
        Column("in_force_from", "施行日期", "2026-07-01 这样写；没有核实就空着"),
        Column("in_force_to", "最后一天", "2026-07-01 这样写；还有效就空着"),
        _one("status", "效力", STATUS_NAMES),
        Column("replaced_by", "被哪份文件代替", "写那份文件的名称"),
        _VERIFIED,
        _NOTE,
        Column("region", "地区代码", "哪个地方的文件；空着就是全国", width=12),
    ),
    "政策文件。答案、标准、补贴都要写明依据哪份文件，先在这里登记。",
)
ANSWERS = Sheet(
    kinds.ANSWER,
    "答案",
    (
        Column("id", "编号", "小写字母、数字和-，别处没用过", needed=True, width=24),
        Column("title", "标题", "居民最常的问法", needed=True, width=28),
        _one("programme", "事项", PROGRAMMES),
        Column("aspect", "方面", "同一事项、同一方面的答案，小地方的代替大地方的", needed=True),
        Column("text", "答案", "逐字说给居民听；一句说一件事", needed=True, width=60),
        Column("short", "短答案", "最多120个字，写上下一步找谁", needed=True, width=40),
        Column("basis", "依据", "一行一条：文件名称｜第几条", Shape.CLAUSES, width=32),
        Column("history", "历史规定", "一行一条：文件名称｜第几条", Shape.CLAUSES, width=24),
        Column("phrasings", "问法", "一行一种，至少6种", Shape.LINES, needed=True, width=40),
        Column("scope.region", "地区代码", "空着就是全国", width=12),
        Column("scope.from", "第一天", "2026-07-01 这样写", needed=True, width=12),
        Column("scope.to", "最后一天", "2026-07-01 这样写；一直有效就空着", width=12),
        Column("scope.channels", "渠道", "空着就是所有渠道；几个用、隔开", Shape.SEVERAL, CHANNEL_NAMES),
        _one("lookup", "先查什么数", LOOKUP_NAMES, "答案前面带上查到的数；不用就空着", False),
        _one("lookup_programme", "查哪个事项的标准", PROGRAMMES, "和“先查什么数”一起填", False),
    ),
    "居民问到时逐字说出的话。",
)
STANDARDS = Sheet(
    kinds.STANDARD,
    "标准",
    (
        _REGION,
        _NAME,
        Column("area", "哪一片", "整个地方一个数就空着"),
        _one("programme", "事项", PROGRAMMES),
        Column("urban", "城镇（元）", "只写数字"),
        Column("rural", "农村（元）", "只写数字"),
        _one("unit", "单位", UNITS),
        Column("from", "从哪天起", "2026、2026-07 或 2026-07-01，知道几位写几位", width=12),
        Column("to", "到哪天止", "2026-06-30 这样写；还在执行就空着", width=12),
        Column("document", "依据文件", "写“文件”表里的名称", needed=True, width=26),
        _VERIFIED,
        Column("say", "要一起说的话", "居民会看到", width=30),
        _NOTE,
        Column("counties", "包括的区县", "写了“哪一片”时，六位代码，用空格隔开", width=20),
    ),
    "当地公布、正在执行的救助标准。最低标准、平均数、估算的数不要填。",
)
SUBSIDIES = Sheet(
    kinds.SUBSIDY,
    "价格补贴",
    (
        _REGION,
        _NAME,
        Column("month", "月份", "2026-11 这样写", needed=True, width=12),
        _one("triggered", "启动了吗", TRIGGERED_NAMES),
        Column("amount", "每人多少元", "只写数字"),
        Column("paid_on", "发放日", "2026-11-20 这样写", width=12),
        Column("notice", "依据文件", "写“文件”表里的名称", needed=True, width=26),
        _VERIFIED,
        _NOTE,
    ),
    "每个月启动没有、发了多少、哪天发的。",
)
HOTLINES = Sheet(
    kinds.HOTLINE,
    "热线",
    (
        Column("id", "编号", "如 h-12345，别处没用过", needed=True),
        Column("number", "号码", "只写数字和-", needed=True),
        Column("name", "名称", needed=True, width=22),
        _REGION,
        Column("purpose", "什么时候打", "居民会看到", needed=True, width=36),
        Column("needs", "管什么", "几样用、隔开", Shape.CODES, NEED_NAMES, needed=True, width=22),
        _HOURS,
        Column("document", "依据文件", "写“文件”表里的名称", width=26),
        _VERIFIED,
        _NOTE,
    ),
    "居民可以打的电话。号码打通核实过再填“已核实”。",
)
OFFICES_SHEET = Sheet(
    kinds.OFFICE,
    "窗口",
    (
        _REGION,
        Column("name", "名称", "如 某某县民政局社会救助科", needed=True, width=30),
        _one("kind", "哪一类", OFFICES),
        Column("serves", "办什么", "居民会看到", needed=True, width=40),
        Column("phone", "电话", "只写数字和-"),
        _HOURS,
        _VERIFIED,
        _NOTE,
    ),
    "居民可以去的窗口。",
)
HOURS = Sheet(
    kinds.HOURS,
    "服务时间",
    (
        _REGION,
        Column(
            "spans",
            "什么时候有人",
            "如 周一到周五 08:30-12:00 13:30-17:00；周六 09:00-12:00",
            Shape.SPANS,
            needed=True,
            width=60,
        ),
        _NOTE,
    ),
    "人工服务的时间。没有填的地方，照上一级的。",
)
SHEETS: Mapping[str, Sheet] = {
    sheet.kind: sheet for sheet in (DOCUMENTS, ANSWERS, STANDARDS, SUBSIDIES, HOTLINES, OFFICES_SHEET, HOURS)
}
