"""Which cases: the list with its filters, the search by number, and the same list as a spreadsheet. All masked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.audit import Deed
from bot.cases import STATES
from bot.desk.case_ports import Case, Wanted
from bot.desk.cases.naming import number_of, place_name, programme_name
from bot.desk.cases.rights import masked_name
from bot.desk.cases.whose import applicant_of
from bot.desk.casework import spreadsheet
from bot.desk.casework.theirs import SEARCHES, days_left, within_limit
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.staff.searching import number_in
from bot.errors import BadInput
from bot.regions import UnknownRegion
from bot.staff import Staff, covers

PAGE, MOST_ROWS, LARGE = 50, 5000, 500
"""Rows of a page, of an export, and of one that needs a second person."""
EXPORTS = 5
"""In one hour, by one person."""
OPEN = tuple(code for code, state in STATES.items() if not state.final and code not in ("draft", "paying"))
"""Where somebody still has to do something."""
NO_PLACE = "none"
"""How a list's address says that no place is known."""
COLUMNS = ("回执号", "事项", "地区", "状态", "申请人", "提交", "受理", "最晚", "剩余工作日", "系统编号")


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list: nothing of it identifies anybody."""

    case: Case
    number: str
    programme: str
    place: str
    short: str
    """The place without its province."""
    state: str
    name: str
    left: int | None
    """Working days until the last day; negative: late."""


def called(state: str) -> str:
    """A state in an officer's words: the residents' speak to the resident."""
    return STATES[state].name.replace("您", "居民")


def wanted(desk: Desk, staff: Staff, asked: Mapping[str, str]) -> Wanted:
    """The filters of the list as they stand in its address. Raises BadInput for a value nobody knows."""
    state, programme, due = (asked.get(key, "") for key in ("state", "programme", "due"))
    if state and state != "open" and state not in STATES:
        raise BadInput("没有这个状态，请从列表里选")
    if programme and programme not in desk.edition.programmes:
        raise BadInput("没有这个事项，请从列表里选")
    states = OPEN if state == "open" or (due and not state) else (state,) if state else ()
    today = desk.today()
    spans: dict[str, tuple[date | None, date | None]] = {
        "": (None, None),
        "overdue": (None, today - timedelta(days=1)),
        "today": (today, today),
        "week": (today, today + timedelta(days=7)),
    }
    if due not in spans:
        raise BadInput("没有这个期限，请从列表里选")
    first, last = spans[due]
    return Wanted(
        staff.regions,
        states,
        programme,
        place=place_code(desk, asked.get("place", "")),
        month=asked.get("month", ""),
        due_from=first,
        due_until=last,
        at="" if asked.get("at") == NO_PLACE else asked.get("at") or None,
        limit=PAGE + 1,
    )


def place_code(desk: Desk, text: str) -> str:
    """A division by its code or its name; nothing for nothing. Raises BadInput for what is no place, or several."""
    text = text.strip()[:60]
    if not text:
        return ""
    if re.fullmatch("[0-9]{6}", text):
        try:
            return desk.regions.get(text).code
        except UnknownRegion as error:
            raise BadInput(f"没有“{text}”这个行政区划代码") from error
    found = desk.regions.find(text)
    if len(found) != 1 or len(found[0].candidates) != 1:
        raise BadInput(f"“{text}”不知道是哪里，写全一点，比如“湖北省武汉市洪山区”")
    return found[0].candidates[0].code


async def page(desk: Desk, staff: Staff, which: Wanted) -> tuple[list[Row], str]:
    """The rows of one page, and where the next one begins; empty: this was the last."""
    async with desk.store.reading() as work:
        found = await work.cases.pick(which)
        rows = await _rows(desk, work, staff, found[:PAGE])
    return rows, found[PAGE - 1].id if len(found) > PAGE else ""


async def search(desk: Desk, staff: Staff, said: str) -> list[Row]:
    """By a whole receipt, identity or telephone number, or the office's own; compared by keyed hashes. What is not theirs is not
    found. Raises BadInput for anything else."""
    asked = number_in(said)
    if asked is None:
        raise BadInput("请输完整的回执号（13位）、身份证号（18位）或手机号（11位）；数字要一位不差")
    by, text = asked
    await within_limit(desk, f"search|{staff.id}", SEARCHES, "查找")
    async with desk.store.writing() as work:
        if by == "number":
            one = await work.cases.by_number(text)
            found: Sequence[Case] = [one] if one else []
        else:
            people = await work.people.find(by, text)
            cases = [case for person in people for case in await work.cases.of_person(person.id)]
            found = sorted({case.id: case for case in cases}.values(), key=lambda case: case.id, reverse=True)
        rows = await _rows(desk, work, staff, found)
        about = {"by": by, "found": len(rows)}
        await work.audit.add(staff.id, Deed.SEARCH, "cases", desk.clock.now(), about=about)
        await work.commit()
    return rows


class NeedsRelease(BadInput):
    """The list is so long that a second person releases it (`supervising.exporting`)."""


async def export(desk: Desk, staff: Staff, which: Wanted) -> tuple[bytes, int]:
    """The list as a spreadsheet, masked as on the page, and how many rows it has. Raises NeedsRelease for a long one."""
    await within_limit(desk, f"export|{staff.id}", EXPORTS, "导出名单")
    async with desk.store.reading() as work:
        if len(await work.cases.pick(replace(which, after="", limit=LARGE + 1))) > LARGE:
            raise NeedsRelease(f"超过{LARGE}件，要请另一位主管放行。写明用途，提交申请。")
    data, rows = await written(desk, staff, which)
    async with desk.store.writing() as work:
        narrowed = {
            "state": "、".join(which.states),
            "programme": which.programme,
            "place": which.place,
            "month": which.month,
        }
        about = {"rows": rows} | {key: value for key, value in narrowed.items() if value}
        await work.audit.add(staff.id, Deed.EXPORT, "cases", desk.clock.now(), about=about)
        await work.commit()
    return data, rows


async def written(desk: Desk, staff: Staff, which: Wanted) -> tuple[bytes, int]:
    """The spreadsheet and its number of rows; whoever calls writes the line of the audit log."""
    async with desk.store.reading() as work:
        found = await work.cases.pick(replace(which, after="", limit=MOST_ROWS + 1))
        if len(found) > MOST_ROWS:
            raise BadInput(f"超过{MOST_ROWS}件，请先按月份、地区或事项缩小再导出")
        rows = await _rows(desk, work, staff, found)
    return await asyncio.to_thread(spreadsheet.write, COLUMNS, [_cells(row) for row in rows]), len(rows)


def said(desk: Desk, asked: Mapping[str, str]) -> str:
    """The filters in words: 在办、低保、洪山区; everything, where there are none."""
    state, programme, place = (asked.get(key, "") for key in ("state", "programme", "place"))
    dues = {"overdue": "已超期", "today": "今天到期", "week": "7天内到期"}
    words = [
        "在办" if state == "open" else called(state) if state in STATES else "",
        programme_name(desk, programme) if programme else "",
        place,
        place_name(desk, asked.get("at", "")) if asked.get("at") not in (None, "", NO_PLACE) else "",
        f"{asked['month']} 提交" if asked.get("month") else "",
        dues.get(asked.get("due", ""), ""),
        f"{asked['left']} 办完“{called(asked['stage'])}”" if asked.get("left") and asked.get("stage") in STATES else "",
        "超过规定期限" if asked.get("late") else "",
    ]
    return "、".join(filter(None, words)) or "全部案件"


async def _rows(desk: Desk, work: Work, staff: Staff, cases: Sequence[Case]) -> list[Row]:
    return [
        Row(
            case,
            number_of(case),
            programme_name(desk, case.programme),
            place_name(desk, case.region) or case.region or "还不知道",
            _short(desk, case.region),
            called(case.state),
            masked_name((await applicant_of(work, case)).name),
            days_left(desk, case.due) if case.state in OPEN else None,
        )
        for case in cases
        if covers(staff, case.region, desk.regions)
    ]


def _short(desk: Desk, region: str) -> str:
    try:
        return "".join(one.name for one in reversed(desk.regions.chain(region)[:2])) if region else "还不知道"
    except UnknownRegion:
        return region


def _cells(row: Row) -> tuple[str, ...]:
    case = row.case
    return (
        row.number,
        row.programme,
        row.place,
        row.state,
        row.name,
        spreadsheet.moment(case.submitted_at),
        spreadsheet.moment(case.accepted_at),
        case.due.isoformat() if case.due else "",
        "" if row.left is None else str(row.left),
        case.office_number,
    )
