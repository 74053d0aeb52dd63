"""Somebody who fills in a form by writing, and the desk behind them: everything but the dialogue engine, in whose place
stands what its actions do. All people here are invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.filling import hearing, opening
from bot.desk.intake import take_in
from bot.desk.ports import Message, TakenIn, Turn
from bot.desk.question import Memory, Question
from bot.desk.turns import TurnWorker
from bot.messages import Reply
from tests.desk.conftest import message

APPLY = "我要申请低保"
WANG, LI, BAO = "420111195803074122", "420111195509113215", "420111201506201015"
ANSWERS: Mapping[str, str] = {
    "notice": "同意",
    "sensitive": "同意",
    "apply_as": "给自己家办",
    "me#1": f"王桂英 {WANG} 13800001234",
    "hukou": "武汉市洪山区关山街道南望山社区，也住那里",
    "household_size": "三口人",
    "member#2": f"老伴 李建国 {LI}",
    "member#3": f"孙子 李小宝 {BAO}",
    "health": "我高血压，能干轻活；老伴中风瘫痪，干不了活；孙子健康",
    "work": "我种地，老伴没干活，孙子上小学",
    "incomes": "我每月养老金一百三；老伴没有",
    "benefits": "都没有",
    "home": "自家的，六十平",
    "assets": "都没有",
    "reasons": "老伴生病，去年开始的",
    "ties": "没有",
    "reach": "在这里说",
    "bank": "跳过",
    "paper_identity": "跳过",
    "paper_medical": "没有",
    "check": "同意",
    "truth": "同意",
    ":summary": "确认",
}
"""What the household of three says to each question of the application for 低保."""


@dataclass
class Acts:
    """The engine as far as forms go: what `actions/forms.py` calls, without Rasa between."""

    desk: Desk
    intents: dict[str, str] = field(default_factory=lambda: {APPLY: "ask_apply", "接着填": "resume"})
    asked: list[Turn] = field(default_factory=list)
    fails_after: bool = False
    """The turn is done and its answer lost."""

    async def turn(self, turn: Turn) -> Sequence[Reply]:
        self.asked.append(turn)
        question = Question(
            turn.text,
            self.desk.today(),
            turn.channel,
            self.intents.get(turn.text, "ask_policy"),
            {},
            turn.meaning,
            Memory(region=turn.region),
        )
        if turn.form:
            heard = await hearing.hear(self.desk, turn.conversation, turn.message_id, turn.form, question, turn.text)
        else:
            heard = await opening.begin(self.desk, turn.conversation, turn.message_id, question)
        if self.fails_after:
            self.fails_after = False
            raise RuntimeError("the answer was lost")
        return heard.replies


class Talk:
    def __init__(self, desk: Desk, sender: str = "o-wang", channel: str = "wechat") -> None:
        self.desk, self.sender, self.channel = desk, sender, channel
        self.acts = Acts(desk)
        self.worker = TurnWorker(desk, self.acts, "w")
        self.rows: Sequence[Message] = ()
        self.number = 0
        self.conversation = ""

    async def take(self, text: str, **more: Any) -> TakenIn:
        self.desk.clock.advance(seconds=5)  # type: ignore[attr-defined]
        inbound = message(text, self.sender, channel=self.channel, sent_at=self.desk.clock.now(), **more)
        taken = await take_in(self.desk, inbound)
        self.number += taken.fresh
        self.conversation = taken.conversation.id
        return taken

    async def say(self, text: str, **more: Any) -> str:
        """What comes back, all of it in one text."""
        taken = await self.take(text, **more)
        await self.work()
        return await self.heard(taken)

    async def work(self) -> None:
        while await self.worker.work_once():
            pass

    async def heard(self, taken: TakenIn) -> str:
        async with self.desk.store.reading() as work:
            self.rows = await work.messages.replies(taken.message.id)
        return "\n".join(row.text for row in self.rows)

    async def tap(self, label: str) -> str:
        for row in reversed(self.rows):
            for number, choice in enumerate(row.choices, 1):
                if label in choice.label:
                    return await self.say(choice.label, choice=f"{row.seq}-{number}")
        raise AssertionError(f"nothing to tap with {label!r} in {[c.label for row in self.rows for c in row.choices]}")

    async def until(self, asked: str) -> Draft:
        """Answer as the household does until this is asked."""
        if not self.conversation:
            await self.say(APPLY)
        for _ in range(40):
            draft = await self.draft()
            if draft.sheet.asked == asked:
                return draft
            await self.say(ANSWERS[draft.sheet.asked])
        raise AssertionError(f"{asked} was never asked")

    async def talk(self) -> Conversation:
        async with self.desk.store.reading() as work:
            return await work.conversations.get(self.conversation)

    async def draft(self, id: str = "") -> Draft:
        """The open one."""
        async with self.desk.store.reading() as work:
            form = id or (await work.conversations.get(self.conversation)).form
            assert form, "no form is open"
            return await work.drafts.get(form)
