"""`python -m bot erasures` prints the list, and erases again what a kept list names; a broken list erases nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.erasures import erasures
from bot.desk.case_ports import Case
from bot.errors import BadInput
from bot.settings import Settings
from bot.wiring import open_house
from tests.store.applications import submitted
from tests.store.conftest import after

HEAD = "subject,person,receipt,at\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=str(tmp_path / "var"))


async def _erased(settings: Settings) -> tuple[Case, Case]:
    """Two people's cases, the first one erased."""
    async with open_house(settings) as house:
        gone, kept = await submitted(house.store, "o-1"), await submitted(house.store, "o-2")
        async with house.store.writing() as work:
            await work.people.erase(gone.person, "R-1", after(1))
            await work.commit()
    return gone, kept


async def test_the_list_is_printed_and_taken_back(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, kept = await _erased(settings)
    await erasures(settings, None)
    printed = capsys.readouterr().out
    assert printed.startswith(HEAD)
    assert f"{gone.person},{gone.person},R-1,2026-11-25T02:00:01+00:00" in printed
    assert kept.person not in printed
    listed = tmp_path / "list.csv"
    listed.write_text(f"{HEAD}{kept.person},{kept.person},R-2,2026-11-26T10:00:00+08:00\n")
    await erasures(settings, listed)
    said = capsys.readouterr()
    assert "1 subjects named, 1 of them not on the list before" in said.err
    assert kept.person in said.out
    async with open_house(settings) as house, house.store.reading() as work:
        with pytest.raises(BadInput, match="erased"):
            await work.people.get(kept.person)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n", "the columns of .* must be subject,person,receipt,at"),
        (HEAD + "s,p,r,yesterday\n", "line 2 of .* is no erasure; nothing was erased"),
        (HEAD + "s,p,r,2026-11-26T10:00:00\n", "line 2 of .* is no erasure"),
        (HEAD + "s,,r,2026-11-26T10:00:00+08:00\n", "line 2 of .* is no erasure"),
        (HEAD + '"s', "cannot be read"),
    ],
)
async def test_a_broken_list_is_refused_and_erases_nobody(
    settings: Settings, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(BadInput, match=said):
        await erasures(settings, tmp_path / "list.csv")
    assert not (tmp_path / "var").exists()
    with pytest.raises(BadInput, match="cannot be read"):
        await erasures(settings, tmp_path / "nowhere.csv")
