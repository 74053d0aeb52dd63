"""Every field that is somebody's own, against every route and every role, as the checked-in table says (A-48, T-26, T-35)."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.staff import Role
from console import rights
from tests.console.door import inside
from tests.console.hall import Hall
from tests.console.hall import desk as desk
from tests.console.hall import hall as hall
from tests.console.people import colleague
from tests.console.planted import MARKS, PHOTOS, Planted, plant, shown
from tests.console.test_permissions import expected
from tests.databases import sqlite_first

TABLE = Path(rights.__file__).with_name("fields.csv")
WHY = "核对情况要用"
NEVER_ENDS = "/live"


def rows() -> list[tuple[str, str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [(row["field"], row["method"], row["path"]) for row in csv.DictReader(file)]


def fields_of(method: str, path: str) -> set[str]:
    return {field for field, by, where in rows() if by in ("*", method) and fnmatchcase(path, where)}


def asked(planted: Planted) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every route, and for those that show something for a reason each part there is."""
    people = ("applicant.name", "applicant.identity", "applicant.phone")
    sections = ("section:健康", "section:家庭成员", "section:收入", "section:其他回答")
    for part in (*people, "timeline", *sections):
        yield "POST", "/cases/{case}/reveal", {"part": part, "reason": WHY}
    yield "POST", "/cases/{case}/papers/{paper}", {"reason": WHY}
    yield "POST", "/cases/{case}/package", {"reason": WHY}
    yield "POST", "/cases/{case}/summary", {"reason": WHY, "ask": "请会议研究"}
    yield "POST", "/cases/export", {}
    yield "POST", "/tasks/{task}/phone", {"reason": WHY}
    yield "POST", "/conversations/{conversation}/reveal", {"field": planted.member, "reason": WHY}
    yield "POST", "/conversations/{conversation}/pictures/{picture}", {"reason": WHY}
    yield "POST", "/complaints/{tip}/contact", {"reason": WHY}
    yield "GET", "/supervising/list", {"span": "30", "what": "came"}
    yield "GET", "/referrals", {"office": "school", "said": "asked"}
    yield "GET", "/conversations", {"view": "queue"}
    for method, path in sorted(rights.table()):
        if path != NEVER_ENDS:
            yield method, path, {}


def test_the_table_names_known_fields_and_routes() -> None:
    known = rights.table()
    for field, method, path in rows():
        assert field in {*MARKS, *PHOTOS}
        assert any(method in ("*", by) and fnmatchcase(route, path) for by, route in known), path
    assert len(rows()) == len(set(rows()))


@sqlite_first
@pytest.mark.parametrize("role", list(Role))
async def test_each_field_stands_where_the_table_says_and_nowhere_else(hall: Hall, role: Role) -> None:
    boss = (await colleague(hall.office.desk, hall.office.boss, "zhuguan", [Role.SUPERVISOR], ["420100"])).staff
    staff = (await colleague(hall.office.desk, hall.office.boss, "someone", [role], ["420100"])).staff
    planted = await plant(hall, boss)
    wrong, seen = {}, set()
    for method, path, fields in asked(planted):
        visitor = await inside(hall.office, staff)
        address = planted.path(path)
        query = f"{address}?{urlencode(fields)}" if fields else address
        answer = await (visitor.get(query) if method == "GET" else visitor.post(address, **fields))
        found = await shown(answer)
        allowed = fields_of(method, path) if expected((method, path), role) else set()
        if not found <= allowed:
            wrong[f"{method} {path} {fields}"] = sorted(found - allowed)
        seen |= {(field, method, path) for field in found}
    assert wrong == {}
    idle = [
        row for row in rows() if not any(field == row[0] and row[1] in ("*", by) and fnmatchcase(at, row[2]) for field, by, at in seen)
        and any(expected(route, role) for route in rights.table() if row[1] in ("*", route[0]) and fnmatchcase(route[1], row[2]))
    ]  # fmt: skip
    assert idle == [], "the table allows what is shown nowhere"


async def test_what_is_told_while_a_page_is_open_is_nobodys(hall: Hall) -> None:
    boss = (await colleague(hall.office.desk, hall.office.boss, "zhuguan", [Role.SUPERVISOR], ["420100"])).staff
    planted, visitor = await plant(hall, boss), await inside(hall.office, boss)
    talk = planted.ids["{conversation}"]
    async with visitor.browser.get(f"{NEVER_ENDS}?view=queue&conversation={talk}") as answer:
        told = b""
        async with asyncio.timeout(10):
            while b"data:" not in told or not told.endswith(b"\n\n"):
                told += await answer.content.readany()
    assert not [field for field, mark in MARKS.items() if mark.encode() in told]
