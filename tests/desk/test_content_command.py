"""`python -m bot content …` as an editor types it, on a real database in a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import wiring
from bot.cli import content
from bot.knowledge.entry import CALLED, FILE, KINDS
from bot.regions import RegionTree
from bot.settings import Settings
from tests.desk.test_content import GOOD, CountingEncoder, edit

ROOT = Path(__file__).parents[2]
PROGRAMMES = ROOT / "tests" / "samples" / "broken_programmes" / "good"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house of its own, with an encoder that costs nothing."""
    made = Path(shutil.copytree(GOOD, tmp_path / "content"))
    shutil.copy(ROOT / "content" / "regions.csv", made / "regions.csv")
    monkeypatch.setenv("JIUZHUTONG_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("JIUZHUTONG_CONTENT", str(made))

    @asynccontextmanager
    async def house(settings: Settings, on: date | None = None) -> AsyncIterator[Any]:
        async with wiring.open_house(settings, on=on) as real:
            yield SimpleNamespace(
                store=real.store, clock=real.clock, regions=real.regions, encoders=[CountingEncoder()]
            )

    monkeypatch.setattr(content, "open_house", house)
    return made


def content_command(*words: str) -> Result:
    return CliRunner().invoke(content.app, list(words))


def test_check_says_what_is_there_and_ends_well(folder: Path) -> None:
    result = content_command("check", str(folder), "--on", "2026-11-25")
    assert result.exit_code == 0, result.output
    counted = (
        "文件 7，答案 4，标准 3，价格补贴 1，热线 1，窗口 1，上班时间 0，固定用语 2，字段 0，同意书 0，表 0，"
        "救助项目 0，停用 0，受保护的问题 0。"
    )
    assert f"{counted}要改 0 处，提醒 0 处。" in result.output


def test_check_ends_with_one_when_something_is_refused(folder: Path) -> None:
    edit(folder, "写好申请，交上要的材料。", "材料齐了一定能批。")
    result = content_command("check", str(folder))
    assert result.exit_code == 1
    assert "要改  faq/dibao.yml 第2行，dibao-apply：写了“一定能”" in result.output


def test_check_of_another_day(folder: Path) -> None:
    edit(folder, "2018-11-22,2019-05-01,,in_force", "2018-11-22,2019-05-01,2026-12-31,in_force", "documents.csv")
    edit(folder, "{region: '310000', from: 2026-07-01}", "{region: '310000', from: 2026-07-01, to: 2026-12-31}")
    assert content_command("check", str(folder), "--on", "2026-12-31").exit_code == 0
    assert content_command("check", str(folder), "--on", "2027-01-01").exit_code == 1
    assert content_command("check", str(folder), "--on", "tomorrow").exit_code == 2


def test_a_day_of_an_editor(folder: Path, tmp_path: Path) -> None:
    loaded = content_command("load", "--as", "wang", "--note", "第一次")
    assert loaded.exit_code == 0, loaded.output
    assert "还没有发布过：新增 19，修改 0，删去 0。新编码问法 28 种。" in loaded.output
    assert "第1版已发布" in content_command("publish", "--as", "li").output
    edit(folder, "写好申请，交上要的材料。", "写好申请就行。")
    changed = content_command("load", "--as", "wang").output
    assert "~ 答案 dibao-apply" in changed
    assert "- text: 写好申请，交上要的材料。" in changed
    assert "和第1版相比：新增 0，修改 1，删去 0。" in changed
    assert "第2版已发布" in content_command("publish", "--as", "li").output
    assert "第1版已重新发布，成为第3版" in content_command("rollback", "1", "--as", "zhao").output
    listed = content_command("list").output
    assert "zhao" in listed
    assert "退回第1版" in listed
    assert "已写 7 个文件" in content_command("export", str(tmp_path / "out")).output
    assert (tmp_path / "out" / "faq" / "dibao.yml").read_bytes() == (GOOD / "faq" / "dibao.yml").read_bytes()
    assert content_command("check", str(tmp_path / "out"), "--on", "2026-11-25").exit_code == 0
    assert "标准 110000 dibao - month 2025-07 -：北京市 1400元（依据）" in content_command("impact", "京文").output


def test_a_programme_is_loaded_changed_exported_and_named_by_what_hangs_on_a_document(
    folder: Path, tmp_path: Path
) -> None:
    regions = folder / "regions.csv"
    kept = regions.read_bytes()
    shutil.rmtree(folder)
    shutil.copytree(PROGRAMMES, folder)
    regions.write_bytes(kept)
    assert "字段 6，同意书 0，表 1，救助项目 2，" in content_command("check", str(folder)).output
    assert content_command("load", "--as", "wang").exit_code == 0
    assert "第1版已发布" in content_command("publish", "--as", "li").output
    edit(folder, "text: 家里有老人\n", "text: 家里有六十岁以上的老人\n", "programmes/dibao.yml")
    changed = content_command("load", "--as", "wang").output
    assert "~ 救助项目 dibao" in changed
    assert "家里有六十岁以上的老人" in changed
    assert "第2版已发布" in content_command("publish", "--as", "li").output
    assert "救助项目 dibao：最低生活保障（依据 第22条）" in content_command("impact", "低保办法").output
    out = tmp_path / "out"
    assert content_command("export", str(out)).exit_code == 0
    for name in ("fields.yml", "forms/dibao.yml", "programmes/dibao.yml", "programmes/laoren.yml"):
        assert (out / name).read_bytes() == (folder / name).read_bytes(), name
    (folder / "programmes" / "laoren.yml").unlink()
    assert "- 救助项目 laoren" in content_command("load", "--as", "wang").output
    assert "第3版已发布" in content_command("publish", "--as", "li").output
    assert content_command("export", str(out)).exit_code == 0
    assert not (out / "programmes" / "laoren.yml").exists(), "it would come back at the next load"


def test_every_kind_of_entry_has_a_name_an_editor_reads() -> None:
    assert set(CALLED) == set(KINDS) - {FILE}


def test_a_refused_load_ends_with_one_and_changes_nothing(folder: Path) -> None:
    edit(folder, "写好申请，交上要的材料。", "材料齐了一定能批。")
    result = content_command("load", "--as", "wang")
    assert result.exit_code == 1
    assert "要改 1 处，没有作任何改动。" in result.output
    assert "还没有发布过任何一版。" in content_command("list").output


def test_the_first_edition_is_published_once_and_never_over_another(folder: Path) -> None:
    assert "第1版已发布。" in content_command("first", "--as", "setup").output
    edit(folder, "写好申请，交上要的材料。", "写好申请，交上材料。")
    assert content_command("first", "--as", "setup").output == ""
    assert "│ 2 " not in content_command("list").output


def test_a_change_needs_a_name() -> None:
    assert content_command("publish").exit_code == 2


def test_the_real_content_passes() -> None:
    result = content_command("check", str(ROOT / "content"), "--on", "2026-11-25", "--no-warnings")
    assert result.exit_code == 0, result.output
    RegionTree.from_csv(ROOT / "content" / "regions.csv")
