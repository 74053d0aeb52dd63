"""A publicity desk over the real content: two editors, two approvers, and people of other places."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.desk.publicity import proposals
from bot.desk.publicity.meaning import OwnMeaning
from bot.desk.publicity_ports import Proposal
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree
from bot.staff import Role, Staff
from tests.desk.conftest import CONTENT
from tests.in_force import in_force

KEY = "tekun-what"


@dataclass
class CharacterEncoder:
    """A direction made of a text's characters: like texts lie near each other. It notes what it was given."""

    name: str
    dimension: int = 64
    seen: list[str] = field(default_factory=list)

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        self.seen += texts
        rows = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for sign in text:
                row[ord(sign) % self.dimension] += 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


async def hired(desk: Desk, login: str, role: Role, regions: tuple[str, ...]) -> Staff:
    """Straight into the store: how people sign in is tested elsewhere."""
    async with desk.store.writing() as work:
        now = desk.clock.now()
        made = await work.staff.add(login, f"{login}工", [role], regions, [], "system", now)
        made = await work.staff.change(made, "system", now, state="active")
        await work.commit()
    return made


@dataclass
class Team:
    desk: Desk
    ed: Staff
    eve: Staff
    ann: Staff
    abe: Staff
    wuhan: Staff
    encoders: tuple[CharacterEncoder, CharacterEncoder]

    @property
    def keeper(self) -> EditionKeeper:
        return self.desk.editions

    async def entry(self, key: str = KEY, kind: str = "answer") -> dict[str, Any]:
        async with self.desk.store.reading() as work:
            for entry in await work.editions.read(await work.editions.head()):
                if (entry.kind, entry.key) == (kind, key):
                    return deepcopy(dict(entry.data))
        raise LookupError(key)

    async def entries(self, number: int = 0) -> list[Entry]:
        async with self.desk.store.reading() as work:
            return list(await work.editions.read(number or await work.editions.head()))

    def later(self, seconds: float = 1.0) -> None:
        assert isinstance(self.desk.clock, FixedClock)
        self.desk.clock.advance(seconds=seconds)

    async def approved(
        self, key: str, data: Mapping[str, Any] | None, kind: str = "answer", on: date | None = None
    ) -> Proposal:
        """Written by one, approved by another."""
        draft = await proposals.start(self.desk, self.ed, kind, key)
        draft = await proposals.save(self.desk, self.ed, draft.id, draft.version, data)
        (sent,) = await proposals.submit(self.desk, self.ed, {draft.id: draft.version})
        (good,) = await proposals.approve(self.desk, self.ann, {sent.id: sent.version}, on=on)
        return good

    async def approved_together(self, texts: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
        """Several that hold only with each other; proposal → version."""
        seen = {}
        for key, data in texts.items():
            draft = await proposals.start(self.desk, self.ed, "answer", key)
            draft = await proposals.save(self.desk, self.ed, draft.id, draft.version, data)
            seen[draft.id] = draft.version
        sent = await proposals.submit(self.desk, self.ed, seen)
        good = await proposals.approve(self.desk, self.ann, {one.id: one.version for one in sent})
        return {one.id: one.version for one in good}

    async def live(self) -> None:
        await self.keeper.refresh()

    async def steps(self) -> list[Mapping[str, Any]]:
        async with self.desk.store.reading() as work:
            return [line.about async for line, _ in work.audit.lines()]


@pytest.fixture(scope="session")
def content() -> tuple[Entry, ...]:
    """A part of the real content that stands by itself: what is done with it is the same, and done sooner."""
    return tuple(entry for entry in read_folder(CONTENT).entries if small(entry))


def small(entry: Entry) -> bool:
    if entry.kind == "answer":
        return entry.data["programme"] == "tekun" or entry.key in ("dibao-apply", "dibao-materials", "linshi-what")
    if entry.kind == "standard":
        return str(entry.data["region"]).startswith("42")
    return entry.kind not in ("form", "field", "consent", "programme", "protected")


@pytest.fixture
async def team(store: Store, clock: FixedClock, regions: RegionTree, content: tuple[Entry, ...]) -> Team:
    keeper = await in_force(store, content, clock, regions)
    encoders = CharacterEncoder("fast-test"), CharacterEncoder("slow-test")
    desk = Desk(store, clock, regions, keeper, meaning=OwnMeaning(store, encoders))
    nation = ("000000",)
    return Team(
        desk,
        await hired(desk, "editor", Role.EDITOR, nation),
        await hired(desk, "editress", Role.EDITOR, nation),
        await hired(desk, "approver", Role.APPROVER, nation),
        await hired(desk, "abe", Role.APPROVER, nation),
        await hired(desk, "wuhan", Role.EDITOR, ("420100",)),
        encoders,
    )
