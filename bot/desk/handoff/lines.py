"""这个号码没人接: a published line marked by a colleague or a resident who tried it, shown to colleagues and the publicity desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.audit import Deed
from bot.clock import SHANGHAI
from bot.conversations import Conversation
from bot.desk import silent_lines
from bot.desk.desk import Desk
from bot.desk.officer_ports import LineReport
from bot.desk.ports import Message, Work
from bot.desk.words import say
from bot.errors import BadInput, NotYours
from bot.knowledge.contacts import Hotline
from bot.language import tonight
from bot.messages import Kind, Reply
from bot.staff import Staff, covers, may

RIGHT = "lines.mark"
RESIDENT = "resident:"
_NO_MORE = 30
"""Signs: a longer message says more than that."""


@dataclass(frozen=True, slots=True)
class Line:
    """A published line with what was found of it lately, the newest first: who, where, when."""

    line: Hotline
    reports: Sequence[tuple[LineReport, str]]
    """With the name of who tried it."""
    silent: bool
    """Whether residents of this place are given another one meanwhile."""


async def listed(desk: Desk, staff: Staff) -> list[Line]:
    """The lines of an account's places and of the whole country."""
    places = staff.regions or ("",)
    lines = {one.id: one for place in places for one in desk.edition.hotlines(place)}
    return await _with_reports(desk, lines.values(), places)


async def of_place(desk: Desk, region: str) -> list[Line]:
    """Those a resident of this place may be given for help, beside their conversation."""
    lines = {one.id: one for need in ("assistance", "complaint") for one in desk.edition.hotlines(region, need)}
    return await _with_reports(desk, lines.values(), (region,))


async def mark(desk: Desk, staff: Staff, hotline: str, region: str) -> None:
    """Nobody answered it. Of one account on one day it counts once. Raises BadInput, NotYours."""
    if not may(staff, RIGHT) or not covers(staff, region, desk.regions):
        raise NotYours("这个地方不归您管，请选自己的地方。")
    line, now = _known(desk, hotline), desk.clock.now()
    async with desk.store.writing() as work:
        await _add(work, line, region, staff.id, now)
        await work.audit.add(
            staff.id,
            Deed.CHANGE,
            f"hotline:{line.id}",
            now,
            region=region,
            about={"number": line.number, "silent": True},
        )
        await work.commit()
    await silent_lines.refresh(desk)


async def works(desk: Desk, staff: Staff, hotline: str) -> int:
    """Somebody answers again: the marks end. Raises BadInput, NotYours."""
    if not may(staff, RIGHT):
        raise NotYours("您的账号不能做这件事。")
    line, now = _known(desk, hotline), desk.clock.now()
    if line.region and not any(
        covers(staff, line.region, desk.regions) or desk.regions.is_within(own, line.region) for own in staff.regions
    ):
        raise NotYours("这个地方不归您管，请选自己的地方。")
    async with desk.store.writing() as work:
        ended = await work.line_reports.settle(line.id, staff.id, now)
        await work.audit.add(
            staff.id,
            Deed.CHANGE,
            f"hotline:{line.id}",
            now,
            region=line.region,
            about={"silent": False, "ended": ended},
        )
        await work.commit()
    await silent_lines.refresh(desk)
    return ended


async def heard(
    desk: Desk, work: Work, conversation: Conversation, message: Message, now: datetime
) -> list[Reply] | None:
    """12349没人接, said to the bot: noted, and another number given at once; None: it is about something else, or more."""
    if message.kind is not Kind.TEXT or conversation.form:
        return None
    line = silent_lines.tried(message.text, desk.edition.hotlines(conversation.region))
    if line is None:
        return None
    await _add(work, line, conversation.region, f"{RESIDENT}{conversation.id}", now)
    if len(message.text) > _NO_MORE or tonight.needs_help_now(message.text):
        return None  # noted; what else was said is answered
    need = line.needs[0] if line.needs else ""
    others = [one for one in desk.hotlines(conversation.region, need) if one.id != line.id]
    others = others or [one for one in desk.hotlines(conversation.region, "assistance") if one.id != line.id]
    if not others:
        return [say(desk, "line_noted_none", region=conversation.region)]
    told = f"{others[0].name}，电话{others[0].number}" + (f"（{others[0].hours}）" if others[0].hours else "")
    # What an editor wrote goes in last: no mark in it is filled.
    said = say(desk, "line_noted", region=conversation.region)
    return [replace(said, text=said.text.replace("{told}", told))]


async def _add(work: Work, line: Hotline, region: str, actor: str, now: datetime) -> None:
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    for one in await work.line_reports.since(midnight):
        if (one.hotline, one.actor, one.region) == (line.id, actor, region):
            return
    await work.line_reports.add(line.id, line.number, region, actor, now)


async def _with_reports(desk: Desk, lines: Iterable[Hotline], places: Sequence[str]) -> list[Line]:
    since = desk.clock.now() - silent_lines.WITHIN
    async with desk.store.reading() as work:
        reports = await work.line_reports.since(since)
        names = {one.id: one.name for one in await work.staff.list()}
    desk.lines.reports = tuple(reports)
    found = []
    for line in lines:
        mine = [(one, names.get(one.actor, "居民")) for one in reports if one.hotline == line.id]
        silent = any(desk.lines.silent(line, place, desk.regions) for place in places)
        found.append(Line(line, mine, silent))
    return found


def _known(desk: Desk, hotline: str) -> Hotline:
    line = desk.edition.content.hotlines.get(hotline)
    if line is None:
        raise BadInput("没有这个电话，可能刚刚改过，请刷新看看。")
    return line
