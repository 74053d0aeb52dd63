"""Laws of every conversation in a form: nothing that is no answer changes an answer, nothing unproved is kept, and there is
always a way on. Walked at random from a fixed seed; `make proof` walks farther."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from bot.desk.case_ports import Draft
from bot.forms import readers, steps
from bot.forms.model import Given, Sheet, State
from tests.databases import sqlite_first
from tests.desk.filling.talk import ANSWERS, Talk

NO_ANSWERS = (
    *(
        "低保要公示几天？",
        "为什么要问这个",
        "再说一遍",
        "没听懂，说简单点",
        "看看我填了什么",
        "你是机器人吗",
        "谢谢你啊",
        "吃饭了吗",
    ),
    *(
        "/restart",
        "{{7*7}}",
        "咕噜咕噜咕噜咕噜",
        "？？？",
        "1e308元",
        "我儿子在外地打工好多年没回来了你说这可怎么办呢",
        "😭",
    ),
)
"""What changes nothing, whatever is being asked (but the reason, which may be told in any words)."""
FREE = ("reasons",)


@dataclass
class Walk:
    talk: Talk
    chance: random.Random
    turns: int = 0
    asked: set[str] = field(default_factory=set)

    async def draft(self) -> Draft:
        draft = await self.talk.draft()
        self.asked.add(draft.sheet.asked)
        self.proved(draft.sheet)
        return draft

    def proved(self, sheet: Sheet) -> None:
        """Everything kept is what its reader would give."""
        form = self.talk.desk.edition.form("dibao")
        today = self.talk.desk.today()
        for path, given in sheet.answers.items():
            known = steps.field_of(form, sheet.answers, path)
            assert known is not None, f"{path} is kept and belongs to no question"
            assert given.state is not State.SAID or readers.valid(known, given.value, today), f"{path} is unproved"

    async def step(self) -> None:
        draft = await self.draft()
        self.turns += 1
        # The likelier the answer, the farther the walk comes.
        move = self.chance.choice((self.answer, self.answer, self.no_answer, self.no_answer, self.back, self.pause))
        await move(draft)

    async def answer(self, draft: Draft) -> None:
        if draft.sheet.asked == ":summary":
            await self.change(draft)
            return
        await self.talk.say(ANSWERS[draft.sheet.asked])
        after = await self.draft()
        lost = set(draft.sheet.answers) - set(after.sheet.answers)
        assert not lost, f"{draft.sheet.asked}: {lost} were lost"

    async def no_answer(self, draft: Draft) -> None:
        if draft.sheet.asked in FREE:
            return
        text = self.chance.choice(NO_ANSWERS)
        said = await self.talk.say(text)
        after = await self.draft()
        assert after.sheet.answers == draft.sheet.answers, f"“{text}” at {draft.sheet.asked} changed an answer"
        assert after.sheet.asked == draft.sheet.asked, f"“{text}” at {draft.sheet.asked} led to {after.sheet.asked}"
        assert said.strip(), f"“{text}” at {draft.sheet.asked} got no reply"

    async def back(self, draft: Draft) -> None:
        await self.talk.say("上一步")
        assert (await self.draft()).sheet.answers == draft.sheet.answers

    async def pause(self, draft: Draft) -> None:
        await self.talk.say("先到这吧")
        assert (await self.talk.draft(draft.id)).state == "paused"
        await self.talk.say("接着填")
        after = await self.draft()
        assert (after.id, after.sheet.answers, after.sheet.asked) == (draft.id, draft.sheet.answers, draft.sheet.asked)

    async def change(self, draft: Draft) -> None:
        """A number of the summary leads back to its answer, and from there to the summary."""
        await self.talk.say(f"改{self.chance.randint(1, 12)}")
        await self.home()
        after = await self.draft()
        assert told(after.sheet.answers) == told(draft.sheet.answers)

    async def home(self) -> None:
        """Answering sensibly always leads to the summary."""
        for _ in range(2 * len(ANSWERS)):
            draft = await self.draft()
            if draft.sheet.asked == ":summary":
                return
            await self.talk.say(ANSWERS[draft.sheet.asked])
        raise AssertionError(f"no way from {draft.sheet.asked} to the summary")


def told(answers: Mapping[str, Given]) -> dict[str, object]:
    return {path: given.value for path, given in answers.items() if given.state is State.SAID}


async def walk(talk: Talk, seed: int, turns: int) -> Walk:
    await talk.until("sensitive")
    walked = Walk(talk, random.Random(seed))  # a walk to repeat, no secret
    while walked.turns < turns:
        await walked.step()
    await walked.home()
    assert "回执号" in await talk.say("确认")
    return walked


@sqlite_first
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_random_walk_loses_nothing_and_comes_home(talk: Talk, seed: int) -> None:
    await walk(talk, seed, 60)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(10))
async def test_five_hundred_turns_lose_nothing_and_come_home(talk: Talk, seed: int) -> None:
    walked = await walk(talk, seed, 500)
    assert walked.asked >= {asked for asked in ANSWERS if asked not in ("notice", ":summary")}


@sqlite_first
async def test_every_number_of_the_summary_leads_back_to_its_answer(talk: Talk) -> None:
    draft = await talk.until(":summary")
    form = talk.desk.edition.form("dibao")
    from bot.forms import summary

    for line in summary.lines(form, draft.sheet.answers, talk.desk.today()):
        await talk.say(f"改{line.number}")
        asked = (await talk.draft()).sheet
        assert set(asked.asked_paths) & set(line.paths), f"改{line.number} asks {asked.asked_paths}"
        await talk.say(ANSWERS[asked.asked])
        after = await talk.draft()
        assert after.sheet.asked == ":summary", f"after 改{line.number} {after.sheet.asked} is asked"
        assert told(after.sheet.answers) == told(draft.sheet.answers)
