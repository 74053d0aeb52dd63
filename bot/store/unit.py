"""The unit of work: everything a use case stores is stored together, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import URL

from bot.desk import (
    asking_ports,
    broadcast_ports,
    case_ports,
    conversation_ports,
    edition_ports,
    handoff_ports,
    identity_ports,
    officer_ports,
    ports,
    publicity_ports,
    staff_ports,
    supervising_ports,
    upload_ports,
)
from bot.desk.notices import ports as notice_ports
from bot.store.asking import QuestionRows
from bot.store.audit import AuditRows
from bot.store.broadcasts import BroadcastRows
from bot.store.cases import CaseRows
from bot.store.consents import ConsentRows
from bot.store.continuations import ContinuationRows
from bot.store.conversations import ConversationRows
from bot.store.editions import EditionRows
from bot.store.engine import make_reader, make_writer
from bot.store.events import EventRows
from bot.store.keys import KeyRing
from bot.store.line_reports import LineReportRows
from bot.store.link import Link, connected
from bot.store.messages import MessageRows
from bot.store.notices import NoticeRows
from bot.store.papers import PaperRows
from bot.store.people import PersonRows
from bot.store.proposals import ProposalRows
from bot.store.referrals import ReferralRows
from bot.store.requests import RequestRows
from bot.store.room import Room
from bot.store.sheets import SheetRows
from bot.store.staff import SessionRows, StaffRows
from bot.store.subject_keys import SubjectKeys
from bot.store.supervising import SupervisingRows
from bot.store.talk_pictures import TalkPictureRows
from bot.store.talks import TalkRows
from bot.store.tasks import TaskRows
from bot.store.tips import TipRows
from bot.store.tokens import SignatureRows, TokenRows
from bot.store.uploads import UploadRows
from bot.store.vectors import VectorRows


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept, where a law leaves it to the office."""

    draft_days: int = 30
    """Since a draft was last changed."""
    archive_years: int = 0
    """Since a closed case was last changed; 0: kept until the office's archive rules are known."""


class Unit:
    """`bot.desk.ports.Work` over one connection."""

    def __init__(self, link: Link, ring: KeyRing, keys: SubjectKeys, keep: Retention, writes: bool) -> None:
        self._link = link
        self._writes = writes
        self.room = Room(link, ring, keys)
        self.conversations: conversation_ports.Conversations = ConversationRows(link, ring)
        self.messages: ports.Messages = MessageRows(link, ring)
        self.editions: edition_ports.Editions = EditionRows(link)
        self.vectors: edition_ports.Vectors = VectorRows(link)
        self.events: conversation_ports.Events = EventRows(link, ring)
        self.tokens: ports.Tokens = TokenRows(link, ring)
        self.signatures: ports.Signatures = SignatureRows(link)
        self.people: case_ports.People = PersonRows(self.room)
        self.drafts: case_ports.Drafts = SheetRows(self.room, keep.draft_days)
        self.cases: case_ports.Cases = CaseRows(self.room, keep.archive_years)
        self.consents: case_ports.Consents = ConsentRows(self.room)
        self.papers: case_ports.Papers = PaperRows(self.room)
        self.tasks: case_ports.Tasks = TaskRows(self.room)
        self.referrals: officer_ports.Referrals = ReferralRows(self.room)
        self.requests: case_ports.Requests = RequestRows(self.room)
        self.staff: staff_ports.StaffAccounts = StaffRows(link, ring)
        self.sessions: staff_ports.Sessions = SessionRows(link, ring)
        self.audit: staff_ports.Audit = AuditRows(link, ring)
        self.talks: handoff_ports.Talks = TalkRows(link, ring)
        self.talk_pictures: officer_ports.TalkPictures = TalkPictureRows(self.room)
        self.tips: officer_ports.Tips = TipRows(self.room)
        self.line_reports: officer_ports.LineReports = LineReportRows(link)
        self.proposals: publicity_ports.Proposals = ProposalRows(link, ring)
        self.questions: asking_ports.Questions = QuestionRows(link, ring)
        self.uploads: upload_ports.Uploads = UploadRows(link, ring)
        self.broadcasts: broadcast_ports.Broadcasts = BroadcastRows(link, ring)
        self.notices: notice_ports.Notices = NoticeRows(self.room)
        self.continuations: identity_ports.Continuations = ContinuationRows(self.room)
        self.supervising: supervising_ports.Supervising = SupervisingRows(link)

    async def commit(self) -> None:
        if not self._writes:
            raise RuntimeError("this unit of work only reads; open store.writing()")
        await self._link.commit()
        await self.room.committed()


class SqlStore:
    """`bot.desk.ports.Store` on SQLite or PostgreSQL. One unit of work at a time in a task: SQLite has one writer."""

    def __init__(self, url: URL, ring: KeyRing, keys: SubjectKeys, keep: Retention, ahead: bool = False) -> None:
        self._ring, self._keys, self._keep = ring, keys, keep
        self._writer = make_writer(url, ahead=ahead)
        self._reader = make_reader(url, self._writer)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ports.Work]:
        async with connected(self._reader) as link:
            yield self.unit(link, writes=False)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[ports.Work]:
        async with connected(self._writer) as link:
            yield self.unit(link, writes=True)

    def unit(self, link: Link, writes: bool) -> Unit:
        return Unit(link, self._ring, self._keys, self._keep, writes)

    async def close(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()
        await self._keys.close()
