"""After a decision, and before a cut: a change that is reported, money that did not come, an opinion that must be heard, an
objection. Each is written to the case's timeline and laid before a person; nothing here decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Task
from bot.desk.cases.naming import government, number_of, programme_name, said_day
from bot.desk.cases.objecting import Against, Ways, letter, ways
from bot.desk.cases.telling import about_case, call_by
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.forms.model import Given
from bot.messages import Outcome, Reply

LOOK_DAYS = 2
"""Working days within which somebody looks into money that did not come."""
READ_DAYS = 3
DEATH, UNPAID = "death", "unpaid"


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports: the kinds as the form calls them, their labels, and everything they said."""

    kinds: Sequence[str]
    labels: Sequence[str]
    said: str
    about: dict[str, Any]
    """The answers as they stand on the sheet, for the officer."""


async def report(desk: Desk, work: Work, case: Case, person: str, told: Report) -> list[Reply]:
    """A change in the household (社会救助法 第46条; 民发〔2021〕57号 第30条)."""
    changes = [label for kind, label in zip(told.kinds, told.labels, strict=True) if kind != UNPAID]
    replies: list[Reply] = []
    if UNPAID in told.kinds:
        replies += await unpaid(desk, work, case, person, told.said)
    if changes:
        listed = "、".join(changes)
        await _lay_before(desk, work, case, person, "change_task", told.said, listed, told.about, READ_DAYS)
        key = "change_noted_death" if DEATH in told.kinds else "change_noted"
        replies.append(about_case(desk, case, key))
    if changes and case.state in ("approved", "paying", "recheck"):
        replies.append(say(desk, "change_review"))
    return replies[:2]


async def unpaid(desk: Desk, work: Work, case: Case, person: str, said: str) -> list[Reply]:
    """Money that did not come: somebody looks, and the resident knows by when."""
    task = await _lay_before(desk, work, case, person, "unpaid_task", said, "", {}, LOOK_DAYS)
    day = said_day(task.due_at.astimezone(SHANGHAI).date())
    return [say(desk, "change_unpaid", region=case.region, day=day, choices=(PERSON,))]


async def hear(desk: Desk, work: Work, case: Case, person: str, opinion: str) -> list[Reply]:
    """What somebody says before a cut (社会救助法 第48条): in their own words, where the decision is made."""
    await _lay_before(desk, work, case, person, "hearing_task", opinion, "", {"hearing": True}, READ_DAYS)
    return [about_case(desk, case, "hearing_noted")]


async def more_papers(desk: Desk, work: Work, case: Case, person: str, count: int) -> list[Reply]:
    """Photos came. Whether they are what was wanted is for a person to see; the state stays until then."""
    await _lay_before(desk, work, case, person, "more_task", "", str(count), {"papers": count}, READ_DAYS)
    return [about_case(desk, case, "more_noted", listed=str(count))]


async def bank(desk: Desk, work: Work, case: Case, person: str, account: Mapping[str, Given]) -> list[Reply]:
    """The account money is paid to, said after the application: kept with it, and laid before a person to check."""
    case = await work.cases.correct(case, account, f"resident:{person}", desk.clock.now())
    await _lay_before(desk, work, case, person, "bank_task", "", "", {"bank": True}, READ_DAYS)
    return [about_case(desk, case, "bank_noted")]


async def _lay_before(
    desk: Desk, work: Work, case: Case, person: str, key: str, said: str, listed: str, about: dict[str, Any], days: int
) -> Task:
    now = desk.clock.now()
    await work.cases.note(case, f"resident:{person}", said, now, report=key.removesuffix("_task"), **about)
    phone = (await work.people.get(person)).phone
    words = about_case(desk, case, key, text=said, listed=listed).text
    return await work.tasks.add("callback", person, case.id, case.region, words, phone, call_by(desk, now, days), now)


@dataclass(frozen=True, slots=True)
class Objection:
    against: Against
    told: date | None
    """When the decision was learnt of, or the application handed in where nobody answered."""
    written: bool | None
    """Whether it came in writing with its reasons."""
    wants: str


async def object_to(
    desk: Desk, work: Work, case: Case | None, person: str, region: str, objection: Objection
) -> list[Reply]:
    """The way, its last day, its address, and a letter to copy; with a case it is noted and laid before a person too."""
    found = ways(objection.against, desk.today(), objection.told, case.due if case else None)
    replies = [_way(desk, found, objection, region, case)]
    if case is not None:
        day = LOOK_DAYS if found.route == "payment" else READ_DAYS
        about = {"against": objection.against.value, "told": objection.told.isoformat() if objection.told else ""}
        await _lay_before(desk, work, case, person, "objection_task", objection.wants, "", about, day)
    if found.letter:
        programme = programme_name(desk, case.programme) if case else ""
        number = number_of(case) if case else ""
        text = letter(objection.against, government(desk, region), objection.told, programme, number, objection.wants)
        replies.append(say(desk, "objection_letter"))
        replies.append(Reply(text, outcome=Outcome.SMALLTALK, reason="objection_letter"))
    return replies


def _way(desk: Desk, found: Ways, objection: Objection, region: str, case: Case | None) -> Reply:
    marks = {"government": government(desk, region)}
    key = f"objection_{found.route}"
    if found.route == "review" and found.review_until and found.court_until:
        marks |= {"day": said_day(found.review_until), "until": said_day(found.court_until)}
    elif found.route == "late" and found.review_from and found.review_until:
        marks |= {"day": said_day(found.review_from - timedelta(days=1)), "until": said_day(found.review_until)}
    elif found.route == "payment":
        marks["day"] = said_day(call_by(desk, desk.clock.now(), LOOK_DAYS).astimezone(SHANGHAI).date())
    elif found.route in ("review", "late"):
        key += "_undated"
    lines = [say(desk, key, region=region, **marks).text]  # type: ignore[arg-type]
    if found.passed:
        lines.insert(0, desk.edition.words("objection_passed").strip())
    if objection.written is False and found.route == "review":
        lines.append(desk.edition.words("objection_not_told").strip())
    return Reply("\n".join(lines), (PERSON,), Outcome.SMALLTALK, reason=key)
