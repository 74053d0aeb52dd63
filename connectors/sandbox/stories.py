"""Stories as they are written: a YAML file each, step by step, in words an officer reads. Read strictly, or a misspelt
expectation would expect nothing.

Where a step goes another way on Weibo, which asks nobody anything personal, the file says what Weibo says: 微博听到, 微博没有,
微博记住. A step that is needed there alone says 只在: 微博.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadInput

_DEEDS = {"说": "text", "点": "tap", "照片": "picture", "菜单": "menu", "提到": "mention", "进来": "enter", "关注": "follow",
          "位置": "location", "语音": "voice"}  # fmt: skip
_OFFICE = {"工作人员接": "claim", "工作人员回": "reply", "工作人员交还": "give_back"}
_EXPECTS = {"听到", "没有", "记住"}
_WEIBO = {f"微博{key}": key for key in sorted(_EXPECTS)}
_MORE = {*_EXPECTS, *_WEIBO, "无应答", "看到", "换人", "拿手机", "旁白", "只在"}
PHONES = ("wechat", "mini", "weibo", "app")
OFFICE = frozenset(_OFFICE.values())
"""What the office does, and nobody with a phone."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a person does, and what must be heard then (`heard`: in any order; `not_heard`: nowhere)."""

    deed: str
    """text, tap, picture, menu, mention, enter, follow, location, voice; claim, reply, give_back by the office; empty: only
    the phone changes."""
    said: str = ""
    who: str = ""
    """Somebody else goes on from here."""
    phone: str = ""
    heard: tuple[str, ...] = ()
    not_heard: tuple[str, ...] = ()
    keeps: Mapping[str, str] = field(default_factory=dict)
    """Name → pattern: what is kept of the answer, to be said or heard later as {name}."""
    told: str = ""
    """For whoever watches."""
    silent: bool = False
    """Nobody answers."""
    seen: tuple[str, ...] = ()
    """What stands on the officer's page then."""
    weibo: Step | None = None
    """What is expected in its place where it is done on Weibo."""
    only: str = ""
    """It belongs only to a story that began on this phone."""

    def on(self, phone: str) -> Step:
        """As it goes on this phone."""
        return self.weibo if phone == "weibo" and self.weibo else self


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    who: str
    about: str
    phone: str
    steps: tuple[Step, ...]

    def on(self, phone: str) -> Story:
        """The same story begun on another phone."""
        return replace(self, phone=phone)


def read_stories(folder: Path) -> list[Story]:
    """Raises BadInput that names the file and the step."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise BadInput(f"{folder} holds no stories (*.yml)")
    return [_story(file) for file in files]


def _story(file: Path) -> Story:
    try:
        row = yaml.safe_load(file.read_text("utf-8"))
        steps = tuple(_step(f"{file.name}, step {number}", one) for number, one in enumerate(row["步骤"], 1))
        phone = str(row.get("手机", "wechat"))
        if phone not in PHONES:
            raise BadInput(f"{file.name}: there is no phone {phone!r}; use {', '.join(PHONES)}")
        return Story(str(row["名称"]), str(row["谁"]), str(row.get("说明", "")), phone, steps)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as wrong:
        raise BadInput(f"{file.name} is no story: it needs 名称, 谁 and 步骤 ({type(wrong).__name__})") from wrong


def _step(where: str, row: Mapping[str, Any]) -> Step:
    known = _DEEDS | _OFFICE
    deeds = [key for key in row if key in known]
    if len(deeds) > 1 or set(row) - set(known) - _MORE:
        raise BadInput(f"{where}: one of {'、'.join(known)}, and {'、'.join(sorted(_MORE))}")
    only, deed = row.get("只在"), deeds[0] if deeds else ""
    if only not in (None, "微博") or (row.get("看到") and deed not in _OFFICE):
        raise BadInput(f"{where}: 只在 is 微博 alone, and 看到 is what the office (工作人员…) sees")
    made = Step(
        known.get(deed, ""),
        str(row.get(deed, "")) if deed else "",
        str(row.get("换人", "")),
        str(row.get("拿手机", "")),
        **_expected(row),
        told=str(row.get("旁白", "")),
        silent=row.get("无应答") is True,
        seen=_words(row.get("看到")),
        only="weibo" if only else "",
    )
    there = {key: row[name] for name, key in _WEIBO.items() if name in row}
    if not there:
        return made
    # What is nowhere said is not said on Weibo either; and what Weibo says like all others is not written twice.
    same = {"没有": row.get("没有")} if "听到" in there else {key: row.get(key) for key in _EXPECTS}
    return replace(made, weibo=replace(made, **_expected(same | there), silent=False))


def _expected(row: Mapping[str, Any]) -> dict[str, Any]:
    keeps = {str(name): str(pattern) for name, pattern in (row.get("记住") or {}).items()}
    return {"heard": _words(row.get("听到")), "not_heard": _words(row.get("没有")), "keeps": keeps}


def _words(listed: Any) -> tuple[str, ...]:
    return tuple(map(str, listed or ()))
