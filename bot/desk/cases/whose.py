"""Who a case is about, also after they had themselves forgotten: what the office's archive holds then says it."""

from __future__ import annotations

from bot.desk.case_ports import Case, Person
from bot.desk.ports import Work
from bot.errors import BadInput
from bot.forms.model import State

_FIELDS = ("name", "identity", "phone")


async def applicant_of(work: Work, case: Case) -> Person:
    """The applicant; of somebody erased only what their answers say, where those were loaded."""
    return await person_of(work, case.person) or _from_answers(case)


async def person_of(work: Work, person: str) -> Person | None:
    """None where there is nobody, or nobody any more."""
    if not person:
        return None
    try:
        return await work.people.get(person)
    except BadInput:
        return None


async def is_somebody(work: Work, person: Person) -> bool:
    """Whether anything hangs on them. Somebody nothing is known of was only made to open a form."""
    if person.name or await work.cases.of_person(person.id):
        return True
    return any(one.kind == "application" for one in await work.drafts.of_person(person.id))


def _from_answers(case: Case) -> Person:
    said = {
        key: str(given.value)
        for key in _FIELDS
        for path in (key, f"members.1.{key}")
        if (given := case.answers.get(path)) and given.state is State.SAID and given.value
    }
    return Person(case.person, said.get("name", ""), said.get("identity", ""), said.get("phone", ""), case.created_at)
