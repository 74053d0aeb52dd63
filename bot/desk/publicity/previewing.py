"""What a resident would read of an answer somebody is writing: on each channel, for a place and a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.channels import CAPABILITIES
from bot.desk.desk import Desk
from bot.desk.giving import said
from bot.desk.publicity import fixed_words
from bot.knowledge import entry as kinds
from bot.knowledge.answers import Answer
from bot.knowledge.fields import NATION, Fields
from bot.knowledge.workbook.sheets import CHANNEL_NAMES
from bot.messages import Outcome
from bot.pages import footing, texts

CARDS = frozenset({"app", "senior"})
"""Channels whose page is ours: it shows a title and a quiet line below. The others carry plain texts."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer on one channel."""

    channel: str
    name: str
    title: str
    pages: tuple[str, ...]
    """One a message."""
    footing: str
    note: str
    """What the editor should know of it; empty: nothing."""


def previews(desk: Desk, data: Mapping[str, Any], region: str = "", day: date | None = None) -> tuple[Shown, ...]:
    """Of an answer's data, finished or not. `region`: where the resident is; empty: in the answer's own place."""
    answer = Answer.read(Fields(data, _silent), desk.regions)
    place = region or ("" if answer.scope.region in ("", NATION) else answer.scope.region)
    on = day or _day(desk, answer)
    return tuple(_shown(desk, answer, place, on, channel) for channel in CAPABILITIES)


def shown(desk: Desk, kind: str, key: str, data: Mapping[str, Any], region: str = "") -> tuple[Shown, ...]:
    """What residents will meet of an entry; nothing of what they do not read as it stands."""
    if kind == kinds.WORDS:
        return words_shown(desk, key, data, region)
    return previews(desk, data, region) if kind == kinds.ANSWER else ()


def words_shown(desk: Desk, key: str, data: Mapping[str, Any], region: str = "") -> tuple[Shown, ...]:
    """Fixed words as they come in a chat, and for old eyes."""
    text = fixed_words.filled(desk, key, str(data.get("text", "")), region)
    note = "大括号里的，说的时候由程序填" if "{" in text else ""
    return tuple(
        Shown(code, CHANNEL_NAMES[code], "", (text,) if text else (), "", note) for code in ("wechat", "senior")
    )


def _shown(desk: Desk, answer: Answer, region: str, day: date, channel: str) -> Shown:
    reply = replace(said(desk, answer, region, day, channel).reply, choices=())
    if reply.outcome is Outcome.CLARIFIED:
        note = "居民没说地方，先问一句；上面填“在哪里看”就能看到答案"
    elif answer.scope.channels and channel not in answer.scope.channels:
        note = "这条不在这个渠道说"
    else:
        note = ""
    if channel in CARDS:
        return Shown(channel, CHANNEL_NAMES[channel], answer.title, (reply.text,), footing(reply), note)
    pages = tuple(texts(reply, CAPABILITIES[channel]))
    return Shown(channel, CHANNEL_NAMES[channel], "", pages, "", note or _parted(pages, channel))


def _parted(pages: tuple[str, ...], channel: str) -> str:
    if len(pages) < 2:
        return ""
    return f"太长，分成{len(pages)}条发出" + ("；可以另写一份微博用的短文" if channel == "weibo" else "")


def _day(desk: Desk, answer: Answer) -> date:
    """Today, or the nearest day it holds on."""
    day = desk.today()
    if answer.scope.first != date.max and day < answer.scope.first:
        return answer.scope.first
    return min(day, answer.scope.last or day)


def _silent(what: str, todo: str, at: str = "") -> None:
    """What is wrong is said by the hints beside the boxes."""
