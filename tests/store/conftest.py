"""What the tales of this suite begin with: a resident, what they write, and a clock that stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from bot.conversations import Conversation
from bot.desk.ports import Store, TakenIn
from bot.errors import TryAgain
from bot.messages import Inbound, Kind, Reply

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
_numbers = count(1)
T = TypeVar("T")


async def patiently(what: Callable[[], Awaitable[T]]) -> T:
    """As every caller does: TryAgain means that nothing was lost. On a machine that is busy, writers of two processes
    may wait longer for SQLite's one lock than a unit of work is allowed to."""
    for _ in range(30):
        try:
            return await what()
        except TryAgain as trouble:
            await asyncio.sleep(trouble.after / 10)
    raise AssertionError("the database was busy for a minute")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def wrote(
    text: str = "低保怎么申请", *, sender: str = "o-wang", message_id: str = "", account: str = "gh_1"
) -> Inbound:
    return Inbound("wechat", account, sender, message_id or f"m{next(_numbers)}", Kind.TEXT, NOW, text=text)


def reply(text: str = "带身份证到社区。", **more: Any) -> Reply:
    return Reply(text, **more)


async def took(store: Store, inbound: Inbound, now: datetime = NOW, **about: Any) -> TakenIn:
    async with store.writing() as work:
        conversation = await work.conversations.open(inbound.channel, inbound.account, inbound.sender, now, "wechat")
        taken = await work.messages.take(conversation, inbound, inbound.text, about, now)
        await work.commit()
    return taken


async def opened(store: Store, sender: str = "o-wang", now: datetime = NOW) -> Conversation:
    async with store.writing() as work:
        conversation = await work.conversations.open("wechat", "gh_1", sender, now, "wechat")
        await work.commit()
    return conversation
