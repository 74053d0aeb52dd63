"""A row longer than one message of its platform, sent in parts: after a fault between two, what went out stays out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

_REMEMBERED = 1000


class Parts:
    """How many parts of each row went out from this process."""

    def __init__(self) -> None:
        self._sent: dict[str, int] = {}

    async def send(self, row: str, texts: Sequence[str], deliver: Callable[[str], Awaitable[str]]) -> str:
        """The parts that have not gone out, in order; the last note that is not empty. Raises what `deliver` raises."""
        note = ""
        for text in texts[self._sent.get(row, 0) :]:
            note = await deliver(text) or note
            self._sent[row] = self._sent.get(row, 0) + 1
            if len(self._sent) > _REMEMBERED:
                del self._sent[next(iter(self._sent))]
        self._sent.pop(row, None)
        return note
