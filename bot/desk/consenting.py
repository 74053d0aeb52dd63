"""Consent to the economic check: given by each adult in their own chat by a single-use code, by the guardian for a minor.

The applicant agrees inside the application. Everybody else who is of age gets a code from the applicant; who is still
missing is listed. A code says nothing about anybody until it is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import codes
from bot.desk.case_ports import Consent, Draft
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.forms.facts import age, members_of
from bot.forms.model import Form, Given, State, member_path
from bot.people import identity_number_is_valid

CHECK = "check"
"""The text that is agreed to; a key of `content/consents.yml`."""
GUARDIAN, HELPER = "guardian", "helper_name"
"""Fields of an application: the guardian's consent, and who fills it in for somebody else."""
_GUARDIAN_OF = "的监护人"
CODE_KEPT = timedelta(days=7)
OF_AGE = 18
"""民法典 第17条、第18条: from then on everybody signs for themselves."""
TRIES, PAUSE = 5, timedelta(minutes=15)
"""Wrong codes of one conversation, after which none is looked up for a while."""
_FORWARDED = 1_000
"""Characters of a message in which a code is looked for."""
GIVEN, REFUSED, ASKED = "given", "refused", "asked"
_CODE = re.compile(rf"(?:授权码|授权|同意码|码)(?:\W|是){{0,4}}{codes.DIGITS}(?!\d)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody whose consent is still missing. `code` is empty when they were asked before."""

    member: int
    name: str
    code: str


def code_in(text: str) -> str:
    """The code in 授权码 1234 5678, as an applicant forwards it; empty when there is none, or only far down in a long text."""
    return codes.read(_CODE.search(unicodedata.normalize("NFKC", text[:_FORWARDED])))


def code_said(text: str) -> str:
    """The code in the answer to the question for it: then the digits alone are enough."""
    return code_in(text) or codes.alone(text)


async def ask_household(
    desk: Desk, work: Work, draft: Draft, form: Form, channel: str, now: datetime
) -> tuple[Wanted, ...]:
    """Note the consents that were given in the application (the applicant's own, a guardian's for minors), ask everybody
    else's, and say who is missing. To repeat it changes nothing. A form that does not ask for the check asks nobody."""
    if CHECK not in {one.field.key for step in form.steps for one in step.fields}:
        return ()
    version, answers = desk.edition.consents[CHECK].version, draft.sheet.answers
    known = {one.member: one for one in await work.consents.of_draft(draft.id) if one.text == CHECK}
    wanted = []
    for number in range(1, members_of(form, answers) + 1):
        before = known.get(number)
        if before is not None:
            if before.state == ASKED:
                wanted.append(Wanted(number, before.name, ""))
            continue
        name, identity = _who(answers, number)
        minor = is_minor(identity, desk.today())
        if _said(answers, GUARDIAN if minor else CHECK) and (minor or number == 1):
            await work.consents.give(
                draft.id,
                number,
                name,
                CHECK,
                version,
                channel,
                draft.conversation,
                draft.person,
                now,
                by_guardian=minor,
            )
            continue
        if minor:
            name = f"{name}{_GUARDIAN_OF}"
        code = codes.new()
        await work.consents.ask(draft.id, number, name, CHECK, version, code, now + CODE_KEPT, now)
        wanted.append(Wanted(number, name, code))
    return tuple(wanted)


def is_minor(identity: str, day: date) -> bool:
    """Only a proved birth date makes a minor; whoever's age is not known is asked themselves."""
    return identity_number_is_valid(identity, day) and age(identity, day) < OF_AGE


def missing(consents: Sequence[Consent]) -> tuple[str, ...]:
    """The names of those who have not answered yet."""
    asked = [one for one in consents if one.text == CHECK and one.state == ASKED]
    return tuple(one.name for one in sorted(asked, key=lambda one: one.member))


async def open_code(work: Work, conversation: str, code: str, now: datetime) -> Consent | None:
    """The consent a code stands for; None for a wrong, used or expired one alike, and for whoever guessed too often."""
    key = f"consent:{conversation}"
    tries = await work.cases.tries(key, now - PAUSE)
    found = await work.consents.by_code(code, now) if code else None
    if tries >= TRIES:
        return None
    if found is None:
        await work.cases.tried(key, now)
    return found


async def is_own_chat(work: Work, consent: Consent, conversation: str) -> bool:
    """Whether nobody else of the household has spoken here: neither who filled the application in, nor another member.
    A guardian speaks for a child beside themselves; a helper who lives in the household speaks where they helped."""
    given = await work.consents.of_draft(consent.draft)
    others = [one for one in given if one.id != consent.id and one.text == CHECK]
    if consent.name.endswith(_GUARDIAN_OF):
        return True
    if any(one.conversation == conversation and one.state == GIVEN and not one.by_guardian for one in others):
        return False
    draft = await work.drafts.get(consent.draft)
    here = conversation == draft.conversation or conversation in await work.people.conversations(draft.person)
    return not here or consent.name == await _helper(work, consent)


async def _helper(work: Work, consent: Consent) -> str:
    """The name of who filled the application in for somebody else; empty where the applicant did."""
    if not consent.case:
        return ""
    answers = (await work.cases.get(consent.case, answers=True)).answers
    return str(answers[HELPER].value) if _said(answers, HELPER) else ""


def _said(answers: Mapping[str, Given], key: str) -> bool:
    return key in answers and answers[key].state is State.SAID


def _who(answers: Mapping[str, Given], number: int) -> tuple[str, str]:
    """(name, identity number) of a member; the applicant's may stand outside the household."""

    def said(key: str) -> str:
        paths = (member_path(number, key), *((key,) if number == 1 else ()))
        return next((str(answers[path].value) for path in paths if _said(answers, path)), "")

    return said("name") or f"第{number}位家人", said("identity")
