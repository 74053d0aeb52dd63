"""Both readmes say the same, and what they say is there."""

from __future__ import annotations

import re

import pytest

from tests.house.house import ROOT, ours, text

READMES = ("README.md", "README.zh-CN.md")


def quoted(readme: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text(readme)))


def paths(readme: str) -> set[str]:
    """What the map and the links name: things with a slash, or a file's ending."""
    links = set(re.findall(r"\]\(([^)#:]+)\)", text(readme)))
    names = {name for name in quoted(readme) if re.fullmatch(r"[\w./-]+(/|\.(py|md|csv|yml|txt|lock|toml))", name)}
    return links | names


def test_they_quote_the_same_names_and_commands() -> None:
    english, chinese = (quoted(readme) for readme in READMES)
    assert english == chinese


@pytest.mark.parametrize("readme", READMES)
def test_every_path_they_name_exists(readme: str) -> None:
    inside = [ROOT, ROOT / "bot", ROOT / "connectors"]
    made_at_start = {"var/"}
    gone = [path for path in paths(readme) - made_at_start if not any((base / path).exists() for base in inside)]
    assert not gone, f"{readme} names what is not there"


@pytest.mark.parametrize("readme", READMES)
def test_the_map_shows_every_folder_of_the_house(readme: str) -> None:
    folders = {path.relative_to(ROOT).parts[0] + "/" for path in ours() if len(path.relative_to(ROOT).parts) > 1}
    hidden = {folder for folder in folders if folder.startswith(".")}
    missing = [folder for folder in folders - hidden if f"`{folder}`" not in text(readme)]
    assert not missing, f"{readme} has no line for these folders"
    heart = {path.relative_to(ROOT / "bot").parts[0] for path in ours() if path.is_relative_to(ROOT / "bot")}
    rooms = {f"bot/{name}/" for name in heart if (ROOT / "bot" / name).is_dir()}
    assert not [room for room in rooms if f"`{room}`" not in text(readme)]


def test_every_decision_tells_context_decision_status_consequences_and_rejected_ways() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [decision.name[:5] for decision in decisions]
    assert all(re.fullmatch(r"\d{4}-", number) for number in numbers), "a decision's name begins with its number"
    assert len(numbers) == len(set(numbers)), "two decisions have the same number"
    for decision in decisions:
        told = decision.read_text("utf-8")
        for part in ("Context", "Decision", "Status", "Consequences", "Rejected"):
            assert re.search(rf"^(\*\*|#+ ){part}", told, re.MULTILINE), f"{decision.name} lacks its {part}"
