"""Large lists leave the office by two hands: one asks and says what for, another who answers for the same places releases it,
and the first takes it, once. All of it stands in the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.audit import Deed
from bot.desk.casework import listing, reporting
from bot.desk.casework.theirs import reason_of
from bot.desk.desk import Desk
from bot.desk.handoff.theirs import name_of
from bot.desk.ports import Work
from bot.desk.supervising_ports import Export
from bot.errors import BadInput, Conflict, NotYours
from bot.staff import Staff, covers, may

RIGHT = "reports.export"
TAKE_WITHIN = timedelta(hours=24)
SHOWN = timedelta(days=30)
_FILTERS = ("state", "programme", "place", "due", "month", "at", "stage", "left", "late")
STATES = {"asked": "等人放行", "released": "可以下载", "refused": "没有放行", "taken": "已经下载"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One export as somebody sees it."""

    export: Export
    asked_by: str
    decided_by: str
    """Names."""
    about: str
    """What it lists, in words."""
    may_decide: bool
    may_take: bool
    over: bool
    """Released, and the time to take it is over."""


async def ask(desk: Desk, staff: Staff, asked: Mapping[str, str], reason: str) -> Export:
    """Ask somebody else to release this list. Raises BadInput for one that needs nobody, or that is too long for anybody."""
    if not may(staff, RIGHT):
        raise NotYours("您的账号不能导出。")
    why = reason_of(reason)
    which = await reporting.narrowed(desk, staff, asked)
    async with desk.store.writing() as work:
        rows = sum(one.number for one in await work.cases.counts(which))
        if rows <= listing.LARGE:
            raise BadInput(f"不到{listing.LARGE}件，不用别人放行，直接导出就行。")
        if rows > listing.MOST_ROWS:
            raise BadInput(f"超过{listing.MOST_ROWS}件，请先按月份、地区或事项缩小再导出。")
        kept = {key: value for key in _FILTERS if (value := asked.get(key, ""))}
        now = desk.clock.now()
        export = await work.supervising.ask_export(staff.id, why, kept, rows, now)
        await _audit(desk, work, staff, export, "ask", why)
        await work.commit()
    return export


async def decide(desk: Desk, staff: Staff, export: str, release: bool) -> Export:
    """Release it, or not. Raises NotYours for one's own, and for a list of places one does not answer for; Conflict when
    somebody was faster."""
    async with desk.store.writing() as work:
        one = await work.supervising.get_export(export, lock=True)
        asker = await work.staff.get(one.asked_by)
        if one.asked_by == staff.id:
            raise NotYours("自己要的导出，要请别人放行。")
        if not _may_decide(desk, staff, asker):
            raise NotYours("这份名单里有不归您管的地方，请那里的主管放行。")
        if one.state != "asked":
            raise Conflict(f"{await name_of(work, one.decided_by)}已经处理了这份导出。")
        one = await work.supervising.set_export(
            export, "released" if release else "refused", desk.clock.now(), staff.id
        )
        await _audit(desk, work, staff, one, "release" if release else "refuse", "")
        await work.commit()
    return one


async def take(desk: Desk, staff: Staff, export: str) -> bytes:
    """The spreadsheet, once, to whoever asked for it. Raises NotYours, Conflict."""
    async with desk.store.reading() as work:
        one = await work.supervising.get_export(export)
    _takeable(desk, staff, one)
    data, rows = await listing.written(desk, staff, await reporting.narrowed(desk, staff, one.filter))
    async with desk.store.writing() as work:
        _takeable(desk, staff, await work.supervising.get_export(export, lock=True))
        await work.supervising.set_export(export, "taken", desk.clock.now())
        await _audit(desk, work, staff, one, "take", one.reason, rows)
        await work.commit()
    return data


async def asked_for(desk: Desk, staff: Staff) -> Sequence[Asked]:
    """One's own, and those one may release, the newest first."""
    now = desk.clock.now()
    async with desk.store.reading() as work:
        found = await work.supervising.exports(now - SHOWN)
        people = {one.id: one for one in await work.staff.list()}
    shown = []
    for one in found:
        asker = people.get(one.asked_by)
        can = asker is not None and one.asked_by != staff.id and _may_decide(desk, staff, asker)
        if one.asked_by != staff.id and not can:
            continue
        over = one.state == "released" and (one.decided_at is None or one.decided_at + TAKE_WITHIN < now)
        decided = people.get(one.decided_by)
        shown.append(
            Asked(
                one,
                asker.name if asker else "别的同事",
                decided.name if decided else "",
                listing.said(desk, one.filter),
                can and one.state == "asked",
                one.asked_by == staff.id and one.state == "released" and not over,
                over,
            )
        )
    return shown


def _may_decide(desk: Desk, staff: Staff, asker: Staff) -> bool:
    return may(staff, RIGHT) and all(covers(staff, region, desk.regions) for region in asker.regions)


def _takeable(desk: Desk, staff: Staff, one: Export) -> None:
    if one.asked_by != staff.id or not may(staff, RIGHT):
        raise NotYours("这份导出不是您要的。")
    if one.state == "taken":
        raise Conflict("这份导出已经下载过了；还要用，请重新申请。")
    if one.state != "released" or one.decided_at is None:
        raise Conflict("这份导出还没有放行。")
    if one.decided_at + TAKE_WITHIN < desk.clock.now():
        raise Conflict("放行已经超过24小时，请重新申请。")


async def _audit(
    desk: Desk, work: Work, staff: Staff, export: Export, did: str, reason: str, rows: int | None = None
) -> None:
    about = {"did": did, "rows": export.rows if rows is None else rows, **export.filter}
    await work.audit.add(staff.id, Deed.EXPORT, f"export:{export.id}", desk.clock.now(), reason=reason, about=about)
