"""What somebody says, whichever of the app's doors it came by: taken in once, and whoever waits is woken."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass

from bot import people
from bot.desk import laying
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.ports import TakenIn
from bot.desk.turns import Breaker
from bot.errors import Forged
from bot.messages import Inbound, Kind
from connectors import metrics
from connectors.app.channel import ACCOUNT, NAME
from connectors.app.problems import Problem
from connectors.app.sessions import Session
from connectors.app.watch import Watch
from connectors.doorbell import Doorbell

MAY_SEND, MAY_SEND_SECONDS = 1_000_000, 10 * 365 * 86_400.0
"""No platform stands between: what an office has to say waits here for its reader, however long."""


@dataclass(frozen=True, slots=True)
class Said:
    kind: Kind
    text: str = ""
    choice: str = ""
    picture: str = ""
    place: str = ""
    event: str = ""


ENTERED = Said(Kind.EVENT, event="user_enter_tempsession")
"""A page was opened: answered with the greeting."""


@dataclass(frozen=True)
class Ear:
    desk: Desk
    bell: Doorbell
    breaker: Breaker
    watch: Watch

    async def hear(self, session: Session, key: str, said: Said) -> TakenIn:
        """Store it under the client's own key; the same again finds the first. Raises Problem."""
        text = said.text
        if said.choice:
            text = await self._label(session, said.choice)
        if said.picture:
            async with self.desk.store.reading() as work:
                talk = await work.conversations.by_sender(NAME, ACCOUNT, session.sender)
            if not await laying.is_laid(self.desk, talk, said.picture):
                raise Problem("no_such_picture")
        inbound = Inbound(
            NAME,
            ACCOUNT,
            session.sender,
            f"{session.sender}|{key}",
            said.kind,
            self.desk.clock.now(),
            text=text,
            choice=said.choice,
            event=said.event,
            media=said.picture,
            place=said.place,
            may_send=MAY_SEND,
            may_send_seconds=MAY_SEND_SECONDS,
        )
        proof = f"app:{hash_of(inbound.message_id)}", hash_of(json.dumps(asdict(said)))
        try:
            taken = await take_in(self.desk, inbound, engine_away=not self.breaker.closed, proof=proof)
        except Forged as error:
            raise Problem("key_used") from error
        if not taken.fresh and not _same(taken, inbound):
            # The proof is forgotten after an hour; the row is not.
            raise Problem("key_used")
        metrics.TAKEN.labels(NAME, "fresh" if taken.fresh else "again").inc()
        self.bell.work.ring()
        self.bell.mail.ring()
        self.watch.ring(session.sender)
        return taken

    async def _label(self, session: Session, choice: str) -> str:
        """What stands on the option: it is what the resident said."""
        seq, _, number = choice.partition("-")
        async with self.desk.store.reading() as work:
            talk = await work.conversations.by_sender(NAME, ACCOUNT, session.sender)
            rows = await work.messages.after(talk.id, int(seq) - 1, 1) if talk else ()
        choices = rows[0].choices if rows and rows[0].seq == int(seq) else ()
        if not 1 <= int(number) <= len(choices):
            raise Problem("no_such_option")
        return choices[int(number) - 1].label


def new_key() -> str:
    """For doors whose clients have no key of their own."""
    return secrets.token_urlsafe(16)


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _same(taken: TakenIn, inbound: Inbound) -> bool:
    row = taken.message
    kept = (row.kind, row.text, *(str(row.about.get(name, "")) for name in ("choice", "media", "place")))
    return kept == (inbound.kind, people.mask(inbound.text)[0], inbound.choice, inbound.media, inbound.place)
