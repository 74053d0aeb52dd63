"""docs/commands.md and the program name the same commands, with the same sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer.main

from tests.house.house import text


def commands(group: Any, before: str = "") -> Iterator[tuple[str, str]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, (command.help or "").split("\n\n")[0].replace("\n", " ")


def test_every_command_is_documented() -> None:
    from bot.cli import audit, cases, main, wechat, workbooks

    known = dict(commands(typer.main.get_command(main.app)))
    known |= dict(commands(typer.main.get_command(workbooks.app), "content "))
    known |= dict(commands(typer.main.get_command(cases.app), "cases "))
    known |= dict(commands(typer.main.get_command(audit.app), "audit "))
    known |= dict(commands(typer.main.get_command(wechat.app), "wechat "))
    rows = re.findall(r"^\| `([a-z -]+)` \| (.*) \|$", text("docs/commands.md"), re.MULTILINE)
    assert dict(rows) == known
