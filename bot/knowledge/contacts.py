"""Where a resident can turn: hotlines and offices, by place and by need."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.documents import VERIFIED
from bot.knowledge.fields import Fields
from bot.regions import RegionTree

HOTLINE_COLUMNS = ("id", "number", "name", "region", "purpose", "needs", "hours", "document", "verified", "note")
OFFICE_COLUMNS = ("region", "name", "kind", "serves", "phone", "hours", "verified", "note")
NEEDS = {
    "assistance": "问救助、求助",
    "danger": "有危险",
    "violence": "有人伤害您",
    "illness": "急病重伤",
    "fire": "着火被困",
    "traffic": "交通事故",
    "complaint": "投诉催办",
    "work": "失业就业社保",
    "medical": "医保",
    "mind": "心里难受",
    "women": "妇女",
    "youth": "青少年",
    "children": "儿童",
    "law": "法律",
    "disabled": "残疾人",
    "discipline": "举报干部",
}
OFFICES = {
    "township_window": "乡镇（街道）救助窗口",
    "civil_affairs": "民政局",
    "rescue_station": "救助站",
    "medical_insurance": "医保部门",
    "school": "学校",
    "housing": "住房保障部门",
    "employment": "就业服务机构",
    "legal_aid": "法律援助机构",
}


@dataclass(frozen=True, slots=True)
class Hotline:
    """One telephone number and what it is for."""

    id: str
    number: str
    name: str
    region: str
    purpose: str
    needs: tuple[str, ...]
    hours: str
    document: str
    verified: str
    note: str

    @classmethod
    def read(cls, fields: Fields, tree: RegionTree) -> Hotline:
        hotline = cls(
            id=fields.text("id"),
            number=_phone(fields, "number"),
            name=fields.text("name"),
            region=fields.region("region", tree),
            purpose=fields.text("purpose"),
            needs=fields.several("needs", NEEDS),
            hours=fields.text("hours", required=False),
            document=fields.text("document", required=False),
            verified=fields.one_of("verified", VERIFIED),
            note=fields.text("note", required=False),
        )
        fields.end()
        return hotline


@dataclass(frozen=True, slots=True)
class Office:
    """A counter one can go to."""

    region: str
    name: str
    kind: str
    serves: str
    phone: str
    hours: str
    verified: str
    note: str

    @classmethod
    def read(cls, fields: Fields, tree: RegionTree) -> Office:
        office = cls(
            region=fields.region("region", tree),
            name=fields.text("name"),
            kind=fields.one_of("kind", OFFICES),
            serves=fields.text("serves"),
            phone=_phone(fields, "phone", required=False),
            hours=fields.text("hours", required=False),
            verified=fields.one_of("verified", VERIFIED),
            note=fields.text("note", required=False),
        )
        fields.end()
        return office


def _phone(fields: Fields, name: str, required: bool = True) -> str:
    value = fields.text(name, required)
    if value and (len(value) < 3 or not set(value) <= set("0123456789-")):
        fields.complain(name, f"“{value}”不是电话号码", "只写数字和“-”，如 12345 或 027-85750000")
    return value
