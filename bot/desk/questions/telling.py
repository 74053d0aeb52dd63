"""Reports on what people asked: how much of it was answered, about what and where, what is missing, and how soon it was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

from bot.audit import Deed
from bot.clock import SHANGHAI, today
from bot.desk.asking_ports import FAILED, UNHELPED, Asked, Number, Use, Wanted
from bot.desk.casework.spreadsheet import moment, write
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.publicity.maintaining import Maintained, maintained
from bot.desk.publicity_ports import Proposal, State
from bot.desk.questions import seeing
from bot.desk.questions.board import NAMES_OF_KINDS, Row, rows
from bot.desk.questions.seeing import FEW, place_called, places, shown, weeks_until
from bot.errors import BadInput
from bot.knowledge.answers import PROGRAMMES
from bot.staff import Staff

OLD = timedelta(days=365)
"""An answer that nobody touched for so long should be read again."""
_TOP, _MOST, _TOPICS = 10, 5000, 3
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Report:
    month: str
    first: date
    last: date
    before: Mapping[str, int]
    """How many ended how, in the month before."""
    ended: Mapping[str, int]
    failed: int
    failed_before: int
    people: int
    weeks: Sequence[tuple[date, int, int]]
    """Monday, asked, without an answer."""
    programmes: Sequence[tuple[str, str, int]]
    """(code, called, how often)."""
    programmes_before: Mapping[str, int]
    """By code, in the month before."""
    topics: Sequence[tuple[str, str, Sequence[int]]]
    """What is asked about most, in each of the weeks: (code, called, how often)."""
    places: Sequence[tuple[str, str, int]]
    top: Sequence[Row]
    """Groups without an answer, the most first."""
    answers: int
    old: Sequence[tuple[str, str, date]]
    """Answers that stand unchanged for long: (entry, title, since)."""
    middle_age: int
    """Days half of all answers stand unchanged."""
    maintained: Maintained
    """What was done to the content."""
    written: Sequence[tuple[str, int]]
    """Answers published in this month from what was asked: title, and days since it was asked first."""

    @property
    def asked(self) -> int:
        return sum(self.ended.values())

    @property
    def asked_before(self) -> int:
        return sum(self.before.values())

    @property
    def middle_days(self) -> float | None:
        return float(median(days for _, days in self.written)) if self.written else None


def month_wanted(desk: Desk, staff: Staff, month: str) -> Wanted:
    """A whole month; this one as far as it went. Raises BadInput for what is no month."""
    seeing.needs(staff)
    now = today(desk.clock)
    try:
        first = date.fromisoformat(f"{month}-01") if month else now.replace(day=1)
    except ValueError as error:
        raise BadInput(f"“{month[:20]}”不是月份；写成 2026-11 这样") from error
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Wanted(staff.regions, first, min(last, max(now, first)))


async def report(desk: Desk, staff: Staff, month: str) -> Report:
    wanted = month_wanted(desk, staff, month)
    earlier = (wanted.since - timedelta(days=1)).replace(day=1)
    before = replace(wanted, since=earlier, until=wanted.since - timedelta(days=1))
    async with desk.store.reading() as work:
        count = work.questions.count
        failed = replace(wanted, outcome=FAILED)
        regions = await count(wanted, "region")
        mondays = weeks_until(wanted.until)
        long = replace(wanted, since=mondays[0])
        asked = {one.key[0]: one.number for one in await count(long, "week")}
        missed = {one.key[0]: one.number for one in await count(replace(long, outcome=FAILED), "week")}
        teams = await work.questions.teams(replace(wanted, outcome=UNHELPED), _TOP)
        top = await rows(desk, work, replace(wanted, outcome=UNHELPED), teams)
        ages = await work.questions.ages(desk.edition.number)
        since = {entry: at.astimezone(SHANGHAI).date() for entry, at in ages.items()}
        written = await _written(work, staff, wanted)
        return Report(
            month=f"{wanted.since:%Y-%m}",
            first=wanted.since,
            last=wanted.until,
            before={one.key[0]: one.number for one in await count(before, "outcome")},
            ended={one.key[0]: one.number for one in await count(wanted, "outcome")},
            failed=sum(one.number for one in await count(failed, "outcome")),
            failed_before=sum(one.number for one in await count(replace(before, outcome=FAILED), "outcome")),
            people=sum(one.people for one in regions),
            weeks=[(day, asked.get(day.isoformat(), 0), missed.get(day.isoformat(), 0)) for day in mondays],
            programmes=_programmes({one.key[0]: one.number for one in await count(wanted, "programme")}),
            programmes_before={one.key[0]: one.number for one in await count(before, "programme")},
            topics=_topics(await count(long, "programme", "week"), mondays),
            places=[(code, place_called(desk, code), number) for code, number in places(desk, regions).items()],
            top=top,
            written=written,
            maintained=await maintained(work, wanted.since, wanted.until),
            answers=len(ages),
            old=_old(desk, since),
            middle_age=int(median((today(desk.clock) - day).days for day in since.values())) if since else 0,
        )


async def uses(desk: Desk, staff: Staff, weeks: int = 4, place: str = "") -> Sequence[tuple[Use, str]]:
    """How often each answer was given, and how often that did not settle the matter; with its title."""
    wanted = seeing.wanted(desk, staff, weeks, place)
    async with desk.store.reading() as work:
        found = await work.questions.uses(wanted)
    known = desk.edition.answers
    return [(one, known[one.entry].title if one.entry in known else f"（已撤下）{one.entry}") for one in found]


async def use_of(desk: Desk, staff: Staff, entry: str, weeks: int = 4) -> Use:
    """Of one answer; nothing of nobody where it was not given."""
    async with desk.store.reading() as work:
        found = await work.questions.uses(seeing.wanted(desk, staff, weeks, entry=entry))
    return next(iter(found), Use(entry, 0, 0, 0, 0))


async def listed(
    desk: Desk, staff: Staff, wanted: Wanted, about: Mapping[str, str], limit: int = 200
) -> Sequence[tuple[Asked, str, str]]:
    """The questions behind a number, with their place and words as they may be told. That they were read is in the audit log."""
    seeing.needs(staff)
    async with desk.store.writing() as work:
        found = await work.questions.list(wanted, limit)
        people = {one.key[0]: one.people for one in await work.questions.count(wanted, "region")}
        if found and wanted.place and desk.regions.get(wanted.place).level > 2 and sum(people.values()) < FEW:
            raise BadInput("这个区县问的人太少，为免认出人，请看市里的")
        groups = {one.key[0]: one.people for one in await work.questions.count(replace(wanted, outcome=""), "team")}
        await work.audit.add(staff.id, Deed.READ, "questions", desk.clock.now(), about={**about, "rows": len(found)})
        await work.commit()
    return [
        (
            one,
            place_called(
                desk, seeing.place_told(desk, one.region, min(people.get(one.region, 0), _people(groups, one)))
            ),
            shown(desk, one.words, _people(groups, one)),
        )
        for one in found
    ]


async def export(desk: Desk, staff: Staff, month: str) -> bytes:
    """The month's questions as a workbook whose cells are text. Who took it stands in the audit log."""
    wanted = month_wanted(desk, staff, month)
    found = await listed(desk, staff, wanted, {"month": f"{wanted.since:%Y-%m}"}, _MOST)
    columns = ("时间", "地区", "渠道", "事项", "提问（已去掉个人信息）", "结果", "答案编号")
    lines = [
        (
            moment(one.at),
            place,
            one.channel,
            PROGRAMMES.get(one.programme, ""),
            words,
            NAMES_OF_KINDS[one.outcome],
            one.entry,
        )
        for one, place, words in found
        if words
    ]
    async with desk.store.writing() as work:
        about = {"month": f"{wanted.since:%Y-%m}", "rows": len(lines)}
        await work.audit.add(staff.id, Deed.EXPORT, "questions", desk.clock.now(), about=about)
        await work.commit()
    return write(columns, lines, "提问")


def _people(groups: Mapping[str, int], one: Asked) -> int:
    """How many asked the same; a question without a group may be one person's alone."""
    return groups.get(one.team, 0) if one.team else 0


def _programmes(counted: Mapping[str, int]) -> list[tuple[str, str, int]]:
    told = Counter({code: number for code, number in counted.items() if number})
    return [(code, PROGRAMMES.get(code, "没说是哪一项"), number) for code, number in told.most_common()]


def _topics(counted: Sequence[Number], mondays: Sequence[date]) -> list[tuple[str, str, Sequence[int]]]:
    """The most asked about over all the weeks; what names no programme is no topic."""
    weeks: dict[str, Counter[str]] = {}
    for one in counted:
        weeks.setdefault(one.key[0], Counter())[one.key[1]] += one.number
    named = sorted((code for code in weeks if code), key=lambda code: (-weeks[code].total(), code))[:_TOPICS]
    return [(code, PROGRAMMES.get(code, code), [weeks[code][day.isoformat()] for day in mondays]) for code in named]


def _old(desk: Desk, since: Mapping[str, date]) -> list[tuple[str, str, date]]:
    now, known = today(desk.clock), desk.edition.answers
    old = sorted((day, entry) for entry, day in since.items() if now - day > OLD and entry in known)
    return [(entry, known[entry].title, day) for day, entry in old]


async def _written(work: Work, staff: Staff, wanted: Wanted) -> list[tuple[str, int]]:
    """Published in these days, with the days since somebody asked first."""
    found: list[tuple[str, int]] = []
    for one in await work.proposals.list([State.PUBLISHED], source="question:"):
        day = one.updated_at.astimezone(SHANGHAI).date()
        if not wanted.since <= day <= wanted.until:
            continue
        team = one.source.removeprefix("question:")
        asked = await work.questions.teams(Wanted(staff.regions, day - _YEAR, day, team=team), 1)
        if asked:
            found.append((_title(one), (day - date.fromisoformat(asked[0].first)).days))
    return found


def _title(one: Proposal) -> str:
    return str((one.data or {}).get("title", one.key))
