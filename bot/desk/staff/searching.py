"""Find a resident's conversations by a number they tell: receipt, identity, phone. By keyed hash only, never over decrypted
words, and each search leaves a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.audit import Deed
from bot.conversations import ASIDE, Conversation
from bot.desk.desk import Desk
from bot.desk.handoff.theirs import in_reach, theirs
from bot.desk.ports import Work
from bot.errors import BadInput, NotYours
from bot.staff import Staff

_RECEIPT = re.compile(r"\d{13}")
_IDENTITY = re.compile(r"\d{17}[\dX]")
_PHONE = re.compile(r"1\d{10}")


async def conversations(desk: Desk, staff: Staff, said: str) -> Sequence[Conversation] | None:
    """Those of the person this number belongs to, as far as they are of the officer's places; None for what is no number."""
    number = re.sub(r"[\s-]", "", said).upper()
    by = next((kind for kind, form in _FORMS.items() if form.fullmatch(number)), "")
    if not by:
        return None
    async with desk.store.writing() as work:
        found: dict[str, Conversation] = {}
        for person in await _people(desk, work, staff, by, number):
            for one in await work.people.conversations(person):
                try:
                    talk = await theirs(desk, work, staff, one, "conversations.read", lock=False)
                except NotYours:
                    continue
                if talk.channel != ASIDE:
                    found[talk.id] = talk
        await work.audit.add(
            staff.id, Deed.SEARCH, "conversations", desk.clock.now(), about={"by": by, "found": len(found)}
        )
        await work.commit()
    return list(found.values())


_FORMS = {"receipt": _RECEIPT, "identity": _IDENTITY, "phone": _PHONE}


async def _people(desk: Desk, work: Work, staff: Staff, by: str, number: str) -> Sequence[str]:
    if by != "receipt":
        return [person.id for person in await work.people.find(by, number)]
    try:
        case = await work.cases.by_number(number)
    except BadInput:
        return []
    if case is None or not in_reach(desk, staff, case.region):
        return []
    return [one for one in (case.person, case.helper) if one]
