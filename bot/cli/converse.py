"""Whole conversations from JSON lines, through intake, turns and outbox with the engine in this process."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bot.conversations import ASIDE
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.outbox import claim_passive, left_passively
from bot.desk.ports import Engine, Message, Turn
from bot.desk.turns import TurnWorker
from bot.errors import BadInput
from bot.messages import Inbound, Kind, Reply
from bot.settings import Settings

_READ_WITHIN = 60.0
"""Seconds in which no outbox touches the replies: they are read here as soon as they are written."""


async def converse(settings: Settings) -> None:
    """One line in, one line out: {conversation, replies[{text, choices}], holder}."""
    from bot.cli.engine import InProcessEngine, open_engine

    async with open_engine(settings) as (agent, desk):
        engine = InProcessEngine(agent)
        run = uuid4().hex
        for number, line in enumerate(sys.stdin, 1):
            if line.strip():
                told = await say(desk, engine, _row(line, number), run)
                print(json.dumps(told, ensure_ascii=False), flush=True)


def _row(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(f'line {number} is not JSON; write {{"conversation": …, "channel": …, "text": …}}') from error
    if (
        not isinstance(row, dict)
        or not isinstance(row.get("conversation"), str)
        or not isinstance(row.get("text"), str)
    ):
        raise BadInput(f"line {number} needs the strings conversation and text")
    return row


async def say(desk: Desk, engine: Engine, row: dict[str, Any], run: str) -> dict[str, Any]:
    """Take one message in, answer all that waits, and read what was said. A gateway that works on the same database
    meanwhile leaves it alone, and this leaves alone what waits for the gateway."""
    inbound = Inbound(
        channel=ASIDE,
        account=run,
        sender=row["conversation"],
        message_id=uuid4().hex,
        kind=Kind.TEXT,
        sent_at=datetime.now(UTC),
        text=row["text"],
        may_send=5,
        may_send_seconds=172_800,
    )
    taken = await take_in(desk, inbound, passive_seconds=_READ_WITHIN)
    worker = TurnWorker(desk, _On(engine, str(row.get("channel") or "wechat")), "converse", aside=run)
    while await worker.work_once():
        pass
    rows: Sequence[Message] = await claim_passive(desk, taken.conversation.id, taken.message.id, lambda rows: True)
    await left_passively(desk, rows, taken.message.id)
    async with desk.store.reading() as work:
        conversation = await work.conversations.get(taken.conversation.id)
    replies = [{"text": one.text, "choices": [choice.label for choice in one.choices], **_facts(one)} for one in rows]
    return {"conversation": row["conversation"], "replies": replies, "holder": conversation.holder.value}


class _On:
    """The engine, told that the talk is held on this channel: an answer may hold on some channels only."""

    def __init__(self, engine: Engine, channel: str) -> None:
        self._engine, self._channel = engine, channel

    async def turn(self, turn: Turn) -> Sequence[Reply]:
        return await self._engine.turn(replace(turn, channel=self._channel))


def _facts(message: Message) -> dict[str, Any]:
    return {key: message.about[key] for key in ("outcome", "entry", "sources", "as_of") if message.about.get(key)}
