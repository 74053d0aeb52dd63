"""The whole house in one process: intake, turns, the trained engine with the real actions, a small real edition.

The model and the search are made once for the session; every test gets a database, a desk and a clock of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.cli.engine import InProcessEngine
from bot.clock import FixedClock
from bot.conversations import Conversation
from bot.desk import here
from bot.desk.desk import Desk
from bot.desk.finding import follow
from bot.desk.intake import take_in
from bot.desk.ports import Engine, Entry, Finder, Message, Store, Work
from bot.desk.turns import Breaker, TurnWorker
from bot.engine import launcher
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.search.encoders import E5Encoder
from bot.messages import Author, Inbound, Kind
from bot.regions import RegionTree
from bot.store import KeyRing, open_store
from tests.databases import Database, apart
from tests.engine.conftest import KEY
from tests.engine.conftest import model as model  # the product's own model, trained once for all suites
from tests.staffed import always_staffed

CONTENT = Path(__file__).parents[2] / "content"
DAY = date(2026, 11, 25)
ASPECTS = ("conditions", "apply", "materials", "standard", "amount", "what", "papers", "types", "payment")
"""Which of the published answers these tests search in: every phrasing costs the slow encoder some milliseconds."""
_numbers = count(1)


class Standing:
    """Stands where the engine's store is, so that one loaded engine can work on the store of each test."""

    def __init__(self) -> None:
        self.store: Store | None = None

    def _now(self) -> Store:
        assert self.store is not None, "no test gave the engine a store"
        return self.store

    def reading(self) -> AbstractAsyncContextManager[Work]:
        return self._now().reading()

    def writing(self) -> AbstractAsyncContextManager[Work]:
        return self._now().writing()

    async def close(self) -> None: ...


@dataclass
class Loaded:
    agent: Any
    standing: Standing
    finder: Finder


@dataclass(frozen=True)
class Said:
    """One message of a resident and what became of it."""

    message: Message
    conversation: Conversation
    replies: Sequence[Message]


@dataclass
class House:
    """A whole house: what residents send is taken in, understood by the trained engine, and answered on paper."""

    desk: Desk
    agent: Any
    clock: FixedClock
    engine: Engine
    database: Database

    @property
    def store(self) -> Store:
        return self.desk.store

    async def take(self, text: str, sender: str = "o-wang", **more: Any) -> Message:
        return (await take_in(self.desk, inbound(text, sender, **more))).message

    async def work(self, engine: Engine | None = None) -> None:
        worker = TurnWorker(self.desk, engine or self.engine, f"w{next(_numbers)}", Breaker())
        while await worker.work_once():
            pass

    async def say(self, text: str, sender: str = "o-wang", **more: Any) -> Said:
        """Take it in, answer it, and let a few seconds pass, so that nobody writes too fast."""
        taken = await self.take(text, sender, **more)
        await self.work()
        self.clock.advance(seconds=5)
        return await self.said(taken.id)

    async def said(self, message: str) -> Said:
        async with self.store.reading() as work:
            row = await work.messages.get(message)
            return Said(row, await work.conversations.get(row.conversation), await work.messages.replies(message))

    async def slots(self, conversation: str) -> dict[str, Any]:
        tracker = await self.agent.tracker_store.retrieve(conversation)
        return {name: slot.value for name, slot in tracker.slots.items()} if tracker else {}

    async def turns(self, conversation: str, last: int = 10_000) -> list[Mapping[str, Any]]:
        """What the engine wrote down, turn by turn."""
        async with self.store.reading() as work:
            return [payload for _, payload in await work.events.read(conversation, last)]

    async def transcript(self, conversation: str) -> Sequence[Message]:
        async with self.store.reading() as work:
            return await work.messages.history(conversation, 10_000)

    async def ours(self, conversation: str) -> list[Message]:
        return [row for row in await self.transcript(conversation) if row.author is not Author.RESIDENT]


def inbound(text: str, sender: str = "o-wang", **more: Any) -> Inbound:
    values: dict[str, Any] = {
        "channel": "wechat", "account": "gh_1", "sender": sender, "message_id": f"m:{next(_numbers)}",
        "kind": Kind.TEXT, "sent_at": datetime.now(UTC), "text": text, "may_send": 5, "may_send_seconds": 172_800.0,
    }  # fmt: skip
    return Inbound(**{**values, **more})


@pytest.fixture(scope="session")
def regions() -> RegionTree:
    return RegionTree.from_csv(CONTENT / "regions.csv")


@pytest.fixture(scope="session")
def edition() -> list[Entry]:
    """Real answers on 低保 and 临时救助, and everything else that is published but other answers."""
    return [entry for entry in read_folder(CONTENT).entries if entry.kind != "file" and _wanted(entry)]


def _wanted(entry: Entry) -> bool:
    data = entry.data
    return entry.kind != "answer" or (data["programme"] in ("dibao", "linshi") and data["aspect"] in ASPECTS)


@pytest.fixture(scope="session")
def loaded(
    model: Path, regions: RegionTree, templates: dict[str, str], keyring: KeyRing,
    tmp_path_factory: pytest.TempPathFactory,
) -> Loaded:  # fmt: skip
    """The product's engine, searching the edition; its vectors are made once."""
    path = tmp_path_factory.mktemp("engine") / "bot.db"
    shutil.copy(templates["sqlite"], path)

    async def build() -> Loaded:
        store, clock = await open_store(f"sqlite:///{path}", keyring), FixedClock.on(DAY)
        keeper = EditionKeeper(store, regions)
        finder = await follow(keeper, store, (here.encoder(), E5Encoder()))
        await keeper.refresh()
        await store.close()
        standing = Standing()
        agent = await launcher.build_agent(model, standing, finder, key=KEY, clock=clock)
        return Loaded(agent, standing, finder)

    before = here._handles
    try:
        made: Loaded = apart(build())
    finally:
        here._handles = before
    return made


async def _publish(store: Store, edition: Sequence[Entry], clock: FixedClock) -> None:
    async with store.writing() as work:
        await work.editions.publish(edition, 0, "test", "part of the real content", clock.now())
        await work.commit()


@pytest.fixture(scope="session")
def templates(
    templates: dict[str, str], edition: list[Entry], keyring: KeyRing, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """SQLite databases of these tests come with the edition in them."""
    path = tmp_path_factory.mktemp("template") / "published.db"
    shutil.copy(templates["sqlite"], path)

    async def publish() -> None:
        store = await open_store(f"sqlite:///{path}", keyring)
        await _publish(store, edition, FixedClock.on(DAY))
        await store.close()

    apart(publish())
    return {**templates, "sqlite": str(path)}


@pytest.fixture
def handles() -> Iterator[None]:
    before = here._handles
    yield
    here._handles = before


@pytest.fixture
async def house(
    store: Store, database: Database, loaded: Loaded, edition: list[Entry], regions: RegionTree, handles: None
) -> AsyncIterator[House]:
    """On each database."""
    clock = FixedClock.on(DAY)
    if database.kind != "sqlite":
        await _publish(store, edition, clock)
    keeper = EditionKeeper(store, regions)
    await keeper.refresh()
    desk = always_staffed(Desk(store, clock, regions, keeper, loaded.finder))
    loaded.standing.store = store
    here.install(desk, finder=loaded.finder, encoder=here.encoder(), slow=here.slow_encoder())
    made = House(desk, loaded.agent, clock, InProcessEngine(loaded.agent), database)
    yield made
    loaded.standing.store = None
