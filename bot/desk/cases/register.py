"""The office's list of cases: seen masked, shown in full only with a reason that stays in the timeline, moved one by one or
from a table."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.audit import Deed
from bot.cases import MOVES, STATES, read_number
from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Consent, Happening, Paper, Person, Task
from bot.desk.cases import moving, package, tables
from bot.desk.cases.exchange import LONGEST_NUMBER, give_number
from bot.desk.cases.gathering import gather
from bot.desk.cases.naming import number_of, place_name, programme_name, state_of
from bot.desk.cases.rights import masked_name
from bot.desk.cases.signing import OfficeKey
from bot.desk.cases.whose import applicant_of
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.errors import BadInput, Conflict
from bot.forms.model import split_path
from bot.regions import UnknownRegion

PAGE = 200
_ALL = 10_000_000
SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list: nothing of it identifies anybody."""

    number: str
    programme: str
    place: str
    state: str
    name: str
    submitted: str
    accepted: str
    due: str
    office_number: str
    priority: int


@dataclass(frozen=True, slots=True)
class Shown:
    row: Row
    applicant: Person
    helper: Person | None
    lines: Sequence[package.Line]
    """The form as it was filled in; empty unless it was revealed."""
    said: int
    """How many answers there are."""
    members: int
    consents: Sequence[Consent]
    papers: Sequence[Paper]
    timeline: Sequence[Happening]
    tasks: Sequence[Task]


async def rows(
    desk: Desk, work: Work, *, state: str = "", programme: str = "", region: str = "", limit: int = PAGE
) -> list[Row]:
    """The newest first. Raises BadInput for a state, programme or place that is not known."""
    wanted = state_code(state) if state else ""
    if programme and programme not in desk.edition.programmes:
        raise BadInput(f"没有“{programme}”这个事项；有：{'、'.join(desk.edition.programmes)}")
    if region:
        known_region(desk, region)
    found: list[Row] = []
    after = ""
    while len(found) < limit:
        page = await work.cases.list(
            state=wanted, programme=programme, region=region, after=after, limit=min(PAGE, limit - len(found))
        )
        for case in page:
            found.append(_row(desk, case, await applicant_of(work, case)))
        if len(page) < PAGE:
            break
        after = page[-1].id
    return found


async def show(desk: Desk, number: str, actor: str, reveal: bool = False, reason: str = "") -> Shown:
    """One case. Revealed, it comes with every answer in full, and the timeline keeps who looked and why; a reveal that
    cannot be recorded shows nothing."""
    if reveal and len(reason.strip()) < SHORTEST_REASON:
        raise BadInput("要看全部内容，请用 --reason 写明为什么看（至少4个字），会记在案件里")
    if reveal and not actor.strip():
        raise BadInput("没有说是谁在看；加上 --as 名字")
    async with desk.store.writing() as work:
        case = await by_number(work, number)
        if reveal:
            await work.cases.note(case, f"officer:{actor}", "", desk.clock.now(), revealed=reason.strip())
            await _audited(desk, work, case, actor, Deed.REVEAL, reason)
        contents = await gather(desk, work, case, pictures=False)
        person = contents.applicant
        shown = Shown(
            row=_row(desk, case, person),
            applicant=person,
            helper=contents.helper,
            lines=contents.lines if reveal else (),
            said=len(contents.case.answers),
            members=len({split_path(path)[0] for path in contents.case.answers if split_path(path)[0]}),
            consents=contents.consents,
            papers=[paper for paper, _ in contents.papers],
            timeline=await work.cases.timeline(case.id),
            tasks=await work.tasks.of_case(case.id),
        )
        if reveal:
            await work.commit()
    return shown


async def move(desk: Desk, number: str, to: str, actor: str, reason: str = "", missing: Sequence[str] = ()) -> Case:
    """An officer's move by hand."""
    if not actor.strip():
        raise BadInput("没有说是谁做的；加上 --as 名字")
    async with desk.store.writing() as work:
        case = await by_number(work, number)
        try:
            moved = await moving.move(desk, work, case, state_code(to), f"officer:{actor}", reason, missing=missing)
        except Conflict as refused:
            raise Conflict(_not_allowed(case, state_code(to))) from refused
        await work.commit()
    return moved


@dataclass(frozen=True, slots=True)
class Imported:
    moved: int
    already: int
    """Lines that say what is so already: the same file again changes nothing."""


async def import_moves(desk: Desk, data: bytes, actor: str, dry_run: bool = False) -> Imported:
    """A table of moves, all of it or nothing. Raises BadInput with every line that cannot be done."""
    if not actor.strip():
        raise BadInput("没有说是谁做的；加上 --as 名字")
    lines = tables.read_moves(data)
    problems: list[str] = []
    moved = already = 0
    async with desk.store.writing() as work:
        for line in lines:
            try:
                done = await _import(desk, work, line, actor)
            except (BadInput, Conflict) as refused:
                problems.append(f"第{line.line}行：{refused}")
                continue
            moved, already = moved + done, already + (not done)
        if problems:
            more = f"；另有{len(problems) - 5}行也要改" if len(problems) > 5 else ""
            raise BadInput("；".join(problems[:5]) + more + "。没有作任何改动")
        if not dry_run:
            await work.commit()
    return Imported(moved, already)


async def _import(desk: Desk, work: Work, line: tables.Move, actor: str) -> bool:
    case = await by_number(work, line.number)
    to = state_code(line.to)
    known = case.office_number
    if line.office_number:
        if len(line.office_number) > LONGEST_NUMBER:
            raise BadInput(f"系统编号最多{LONGEST_NUMBER}字")
        case = await give_number(desk, work, case, line.office_number, f"officer:{actor}")
    if case.state == to:
        return known != case.office_number
    try:
        await moving.move(desk, work, case, to, f"officer:{actor}", line.reason)
    except Conflict as refused:
        raise Conflict(_not_allowed(case, to)) from refused
    return True


async def export_table(desk: Desk, state: str = "", programme: str = "", region: str = "") -> tuple[bytes, int]:
    """Every case as a table, masked as in the list, and how many there are."""
    async with desk.store.reading() as work:
        found = await rows(desk, work, state=state, programme=programme, region=region, limit=_ALL)
    data = tables.write(
        tables.COLUMNS,
        (
            (
                row.number,
                row.programme,
                row.place,
                row.state,
                row.name,
                row.submitted,
                row.accepted,
                row.due,
                row.office_number,
                str(row.priority or ""),
            )
            for row in found
        ),
    )
    return data, len(found)


async def open_tasks(desk: Desk, region: str = "") -> Sequence[Task]:
    if region:
        known_region(desk, region)
    async with desk.store.reading() as work:
        return await work.tasks.open(region)


async def close_task(desk: Desk, task: str, actor: str) -> None:
    """Done: whoever did it stands in the case's timeline."""
    if not actor.strip():
        raise BadInput("没有说是谁做的；加上 --as 名字")
    async with desk.store.writing() as work:
        known = await work.tasks.get(task)
        if known.state != "open":
            raise BadInput(f"待办 {task} 已经办结；用 cases tasks 看还有哪些")
        now = desk.clock.now()
        await work.tasks.done(task, f"officer:{actor}", now)
        if known.case:
            await work.cases.note(await work.cases.get(known.case), f"officer:{actor}", "", now, task=task)
        await work.commit()


async def export_package(desk: Desk, number: str, key: OfficeKey, actor: str, reason: str) -> package.Package:
    """One case's package, for an office that is handed it on a stick; recorded like a reveal."""
    if len(reason.strip()) < SHORTEST_REASON or not actor.strip():
        raise BadInput("导出完整材料要写明谁（--as）、为什么（--reason，至少4个字），会记在案件里")
    async with desk.store.reading() as work:
        case = await by_number(work, number)
        contents = await gather(desk, work, case)
    made = await asyncio.to_thread(package.pack, contents, key)
    async with desk.store.writing() as work:
        now = desk.clock.now()
        await work.cases.note(case, f"officer:{actor}", "", now, package=made.id, revealed=reason.strip())
        await _audited(desk, work, case, actor, Deed.EXPORT, reason)
        await work.commit()
    return made


async def by_number(work: Work, number: str) -> Case:
    read = read_number(number)
    if read is None:
        raise BadInput(f"“{number}”不是回执号：要13位数字，最后一位是校验位；照回执再写一次")
    case = await work.cases.by_number(read)
    if case is None:
        raise BadInput(f"没有回执号是 {number} 的案件；用 cases list 看有哪些")
    return case


def state_code(said: str) -> str:
    """A state by its code or by the words residents see."""
    said = said.strip()
    by_name: Mapping[str, str] = {state.name: code for code, state in STATES.items()}
    code = said if said in STATES else by_name.get(said, "")
    if not code:
        raise BadInput(f"没有“{said}”这个状态；有：{'、'.join(f'{one.code}（{one.name}）' for one in STATES.values())}")
    return code


def known_region(desk: Desk, region: str) -> str:
    try:
        return desk.regions.get(region).code
    except UnknownRegion as error:
        raise BadInput(f"没有“{region}”这个行政区划代码；用六位代码，比如 420111") from error


def _not_allowed(case: Case, to: str) -> str:
    allowed = "、".join(f"{one}（{STATES[one].name}）" for one in STATES if one in MOVES.get(case.state, ()))
    return f"{number_of(case)} 现在是“{state_of(case).name}”，不能改成“{STATES[to].name}”；可以改成：{allowed or '无'}"


def _row(desk: Desk, case: Case, person: Person) -> Row:
    return Row(
        number=number_of(case),
        programme=programme_name(desk, case.programme),
        place=place_name(desk, case.region) or case.region,
        state=state_of(case).name,
        name=masked_name(person.name),
        submitted=_when(case.submitted_at),
        accepted=_when(case.accepted_at),
        due=tables.day(case.due),
        office_number=case.office_number,
        priority=case.priority,
    )


def _when(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""


async def _audited(desk: Desk, work: Work, case: Case, actor: str, deed: Deed, reason: str) -> None:
    now, what = desk.clock.now(), f"case:{case.id}"
    await work.audit.add(f"cli:{actor}", deed, what, now, region=case.region, reason=reason.strip())
