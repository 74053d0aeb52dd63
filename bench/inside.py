"""Turns inside a form: what one message costs while somebody fills in an application, through engine, desk and store."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from bench.load import Timing
from bench.systems import Ours
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.ports import Turn
from bot.messages import Inbound, Kind
from bot.settings import Settings
from bot.wiring import open_desk, open_house

TALKS, FORM = 15, {"form": "application", "programme": "dibao"}
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


async def turns(home: Path, engine: Ours) -> Timing:
    """Every message is taken in as a door would do it, untimed; the turn it leads to is timed."""
    timing = Timing()
    async with open_house(Settings(home=str(home))) as house, aiohttp.ClientSession() as session:
        desk = await open_desk(house)
        for _ in range(TALKS):
            sender = uuid4().hex
            await engine.turn(session, await _taken(desk, sender, "我要申请低保", FORM))
            for text in SAID:
                turn = await _taken(desk, sender, text)
                if not turn.form:
                    raise RuntimeError(f"no form is open before {text!r}: there is nothing to time")
                began = time.perf_counter()
                await engine.turn(session, turn)
                timing.turns.append(time.perf_counter() - began)
    timing.seconds = sum(timing.turns)
    return timing


async def _taken(desk: Desk, sender: str, text: str, meaning: dict[str, Any] | None = None) -> Turn:
    inbound = Inbound("wechat", "bench", sender, uuid4().hex, Kind.TEXT, datetime.now(UTC), text)
    taken = await take_in(desk, inbound)
    conversation = taken.conversation
    return Turn(conversation.id, taken.message.id, text, meaning, "wechat", conversation.region, form=conversation.form)
