"""Stories (`stories`) that people live through, step by step, on their phones: what a bureau is shown, and a check that it still
goes that way on every channel."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.errors import BadInput
from connectors.sandbox.handset import Bubble, Handset, Phones
from connectors.sandbox.stories import OFFICE, Step, Story

LISTENS = 30.0
"""Seconds until an answer must have come."""
LOOKS, SETTLES = 0.15, 0.6
"""How often the screen is looked at, and how long it must have been still."""
WRITES = 3.1
"""How long somebody takes to write a message at least: who sends more than twenty in a minute is asked to wait."""
SILENT = 1.5
"""How long nothing is heard where nobody answers."""
_NUMBER = re.compile(r"^\d+\. ")
"""Before a line of WeChat's menu."""


class Otherwise(BadInput):
    """A story that did not go as it is written."""


Say = Callable[[str, str], None]
"""Who (the person, bot, 工作人员, or empty for the narrator) and what: for whoever watches."""


class Office(Protocol):
    """Who takes up what the bot hands over."""

    async def does(self, deed: str, said: str) -> str:
        """claim (by the one of this name), reply, give_back. What stands on the officer's page then."""
        ...


class Player:
    """One person with their phones. `pace`: seconds to read each answer in; 0 for a check."""

    def __init__(self, phones: Phones, story: Story, say: Say, pace: float = 0.0, office: Office | None = None) -> None:
        self._phones, self._story, self._say, self._pace, self._office = phones, story, say, pace, office
        self._who, self._phone = story.who, story.phone
        self._kept: dict[str, str] = {}
        self._wrote = 0.0

    async def play(self) -> None:
        """Raises Otherwise where it goes another way."""
        for number, told in enumerate(self._story.steps, 1):
            if told.only and told.only != self._story.phone:
                continue
            if told.told:
                self._say("", told.told)
            self._who, self._phone = told.who or self._who, told.phone or self._phone
            step = told.on(self._phone)
            if not step.deed:
                continue
            heard = await self._done(step, number)
            for name, pattern in step.keeps.items():
                found = re.search(pattern, heard)
                if found is None:
                    raise self._otherwise(number, f"nothing like {pattern} to keep as {name}", heard)
                self._kept[name] = found[1] if found.groups() else found[0]
            await asyncio.sleep(self._pace)

    async def _done(self, step: Step, number: int) -> str:
        """What is heard of it."""
        hand, said = await self._phones.of(self._phone, self._who), self._now(step.said)
        shown = await hand.screen()
        before = {one.seq for one in shown}
        if step.deed in OFFICE:
            await self._by_the_office(step, said, number)
            if not (step.heard or step.not_heard or step.silent):
                return ""
        else:
            words = said if step.deed in ("text", "tap", "mention") else f"[{step.deed}] {said}".strip()
            await self._writes()
            self._say(self._who, words)
            await hand.do(*(self._tapped(shown, said, number) if step.deed == "tap" else (step.deed, said)))
        return await self._hear(hand, before, step, number)

    async def _writes(self) -> None:
        clock = asyncio.get_running_loop()
        await asyncio.sleep(self._wrote + WRITES - clock.time())
        self._wrote = clock.time()

    async def _by_the_office(self, step: Step, said: str, number: int) -> None:
        if self._office is None:
            raise BadInput(f"{self._story.title}, step {number}: nobody works here; this story needs an office")
        self._say("工作人员", f"[{step.deed}] {said}".strip())
        page = await self._office.does(step.deed, said)
        if missing := [word for word in map(self._now, step.seen) if word not in page]:
            raise self._otherwise(number, f"{'、'.join(missing)} does not stand on the officer's page", page)

    def _tapped(self, shown: Sequence[Bubble], label: str, number: int) -> tuple[str, str]:
        """The newest line on the screen that reads so, or that begins so; where none can be tapped, its number is typed."""
        for bubble in reversed(shown):
            for option in bubble.options:
                if _NUMBER.sub("", option.label).startswith(label):
                    return "tap", option.id
        for bubble in reversed(shown):
            if bubble.mine:
                break
            if found := re.search(rf"^(\d+)\. {re.escape(label)}", bubble.text, re.MULTILINE):
                return "text", found[1]
        newest = "\n".join(bubble.read for bubble in shown[-3:])
        raise self._otherwise(number, f"there is no line {label!r} to tap on the screen", newest)

    async def _hear(self, hand: Handset, before: set[int], step: Step, number: int) -> str:
        """What came after, once all that must be heard is there and the screen is still."""
        clock, wanted = asyncio.get_running_loop(), [self._now(word) for word in step.heard]
        began, still, seen, heard = clock.time(), 0.0, len(before), ""
        while clock.time() < began + LISTENS:
            await asyncio.sleep(LOOKS)
            shown = await hand.screen()
            new = [one for one in shown if one.seq not in before and not one.mine]
            if len(shown) != seen:
                seen, still = len(shown), clock.time()
            heard = "\n".join(one.read for one in new)
            if step.silent:
                if new:
                    raise self._otherwise(number, "nobody should answer", heard)
                if clock.time() - began > SILENT:
                    return ""
            elif new and clock.time() - still > SETTLES and all(word in heard for word in wanted):
                break
        else:
            missing = "、".join(word for word in wanted if word not in heard) or "any answer"
            raise self._otherwise(number, f"within {LISTENS:.0f} s nothing was heard of {missing}", heard)
        if wrong := [word for word in map(self._now, step.not_heard) if word in heard]:
            raise self._otherwise(number, f"{'、'.join(wrong)} should not be said", heard)
        for line in heard.splitlines():
            self._say("bot", line)
        return heard

    def _now(self, words: str) -> str:
        """With what was kept."""
        return words.format_map(self._kept) if self._kept else words

    def _otherwise(self, number: int, what: str, heard: str) -> Otherwise:
        said = self._story.steps[number - 1].said
        return Otherwise(f"{self._story.title}, step {number} on {self._phone} ({said}): {what}\n{heard}")
