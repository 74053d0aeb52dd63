"""Whose case it is. Every id that comes from outside passes here: what is not this resident's does not exist for them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.case_ports import Case
from bot.desk.ports import Work
from bot.errors import BadInput


async def own_cases(work: Work, conversation: str) -> Sequence[Case]:
    """The cases of the person bound to this conversation, as applicant or as helper, newest first."""
    person = await work.people.of_conversation(conversation)
    return await work.cases.of_person(person.id) if person else ()


async def own_case(work: Work, conversation: str, case: str) -> Case | None:
    """The case, if it is theirs; None also where it does not exist, so that nobody learns which ids are taken."""
    person = await work.people.of_conversation(conversation)
    if person is None:
        return None
    try:
        found = await work.cases.get(case)
    except BadInput:
        return None
    return found if person.id in (found.person, found.helper) else None
