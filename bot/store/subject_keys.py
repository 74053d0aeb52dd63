"""The keys of subjects (a person; an application), in a database apart from what they seal.

A key is made before the first row that it seals, and destroyed after the last one is gone: between the two databases a
crash can leave a key without rows, which harms nobody and is swept, never rows without a key. Backups of this store are
kept for at most seven days, so that a destroyed key is soon gone from them too; the list of erasures in it, pseudonyms
only, is kept for ever and replayed at every opening (docs/decisions/0013).
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from sqlalchemy import URL, MetaData, Table, bindparam, delete, insert, select

from bot.desk.case_ports import Erasure
from bot.errors import BadInput
from bot.store.columns import NAMES, moment, sealed, words
from bot.store.crypto import SealingKey
from bot.store.engine import make_eraser, make_reader
from bot.store.keys import KeyRing
from bot.store.link import chunks, connected

SCHEMA = "subject_keys"
"""Where the tables lie on PostgreSQL: dumped and restored apart from the rest."""
KEY_BYTES = 32
_HELD = 2_000
"""Keys held open in memory: more people than talk at the same time."""
_HELD_SECONDS = 10.0
"""How long: when another process erased somebody, this one notices within that time."""

metadata = MetaData(naming_convention=NAMES)
subjects = Table("subjects", metadata, words("id", primary_key=True), sealed("key"), moment("made_at", index=True))
erasures = Table(
    "erasures", metadata, words("subject", primary_key=True), words("person"), words("receipt"), moment("at")
)
_SOME = select(subjects.c.id, subjects.c.key).where(subjects.c.id.in_(bindparam("ids", expanding=True)))


class SubjectKeys:
    """Seals and opens under the key of a subject. Made by `opening.open_subject_keys`."""

    def __init__(self, url: URL, ring: KeyRing) -> None:
        self._ring = ring
        self._writer = make_eraser(url, SCHEMA)
        self._reader = make_reader(url, self._writer, erase=True)
        self._held: OrderedDict[str, tuple[float, SealingKey]] = OrderedDict()
        spare = os.urandom(KEY_BYTES)
        self._spare = Sealer(ring, SealingKey(spare))
        self._spare_key = ring.seal(spare, subjects.name, "", "key")
        self._spare_record = self._spare.seal(bytes(100), "")

    async def make(self, subject: str, now: datetime) -> None:
        """A fresh key, on disk before anything is sealed with it."""
        secret = os.urandom(KEY_BYTES)
        record = self._ring.seal(secret, subjects.name, subject, "key")
        async with connected(self._writer) as link:
            await link.run(insert(subjects).values(id=subject, key=record, made_at=now))
            await link.commit()
        self._hold(subject, SealingKey(secret))

    async def seal(self, subject: str, text: bytes, table: str, row: str, column: str) -> bytes:
        return (await self.of(subject)).seal(text, f"{table}|{row}|{column}")

    async def open(self, subject: str, record: bytes, table: str, row: str, column: str) -> bytes:
        """Raises BadInput, which names the place and never the text, when it does not belong there."""
        return (await self.of(subject)).open(record, f"{table}|{row}|{column}")

    async def of(self, subject: str) -> Sealer:
        """The key of one subject, for several records. Raises BadInput when it is destroyed."""
        found = self._held.get(subject)
        if found is not None and found[0] > time.monotonic():
            self._held.move_to_end(subject)
            return Sealer(self._ring, found[1])
        return (await self.of_all([subject]))[subject]

    async def of_all(self, wanted: Iterable[str]) -> Mapping[str, Sealer]:
        """The keys of many; raises BadInput when one of them is destroyed."""
        ids = set(wanted)
        found = await self.find(ids)
        for missing in sorted(ids - found.keys()):
            raise BadInput(
                f"the key of {missing} is not in the store of subject keys: what it sealed was erased and opens no more; "
                f"if nothing was erased, restore that store from its backup"
            )
        return found

    async def find(self, wanted: Iterable[str], held: bool = True) -> Mapping[str, Sealer]:
        """Those of these keys that are there, in one statement; `held=False` asks also for what memory holds."""
        now, ids = time.monotonic(), set(wanted)
        keys = {one: self._held[one][1] for one in ids if held and one in self._held and self._held[one][0] > now}
        if missing := sorted(ids - keys.keys()):
            async with connected(self._reader) as link:
                rows = await link.all(_SOME, {"ids": missing})
            for row in rows:
                secret = self._ring.open(row.key, subjects.name, row.id, "key")
                keys[row.id] = self._hold(row.id, SealingKey(secret))
        return {one: Sealer(self._ring, key) for one, key in keys.items()}

    def spend(self, keys: int, records: int) -> None:
        """Unwrap and open as much as was missing, so that a look-up that finds nothing takes as long as one that does."""
        for _ in range(keys):
            SealingKey(self._ring.open(self._spare_key, subjects.name, "", "key"))
        for _ in range(records):
            self._spare.open(self._spare_record, "")

    async def destroy(self, gone: Collection[str], erased: Sequence[Erasure] = ()) -> None:
        """Delete keys for ever; `erased` are written on the list, so that no restored copy brings them back."""
        for subject in gone:
            self._held.pop(subject, None)
        async with connected(self._writer) as link:
            for one in erased:
                values = {"subject": one.subject, "person": one.person, "receipt": one.receipt, "at": one.at}
                await link.run(link.insert(erasures).values(values).on_conflict_do_nothing())
            for chunk in chunks(sorted(gone)):
                await link.run(delete(subjects).where(subjects.c.id.in_(chunk)))
            await link.commit()

    async def erased(self) -> list[Erasure]:
        async with connected(self._reader) as link:
            rows = await link.all(select(erasures).order_by(erasures.c.at))
        return [Erasure(row.subject, row.person, row.receipt, row.at) for row in rows]

    async def returned(self) -> list[str]:
        """Keys of erased subjects that are there again: this store was itself restored from a copy."""
        listed = select(erasures.c.subject)
        async with connected(self._reader) as link:
            return [row.id for row in await link.all(select(subjects.c.id).where(subjects.c.id.in_(listed)))]

    async def made(self, since: datetime, until: datetime) -> list[str]:
        """Subjects whose key was made in this time: the candidates for a sweep."""
        async with connected(self._reader) as link:
            found = select(subjects.c.id).where(subjects.c.made_at >= since, subjects.c.made_at < until)
            return [row.id for row in await link.all(found)]

    async def close(self) -> None:
        self._held.clear()
        await self._reader.dispose()
        await self._writer.dispose()

    def _hold(self, subject: str, key: SealingKey) -> SealingKey:
        self._held[subject] = (time.monotonic() + _HELD_SECONDS, key)
        self._held.move_to_end(subject)
        while len(self._held) > _HELD:
            self._held.popitem(last=False)
        return key


class Sealer:
    """One subject's key in hand."""

    def __init__(self, ring: KeyRing, key: SealingKey) -> None:
        self._suite, self._key = ring.suite, key

    def seal(self, text: bytes, place: str) -> bytes:
        return self._key.seal(self._suite, text, place)

    def open(self, record: bytes, place: str) -> bytes:
        try:
            return self._key.open(record, place)
        except InvalidTag as e:
            raise BadInput(
                f"{place} does not open: it was changed, or moved here from another row; restore it from a backup"
            ) from e


def beside(database: URL) -> URL:
    """Where the keys of a database lie when no setting says: a file beside its file, or a schema on its server."""
    if database.get_backend_name() != "sqlite":
        return database
    return database.set(database=str(Path(database.database or "").with_suffix(".subject-keys")))
