"""A chat in which forms are filled in: what a resident sends goes through the intake and is heard by the desk itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest

from bot.calendar import WorkingDays
from bot.clock import FixedClock
from bot.conversations import Conversation
from bot.desk import receiving
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.filling import hearing, opening
from bot.desk.filling.heard import Heard
from bot.desk.intake import take_in
from bot.desk.paper_ports import Photos
from bot.desk.ports import Message, Store
from bot.desk.question import Question
from bot.desk.replying import reply
from bot.errors import BadInput, TryAgain, Undeliverable
from bot.forms.model import Given
from bot.messages import Choice, Kind, Reply
from bot.papers.card import Read
from bot.papers.picture import Picture
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT, message
from tests.desk.published import Kept


@dataclass
class Album:
    """Stands for the platform and for the process that reads: `holds` is what is behind a media id."""

    holds: dict[str, bytes | Exception] = field(default_factory=dict)
    shows: dict[bytes, Sequence[Read]] = field(default_factory=dict)
    blurred: set[bytes] = field(default_factory=set)
    fetched: list[str] = field(default_factory=list)

    async def fetch(self, channel: str, media: str) -> bytes:
        self.fetched.append(media)
        found = self.holds.get(media, Undeliverable("media_id: gone", "media_id"))
        if isinstance(found, Exception):
            raise found
        return found

    async def settle(self, content: bytes) -> Picture:
        if content == b"no photo":
            raise BadInput("this is no JPEG, PNG or WebP picture; send a photo")
        if content == b"deadly":
            raise TryAgain("a picture could not be worked on; it is asked for again")
        return Picture(b"jpeg:" + content, 10, 10, content in self.blurred)

    async def read(self, picture: bytes, today: date) -> Sequence[Read]:
        return self.shows.get(picture.removeprefix(b"jpeg:"), ())


@dataclass
class Chat:
    desk: Desk
    clock: FixedClock
    sender: str
    form: str = ""
    said: list[Reply] = field(default_factory=list)
    """The replies to the last message."""

    async def open(self, kind: str, programme: str = "", text: str = "申请") -> list[Reply]:
        return await self.tap_old(Choice(text, {"form": kind, "programme": programme}))

    async def tap_old(self, choice: Choice) -> list[Reply]:
        """An option that stands somewhere above, while no form is open."""
        row = await self._taken(choice.label)
        asked = Question(choice.label, self.desk.today(), meaning=choice.meaning)
        return await self._done(row, await opening.begin(self.desk, row.conversation, row.id, asked))

    async def say(self, text: str) -> list[Reply]:
        return await self._hear(await self._taken(text), Question(text, self.desk.today()))

    async def tap(self, label: str) -> list[Reply]:
        """An option of the last question."""
        (choice,) = [one for one in self.said[-1].choices if one.label == label]
        row = await self._taken(label)
        return await self._hear(row, Question(label, self.desk.today(), meaning=choice.meaning))

    async def photo(self, media: str) -> list[Reply]:
        """A photo, as the gateway treats it before the form hears of it."""
        row = await self._taken("", kind=Kind.IMAGE, media=media)
        meaning = await receiving.receive(self.desk, await self.talk(), row)
        return await self._hear(row, Question("", self.desk.today(), meaning=meaning))

    async def talk(self) -> Conversation:
        async with self.desk.store.reading() as work:
            found = await work.conversations.by_sender("wechat", "gh_1", self.sender)
        assert found is not None
        return found

    async def draft(self) -> Draft:
        async with self.desk.store.reading() as work:
            return await work.drafts.get(self.form)

    async def answers(self) -> dict[str, Given]:
        return dict((await self.draft()).sheet.answers)

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.said)

    @property
    def asked(self) -> str:
        """The step that is asked now."""
        return self.said[-1].reason

    async def _taken(self, text: str, **fields: object) -> Message:
        self.clock.advance(seconds=10)
        return (await take_in(self.desk, message(text, self.sender, **fields))).message

    async def _hear(self, row: Message, asked: Question) -> list[Reply]:
        assert self.form, "no form is open"
        return await self._done(
            row, await hearing.hear(self.desk, row.conversation, row.id, self.form, asked, asked.text)
        )

    async def _done(self, row: Message, heard: Heard) -> list[Reply]:
        self.said, self.form = list(heard.replies), heard.form
        async with self.desk.store.writing() as work:
            talk = await work.conversations.get(row.conversation)
            await reply(self.desk, work, talk, row, self.said, self.clock.now())
            await work.commit()
        return self.said


@pytest.fixture
def album() -> Album:
    return Album()


@pytest.fixture
def desk(store: Store, clock: FixedClock, regions: RegionTree, album: Album) -> Desk:
    calendar = WorkingDays.from_csv(CONTENT / "calendar.csv")
    return Desk(store, clock, regions, Kept(regions), calendar=calendar, photos=Photos(album, album))  # type: ignore[arg-type]


@pytest.fixture
def chat(desk: Desk, clock: FixedClock) -> Chat:
    return Chat(desk, clock, "o-wang")
