"""Who should take a conversation: by place, then by what they know well, then by how much they have. A suggestion for the
supervisor who assigns; where the office wants it, assigned by itself to whoever is here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.audit import Deed
from bot.conversations import URGENT, Conversation, Holder
from bot.desk.cases.naming import programme_name
from bot.desk.desk import Desk
from bot.desk.handoff import waiting
from bot.desk.handoff.deeds import takes
from bot.desk.handoff.queue import why
from bot.desk.handoff.theirs import COMPLAINT, colleague, name_of, theirs
from bot.desk.ports import Work
from bot.desk.supervising.places import nearness
from bot.desk.supervising_ports import Load
from bot.errors import BadInput, Conflict
from bot.staff import Staff, covers, may

HERE = timedelta(minutes=15)
"""Who was seen so lately is at their desk."""
FULL = 8
"""Conversations of one officer, beyond which nothing is assigned by itself."""
_HELD = (Holder.OFFICER, Holder.WAITING)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Why somebody is suggested."""

    staff: Staff
    here: bool
    near: int
    knows: str
    """The word of theirs that fits; empty: none."""
    held: int


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works here now, and with how much."""

    people: Sequence[Staff]
    present: frozenset[str]
    loads: Mapping[str, Load]

    @classmethod
    async def of(cls, desk: Desk, work: Work) -> Crew:
        now = desk.clock.now()
        people = [one for one in await work.staff.list() if may(one, "conversations.reply")]
        loads = {one.staff: one for one in await work.supervising.loads(now, now - timedelta(hours=24))}
        return cls(people, await work.supervising.present(now - HERE), loads)

    def held(self, staff: str) -> int:
        return self.loads[staff].held if staff in self.loads else 0


async def candidates(desk: Desk, work: Work, talk: Conversation, crew: Crew) -> list[Candidate]:
    """Who may take it, the best first: at their desk, nearest to the place, knowing the matter, with the least in hand."""
    words = await _matter(desk, work, talk)
    found = [
        Candidate(
            one, one.id in crew.present, nearness(desk, one, talk.region), _fits(one.skills, words), crew.held(one.id)
        )
        for one in crew.people
        if covers(one, talk.region, desk.regions) and talk.reason != COMPLAINT + one.id and one.id != talk.holder_name
    ]
    return sorted(found, key=lambda one: (not one.here, -one.near, not one.knows, one.held, one.staff.name))


async def assign(desk: Desk, staff: Staff, conversation: str, to: str) -> Conversation:
    """Give a waiting conversation, or one that somebody holds, to a colleague. Raises Conflict where neither is so."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await theirs(desk, work, staff, conversation, "conversations.assign")
        other = await colleague(desk, work, to, talk)
        if talk.holder in _HELD and talk.holder_name == other.id:
            return talk
        if talk.holder is Holder.QUEUED:
            talk = await takes(desk, work, other, talk, now, by=staff.id)
        elif talk.holder in _HELD:
            before = await name_of(work, talk.holder_name)
            await work.conversations.move(conversation, Holder.OFFICER, staff.id, "assigned", now, other.id)
            by = waiting.answer_by(desk, talk.region, now, urgent=talk.priority >= URGENT)
            talk = await work.conversations.change(conversation, now, answer_by=by)
            await work.talks.note(conversation, f"由{staff.name}从{before}转给{other.name}。", staff.id, now)
            about = {"did": "assign", "from": str(Holder.OFFICER), "to": other.id}
            await work.audit.add(staff.id, Deed.MOVE, f"conversation:{talk.id}", now, region=talk.region, about=about)
        else:
            raise Conflict("这个会话不在等人，也没有同事在接，不用分派。")
        await work.commit()
    return talk


async def assign_waiting(desk: Desk) -> int:
    """Give what waits to whoever is here and has room, in its order, each in a unit of work of its own; how many. Nobody
    here, or nobody with room: it waits on."""
    async with desk.store.reading() as work:
        waits = [
            one for one in await work.conversations.waiting() if one.priority >= URGENT or desk.staffed(one.region)
        ]
    given = 0
    for one in waits[:50]:
        given += await _give(desk, one.id)
    return given


async def _give(desk: Desk, conversation: str) -> int:
    now = desk.clock.now()
    async with desk.store.writing() as work:
        try:
            talk = await work.conversations.hold(conversation)
        except BadInput:
            return 0  # erased meanwhile
        if talk.holder is not Holder.QUEUED:
            return 0  # somebody was faster
        found = await candidates(desk, work, talk, await Crew.of(desk, work))
        best = next((one for one in found if one.here and one.held < FULL), None)
        if best is None:
            return 0
        await takes(desk, work, best.staff, talk, now, by="system")
        await work.commit()
    return 1


async def _matter(desk: Desk, work: Work, talk: Conversation) -> set[str]:
    """What it is about, in words of the office: labels, the reason, the programme of the form that is open."""
    words = set((await work.talks.labels([talk.id])).get(talk.id, ()))
    words |= {why(talk.reason)} if talk.reason else set()
    drafts = await work.drafts.of_conversation(talk.id)
    return words | {programme_name(desk, one.programme) for one in drafts if one.programme}


def _fits(skills: Iterable[str], words: Iterable[str]) -> str:
    return next((skill for skill in skills if any(skill in word or word in skill for word in words)), "")
