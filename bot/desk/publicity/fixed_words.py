"""What the assistant says around the answers: greetings, what it says when nothing is on file, words in danger, letters. The
program knows each by its name: the text can be written anew, none can be added or taken away here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.desk.desk import Desk
from bot.desk.words import hotline, office
from bot.knowledge.fields import NATION

GROUPS: tuple[tuple[str, str], ...] = (
    ("distress", "危急的时候"),
    ("emergency", "危急的时候"),
    ("nearby", "归别的部门管"),
    ("picture", "照片"),
    ("voice", "语音"),
    ("form", "填表"),
    ("precheck", "看看够得上哪些"),
    ("application", "交申请以后"),
    ("lookup", "查进度"),
    ("status", "查进度"),
    ("notice", "主动通知"),
    ("consent", "家人同意"),
    ("continue", "换个地方接着办"),
    ("channel", "换个地方接着办"),
    ("unbind", "我的信息"),
    ("data", "我的信息"),
    ("withdrawn", "我的信息"),
    ("change", "领着救助的时候"),
    ("hearing", "领着救助的时候"),
    ("objection", "不同意的时候"),
    ("person", "找人工"),
    ("wait", "找人工"),
    ("officer", "找人工"),
)
"""By how a name begins."""
OTHERS = "平常说的"
_MARK = re.compile(r"\{[a-z_]+\}")
_NUMBER = re.compile(r"(?<!\d)\d{3,}(?!\d)")


def group_of(key: str) -> str:
    return next((name for start, name in GROUPS if key.startswith(start)), OTHERS)


def title_of(data: Mapping[str, Any]) -> str:
    """Its first line: that is how people know it."""
    return str(data.get("text", "")).strip().split("\n")[0]


def lost(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Numbers and marks that stood in the text and stand there no more: somebody may have relied on them."""
    old, new = str(before.get("text", "")), str(now.get("text", ""))
    for pattern in (_NUMBER, _MARK):
        there = set(pattern.findall(new))
        yield from (one for one in dict.fromkeys(pattern.findall(old)) if one not in there)


def shelves() -> list[str]:
    """The groups in their order."""
    return list(dict.fromkeys((OTHERS, *(name for _, name in GROUPS))))


def filled(desk: Desk, key: str, text: str, region: str = "") -> str:
    """As a resident of a place reads it; what only a turn knows stays in its braces."""
    if key.startswith("distress"):
        return text.strip()  # there the line is a sentence of its own, where a place has one
    place = region or NATION
    return text.replace("{hotline}", hotline(desk, place)).replace("{office}", office(desk, place)).strip()
