"""`python -m bot content …`: what the assistant knows, as plain files and numbered editions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.clock import SHANGHAI
from bot.desk import content as desk
from bot.desk.publicity.publishing import NotAccepted
from bot.errors import BadInput
from bot.knowledge.difference import Change, How
from bot.knowledge.entry import CALLED
from bot.knowledge.problems import Problem, Refused
from bot.settings import Settings

app = typer.Typer(no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True)
Made = TypeVar("Made")

Folder = Annotated[Path | None, typer.Argument(help="Folder with the content; left out: the one in the settings.")]
Actor = Annotated[str, typer.Option("--as", metavar="NAME", help="Who does this; kept with the edition.")]
OnDay = Annotated[str, typer.Option("--on", metavar="DATE", help="As if it were this day (2026-11-25).")]
_SIGNS = {How.ADDED: ("+", "green", "新增"), How.CHANGED: ("~", "yellow", "修改"), How.REMOVED: ("-", "red", "删去")}
_ROLES = {"basis": "依据", "history": "历史", "replaced_by": "被它代替"}


@app.command()
def check(
    folder: Folder = None, on: OnDay = "", warnings: Annotated[bool, typer.Option(help="Show the warnings too.")] = True
) -> None:
    """Read the files without touching anything: what is refused (exit code 1), and what could be plainer."""
    from bot.knowledge.check import check_folder
    from bot.regions import RegionTree

    root = _folder(folder)
    # An exported folder has no division table of its own.
    home = root if (root / "regions.csv").exists() else _folder(None)
    report = check_folder(root, RegionTree.from_csv(home / "regions.csv"), _day(on) or _today())
    if warnings:
        _problems(report.warnings, "提醒", "yellow")
    _problems(report.refusals, "要改", "red")
    counted = "，".join(f"{CALLED[kind]} {sum(one.kind == kind for one in report.entries)}" for kind in CALLED)
    out.print(f"{counted}。要改 {len(report.refusals)} 处，提醒 {len(report.warnings)} 处。", markup=False)
    if report.refusals:
        raise typer.Exit(1)


@app.command()
def load(
    actor: Actor,
    folder: Folder = None,
    note: Annotated[str, typer.Option(help="What this change is for.")] = "",
    on: OnDay = "",
) -> None:
    """Keep the files as the draft and show how they differ from what is published."""
    root = _folder(folder)
    with _EncodingBar() as progress:
        loaded = _run(lambda house: desk.load(house, root, actor, note, progress), on)
    touched = {change.key for change in loaded.changes} if loaded.base else set()
    _problems((one for one in loaded.warnings if one.entry in touched), "提醒", "yellow")
    _changes(loaded.changes)
    against = f"和第{loaded.base}版相比" if loaded.base else "还没有发布过"
    out.print(f"草稿已存，{against}：{_summary(loaded.changes)}。新编码问法 {loaded.encoded} 种。", markup=False)
    out.print(f"下一步：python -m bot content publish --as {actor}", markup=False)


@app.command()
def publish(
    actor: Actor,
    folder: Folder = None,
    on: OnDay = "",
    accept: Annotated[list[str] | None, typer.Option(help="A protected question that may be met otherwise.")] = None,
) -> None:
    """Make the draft the next edition, by somebody else than who loaded it; it is live everywhere within a second."""

    async def published(house: Any) -> int:
        try:
            return await desk.publish(house, actor, accept or ())
        except NotAccepted as left:
            raise BadInput("\n".join((str(left), *left.lines, "有意的，逐个加上 --accept 编号"))) from left

    number = _run(published, on)
    noted = _run(lambda house: desk.note_published(house, _folder(folder), number), on)
    out.print(f"第{number}版已发布。" + ("" if noted else "下次改之前先 content export。"), markup=False)


@app.command()
def first(actor: Actor, folder: Folder = None) -> None:
    """Publish the files if the database has no edition yet; after that the database leads."""
    root = _folder(folder)
    if _run(desk.editions):
        return
    out.print("发布第一版：每种问法编码一次，约一两分钟。", markup=False)
    with _EncodingBar() as progress:
        number = _run(lambda house: desk.ensure_published(house, root, actor, progress))
    _run(lambda house: desk.note_published(house, root, number))
    out.print(f"第{number}版已发布。", markup=False)


@app.command()
def rollback(number: int, actor: Actor, on: OnDay = "") -> None:
    """Publish an old edition again, as a new number, if it still holds today."""
    made = _run(lambda house: desk.rollback(house, number, actor), on)
    out.print(f"第{number}版已重新发布，成为第{made}版。下次改之前先 content export。", markup=False)


@app.command()
def export(
    folder: Folder = None,
    edition: Annotated[int, typer.Option(help="Its number; 0: the one in force.")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Write over changes that were not published.")] = False,
) -> None:
    """Write an edition as plain files; the same edition gives the same bytes."""
    root = _folder(folder)
    files = _run(lambda house: desk.export(house, root, edition, force))
    out.print(f"已写 {len(files)} 个文件到 {root}。", markup=False)


@app.command("list")
def list_editions() -> None:
    """Every edition: when, who, why."""
    rows = _run(desk.editions)
    table = Table("版", "从", "发布时间", "谁", "条目", "说明")
    for row in rows:
        when = row.published_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        table.add_row(str(row.number), str(row.base or "-"), when, row.actor, str(row.entries), row.note)
    out.print(table if rows else "还没有发布过任何一版。")


@app.command()
def impact(document: str, on: OnDay = "") -> None:
    """What loses its footing if this document ends: every answer, figure, subsidy and hotline that stands on it."""
    found = _run(lambda house: desk.what_falls(house, document, _day(on) or _today()), on)
    for one in found:
        clause = f" {one.clause}" if one.clause else ""
        out.print(f"{CALLED[one.kind]} {one.key}：{one.title}（{_ROLES[one.role]}{clause}）", markup=False)
    out.print(f"共 {len(found)} 条立在这份文件上，废止前要逐条处理。", markup=False)


def open_house(settings: Settings, on: date | None) -> AbstractAsyncContextManager[Any]:
    from bot import wiring

    return wiring.open_house(settings, on=on)


def _run(work: Callable[[Any], Awaitable[Made]], on: str = "") -> Made:
    async def inside() -> Made:
        async with open_house(Settings.from_environment(), _day(on)) as house:
            return await work(house)

    try:
        return asyncio.run(inside())
    except Refused as refused:
        _problems(refused.problems, "要改", "red")
        out.print(f"要改 {len(refused.problems)} 处，没有作任何改动。", markup=False)
        raise typer.Exit(1) from refused


def _folder(folder: Path | None) -> Path:
    return folder or Path(Settings.from_environment().content)


def _day(on: str) -> date | None:
    try:
        return date.fromisoformat(on) if on else None
    except ValueError as error:
        raise typer.BadParameter(f"{on!r} is not a day; write it like 2026-11-25") from error


def _today() -> date:
    from bot.clock import SystemClock, today

    return today(SystemClock())


def _problems(problems: Iterable[Problem], title: str, colour: str) -> None:
    for problem in problems:
        out.print(f"{title}  {problem}", style=colour, markup=False)


def _changes(changes: Iterable[Change]) -> None:
    for change in changes:
        sign, colour, _ = _SIGNS[change.how]
        out.print(f"{sign} {CALLED[change.kind]} {change.key}", style=colour, markup=False)
        if change.how is How.CHANGED:
            for line in change.lines:
                out.print(f"    {line}", style="green" if line.startswith("+") else "red", markup=False)


def _summary(changes: Iterable[Change]) -> str:
    changes = tuple(changes)
    return "，".join(f"{name} {sum(change.how is how for change in changes)}" for how, (_, _, name) in _SIGNS.items())


class _EncodingBar:
    """A bar while phrasings are encoded; nothing when there are none."""

    def __enter__(self) -> desk.Progress:
        columns = (TextColumn("编码问法"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=out, transient=True)
        self._tasks: list[TaskID] = []
        self._bar.start()
        return self._tell

    def _tell(self, done: int, total: int) -> None:
        if not self._tasks:
            self._tasks.append(self._bar.add_task("", total=total))
        self._bar.update(self._tasks[0], completed=done)

    def __exit__(self, *error: object) -> None:
        self._bar.stop()
