"""An answer in a resident's words, for the summary and the question that follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.forms.model import Field, Kind
from bot.forms.readers.choices import none_said
from bot.regions import RegionTree

_PER = {"day": "每天", "month": "每月", "year": "每年", "": ""}
_AGREED, _NONE = "已同意", "都没有"


def show(field: Field, value: Any, masked: bool = True, regions: RegionTree | None = None) -> str:
    """The value in words. Masked: of a number its ends, of an address its division; the rest is the resident's own."""
    match field.kind:
        case Kind.IDENTITY | Kind.BANK_CARD | Kind.PHONE:
            return _number(field.kind, str(value), masked)
        case Kind.MONEY:
            return money(value)
        case Kind.DATE:
            return days(value)
        case Kind.YES_NO:
            return _truth(field, bool(value))
        case Kind.CHOICE:
            return _label(field, value)
        case Kind.CHOICES:
            return "、".join(_label(field, one) for one in value) or _none(field)
        case Kind.ADDRESS:
            return _address(value, masked, regions)
        case Kind.PAPER:
            return f"{len(value)}张照片"
        case Kind.AGREE:
            return _AGREED
        case _:
            return str(value)


def money(value: Mapping[str, Any]) -> str:
    """每月约1000元, 300到500元, 2000元以上, 没有."""
    low, high = value["low"], value["high"]
    if low == high == "0":
        return _NONE[1:]
    if high is None:
        amount = f"{low}元以上"
    elif low == "0":
        amount = f"不到{high}元"
    else:
        amount = f"{low}元" if low == high else f"{low}到{high}元"
    return _PER[value["per"]] + ("约" if value["about"] else "") + amount


def days(value: Mapping[str, Any]) -> str:
    """2026年3月15日, 2025年12月, 2025年, or from … to."""
    first, last = date.fromisoformat(value["first"]), date.fromisoformat(value["last"])
    about = "大约" if value["about"] else ""
    if first == last:
        return f"{about}{first.year}年{first.month}月{first.day}日"
    if (first.year, first.month, first.day) == (last.year, last.month, 1):
        return f"{about}{first.year}年{first.month}月"
    if first.year == last.year and (first.month, first.day) == (1, 1):
        return f"{about}{first.year}年"
    return f"{about}{first.year}年{first.month}月{first.day}日到{last.year}年{last.month}月{last.day}日"


def _number(kind: Kind, value: str, masked: bool) -> str:
    if not masked:
        return value
    if kind is Kind.PHONE:
        return f"{value[:3]}****{value[-4:]}"
    head = 3 if kind is Kind.IDENTITY else 0
    return f"{value[:head]}{'*' * 4}{value[-4:]}"


def _truth(field: Field, value: bool) -> str:
    if len(field.options) == 2:
        return field.options[0 if value else 1].label
    has = "有" in field.ask or "有" in field.label
    return ("有" if has else "是") if value else ("没有" if has else "不是")


def _label(field: Field, value: Any) -> str:
    return next((option.label for option in field.options if option.value == value), str(value))


def _none(field: Field) -> str:
    """As the question says it: where it asks what is lacking, 都没有 would say that all is."""
    return "都" + (none_said(field) or _NONE).removeprefix("都")


def _address(value: Mapping[str, Any], masked: bool, regions: RegionTree | None) -> str:
    place = regions.full_name(value["region"]) if regions else ""
    detail = str(value["detail"])
    if masked and len(detail) > 6:
        detail = detail[:6] + "…"
    return place + detail
