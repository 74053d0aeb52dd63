"""A question as the desk asks it: its words, what the talk is about, and the place it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.messages import Reply
from bot.regions import Region, RegionTree

_FILLER = re.compile(
    r"(?:不对|不是|说错了?|搞错了?|错了|应该|我们?|俺们?|咱们?|人|现在|目前|家里?|就|都|住|在|喺|是|来自|位于|属于|这边|那边|这里|那里|"
    r"那么?|还有|换成|如果|要是|的话|迁到?|搬到?|转到?|已经|想|请?问|一下|了|的|呢|啊|吧|哦|呀|嘛|\W)++"
)
# Possessive: 说错了 is also 说错 and 了, so a page of it that fails at its end would otherwise be tried in every combination.
_REGISTERED = re.compile("户口|户籍|老家")
"""Says which place is meant where one is named. 户口在河南，人在郑州 names two, and may be asked about."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What the talk is about; the dialogue engine keeps it between turns. No personal data."""

    programme: str = ""
    region: str = ""
    entry: str = ""
    asked: str = ""
    """What the resident was asked: `which`, or `place:<entry>`, with `@<day>` where the question was about another day."""
    clarifications: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    day: date
    channel: str = ""
    intent: str = "ask_policy"
    ranking: Mapping[str, float] = field(default_factory=dict)
    """The chance of every intent; empty where no classifier was asked."""
    meaning: Mapping[str, Any] | None = None
    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class Answered:
    replies: tuple[Reply, ...]
    memory: Memory


@dataclass(frozen=True, slots=True)
class Place:
    """The place a text names, with every region it may mean."""

    regions: tuple[Region, ...]
    only: bool
    """Whether the text says nothing else."""


def place_in(regions: RegionTree, text: str) -> Place:
    """The last place that can mean only one thing counts; else the last one named."""
    found = regions.find(text)
    if not found:
        return Place((), False)
    rest = text
    for match in reversed(found):
        rest = rest[: match.start] + rest[match.end :]
    best = next((match for match in reversed(found) if len(match.candidates) == 1), found[-1])
    if len(found) == 1:
        rest = _REGISTERED.sub("", rest)
    return Place(best.candidates, _FILLER.sub("", rest) == "")
