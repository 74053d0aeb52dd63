"""The list of erasures, out and in: what a restored backup must not bring back, wherever that list was kept."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import astuple, fields
from datetime import datetime
from pathlib import Path

from bot.desk.case_ports import Erasure
from bot.errors import BadInput
from bot.settings import Settings
from bot.wiring import open_house

_COLUMNS = [field.name for field in fields(Erasure)]


async def erasures(settings: Settings, again: Path | None) -> None:
    """Print the list, after erasing what the list in `again` names."""
    named = [] if again is None else list(_read(again))
    async with open_house(settings) as house:
        if named:
            async with house.store.writing() as work:
                fresh = await work.people.erase_again(named)
                await work.commit()
            print(f"{len(named)} subjects named, {fresh} of them not on the list before", file=sys.stderr)
        async with house.store.reading() as work:
            listed = await work.people.erasures()
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(_COLUMNS)
    rows.writerows((*astuple(one)[:-1], one.at.isoformat()) for one in listed)


def _read(path: Path) -> Iterator[Erasure]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            if rows.fieldnames != _COLUMNS:
                raise BadInput(
                    f"the columns of {path} must be {','.join(_COLUMNS)}; give a list that this command printed"
                )
            for row in rows:
                try:
                    at = datetime.fromisoformat(row["at"])
                    if at.tzinfo is None or not row["subject"] or not row["person"]:
                        raise ValueError
                    yield Erasure(row["subject"], row["person"], row["receipt"], at)
                except (ValueError, TypeError) as e:
                    raise BadInput(
                        f"line {rows.line_num} of {path} is no erasure; nothing was erased, mend the line"
                    ) from e
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise BadInput(f"the list {path} cannot be read ({type(e).__name__}); nothing was erased") from e
