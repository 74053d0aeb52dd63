"""A chat begins to speak for a person, after they said so where they are known; and it stops."""

from __future__ import annotations

from dataclasses import replace

from bot.audit import Deed
from bot.conversations import Conversation
from bot.desk.case_ports import Person
from bot.desk.cases.notifying import not_delivered
from bot.desk.desk import Desk
from bot.desk.filling.parting import going_on
from bot.desk.identity import codes
from bot.desk.identity_ports import Continuation, Passing
from bot.desk.notices.going import MARK
from bot.desk.ports import Work
from bot.desk.words import say
from bot.errors import BadInput
from bot.messages import Author, Choice, Reply, State

RESIDENT = "resident"
CODE = "code"
"""What proved a binding: the `how` of the identity."""


async def confirmed(desk: Desk, work: Work, talk: Conversation, mine: bool) -> Reply | None:
    """What the first chat says to 是您自己吗. None where no code of it waits for that."""
    now = desk.clock.now()
    found = await work.continuations.claimed(talk.id, now)
    if found is None:
        return None
    if not await work.continuations.settle(found, Passing.DONE if mine else Passing.REFUSED, now):
        return None
    other = await work.conversations.get(found.other)
    person = await work.people.of_conversation(talk.id)
    if not mine or person is None or person.id != found.person:
        await _tell(desk, work, other, say(desk, "continue_not_given"))
        return say(desk, "continue_refused")
    await work.people.bind(other.id, person.id, CODE, now)
    about = {"bound": f"conversation:{other.id}", "from": f"conversation:{talk.id}"}
    await work.audit.add(RESIDENT, Deed.CHANGE, f"person:{person.id}", now, region=other.region, about=about)
    await _tell(desk, work, other, await _bound(desk, work, found, person))
    return say(desk, "continue_done", place=codes.channel_name(desk, other.channel))


async def _bound(desk: Desk, work: Work, found: Continuation, person: Person) -> Reply:
    """What the other chat can go on with now: the form half filled, else the cases, else what was asked."""
    drafts = await work.drafts.of_person(person.id)
    offered: tuple[Choice, ...] = tuple(going_on(desk, draft) for draft in drafts[:1])
    if await work.cases.of_person(person.id):
        offered += (Choice(desk.edition.words("lookup_again").strip(), {"form": "lookup", "programme": ""}),)
    return replace(say(desk, "continue_bound"), choices=offered or codes.offers(desk, found))


async def _tell(desk: Desk, work: Work, talk: Conversation, said: Reply) -> None:
    now = desk.clock.now()
    state = State.QUEUED if talk.ledger.allows(now) else State.HELD
    await work.messages.add(talk, Author.SYSTEM, said, now, actor="system", state=state)


async def unbind(desk: Desk, work: Work, talk: Conversation, actor: str, reason: str = "") -> bool:
    """The chat speaks for nobody any more, and nothing of the person is left to be said in it: a form half filled goes to
    another chat of theirs, or is deleted; notices take another way. False where it spoke for nobody."""
    person = await work.people.of_conversation(talk.id)
    if person is None:
        return False
    now = desk.clock.now()
    others = [one for one in await work.people.conversations(person.id) if one != talk.id]
    for draft in await work.drafts.of_person(person.id):
        if draft.conversation == talk.id and others:
            await work.drafts.save(draft, now, conversation=others[-1], state="paused")
        elif draft.conversation == talk.id:
            await work.drafts.save(draft, now, state="cancelled")
    await work.conversations.change(talk.id, now, form="")
    await work.people.unbind(talk.id, now)
    for row in await work.messages.pending(talk.id):
        if str(row.about.get("reason", "")).startswith(MARK):
            await work.messages.set_state(row.id, [State.QUEUED, State.HELD], State.FAILED, now, reason="unbound")
            await not_delivered(desk, work, row)
    about = {"unbound": f"conversation:{talk.id}", "left": len(others)}
    what = f"person:{person.id}"
    await work.audit.add(actor, Deed.CHANGE, what, now, region=talk.region, reason=reason, about=about)
    return True


async def has_others(work: Work, talk: Conversation) -> bool:
    """Whether the person of this chat has another one, where a form half filled would go on."""
    person = await work.people.of_conversation(talk.id)
    if person is None:
        raise BadInput(f"conversation {talk.id} speaks for nobody; ask before")
    return len(await work.people.conversations(person.id)) > 1
