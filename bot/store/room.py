"""What the repositories of people and cases share: the connection, the keys of subjects, and what a commit brings about."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement

from bot.desk.case_ports import Erasure
from bot.errors import JiuzhutongError
from bot.store.body import from_json, to_json
from bot.store.keys import KeyRing
from bot.store.link import Link
from bot.store.subject_keys import Sealer, SubjectKeys

_log = logging.getLogger(__name__)


class Room:
    """One unit of work, as these repositories see it."""

    def __init__(self, link: Link, ring: KeyRing, keys: SubjectKeys) -> None:
        self.link, self.ring, self.keys = link, ring, keys
        self._gone: set[str] = set()
        self._erased: list[Erasure] = []

    async def seal(self, subject: str, value: Any, table: str, row: str, column: str) -> bytes:
        sealer = await self.keys.of(subject)
        return sealer.seal(to_json(value, f"{table} {row}"), place(table, row, column))

    async def open(self, subject: str, record: bytes, table: str, row: str, column: str) -> Any:
        return unseal(await self.keys.of(subject), record, table, row, column)

    def destroy(self, subjects: Iterable[str], erased: Iterable[Erasure] = ()) -> None:
        """With the commit these keys end."""
        self._gone.update(subjects)
        self._erased.extend(erased)

    async def committed(self) -> None:
        """The rows are gone for good: now their keys. What fails here is made up for by `people.tidy` and at the next start."""
        if not self._gone and not self._erased:
            return
        try:
            await self.keys.destroy(self._gone, self._erased)
        except JiuzhutongError as trouble:
            _log.warning("%d keys wait to be destroyed: %s", len(self._gone), type(trouble).__name__)
        self._gone.clear()
        self._erased.clear()


def place(table: str, row: str, column: str) -> str:
    return f"{table}|{row}|{column}"


def unseal(sealer: Sealer, record: bytes, table: str, row: str, column: str) -> Any:
    return from_json(sealer.open(record, place(table, row, column)))


def below(column: ColumnElement[str], region: str) -> list[ColumnElement[bool]]:
    """The conditions for a division and all below it: 4201 begins every code of 420100."""
    start = region
    while start.endswith("00"):
        start = start[:-2]
    return [column >= start, column < start[:-1] + chr(ord(start[-1]) + 1)] if start else []


def counted(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Only what there was."""
    return {what: number for what, number in counts.items() if number}
