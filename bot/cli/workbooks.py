"""`python -m bot content pack|import|workbook`: the content as a workbook, for offices that keep their tables in Excel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.cli import content
from bot.cli.content import OnDay, app, out
from bot.errors import BadInput

Login = Annotated[
    str, typer.Option("--as", metavar="LOGIN", help="Your account in the console: its rights and places hold.")
]
Name = Annotated[Path, typer.Argument(help="The .xlsx file.")]
_COLOURS = {"new": "green", "changed": "yellow", "removed": "red", "refused": "red"}
_HOW = {"new": "新增", "changed": "修改", "removed": "删去", "refused": "要改", "unchanged": "没变"}


@app.command()
def workbook(file: Name, login: Login, on: OnDay = "") -> None:
    """Write the edition in force as a workbook, a sheet a kind; the same edition gives the same bytes."""

    async def work(desk: Any, staff: Any) -> bytes:
        from bot.desk.publicity.importing import export

        return await export(desk, staff)

    made = _with_staff(work, login, on)
    file.write_bytes(made)
    out.print(f"已写到 {file}。改好以后用 content import 读回来。", markup=False)


@app.command()
def pack(
    region: Annotated[str, typer.Argument(help="Division code of the place, as in content/regions.csv.")],
    file: Name,
    login: Login,
    on: OnDay = "",
) -> None:
    """Write the starter pack of a place: the workbook by which it joins."""

    async def work(desk: Any, staff: Any) -> bytes:
        from bot.desk.publicity.importing import pack as written
        from bot.knowledge.fields import knows

        if not knows(desk.regions, region):
            raise BadInput(f"{region} 不在行政区划表里；查 content/regions.csv，写六位代码")
        return await written(desk, staff, region)

    made = _with_staff(work, login, on)
    file.write_bytes(made)
    out.print(f"已写到 {file}。填好以后用 content import 读回来。", markup=False)


@app.command("import")
def read_in(
    file: Name,
    login: Login,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what each row would change.")] = False,
    marked: Annotated[
        Path | None, typer.Option(help="Write the file here, with what must be mended beside its row.")
    ] = None,
    on: OnDay = "",
) -> None:
    """Read a workbook: every changed row becomes a draft to be approved by another, or none does (exit code 1)."""

    async def work(desk: Any, staff: Any) -> tuple[Any, int]:
        from bot.desk.publicity import importing
        from bot.knowledge.workbook.packing import write_marked

        sent = file.read_bytes()
        run = await importing.look(desk, staff, sent)
        if marked:
            marked.write_bytes(write_marked(run.book, run.comparison.outcomes))
        if dry_run or not run.lands:
            return run, 0
        kept = await importing.upload(desk, staff, file.name, sent)
        return run, len(await importing.land(desk, staff, kept.id))

    run, drafts = _with_staff(work, login, on)
    _show(run)
    if run.comparison.refused:
        out.print("有行要改，没有作任何改动。", style="red", markup=False)
        raise typer.Exit(1)
    out.print(
        f"已成为 {drafts} 份草稿；在工作台送审，由另一个人审核后发布。" if drafts else "这次只看，没有作任何改动。",
        markup=False,
    )


def _show(run: Any) -> None:
    table = Table("表", "行", "条目", "", "要改什么、改了什么")
    for one in run.comparison.outcomes:
        if one.how != "unchanged":
            said = "\n".join(one.reasons) or "\n".join(
                f"{title}：{old or '（空）'} → {new or '（空）'}" for title, old, new in one.lines
            )
            table.add_row(
                one.row.sheet, str(one.row.line), escape(one.key), _HOW[one.how], escape(said), style=_COLOURS[one.how]
            )
    out.print(table)
    for said in run.comparison.elsewhere:
        out.print(said, style="red", markup=False)
    counts = [
        f"{_HOW[how]} {run.comparison.count(how)}" for how in ("new", "changed", "removed", "unchanged", "refused")
    ]
    out.print("，".join(counts) + "。", markup=False)


def _with_staff(work: Callable[[Any, Any], Awaitable[Any]], login: str, on: str) -> Any:
    async def inside(house: Any) -> Any:
        from bot.wiring import open_desk

        desk = await open_desk(house)
        async with desk.store.reading() as unit:
            staff = await unit.staff.by_login(login.strip().lower())
        if staff is None:
            raise BadInput(f"没有账号 {login}；用工作台里的登录名")
        return await work(desk, staff)

    return content._run(inside, on)


__all__ = ["app"]
