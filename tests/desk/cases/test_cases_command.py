"""`python -m bot cases …` as an officer types it: masked by default, in full only with a reason on record, and whatever is
wrong is one clear line that changed nothing."""

from __future__ import annotations

import asyncio
import csv
import io
import stat
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot import wiring
from bot.cases import new_number, show_number
from bot.cli import cases as command
from bot.desk.case_ports import Case
from bot.desk.cases import tables
from bot.desk.cases.register import rows as listed
from bot.errors import JiuzhutongError
from bot.forms.model import Given, Sheet
from bot.store import KeyRing
from bot.store.keys import new_text, parse
from tests.databases import Database
from tests.desk.cases.conftest import Town
from tests.desk.conftest import CONTENT
from tests.fakes.office import FakeOffice

SECRET = bytes(range(32))
KEYS = new_text()
ANSWERS = {"household_size": 3, "health_detail": "尿毒症每周透析"}


async def audited(hall: Town) -> list[tuple[str, str, str, str]]:
    async with hall.desk.store.reading() as work:
        return [(line.actor, str(line.deed), line.what, line.reason) async for line, _ in work.audit.lines()]


@pytest.fixture(scope="session")
def keyring() -> KeyRing:
    """One whose text the command can be given."""
    return parse(KEYS)


@pytest.fixture
def hall(town: Town, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The command opens the town's own database, as another process would, on the town's own day."""
    for name, value in {
        "HOME": str(tmp_path / "var"),
        "DATABASE_URL": database.url,
        "KEYS": KEYS.replace("\n", ";"),
        "CONTENT": str(CONTENT),
        "OFFICE_KEY": f"shi sm3 {SECRET.hex()}",
    }.items():
        monkeypatch.setenv(f"JIUZHUTONG_{name}", value)
    monkeypatch.setattr(wiring, "SystemClock", lambda: town.desk.clock)
    monkeypatch.setattr(command, "out", Console(highlight=False, soft_wrap=True, width=250))
    return town


one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what asks nothing of the database that another test here does not ask of both."""


@dataclass
class Said:
    code: int
    out: str
    refused: str


async def run(*words: str) -> Said:
    """In a thread of its own, for its own event loop; what is refused is what `main` prints as the one line."""

    def typed() -> Said:
        result = CliRunner().invoke(command.app, list(words))
        error = result.exception
        if error is not None and not isinstance(error, JiuzhutongError | SystemExit):
            raise error
        return Said(result.exit_code, result.output, str(error) if isinstance(error, JiuzhutongError) else "")

    return await asyncio.to_thread(typed)


async def handed_in(town: Town) -> Case:
    talk = await town.chat()
    owner = await town.person(talk)
    return await town.case(owner, talk, answers=ANSWERS)


async def test_the_list_is_masked(hall: Town) -> None:
    case = await handed_in(hall)
    said = await run("list")
    assert said.code == 0, said.out
    assert show_number(case.number) in said.out
    assert "王**" in said.out
    for hidden in ("王桂英", "420106195001011234", "13800008765", "透析"):
        assert hidden not in said.out
    assert "没有这样的案件" in (await run("list", "--state", "paying")).out
    assert show_number(case.number) in (await run("list", "--region", "420100", "--programme", "dibao")).out
    assert "没有这样的案件" in (await run("list", "--region", "420103")).out


@one_database
async def test_a_case_is_shown_masked_and_leaves_no_trace(hall: Town) -> None:
    """T-35: at most the first three and the last four of an identity number, no detail of income or health."""
    case = await handed_in(hall)
    before = await hall.timeline(case)
    said = await run("show", case.number)
    assert "王**　身份证 420***********1234　电话 138****8765" in said.out
    assert "2 项回答" in said.out
    for hidden in ("王桂英", "420106195001011234", "透析"):
        assert hidden not in said.out
    assert await hall.timeline(case) == before


async def test_everything_is_shown_for_a_reason_that_stays(hall: Town) -> None:
    case = await handed_in(hall)
    said = await run("show", show_number(case.number), "--reveal", "--reason", "复核收入", "--as", "陈工")
    for shown in ("王桂英", "420106195001011234", "13800008765", "透析"):
        assert shown in said.out
    line = (await hall.timeline(case))[-1]
    assert (line.actor, line.about["revealed"]) == ("officer:陈工", "复核收入")
    assert await audited(hall) == [("cli:陈工", "reveal", f"case:{case.id}", "复核收入")]
    assert "查看全部内容，理由：复核收入" in (await run("show", case.number)).out


@one_database
@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (["--reveal"], "请用 --reason 写明为什么看"),
        (["--reveal", "--reason", "看看", "--as", "陈工"], "至少4个字"),
        (["--reveal", "--reason", "复核收入情况"], "加上 --as 名字"),
    ],
)
async def test_nothing_is_revealed_without_who_and_why(hall: Town, words: list[str], refused: str) -> None:
    case = await handed_in(hall)
    said = await run("show", case.number, *words)
    assert (said.code, refused in said.refused) == (1, True), said
    assert "王桂英" not in said.out
    assert len(await hall.timeline(case)) == 1


async def test_a_move_tells_the_resident(hall: Town) -> None:
    case = await handed_in(hall)
    said = await run("move", case.number, "等您补材料", "--as", "陈工", "--missing", "户口簿", "--missing", "残疾证")
    assert said.code == 0, said.refused
    assert "现在是“等您补材料”" in said.out
    moved = await hall.get(case)
    assert moved.state == "need_more"
    ways = [line.about["way"] for line in await hall.timeline(case) if "way" in line.about]
    assert ways == ["message"]


@one_database
@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (["NUMBER", "paying", "--as", "陈工"], "不能改成“正在发放”；可以改成：need_more（等您补材料）"),
        (["NUMBER", "批准", "--as", "陈工"], "没有“批准”这个状态；有："),
        (["NUMBER", "rejected", "--as", "陈工"], "要写明理由"),
        (["NUMBER", "accepted", "--as", " "], "没有说是谁做的"),
        (["1234", "accepted", "--as", "陈工"], "不是回执号：要13位数字"),
        (["NOWHERE", "accepted", "--as", "陈工"], "没有回执号是"),
        (["' OR 1=1--", "accepted", "--as", "陈工"], "不是回执号"),
    ],
)
async def test_a_wrong_move_is_one_line_and_changes_nothing(hall: Town, words: list[str], refused: str) -> None:
    case = await handed_in(hall)
    words = [{"NUMBER": case.number, "NOWHERE": new_number()}.get(word, word) for word in words]
    said = await run("move", *words)
    assert (said.code, refused in said.refused) == (1, True), said
    assert "\n" not in said.refused
    assert (await hall.get(case)).version == case.version
    assert len(await hall.timeline(case)) == 1


async def test_a_table_of_moves_is_taken_whole_and_once(hall: Town, tmp_path: Path) -> None:
    one, two = await handed_in(hall), await handed_in(hall)
    file = tmp_path / "moves.csv"
    rows = [(show_number(one.number), "accepted", "", "MZ-1"), (two.number, "等您补材料", "=还差户口簿", "")]
    file.write_bytes(tables.write(tables.MOVE_COLUMNS, rows))
    assert "可以导入 2 行" in (await run("import", str(file), "--as", "陈工", "--dry-run")).out
    assert (await hall.get(one)).state == "submitted"
    assert "已导入 2 行；另有 0 行" in (await run("import", str(file), "--as", "陈工")).out
    assert ((await hall.get(one)).state, (await hall.get(one)).office_number) == ("accepted", "MZ-1")
    reasons = [line.reason for line in await hall.timeline(two)]
    assert "=还差户口簿" in reasons
    before = await hall.timeline(one), await hall.timeline(two)
    assert "已导入 0 行；另有 2 行" in (await run("import", str(file), "--as", "陈工")).out
    assert (await hall.timeline(one), await hall.timeline(two)) == before


@one_database
async def test_one_bad_row_stops_the_whole_table(hall: Town, tmp_path: Path) -> None:
    one, two = await handed_in(hall), await handed_in(hall)
    file = tmp_path / "moves.csv"
    rows = [(one.number, "accepted", "", ""), (two.number, "paying", "", ""), (new_number(), "accepted", "", "")]
    file.write_bytes(tables.write(tables.MOVE_COLUMNS, rows))
    said = await run("import", str(file), "--as", "陈工")
    assert said.code == 1
    assert "第3行：" in said.refused
    assert "第4行：" in said.refused
    assert said.refused.endswith("没有作任何改动")
    assert "\n" not in said.refused
    assert (await hall.get(one)).state == "submitted"
    assert not await hall.said(await hall.chat())


@one_database
async def test_files_that_cannot_be_read_or_written_are_said(hall: Town, tmp_path: Path) -> None:
    assert "读不了" in (await run("import", str(tmp_path / "none.csv"), "--as", "陈工")).refused
    assert "写不了" in (await run("export", str(tmp_path / "none" / "list.csv"))).refused
    there = tmp_path / "there.csv"
    there.write_text("mine")
    assert "已经有了" in (await run("export", str(there))).refused
    assert there.read_text() == "mine"


async def test_the_exported_table_is_masked_safe_and_ours_alone(hall: Town, tmp_path: Path) -> None:
    talk = await hall.chat()
    owner = await hall.person(talk, name="=王桂英")
    case = await hall.case(owner, talk)
    file = tmp_path / "list.csv"
    said = await run("export", str(file))
    assert "1 件，名字已遮住" in said.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    heading, row = csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""))
    assert tuple(heading) == tables.COLUMNS
    assert row[0] == show_number(case.number)
    assert row[4] == "'=**"
    assert "桂英" not in file.read_text("utf-8-sig")


@one_database
async def test_a_package_is_handed_over_with_a_reason(hall: Town, tmp_path: Path) -> None:
    case = await handed_in(hall)
    file = tmp_path / "case.zip"
    assert "至少4个字" in (await run("export", str(file), "--package", case.number)).refused
    assert not file.exists()
    said = await run("export", str(file), "--package", case.number, "--as", "陈工", "--reason", "交洪山区窗口")
    assert said.code == 0, said.refused
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    opened = FakeOffice("", "shi", SECRET).open(file.read_bytes())
    assert opened["case"]["applicant"]["name"] == "王桂英"
    line = (await hall.timeline(case))[-1]
    assert (line.actor, line.about["revealed"], line.about["package"]) == ("officer:陈工", "交洪山区窗口", opened["id"])
    assert await audited(hall) == [("cli:陈工", "export", f"case:{case.id}", "交洪山区窗口")]


@one_database
async def test_without_a_key_no_package(hall: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = await handed_in(hall)
    monkeypatch.delenv("JIUZHUTONG_OFFICE_KEY")
    words = ("export", str(tmp_path / "x.zip"), "--package", case.number, "--as", "陈工", "--reason", "交洪山区窗口")
    assert "没有设置 JIUZHUTONG_OFFICE_KEY" in (await run(*words)).refused


async def test_calls_to_make_are_listed_and_closed(hall: Town) -> None:
    talk = await hall.chat(open_for=0)
    case = await hall.case(await hall.person(talk), talk)
    await run("move", case.number, "accepted", "--as", "陈工")
    said = await run("tasks")
    assert "共 1 件待办" in said.out
    assert "138****8765" in said.out
    (task,) = await hall.tasks(case)
    assert "加上 --as 名字" in (await run("tasks", "--done", task.id)).refused
    assert "已办结" in (await run("tasks", "--done", task.id, "--as", "陈工")).out
    assert "已经办结" in (await run("tasks", "--done", task.id, "--as", "陈工")).refused
    assert "共 0 件待办" in (await run("tasks")).out


@one_database
async def test_hundreds_of_cases_come_in_pages(hall: Town) -> None:
    owner, talk = await hall.person(), await hall.chat()
    async with hall.desk.store.writing() as work:
        for _ in range(230):
            sheet = Sheet("dibao", {"household_size": Given(1)})
            draft = await work.drafts.open(talk.id, owner.id, "application", "dibao", sheet, {}, hall.now)
            await work.cases.add(replace(draft, sheet=sheet), "dibao", "420111", "submitted", "", hall.now)
        await work.commit()

    async with hall.desk.store.reading() as work:
        found = await listed(hall.desk, work, limit=1000)
        assert len({row.number for row in found}) == 230
        assert len(await listed(hall.desk, work, limit=7)) == 7
