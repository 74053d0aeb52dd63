"""A call, a video call or a visit agreed in the conversation: a task for the office, and the day confirmed to the resident."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot import people
from bot.audit import Deed
from bot.clock import SHANGHAI
from bot.desk.case_ports import Task
from bot.desk.desk import Desk
from bot.desk.handoff.deeds import audit, say_to_resident
from bot.desk.handoff.theirs import held
from bot.desk.handoff.waiting import moment_in_words
from bot.desk.words import say
from bot.errors import BadInput
from bot.staff import Staff

BOOKED = "booked"
KINDS = {"callback": "打电话", "video": "视频", "visit": "上门"}
_WORDS = {"callback": "booked_call", "video": "booked_video", "visit": "booked_visit"}
_LONGEST = 300
_YEAR = timedelta(days=366)


def moment_of(day: str, hour: str, now: datetime) -> datetime:
    """A day and an hour in China's time. Raises BadInput for one that is past, or too far."""
    try:
        due = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), SHANGHAI)
    except ValueError as error:
        raise BadInput("请写清楚哪天几点，比如 2026-12-01 09:30") from error
    if due <= now or due > now + _YEAR:
        raise BadInput("约的时间要在现在以后、一年以内")
    return due


async def book(
    desk: Desk, staff: Staff, conversation: str, kind: str, day: str, hour: str, what: str, phone: str = ""
) -> Task:
    """Only the holder books. `phone`: told in the talk, where none is known of the person. Raises BadInput, Conflict, NotYours."""
    if kind not in KINDS:
        raise BadInput("请选打电话、视频还是上门")
    now, what = desk.clock.now(), " ".join(what.split())
    due = moment_of(day, hour, now)
    if not what or len(what) > _LONGEST:
        raise BadInput(f"请写明要办什么，{_LONGEST}字以内")
    number = "".join(phone.split()).replace("-", "")
    if number and not (number.isascii() and number.isdigit() and 7 <= len(number) <= 12):
        raise BadInput("电话只写数字，7到12位")
    async with desk.store.writing() as work:
        talk = await held(desk, work, staff, conversation)
        person = await work.people.of_conversation(conversation)
        known = number or (person.phone if person else "")
        if kind == "callback" and not known:
            raise BadInput("还不知道居民的电话，先问到号码再约打电话")
        text = f"{people.mask(what)[0]}（会话 {conversation}）"
        who = person.id if person else ""
        made = await work.tasks.add(kind, who, "", talk.region, text, known, due, now)
        noted = f"约了{KINDS[kind]}：{moment_in_words(due)}，{people.mask(what)[0]}"
        await work.talks.note(conversation, noted, staff.id, now)
        await work.talks.note(conversation, noted, staff.id, now, BOOKED, made.id)
        words = say(desk, _WORDS[kind], region=talk.region, when=moment_in_words(due), name=staff.name).text
        await say_to_resident(work, staff, talk, words, now)
        await audit(work, staff, Deed.CHANGE, talk, now, {"booked": kind, "task": made.id})
        await work.commit()
    return made
