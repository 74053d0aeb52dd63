"""Pictures a resident sends while people have the conversation: fetched, made harmless, sealed, and shown for a reason only.

The message was handled when it came in; the photo follows, because a platform may be slow and nobody waits for it. Only the
gateway fetches: it holds the platform's keys, and a stranger's file is decoded in a process of its own (`bot.papers.room`).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.audit import Deed
from bot.desk.case_ports import Case
from bot.desk.cases.naming import form_of, tail
from bot.desk.casework import revealing as cases
from bot.desk.casework.masking import fields_of
from bot.desk.casework.theirs import reason_of, within_limit
from bot.desk.desk import Desk
from bot.desk.handoff.theirs import theirs
from bot.desk.officer_ports import GONE, KEPT, REFUSED, TalkPicture
from bot.desk.ports import Work
from bot.errors import BadInput, TryAgain, Undeliverable
from bot.forms.model import Kind
from bot.staff import Staff, covers

FETCH_SECONDS = 20.0
ADOPTED = "adopted"
ATTEMPTS = 6
"""With growing pauses, about an hour; WeChat keeps what was sent for three days."""
_LEASE = timedelta(seconds=60)
_PAUSE = timedelta(seconds=60)
_NOTHING = "没有这张照片，或者已经过了保存期。"


async def fetch_one(desk: Desk) -> bool:
    """Fetch the next picture that is due; False when there is none. Two workers never fetch the same one at a time."""
    if desk.photos is None:
        return False
    now = desk.clock.now()
    async with desk.store.reading() as work:
        if not await work.talk_pictures.due(now):
            return False
    async with desk.store.writing() as work:
        taken = await work.talk_pictures.lease(now, now + _LEASE)
        if taken is None:
            return False
        message = await work.messages.get(taken.message)
        conversation = await work.conversations.get(taken.conversation)
        await work.commit()
    media = str(message.about.get("media", ""))
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            content = await desk.photos.media.fetch(conversation.channel, media)
            picture = await desk.photos.pictures.settle(content)
    except BadInput:
        return await _ended(desk, taken, REFUSED)
    except Undeliverable:
        return await _ended(desk, taken, GONE)
    except (TryAgain, TimeoutError):
        if taken.attempts >= ATTEMPTS:
            return await _ended(desk, taken, GONE)
        async with desk.store.writing() as work:
            await work.talk_pictures.put_off(taken.id, desk.clock.now() + _PAUSE * 2 ** (taken.attempts - 1))
            await work.commit()
        return True
    async with desk.store.writing() as work:
        await work.talk_pictures.keep(taken.id, picture.content, desk.clock.now())
        await work.commit()
    return True


async def picture(desk: Desk, staff: Staff, conversation: str, which: str, reason: str) -> bytes:
    """One photo in full, for a reason that stands in the audit log. Raises BadInput, Conflict for too many, NotYours."""
    why = reason_of(reason)
    async with desk.store.reading() as work:
        await theirs(desk, work, staff, conversation, "cases.reveal", lock=False)
        await _known(work, conversation, which)
    await within_limit(desk, f"reveal|{staff.id}", cases.REVEALS, "查看隐去的信息")
    async with desk.store.writing() as work:
        talk = await theirs(desk, work, staff, conversation, "cases.reveal")
        await _known(work, conversation, which)
        content = await work.talk_pictures.read(which)
        await work.audit.add(
            staff.id,
            Deed.REVEAL,
            f"conversation:{conversation}",
            desk.clock.now(),
            region=talk.region,
            reason=why,
            about={"picture": which},
        )
        await work.commit()
    return content


async def adopt(desk: Desk, staff: Staff, conversation: str, which: str, case: str, kind: str) -> None:
    """A photo of the talk becomes a paper of a case of the same person: it stays as long as the case does. Once; again changes
    nothing. Raises BadInput, NotYours."""
    async with desk.store.writing() as work:
        talk = await theirs(desk, work, staff, conversation, "cases.move")
        await _known(work, conversation, which)
        person = await work.people.of_conversation(conversation)
        mine = await work.cases.of_person(person.id) if person else ()
        found = next((one for one in mine if one.id == case and covers(staff, one.region, desk.regions)), None)
        if found is None:
            raise BadInput("请选这位居民的一个案件。")
        if kind not in kinds(desk, found):
            raise BadInput("请选是哪样材料。")
        now = desk.clock.now()
        if not any(note.ref == which for note in await work.talks.notes(conversation, ADOPTED)):
            paper = await work.papers.add_to(case, 1, kind, await work.talk_pictures.read(which), now)
            text = f"照片放进了案件（尾号{tail(found)}）"
            await work.talks.note(conversation, text, staff.id, now)
            await work.talks.note(conversation, text, staff.id, now, ADOPTED, which)
            await work.cases.note(found, f"officer:{staff.name}", "", now, paper=kinds(desk, found)[kind])
            about = {"picture": which, "paper": paper.id, "conversation": talk.id}
            await work.audit.add(staff.id, Deed.CHANGE, f"case:{case}", now, region=found.region, about=about)
        await work.commit()


def kinds(desk: Desk, case: Case) -> dict[str, str]:
    """The papers the form of a case asks for, by kind; one that is none of them is `other`."""
    fields = fields_of(form_of(desk, case.programme)).values()
    asked = {one.key.removeprefix("paper_"): one.label for one in fields if one.kind is Kind.PAPER}
    return asked | {"other": "别的材料"}


async def _known(work: Work, conversation: str, which: str) -> TalkPicture:
    """Raises BadInput, also for a picture of another conversation."""
    for one in await work.talk_pictures.of_conversation(conversation):
        if one.id == which and one.state == KEPT:
            return one
    raise BadInput(_NOTHING)


async def _ended(desk: Desk, taken: TalkPicture, state: str) -> bool:
    async with desk.store.writing() as work:
        await work.talk_pictures.give_up(taken.id, state)
        await work.commit()
    return True
