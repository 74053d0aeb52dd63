"""帮上您了吗: on the day of the follow-up the resident is asked whether the other office helped. What they say ends the
reminder, or lays it before an officer again, and is counted (`relying`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Referral
from bot.desk.cases.notifying import Notice, notify
from bot.desk.cases.telling import call_by, helped
from bot.desk.cases.whose import applicant_of
from bot.desk.casework.referrals import addressed, end_reminder, reminder
from bot.desk.desk import Desk
from bot.desk.handoff.waiting import moment_in_words
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.messages import Reply

SAID: Mapping[str, str] = {"yes": "帮上了", "partly": "帮了一点", "no": "没帮上", "nobody": "还没人找过"}
ASKS_FROM = time(9, 30)
LATEST = timedelta(days=7)
"""A question that could not be asked for longer is an officer's to ask."""
AT_ONCE = 20
_KEY = "notice_referral"


async def ask_due(desk: Desk) -> int:
    """Ask of those whose day it is, each in a unit of work of its own; how many. Not where an officer closed the reminder:
    they asked already."""
    here = desk.clock.now().astimezone(SHANGHAI)
    if here.time() < ASKS_FROM:
        return 0
    async with desk.store.reading() as work:
        due = await work.referrals.to_ask(here.date() - LATEST, here.date(), AT_ONCE)
    return sum([await _ask(desk, one.id) for one in due])


async def heard(
    desk: Desk, work: Work, referral: Referral, case: Case, said: str, person: str, now: datetime
) -> list[Reply]:
    """What they answered, and what is answered to it."""
    if said != referral.helped:
        referral = await _note(desk, work, referral, case, said, f"resident:{person}", now)
    if said == "yes":
        return [say(desk, "helped_yes", region=case.region)]
    task = await reminder(work, referral)
    if task is None:  # an officer was there meanwhile
        return [say(desk, "helped_over")]
    when = moment_in_words(task.due_at)
    return [say(desk, "helped_not", region=case.region, when=when, choices=(PERSON,))]


async def _ask(desk: Desk, referral: str) -> int:
    now = desk.clock.now()
    async with desk.store.writing() as work:
        if not await work.referrals.asked(referral, now):
            return 0
        one = await work.referrals.get(referral)
        case = await work.cases.get(one.case)
        text = addressed(desk, one, case)
        await notify(desk, work, case, Notice(_KEY, text, (*helped(one.id), "person"), one.task))
        await work.commit()
    return 1


async def _note(desk: Desk, work: Work, one: Referral, case: Case, said: str, actor: str, now: datetime) -> Referral:
    """The reminder that stood ends; what did not help is an officer's again within a working day, also where the office
    itself said that it is done."""
    await end_reminder(work, one, actor, now)
    state, task = one.state, ""
    if said == "yes":
        state = "done" if one.state in ("open", "taken") else one.state
    else:
        state = "open" if one.state == "done" else one.state
        text = f"居民说{SAID[said]}：{addressed(desk, one, case)}。请联系居民和对方，看还能怎么办"
        phone = (await applicant_of(work, case)).phone
        made = await work.tasks.add(
            "follow_up", case.person, case.id, case.region, text, phone, call_by(desk, now), now
        )
        task = made.id
    await work.cases.note(case, actor, "", now, referral=one.id, helped=said)
    return await work.referrals.helped(one, said, state, task, now)
