"""The one command that starts everything publishes the first edition before, and looks for it without losing time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import everything
from bot.desk.ports import Store
from bot.errors import JiuzhutongError
from tests.databases import Database
from tests.store.conftest import NOW


async def test_an_edition_is_seen_in_the_file(database: Database, store: Store) -> None:
    assert not everything._published(database.url)
    async with store.writing() as work:
        await work.editions.publish([], 0, "li", "first", NOW)
        await work.commit()
    # On PostgreSQL the command that publishes is asked, which finds it there.
    assert everything._published(database.url) == (database.kind == "sqlite")


@pytest.mark.parametrize("name", ["nowhere.db", "a ? and a # of 100%.db"])
def test_no_file_is_no_edition_and_none_is_made(tmp_path: Path, name: str) -> None:
    assert not everything._published(f"sqlite:///{tmp_path / name}")
    assert list(tmp_path.iterdir()) == []


async def test_where_it_cannot_be_published_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUZHUTONG_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("JIUZHUTONG_CONTENT", str(tmp_path / "nothing"))
    with pytest.raises(JiuzhutongError, match="nothing was started"):
        await everything._publish()
