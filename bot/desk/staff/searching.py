"""Find a resident's conversations by a number they tell: receipt, identity, phone. By keyed hash only, never over decrypted
words, and each search leaves a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.audit import Deed
from bot.cases import read_number
from bot.conversations import ASIDE, Conversation
from bot.desk.casework.theirs import SEARCHES, within_limit
from bot.desk.desk import Desk
from bot.desk.handoff.theirs import theirs
from bot.desk.ports import Work
from bot.errors import NotYours
from bot.staff import Staff, covers

_IDENTITY = re.compile(r"\d{17}[\dX]")
_PHONE = re.compile(r"1[3-9]\d{9}")


def number_in(said: str) -> tuple[str, str] | None:
    """(identity, phone or number, the digits) of what somebody typed into a search; None for anything but a whole number."""
    text = "".join(said.split()).replace("-", "").upper().removeprefix("+86")
    if _IDENTITY.fullmatch(text):
        return "identity", text
    if _PHONE.fullmatch(text):
        return "phone", text
    receipt = read_number(said)
    return ("number", receipt) if receipt else None


async def conversations(desk: Desk, staff: Staff, said: str) -> Sequence[Conversation] | None:
    """Those of the person this number belongs to, as far as they are of the officer's places; None for what is no number."""
    asked = number_in(said)
    if asked is None:
        return None
    by, number = asked
    await within_limit(desk, f"search|{staff.id}", SEARCHES, "查找")
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


async def _people(desk: Desk, work: Work, staff: Staff, by: str, number: str) -> Sequence[str]:
    if by != "number":
        return [person.id for person in await work.people.find(by, number)]
    case = await work.cases.by_number(number)
    if case is None or not covers(staff, case.region, desk.regions):
        return []
    return [one for one in (case.person, case.helper) if one]
