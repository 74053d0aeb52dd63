"""Where journeys are played: the product's own content, published, the trained model, and the whole way of a message
from intake to outbox, in this process. Only the platform is left out: what a resident would see is rendered for WeChat.

Content and vectors are kept in var/ between runs, so that only the first one encodes.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import threading
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from bot.clock import FixedClock
from bot.desk import content, here
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.outbox import claim_passive, left_passively
from bot.desk.ports import Message
from bot.desk.turns import TurnWorker
from bot.errors import BadInput
from bot.forms.steps import SUMMARY
from bot.messages import Inbound, Kind
from bot.regions import RegionTree
from bot.settings import Settings
from bot.store import KeyRing, migrate, open_store
from bot.store.keys import new_text, parse
from bot.wiring import House, open_desk
from connectors.render import option_lines, reply_of, texts
from connectors.wechat.reply import CAPABILITIES
from tests.alone import alone
from tests.desk.conftest import DAY
from tests.engine.conftest import HOUSE, KEY, trained
from tests.staffed import always_staffed

T = TypeVar("T")

CONTENT = HOUSE / "content"
KEPT = HOUSE / "var" / "test-content"
_MADE_OF = ("content/**/*.yml", "content/*.csv", "bot/knowledge/**/*.py", "bot/store/**/*.py", "bot/desk/content.py")
_people = count(1)


@dataclass(frozen=True)
class Seen:
    """What came of one step."""

    rows: Sequence[Message]
    holder: str
    kept: str
    """The resident's words as they were stored."""
    draft: Draft | None = None
    """The form that was open before this step or is open after it."""

    @cached_property
    def text(self) -> str:
        """All of it as a resident reads it, options with their numbers."""
        return "\n".join(text for row in self.rows for text in texts(reply_of(row), CAPABILITIES))

    @property
    def asked(self) -> str:
        """The question of the form that is open, without the member it is about; 确认 is the summary."""
        if self.draft is None or self.draft.state != "open":
            return ""
        asked = self.draft.sheet.asked
        return "确认" if asked == SUMMARY else asked.partition("#")[0]

    @property
    def outcomes(self) -> list[str]:
        return [str(row.about.get("outcome")) for row in self.rows]

    @property
    def entries(self) -> list[str]:
        return [str(row.about["entry"]) for row in self.rows if row.about.get("entry")]

    @property
    def sources(self) -> list[Mapping[str, Any]]:
        return [source for row in self.rows for source in row.about.get("sources", ())]

    @property
    def options(self) -> list[str]:
        return option_lines([choice for row in self.rows for choice in row.choices])


class Town:
    """Opened once, in a thread with an event loop of its own: pytest's loops come and go. `url`: another database than
    a file in the folder, empty so far."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self._folder, self._url = folder, url
        self._filled: dict[str, str] = {}
        self._clock = FixedClock.on(DAY)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._opened = AsyncExitStack()
        self.desk: Desk
        self.agent: Any
        self.do(self._open(), 1_200)  # a busy machine encodes for minutes

    def do(self, work: Coroutine[Any, Any, T], seconds: float = 30) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def close(self) -> None:
        self.do(self._opened.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _open(self) -> None:
        from bot.cli.engine import InProcessEngine
        from bot.engine import launcher

        file, ring = await published()
        if self._url:
            await _publish(self._url, ring, file)
        else:
            mine = self._folder / "town.db"
            shutil.copy(file, mine)
            self._url = f"sqlite:///{mine}"
        self.house = house = await self._house(ring)
        # The clock runs on from journey to journey, into lunch.
        self.desk = always_staffed(await open_desk(house, search=True))
        assert self.desk.finder is not None
        self.agent = await launcher.build_agent(
            trained(), house.store, self.desk.finder, key=KEY, clock=house.clock, desk=self.desk
        )
        self._worker = TurnWorker(self.desk, InProcessEngine(self.agent), "town")

    async def _house(self, ring: KeyRing) -> House:
        store = await open_store(self._url, ring)
        self._opened.push_async_callback(store.close)
        return House(Settings(content=str(CONTENT), notice_quiet="off"), store, self._clock, _regions())

    async def step(self, who: str, **said: Any) -> Seen:
        """One thing the resident does, and what comes back."""
        here.install(
            self.desk, finder=self.desk.finder, encoder=here.encoder(), slow=here.slow_encoder()
        )  # two towns, one process
        self._clock.advance(seconds=5)
        number = next(_people)
        fields = {"kind": Kind.TEXT, "may_send": 5, "may_send_seconds": 172_800.0, **said}
        now = self.desk.clock.now()
        taken = await take_in(self.desk, Inbound("wechat", "gh_town", who, f"m:{number}", sent_at=now, **fields))
        while await self._worker.work_once():
            pass
        rows = await claim_passive(self.desk, taken.conversation.id, taken.message.id, lambda rows: True)
        await left_passively(self.desk, rows, taken.message.id)
        async with self.desk.store.reading() as work:
            talk = await work.conversations.get(taken.conversation.id)
            self._filled[who] = talk.form or self._filled.get(who, "")
            try:
                draft = await work.drafts.get(self._filled[who]) if self._filled[who] else None
            except BadInput:  # deleted with everything else of theirs
                draft, self._filled[who] = None, ""
        return Seen(rows, talk.holder.value, taken.message.text, draft)

    async def later(self, days: float) -> None:
        self._clock.advance(days=days)

    async def intent(self, text: str) -> str:
        return str((await self.agent.parse_message(text))["intent"]["name"])


def someone() -> str:
    return f"o-town-{next(_people)}"


def _regions() -> RegionTree:
    return RegionTree.from_csv(CONTENT / "regions.csv")


def _digest() -> str:
    files = sorted(path for pattern in _MADE_OF for path in HOUSE.glob(pattern))
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()[:16]


async def published() -> tuple[Path, KeyRing]:
    """A database with the content published; made anew when anything it is made of changed, from the vectors of the
    one before it."""
    with alone(KEPT):
        keys = KEPT / "keys"
        if not keys.exists():
            keys.write_text(new_text(), encoding="ascii")
        ring = parse(keys.read_text(encoding="ascii"))
        kept = KEPT / f"{_digest()}.db"
        if not kept.exists():
            making = KEPT / "making.db"
            for leftover in KEPT.glob("making*"):
                leftover.unlink()
            before = max(KEPT.glob("*.db"), key=lambda file: file.stat().st_mtime, default=None)
            await _publish(f"sqlite:///{making}", ring, before)
            for old in KEPT.glob("*.db"):
                if old != making:
                    old.unlink()
            making.rename(kept)
    return kept, ring


async def _publish(url: str, ring: KeyRing, before: Path | None) -> None:
    await migrate(url)
    store = await open_store(url, ring)
    try:
        house = House(Settings(content=str(CONTENT)), store, FixedClock.on(DAY), _regions())
        if before is not None:
            await _take_vectors(before, ring, house)
        await content.load(house, CONTENT, "test")
        await content.publish(house, "test")
    finally:
        await store.close()


async def _take_vectors(before: Path, ring: KeyRing, house: House) -> None:
    """Encoding all phrasings takes half a minute; most of them did not change."""
    from bot.knowledge.files import read_folder
    from bot.knowledge.search.vectors import text_hash

    phrasings = [
        str(text)
        for entry in read_folder(CONTENT).entries
        if entry.kind == "answer"
        for text in (entry.data.get("title", ""), *entry.data.get("phrasings", ()))
    ]
    hashes = [text_hash(text) for text in phrasings]
    try:
        await migrate(f"sqlite:///{before}")
    except BadInput:  # tables of a time to come
        return
    old = await open_store(f"sqlite:///{before}", ring)
    try:
        async with old.reading() as read, house.store.writing() as work:
            for encoder in house.encoders:
                await work.vectors.put(encoder.name, dict(await read.vectors.get(encoder.name, hashes)))
            await work.commit()
    except Exception:  # tables of another time: then everything is encoded again
        return
    finally:
        await old.close()
