"""Plain files out, as the console gives them: everything, the same again, and nothing that calculates."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from bot.desk.publicity import importing, proposals, publishing
from bot.knowledge.entry import digest, shelf_of
from bot.knowledge.files import read_folder
from bot.knowledge.problems import Refused
from bot.knowledge.written import write_files
from tests.desk.publicity.conftest import Team
from tests.knowledge.workbook.books import FORMULAS


async def test_everything_goes_out_as_plain_files_and_comes_back_the_same(team: Team, tmp_path: Path) -> None:
    """What the desk published, taken along without this program: the same edition when it is read again, twice the same bytes,
    and no cell that calculates."""
    before = await team.entry("greet", "words")
    good = await team.approved("greet", {**before, "text": "您好，慢慢说。\n"}, "words")
    await publishing.publish(team.desk, team.ann, {good.id: good.version})
    await team.live()
    made = await importing.plain_files(team.desk, team.ed)
    assert made == await importing.plain_files(team.desk, team.ed)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        parts.extractall(tmp_path)
        tables = [name for name in parts.namelist() if name.endswith(".csv")]
    read = read_folder(tmp_path)
    assert read.problems.found == []
    entries = await team.entries()
    assert shelf_of(read.entries) == shelf_of(entries)
    assert (tmp_path / ".edition").read_text(encoding="ascii") == f"2 {digest(entries)}\n"
    assert write_files(read.entries) == write_files(entries)
    for name in tables:
        rows = csv.reader(io.StringIO((tmp_path / name).read_text(encoding="utf-8")))
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@＝＋－＠\t\r")], name
    steps = await team.steps()
    assert any(about.get("edition") == "2" for about in steps)


@pytest.mark.parametrize("formula", [one for one in FORMULAS if not one.startswith("'")])
async def test_no_table_holds_a_value_that_would_calculate(team: Team, formula: str) -> None:
    """A-55: what a CSV cannot mark as text is refused where it is written, for every kind that stands in a table."""
    content = team.desk.edition.content
    shelves = {"name": ("hotline", content.hotlines), "say": ("standard", content.standards)}
    shelves["title"] = ("document", content.documents)
    for name, (kind, shelf) in shelves.items():
        key = next(iter(shelf))
        data = {**await team.entry(key, kind), name: formula}
        draft = await proposals.start(team.desk, team.ed, kind, key, data)
        with pytest.raises(Refused, match="会当成算式"):
            await proposals.submit(team.desk, team.ed, {draft.id: draft.version})
        await proposals.withdraw(team.desk, team.ed, draft.id, draft.version)
