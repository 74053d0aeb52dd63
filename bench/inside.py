"""Turns inside a form: what one message costs while somebody fills in an application, through engine, desk and store.

What a gateway does around a turn is done here too, untimed: the message is taken in before it, and its replies are written
after it, which is also how a conversation learns which form is open.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.load import Timing
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.ports import TakenIn, Turn
from bot.desk.replying import reply
from bot.messages import Inbound, Kind
from bot.settings import Settings
from bot.wiring import open_desk, open_house
from connectors.engine import HttpEngine

TALKS, SECONDS, FORM = 15, 60.0, {"form": "application", "programme": "dibao"}
SAID = (
    "为什么要问这个",
    "低保要什么材料",
    "不知道",
    "再说一遍",
    "低保多少天能办完",
    "我家三口人",
    "上一步",
    "没有收入",
)
"""What people say at any question of a form: asides, repeats, answers that fit and answers that do not."""


async def turns(home: Path, base: str, secret: str) -> Timing:
    """Of every message said while a form is open."""
    timing, engine = Timing(), HttpEngine(base, secret, SECONDS)
    async with open_house(Settings(home=str(home))) as house:
        desk = await open_desk(house)
        try:
            for _ in range(TALKS):
                sender = uuid4().hex
                await _turn(desk, engine, await _taken(desk, sender, "我要申请低保"), FORM)
                for text in SAID:
                    taken = await _taken(desk, sender, text)
                    if not taken.conversation.form:
                        raise RuntimeError(f"no form is open before {text!r}: there is nothing to time")
                    timing.turns.append(await _turn(desk, engine, taken))
        finally:
            await engine.close()
    timing.seconds = sum(timing.turns)
    return timing


async def _taken(desk: Desk, sender: str, text: str) -> TakenIn:
    return await take_in(desk, Inbound("wechat", "bench", sender, uuid4().hex, Kind.TEXT, datetime.now(UTC), text))


async def _turn(desk: Desk, engine: HttpEngine, taken: TakenIn, meaning: dict[str, Any] | None = None) -> float:
    """Seconds until the engine had answered."""
    told, message = taken.conversation, taken.message
    turn = Turn(told.id, message.id, message.text, meaning, "wechat", told.region, form=told.form)
    began = time.perf_counter()
    replies = await engine.turn(turn)
    seconds = time.perf_counter() - began
    async with desk.store.writing() as work:
        conversation = await work.conversations.get(told.id)
        await reply(desk, work, conversation, message, replies, datetime.now(UTC), "")
        await work.commit()
    return seconds
