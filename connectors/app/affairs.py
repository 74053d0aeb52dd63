"""A person's own affairs: pictures for their form, their cases, and their signature."""

from __future__ import annotations

import asyncio
import base64
import binascii

from aiohttp import web

from bot.conversations import Conversation
from bot.desk import handwriting, laying
from bot.desk.cases.mine import own_case, own_cases
from bot.desk.cases.wording import tell
from bot.desk.ports import Work
from bot.errors import BadInput, Conflict
from bot.messages import Kind
from bot.papers.picture import MOST_BYTES
from connectors.app import answers, bodies
from connectors.app.channel import ACCOUNT, NAME
from connectors.app.guarding import Guard, reply
from connectors.app.hearing import Ear, Said, hash_of
from connectors.app.problems import Problem
from connectors.app.sessions import Session

PICTURE_SECONDS = 60.0
"""A photo of 10 MB over a slow phone takes long; one small enough to read takes few."""
AT_ONCE, WAIT_SECONDS = 4, 10.0
"""Pictures held in memory at the same moment, and how long the next waits for its turn."""
SIGNATURE_BYTES = 420_000
_PICTURES = ("image/jpeg", "image/png", "image/webp")


class Affairs:
    def __init__(self, guard: Guard, ear: Ear) -> None:
        self._guard, self._ear, self._desk = guard, ear, guard.desk
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def picture(self, request: web.Request, session: Session) -> web.StreamResponse:
        key = bodies.key_of(request)
        if request.content_type not in _PICTURES:
            raise Problem("wrong_type")
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._turns.acquire()
        except TimeoutError as full:
            raise Problem("busy", 2) from full
        try:
            content = await bodies.read(request, MOST_BYTES, PICTURE_SECONDS)
            name, kept = f"{session.sender}|{key}", hash_of(content.hex())
            laid = await laying.lay(self._desk, NAME, ACCOUNT, session.sender, name, kept, content)
        except laying.UsedUp as used:
            raise Problem("key_used") from used
        except BadInput as refused:
            raise Problem("not_a_picture") from refused
        finally:
            self._turns.release()
        return reply({"picture": laid}, 201)

    async def cases(self, request: web.Request, session: Session) -> web.StreamResponse:
        bodies.query(request)
        async with self._desk.store.reading() as work:
            talk = await self._bound(work, session)
            found = await own_cases(work, talk.id)
        return reply({"cases": [answers.case(self._desk, one) for one in found]})

    async def case(self, request: web.Request, session: Session) -> web.StreamResponse:
        bodies.query(request)
        async with self._desk.store.reading() as work:
            talk = await self._bound(work, session)
            found = await own_case(work, talk.id, request.match_info["id"])
            if found is None:
                raise Problem("not_found")
            timeline, consents = await work.cases.timeline(found.id), await work.consents.of_case(found.id)
        text = tell(self._desk, found, timeline, consents).text
        return reply(answers.case_in_full(self._desk, found, text, timeline))

    async def to_sign(self, request: web.Request, session: Session) -> web.StreamResponse:
        bodies.query(request)
        async with self._desk.store.reading() as work:
            talk = await work.conversations.by_sender(NAME, ACCOUNT, session.sender)
            wanted = await handwriting.to_sign(self._desk, work, talk) if talk else None
        return reply({"to_sign": answers.to_sign(wanted)})

    async def sign(self, request: web.Request, session: Session) -> web.StreamResponse:
        key = bodies.key_of(request)
        body = await bodies.read(request, SIGNATURE_BYTES)
        told = bodies.document(request, body, "sign")
        drawn = await self._drawn(told["png"])
        name, kept = f"{session.sender}|{key}", hash_of(body.hex())
        async with self._desk.store.writing() as work:
            talk = await work.conversations.by_sender(NAME, ACCOUNT, session.sender)
            if talk is None:
                raise Problem(handwriting.NOTHING)
            try:
                await handwriting.sign(self._desk, work, talk, name, kept, told["draft"], told["sha256"], drawn)
            except Conflict as other:
                raise Problem(str(other)) from other
            except laying.UsedUp as used:
                raise Problem("key_used") from used
            await work.commit()
        taken = await self._ear.hear(session, f"sign.{key}", Said(Kind.TEXT, text=handwriting.YES))
        return reply({"id": taken.message.id, "seq": taken.message.seq}, 202)

    async def _drawn(self, text: str) -> bytes:
        """The drawing as it may be kept. Nothing drawn has no edges, and a picture without edges counts as blurred."""
        assert self._desk.photos is not None
        try:
            picture = await self._desk.photos.pictures.settle(base64.b64decode(text, validate=True))
        except (BadInput, binascii.Error, ValueError) as error:
            raise Problem("not_a_signature") from error
        if picture.blurred:
            raise Problem("not_a_signature")
        return picture.content

    async def _bound(self, work: Work, session: Session) -> Conversation:
        if not session.named:
            raise Problem("anonymous")
        talk = await work.conversations.by_sender(NAME, ACCOUNT, session.sender)
        if talk is None or await work.people.of_conversation(talk.id) is None:
            raise Problem("not_bound")
        return talk
