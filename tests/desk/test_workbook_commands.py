"""`python -m bot content workbook|pack|import`, with an account of the console."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import wiring
from bot.cli import workbooks
from bot.errors import BadInput, NotYours
from bot.knowledge.files import read_folder
from bot.settings import Settings
from bot.staff import Role
from tests.knowledge.workbook.books import changed, column, line_of

CONTENT = Path(__file__).parents[2] / "content"
SMALL = Path(__file__).parents[1] / "samples" / "broken_content" / "good"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house of its own, with one edition, an editor and an approver."""
    made = Path(shutil.copytree(SMALL, tmp_path / "content"))
    for name in ("regions.csv", "calendar.csv", "hours.csv"):
        shutil.copy(CONTENT / name, made / name)
    monkeypatch.setenv("JIUZHUTONG_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("JIUZHUTONG_CONTENT", str(made))

    async def settle() -> None:
        async with wiring.open_house(Settings.from_environment()) as house, house.store.writing() as work:
            now = house.clock.now()
            await work.editions.publish(read_folder(made).entries, 0, "test", "small", now)
            for login, role, region in (
                ("xuan", Role.EDITOR, "000000"),
                ("shen", Role.APPROVER, "000000"),
                ("bei", Role.EDITOR, "110000"),
            ):
                one = await work.staff.add(login, login, [role], [region], [], "system", now)
                await work.staff.change(one, "system", now, state="active")
            await work.commit()

    asyncio.run(settle())
    return tmp_path


def command(*words: str) -> Result:
    return CliRunner().invoke(workbooks.app, list(words))


def drafts() -> list[str]:
    async def ask() -> list[str]:
        async with wiring.open_house(Settings.from_environment()) as house, house.store.reading() as work:
            return [one.key for one in await work.proposals.list()]

    return asyncio.run(ask())


def test_out_and_in_again(folder: Path) -> None:
    file = folder / "全部.xlsx"
    assert command("workbook", str(file), "--as", "xuan").exit_code == 0
    first = file.read_bytes()
    assert command("workbook", str(file), "--as", "xuan").exit_code == 0
    assert file.read_bytes() == first
    result = command("import", str(file), "--as", "xuan")
    assert (result.exit_code, "没有作任何改动" in result.output) == (0, True)

    def named(made: object) -> None:
        sheet = made["热线"]  # type: ignore[index]
        sheet.cell(line_of(sheet, "id", "h-12345"), column(sheet, "name")).value = "[red]便民热线"

    file.write_bytes(changed(first, named))
    result = command("import", str(file), "--dry-run", "--as", "xuan")
    assert result.exit_code == 0, result.output
    assert "[red]便民热线" in result.output.replace("\n", "")
    assert drafts() == []
    result = command("import", str(file), "--as", "xuan")
    assert "已成为 1 份草稿" in result.output
    assert drafts() == ["h-12345"]


def test_a_wrong_row_ends_with_one_and_a_marked_file(folder: Path) -> None:
    file, marked = folder / "全部.xlsx", folder / "要改.xlsx"
    command("workbook", str(file), "--as", "xuan")

    def spoilt(made: object) -> None:
        sheet = made["热线"]  # type: ignore[index]
        sheet.cell(line_of(sheet, "id", "h-12345"), column(sheet, "number")).value = "一二三四五"

    file.write_bytes(changed(file.read_bytes(), spoilt))
    result = command("import", str(file), "--as", "xuan", "--marked", str(marked))
    assert (result.exit_code, "没有作任何改动" in result.output) == (1, True)
    assert marked.read_bytes().startswith(b"PK")
    assert drafts() == []


def test_an_accounts_rights_and_places_hold_here_too(folder: Path) -> None:
    file = folder / "北京.xlsx"
    assert command("pack", "110000", str(file), "--as", "bei").exit_code == 0
    assert isinstance(command("pack", "420111", str(file), "--as", "bei").exception, NotYours)
    assert isinstance(command("pack", "999999", str(file), "--as", "bei").exception, BadInput)
    assert isinstance(command("workbook", str(file), "--as", "nobody").exception, BadInput)
    assert isinstance(command("import", str(file), "--as", "shen").exception, NotYours)
