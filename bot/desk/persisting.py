"""What happened outside is written down, though the database is locked for a moment: what was sent would be sent again, what
was thought out thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.errors import TryAgain

T = TypeVar("T")
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds before it is tried again."""
pause = asyncio.sleep


async def written(write: Callable[[], Awaitable[T]], pauses: Sequence[float] = PAUSES) -> T:
    """`write` is one whole unit of work. Raises the last TryAgain."""
    for seconds in pauses:
        try:
            return await write()
        except TryAgain:
            await pause(seconds)
    return await write()
