"""`python -m bot cases …`: the office's list of cases, masked; moves by hand or from a table; packages for its own system."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.cases import STATES, show_number
from bot.clock import SHANGHAI
from bot.desk.case_ports import Happening
from bot.desk.cases import register, rights, tables
from bot.desk.cases.package import CONSENT_STATES
from bot.desk.cases.signing import OfficeKey, read_keys
from bot.desk.desk import Desk
from bot.errors import BadInput
from bot.settings import Settings

app = typer.Typer(no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True)
Made = TypeVar("Made")

Actor = Annotated[str, typer.Option("--as", metavar="NAME", help="Who does this; kept in the case's timeline.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The receipt number, with or without gaps.")]
State = Annotated[str, typer.Option("--state", help="Only cases in this state: its code, or the words residents see.")]
Programme = Annotated[str, typer.Option("--programme", help="Only of this programme.")]
Region = Annotated[str, typer.Option("--region", metavar="CODE", help="Only of this division and those below it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the case's timeline.")]
_ACTORS = {"resident": "居民", "officer": "工作人员", "office": "业务系统", "system": "系统"}


@app.command("list")
def list_cases(
    state: State = "",
    programme: Programme = "",
    region: Region = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
) -> None:
    """The newest cases: number, programme, place, state, last day; names masked."""

    async def read(desk: Desk) -> Sequence[register.Row]:
        async with desk.store.reading() as work:
            return await register.rows(desk, work, state=state, programme=programme, region=region, limit=limit)

    rows = _run(read)
    if not rows:
        out.print("没有这样的案件。", markup=False)
        return
    table = Table("回执号", "事项", "地区", "状态", "申请人", "提交", "最晚", "系统编号")
    for row in rows:
        urgent = "急 " if row.priority else ""
        table.add_row(
            row.number,
            row.programme,
            row.place,
            urgent + row.state,
            row.name,
            row.submitted,
            row.due,
            row.office_number,
        )
    out.print(table)


@app.command()
def show(
    number: Number,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show every answer in full; recorded.")] = False,
    reason: Reason = "",
    actor: Actor = "",
) -> None:
    """One case, masked; with --reveal, --reason and --as in full, which its timeline keeps."""
    shown = _run(lambda desk: register.show(desk, number, actor, reveal, reason))
    row, person = shown.row, shown.applicant
    identity = person.identity if reveal else rights.masked_identity(person.identity)
    phone = person.phone if reveal else rights.masked_phone(person.phone)
    lines = [
        f"回执号  {row.number}　{row.programme}　{row.place}",
        f"状态    {row.state}" + (f"　最晚 {row.due}" if row.due else "") + ("　急" if row.priority else ""),
        f"申请人  {person.name if reveal else row.name}　身份证 {identity or '没有'}　电话 {phone or '没有'}",
        f"提交    {row.submitted}　受理 {row.accepted or '还没有'}　系统编号 {row.office_number or '还没有'}",
        f"内容    {shown.said} 项回答，{shown.members or 1} 口人，照片 {len(shown.papers)} 张",
    ]
    if shown.helper:
        helper = shown.helper.name if reveal else rights.masked_name(shown.helper.name)
        lines.insert(3, f"代办人  {helper}")
    lines += [
        f"同意    {one.text} {one.version}：{CONSENT_STATES.get(one.state, one.state)}（第{one.member}位）"
        for one in shown.consents
    ]
    lines += [f"{line.section}　{line.label}：{line.shown}" for line in shown.lines]
    lines += [f"待办    {task.kind}　{_moment(task.due_at)}前　{task.state}" for task in shown.tasks]
    lines += [_happened(one, reveal) for one in shown.timeline]
    for line in lines:
        out.print(line, markup=False)


@app.command()
def move(
    number: Number,
    to: Annotated[str, typer.Argument(metavar="STATE", help="The new state: its code, or the words residents see.")],
    actor: Actor,
    reason: Annotated[str, typer.Option("--reason", help="In words for the resident, who reads them.")] = "",
    missing: Annotated[
        list[str] | None, typer.Option("--missing", help="A paper that is wanted; once for each, all at once.")
    ] = None,
) -> None:
    """Move a case by hand; the resident is told."""
    moved = _run(lambda desk: register.move(desk, number, to, actor, reason, missing or []))
    due = f"，最晚 {moved.due}" if moved.due else ""
    out.print(
        f"{show_number(moved.number)} 现在是“{STATES[moved.state].name}”{due}。已通知居民或派了电话。", markup=False
    )


@app.command("import")
def import_table(
    file: Annotated[Path, typer.Argument(help="CSV with 回执号, 新状态 and, if wanted, 说明, 系统编号.")],
    actor: Actor,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line and change nothing.")] = False,
) -> None:
    """Moves from a table, all of it or nothing; the same file again changes nothing."""
    data = _read(file)
    done = _run(lambda desk: register.import_moves(desk, data, actor, dry_run))
    said = "可以导入" if dry_run else "已导入"
    out.print(f"{said} {done.moved} 行；另有 {done.already} 行本来就是这样。", markup=False)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write: a CSV, or with --package a zip.")],
    state: State = "",
    programme: Programme = "",
    region: Region = "",
    package: Annotated[
        str, typer.Option("--package", metavar="NUMBER", help="This one case in full, signed, with its photos.")
    ] = "",
    actor: Actor = "",
    reason: Reason = "",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """The list as a masked table, or one case as the signed package its office gets."""
    if file.exists() and not force:
        raise BadInput(f"{file} 已经有了；换个名字，或加 --force 写上去")
    if package:
        key = _signing_key()
        made = _run(lambda desk: register.export_package(desk, package, key, actor, reason))
        _write(file, made.data)
        out.print(f"已写 {file}（{len(made.data)} 字节，编号 {made.id}）。里面是完整材料，交接后请删除。", markup=False)
        return
    data, rows = _run(lambda desk: register.export_table(desk, state, programme, region))
    _write(file, data)
    out.print(f"已写 {file}：{rows} 件，名字已遮住。", markup=False)


@app.command()
def tasks(
    region: Region = "",
    done: Annotated[str, typer.Option("--done", metavar="TASK", help="Close this task.")] = "",
    actor: Actor = "",
) -> None:
    """What people must do because no message can: calls, visits, call-backs; the most pressing first."""
    if done:
        _run(lambda desk: register.close_task(desk, done, actor))
        out.print("已办结。", markup=False)
        return
    found = _run(lambda desk: register.open_tasks(desk, region))
    for task in found:
        out.print(
            f"{task.id}　{_moment(task.due_at)}前　{task.kind}　{rights.masked_phone(task.phone)}　{task.text}",
            markup=False,
        )
    out.print(f"共 {len(found)} 件待办。", markup=False)


def _happened(line: Happening, reveal: bool) -> str:
    """One line of the timeline. What people wrote is shown only when it was asked for with a reason."""
    kind, _, who = line.actor.partition(":")
    actor = _ACTORS.get(kind, kind) + (f" {who}" if kind in ("officer", "office") else "")
    change = f"{STATES[line.old].name} → {STATES[line.new].name}" if line.old in STATES and line.old != line.new else ""
    change = change or (STATES[line.new].name if line.old != line.new and line.new in STATES else "")
    said = (
        line.reason if reveal or kind in ("officer", "office") else ("（有话，--reveal 可看）" if line.reason else "")
    )
    about = "　".join(f"{_ABOUT[key]}{line.about[key]}" for key in _ABOUT if line.about.get(key))
    return f"{_moment(line.at)}　{actor}　" + "　".join(filter(None, (change, said, about)))


_ABOUT = {
    "way": "通知：",
    "report": "报告：",
    "revealed": "查看全部内容，理由：",
    "package": "交出材料：",
    "office_number": "系统编号：",
    "corrected": "更正：",
}


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _signing_key() -> OfficeKey:
    keys = read_keys(Settings.from_environment().office_key)
    if not keys:
        raise BadInput("没有设置 JIUZHUTONG_OFFICE_KEY，材料没法签名；设好再导出（docs/office-exchange.md）")
    return keys[0]


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > tables.LARGEST:
            raise BadInput(f"{file} 有 {file.stat().st_size} 字节，超过 {tables.LARGEST}；分成几份再导入")
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} 读不了（{error.strerror}）；看看路径对不对") from error


def _write(file: Path, data: bytes) -> None:
    """Readable by us alone: a list of cases is nobody else's business."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
    except OSError as error:
        raise BadInput(f"{file} 写不了（{error.strerror}）；看看路径对不对、有没有权限") from error


def _run(work: Callable[[Desk], Awaitable[Made]]) -> Made:
    async def inside() -> Made:
        from bot.wiring import open_desk, open_house

        async with open_house(Settings.from_environment()) as house:
            return await work(await open_desk(house))

    return asyncio.run(inside())
