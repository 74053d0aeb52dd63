"""`python -m bot audit`: prove that nobody changed the audit log."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.audit import Head
from bot.cli.main import run, settings
from bot.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """A group, also while it has one command only."""


@app.command()
def verify(
    head: Annotated[str, typer.Option(metavar="SEQ:MAC", help="A head that was written down before.")] = "",
) -> None:
    """Read the whole audit log: is it as it was written? Exit code 1 and the first bad line if not."""
    run(_verify(settings(), head))


async def _verify(chosen: Settings, written: str) -> None:
    from bot.desk.staff.auditing import verify as read_all
    from bot.wiring import open_desk, open_house

    known = Head.read(written) if written else None
    async with open_house(chosen) as house:
        found = await read_all(await open_desk(house), known)
    if found.broken:
        print(f"{found.broken.what} (line {found.broken.seq})", file=sys.stderr)
        sys.exit(1)
    print(f"{found.lines} lines, all as they were written")
    if found.head:
        print(f"head {found.head} (write it down: lines cut off later are found by it)")
