"""Understanding begins while the conversation is still being read: only the search at its end looks at what was said before.

Encoding a sentence and reading a conversation take about as long as each other, one in arithmetic and one in waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


class Late:
    """Stands in for a tracker that is on its way; who reads its slots waits for it."""

    def __init__(self) -> None:
        self._tracker: Future[DialogueStateTracker] = Future()

    @property
    def slots(self) -> Mapping[str, Slot]:
        slots: Mapping[str, Slot] = self._tracker.result().slots
        return slots

    def arrives(self, tracker: DialogueStateTracker) -> None:
        self._tracker.set_result(tracker)

    def never(self) -> None:
        """Nobody waits any longer; who would have is told so."""
        self._tracker.cancel()


class Understanding:
    """Of one message, in a thread of its own. Leave it by `of` or by `drop`, or the thread would wait for ever."""

    def __init__(self, parse: Callable[[Any], dict[str, Any]]) -> None:
        """`parse` is given what stands for the tracker."""
        self._late = Late()
        self._task = asyncio.ensure_future(asyncio.to_thread(parse, self._late))

    async def of(self, tracker: DialogueStateTracker) -> dict[str, Any]:
        """What the message says, now that the conversation is there."""
        self._late.arrives(tracker)
        return await self._task

    def drop(self) -> None:
        """It is not needed; a second call does nothing."""
        self._late.never()
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())
