"""Waiting that is not cut short: a half-made connection is one that nobody knows of and nobody closes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def unbroken(making: Awaitable[T], undo: Callable[[T], Awaitable[object]] | None = None) -> T:
    """Await it. Who is cancelled meanwhile waits for its end, undoes what was made, and only then is gone."""
    task = asyncio.ensure_future(making)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if undo and not task.cancelled() and task.exception() is None:
            await undo(task.result())
        raise
