"""Stories that people of the sandbox live through, step by step, on their simulated phones: what a bureau is shown, and a check
that it still goes that way. A client of the sandbox's page, over HTTP like a browser."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from PIL import Image, ImageDraw

from bot.errors import BadInput

LISTENS = 30.0
"""Seconds until an answer must have come."""
_LOOKS, _SETTLES = 0.15, 0.6
"""How often the screen is looked at, and how long it must have been still."""
_DEEDS = {"说": "text", "点": "tap", "照片": "picture", "菜单": "menu", "提到": "mention", "进来": "enter", "关注": "follow",
          "位置": "location", "语音": "voice"}  # fmt: skip
_MORE = {"换人", "拿手机", "听到", "没有", "记住", "旁白"}
_PHONES = ("wechat", "mini", "weibo")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a person does, and what must be heard then (`heard`: in any order; `not_heard`: nowhere)."""

    deed: str
    """text, tap, picture, menu, mention, enter, follow, location, voice; empty: only the phone changes."""
    said: str = ""
    who: str = ""
    """Somebody else goes on from here."""
    phone: str = ""
    heard: tuple[str, ...] = ()
    not_heard: tuple[str, ...] = ()
    keeps: Mapping[str, str] = field(default_factory=dict)
    """Name → pattern: what is kept of the answer, to be said later as {name}."""
    told: str = ""
    """For whoever watches."""


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    who: str
    about: str
    phone: str
    steps: tuple[Step, ...]


def read_stories(folder: Path) -> list[Story]:
    """Raises BadInput that names the file and the step."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise BadInput(f"{folder} holds no stories (*.yml)")
    return [_story(file) for file in files]


def _story(file: Path) -> Story:
    try:
        row = yaml.safe_load(file.read_text("utf-8"))
        steps = tuple(_step(file, number, one) for number, one in enumerate(row["步骤"], 1))
        phone = str(row.get("手机", "wechat"))
        if phone not in _PHONES:
            raise BadInput(f"{file.name}: there is no phone {phone!r}; use {', '.join(_PHONES)}")
        return Story(str(row["名称"]), str(row["谁"]), str(row.get("说明", "")), phone, steps)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as wrong:
        raise BadInput(f"{file.name} is no story: it needs 名称, 谁 and 步骤 ({type(wrong).__name__})") from wrong


def _step(file: Path, number: int, row: Mapping[str, Any]) -> Step:
    deeds = [key for key in row if key in _DEEDS]
    if len(deeds) > 1 or set(row) - set(_DEEDS) - _MORE:
        raise BadInput(f"{file.name}, step {number}: one of {'、'.join(_DEEDS)}, and {'、'.join(sorted(_MORE))}")
    deed = deeds[0] if deeds else ""
    return Step(
        _DEEDS.get(deed, ""),
        str(row.get(deed, "")) if deed else "",
        str(row.get("换人", "")),
        str(row.get("拿手机", "")),
        tuple(map(str, row.get("听到", ()))),
        tuple(map(str, row.get("没有", ()))),
        {str(name): str(pattern) for name, pattern in (row.get("记住") or {}).items()},
        str(row.get("旁白", "")),
    )


class Otherwise(BadInput):
    """A story that did not go as it is written."""


Say = Callable[[str, str], None]
"""Who (the person, bot, or empty for the narrator) and what: for whoever watches."""


class Player:
    """One person with their phones. `pace`: seconds to read each answer in; 0 for a check."""

    def __init__(self, session: aiohttp.ClientSession, base: str, story: Story, say: Say, pace: float = 0.0) -> None:
        self._session, self._base, self._story, self._say, self._pace = session, base, story, say, pace
        self._who, self._phone = story.who, story.phone
        self._kept: dict[str, str] = {}

    async def play(self) -> None:
        """Raises Otherwise where it goes another way."""
        for number, step in enumerate(self._story.steps, 1):
            if step.told:
                self._say("", step.told)
            self._who, self._phone = step.who or self._who, step.phone or self._phone
            if not step.deed:
                continue
            said = step.said.format_map(self._kept) if self._kept else step.said
            page, person = await self._screen()
            before = [one["seq"] for one in person["messages"]]
            self._say(
                self._story.who, said if step.deed in ("text", "tap", "mention") else f"[{step.deed}] {said}".strip()
            )
            await self._do(page, person, step.deed, said)
            heard = await self._hear(page, person["id"], before, step, number)
            for name, pattern in step.keeps.items():
                found = re.search(pattern, heard)
                if found is None:
                    raise self._otherwise(number, f"nothing like {pattern} to keep as {name}", heard)
                self._kept[name] = found[1] if found.groups() else found[0]
            await asyncio.sleep(self._pace)

    async def _screen(self) -> tuple[str, Mapping[str, Any]]:
        state = await self._get(f"{self._base}/sandbox/api/state")
        page = next(self._base + one["page"] for one in state["phones"] if one["phone"] == self._phone)
        people = (await self._get(f"{page}api/state"))["residents"]
        openid = next((one["id"] for one in people if one["name"] == self._who), "")
        if not openid:
            raise BadInput(f"nobody in the sandbox is called {self._who}")
        return page, await self._get(f"{page}api/residents/{openid}")

    async def _do(self, page: str, person: Mapping[str, Any], deed: str, said: str) -> None:
        address = f"{page}api/residents/{person['id']}"
        if deed == "picture":
            async with self._session.post(f"{address}/picture", data=_paper(said)) as response:
                await self._taken(response)
            return
        act: dict[str, str] = {"kind": deed}
        match deed:
            case "text" | "mention":
                act["text"] = said
            case "tap":
                act["option"] = self._option(person["messages"], said)
            case "menu":
                act["key"] = said
            case "location":
                act["label"] = said or person["place"]
        async with self._session.post(f"{address}/acts", json=act) as response:
            await self._taken(response)

    def _option(self, shown: Sequence[Mapping[str, Any]], label: str) -> str:
        """The newest line on the screen that reads so, or that begins so."""
        for bubble in reversed(shown):
            for option in bubble.get("options", ()):
                if str(option["label"]).startswith(label):
                    return str(option["id"])
        raise Otherwise(f"{self._story.title}: there is no line {label!r} to tap on the screen")

    async def _hear(self, page: str, openid: str, before: Sequence[int], step: Step, number: int) -> str:
        """What came after, once all that must be heard is there and the screen is still."""
        clock = asyncio.get_running_loop()
        until, still, seen, heard = clock.time() + LISTENS, 0.0, len(before), ""
        while clock.time() < until:
            await asyncio.sleep(_LOOKS)
            shown = (await self._get(f"{page}api/residents/{openid}"))["messages"]
            new = [one for one in shown if one["seq"] not in before and one["who"] != "resident"]
            if len(shown) != seen:
                seen, still = len(shown), clock.time()
            heard = "\n".join(_read(one) for one in new)
            if new and clock.time() - still > _SETTLES and all(word in heard for word in step.heard):
                break
        else:
            missing = "、".join(word for word in step.heard if word not in heard) or "any answer"
            raise self._otherwise(number, f"within {LISTENS:.0f} s nothing was heard of {missing}", heard)
        if wrong := [word for word in step.not_heard if word in heard]:
            raise self._otherwise(number, f"{'、'.join(wrong)} should not be said", heard)
        for line in heard.splitlines():
            self._say("bot", line)
        return heard

    def _otherwise(self, number: int, what: str, heard: str) -> Otherwise:
        return Otherwise(f"{self._story.title}, step {number} ({self._story.steps[number - 1].said}): {what}\n{heard}")

    async def _get(self, address: str) -> Any:
        async with self._session.get(address) as response:
            if response.status != 200:
                raise BadInput(f"the sandbox answered {response.status} at {address}; is it on?")
            return await response.json()

    async def _taken(self, response: aiohttp.ClientResponse) -> None:
        if response.status != 202:
            raise BadInput(f"the sandbox did not take that: {(await response.text()).strip()}")


def _paper(said: str) -> bytes:
    """A photo of an invented paper: a sheet with lines, another one for each name."""
    sheet = Image.new("RGB", (480, 320), "#f3efe4")
    pen = ImageDraw.Draw(sheet)
    for number, letter in enumerate(said or "?"):
        pen.line((40, 40 + 24 * number % 240, 60 + ord(letter) % 380, 40 + 24 * number % 240), fill="#444444", width=3)
    made = io.BytesIO()
    sheet.save(made, "JPEG", quality=80)
    return made.getvalue()


def _read(bubble: Mapping[str, Any]) -> str:
    """The words of a bubble and, below, the lines that can be tapped and do not stand in it."""
    text = str(bubble.get("text", ""))
    more = [f"· {one['label']}" for one in bubble.get("options", ()) if str(one["label"]) not in text]
    return "\n".join([text, *more, *([bubble["tail"]] if bubble.get("tail") else ())])
