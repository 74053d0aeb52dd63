"""The words about a case that somebody is told, and the call that tells them where no message does."""

from __future__ import annotations

from datetime import datetime, time

from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Person, Task
from bot.desk.cases.naming import office_name, programme_name, state_of, tail
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.words import say
from bot.messages import Choice, Reply

CALL_DAYS = 1
"""Working days within which somebody calls; a refusal may take three (民发〔2021〕57号 第21条)."""
_OPEN_HOURS = time(17)
_CHOICES = {
    "lookup": ("notice_detail_choice", "lookup"),
    "more": ("status_more_choice", "more"),
    "objection": ("status_object_choice", "objection"),
    "hearing": ("status_hearing_choice", "change"),
}


async def call(desk: Desk, work: Work, case: Case, person: Person, text: str) -> Task:
    """A task for somebody to call, or to go there where there is no phone."""
    kind, key = ("phone_notice", "notice_call") if person.phone else ("visit", "notice_visit")
    words = about_case(desk, case, key, name=person.name or "申请人", text=text).text
    now = desk.clock.now()
    return await work.tasks.add(kind, person.id, case.id, case.region, words, person.phone, call_by(desk, now), now)


def call_by(desk: Desk, now: datetime, days: int = CALL_DAYS) -> datetime:
    """The end of the working day by which somebody calls."""
    day = desk.calendar.deadline(now.astimezone(SHANGHAI).date(), days).day
    return datetime.combine(day, _OPEN_HOURS, SHANGHAI).astimezone(now.tzinfo)


def about_case(desk: Desk, case: Case, key: str, *, text: str = "", name: str = "", listed: str = "") -> Reply:
    """Fixed words about a case. What people wrote goes in last: no mark in it is filled."""
    state = state_of(case)
    return say(
        desk,
        key,
        region=case.region,
        programme=programme_name(desk, case.programme),
        number=tail(case),
        state=state.name,
        next=state.next,
        office_name=office_name(desk, case.region),
        name=name,
        list=listed,
        text=text,
    )


_HELPED = {"yes": "rate_3", "partly": "rate_2", "no": "rate_1", "nobody": "helped_nobody"}
"""What can be said of another office, and the words it is said in."""


def helped(referral: str) -> tuple[str, ...]:
    """The offers by which somebody says whether another office helped."""
    return tuple(f"helped:{said}:{referral}" for said in _HELPED)


_SHARED = {"yes": "share_yes_choice", "no": "share_no_choice"}
"""What can be said to being handed on, and the words it is said in."""


_ANSWERS = {"helped": _HELPED, "share": _SHARED}


def shared(referral: str) -> tuple[str, ...]:
    """The offers by which somebody says whether they agree to be handed on."""
    return tuple(f"share:{said}:{referral}" for said in _SHARED)


def offered(desk: Desk, offer: str, case: str) -> Choice:
    """A choice that begins a form about one case, or answers a question about a referral."""
    about, _, rest = offer.partition(":")
    if about in _ANSWERS:
        said, _, referral = rest.partition(":")
        return Choice(desk.edition.words(_ANSWERS[about][said]).strip(), {about: said, "referral": referral})
    words, kind = _CHOICES[offer]
    return Choice(
        desk.edition.words(words).strip(),
        {"form": kind, "programme": f"hearing:{case}" if offer == "hearing" else case},
    )
