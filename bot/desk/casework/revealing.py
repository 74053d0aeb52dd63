"""What is hidden of a case, shown for a reason: a part of it, a photo, or all of it as the package for its office. So many
in an hour, each with its line in the audit log in the transaction it was read in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.audit import Deed
from bot.desk.case_ports import Paper
from bot.desk.cases import package
from bot.desk.cases.gathering import gather
from bot.desk.cases.signing import OfficeKey
from bot.desk.casework.looking import Seen, seen_of
from bot.desk.casework.theirs import NotThere, case_of, reason_of, within_limit
from bot.desk.desk import Desk
from bot.errors import BadInput
from bot.staff import Staff, covers

REVEALS, PACKAGES = 30, 10
"""In one hour, by one person."""
_PEOPLE = {f"{who}.{what}" for who in ("applicant", "helper") for what in ("name", "identity", "phone")}


async def reveal(desk: Desk, staff: Staff, case: str, part: str, reason: str) -> Seen:
    """The case with this part in full: the path of an answer, `section:收入`, `applicant.phone`, `timeline`. Raises
    NotThere; BadInput for no reason or no such part; Conflict for too many."""
    reason = reason_of(reason)
    async with desk.store.reading() as work:
        await case_of(desk, work, staff, case)
    await within_limit(desk, f"reveal|{staff.id}", REVEALS, "查看隐去的信息")
    async with desk.store.writing() as work:
        found = await case_of(desk, work, staff, case)
        seen = await seen_of(desk, work, found, (part,))
        paths = _paths(seen, part)
        if not paths:
            raise BadInput("没有这一项可以看，请刷新后再试")
        now, about = desk.clock.now(), {"fields": paths}
        await work.audit.add(
            staff.id, Deed.REVEAL, f"case:{case}", now, region=found.region, reason=reason, about=about
        )
        await work.commit()
    return seen


async def photo(desk: Desk, staff: Staff, case: str, paper: str, reason: str) -> tuple[Paper, bytes]:
    """Raises NotThere, also for a photo of another case."""
    reason = reason_of(reason)
    async with desk.store.reading() as work:
        await case_of(desk, work, staff, case)
        if paper not in {one.id for one in await work.papers.of_case(case)}:
            raise NotThere(paper)
    await within_limit(desk, f"reveal|{staff.id}", REVEALS, "查看隐去的信息")
    async with desk.store.writing() as work:
        found = await case_of(desk, work, staff, case)
        known = await work.papers.get(paper)
        picture = await work.papers.read(paper)
        now, about = desk.clock.now(), {"paper": paper, "kind": known.kind}
        await work.audit.add(
            staff.id, Deed.REVEAL, f"case:{case}", now, region=found.region, reason=reason, about=about
        )
        await work.commit()
    return known, picture


async def export(desk: Desk, staff: Staff, case: str, reason: str, keys: Sequence[OfficeKey]) -> package.Package:
    """The package for the office's own system, signed with the key it knows."""
    reason = reason_of(reason)
    async with desk.store.reading() as work:
        found = await case_of(desk, work, staff, case)
    key = next((one for one in keys if not one.region or _within(desk, found.region, one.region)), None)
    if key is None:
        raise BadInput("还没有设置和业务系统共用的密钥，材料没法签名；请系统管理设置 JIUZHUTONG_OFFICE_KEY 后再来")
    await within_limit(desk, f"package|{staff.id}", PACKAGES, "导出材料")
    async with desk.store.reading() as work:
        contents = await gather(desk, work, found)
    made = await asyncio.to_thread(package.pack, contents, key)
    async with desk.store.writing() as work:
        found = await case_of(desk, work, staff, case)
        now, about = desk.clock.now(), {"package": made.id, "key": key.name}
        await work.cases.note(found, f"officer:{staff.name}", "", now, package=made.id, revealed=reason)
        await work.audit.add(
            staff.id, Deed.EXPORT, f"case:{case}", now, region=found.region, reason=reason, about=about
        )
        await work.commit()
    return made


async def task_phone(desk: Desk, staff: Staff, task: str, reason: str) -> str:
    """The number somebody is to be called on."""
    reason = reason_of(reason)
    async with desk.store.reading() as work:
        try:
            known = await work.tasks.get(task)
        except BadInput as gone:
            raise NotThere(task) from gone
    if not covers(staff, known.region, desk.regions):
        raise NotThere(task)
    await within_limit(desk, f"reveal|{staff.id}", REVEALS, "查看隐去的信息")
    async with desk.store.writing() as work:
        now, about = desk.clock.now(), {"fields": ["phone"]}
        await work.audit.add(
            staff.id, Deed.REVEAL, f"task:{task}", now, region=known.region, reason=reason, about=about
        )
        await work.commit()
    return known.phone


def _paths(seen: Seen, part: str) -> list[str]:
    """What is shown by this part: which questions, never the answers."""
    if part in _PEOPLE:
        return [part] if part.partition(".")[0] in {one.key for one in seen.people} else []
    if part == "timeline":
        return [part]
    section = part.removeprefix("section:") if part.startswith("section:") else None
    return [path for one in seen.answers if one.section == section or part in one.paths for path in one.paths]


def _within(desk: Desk, region: str, wider: str) -> bool:
    return bool(region) and desk.regions.is_within(region, wider)
