"""Every route of the router against every role and nobody, over HTTP, as the checked-in table says (A-48, T-26)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aiohttp import web

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.staff import RIGHTS, Role, Staff
from console import rights
from console.app import build_console
from tests.console.conftest import Office
from tests.console.door import Visitor, inside, outside
from tests.console.people import colleague
from tests.databases import sqlite_first

WHO: tuple[Role | None, ...] = (*Role, None)


def routes(app: web.Application) -> Iterator[tuple[str, str]]:
    for route in app.router.routes():
        assert route.resource is not None
        yield route.method, route.resource.canonical


def expected(route: tuple[str, str], role: Role | None) -> bool:
    right = rights.table()[route]
    return right == "public" or (role is not None and (right == "signed_in" or right in RIGHTS[role]))


async def test_router_and_table_name_the_same_routes(desk: Desk) -> None:
    served = list(routes(build_console(desk)))
    assert len(served) == len(set(served))
    assert set(served) == set(rights.table())


def test_whatever_changes_something_is_no_get() -> None:
    for (method, path), right in rights.table().items():
        assert method in ("GET", "POST")
        assert not (method == "GET" and right.rpartition(".")[2] in ("write", "move", "done", "stop", "verify")), path


def test_only_doors_and_looks_are_public() -> None:
    public = {path for (_, path), right in rights.table().items() if right == rights.PUBLIC}
    assert public == {"/sign-in", "/invitation/{token}", "/static/{name}"}


def test_each_page_for_staff_has_its_place_in_the_menu() -> None:
    """`/live` and `/places` answer scripts, not people."""
    pages = [path for (method, path), right in rights.table().items() if method == "GET" and "." in right]
    lost = [path for path in pages if not rights.place_in_menu(path)]
    assert lost == ["/live", "/places"]
    assert rights.place_in_menu("/drafts/new") == rights.place_in_menu("/answers/one") == "/answers"
    assert rights.place_in_menu("/staffing") == rights.place_in_menu("/me") == rights.place_in_menu("/") == ""


@sqlite_first
@pytest.mark.parametrize("role", WHO, ids=lambda role: role or "nobody")
async def test_each_route_is_open_to_whom_the_table_names(office: Office, role: Role | None) -> None:
    staff = (await colleague(office.desk, office.boss, "chen", [role])).staff if role else None
    wrong = {}
    for method, path in rights.table():
        visitor = await inside(office, staff) if staff else await outside(office)
        open_to_them = await is_open(office, visitor, method, filled(path, office, staff, visitor))
        if open_to_them is not expected((method, path), role):
            wrong[f"{method} {path}"] = open_to_them
    assert wrong == {}


async def test_an_account_that_was_stopped_opens_nothing(office: Office) -> None:
    chen = await colleague(office.desk, office.boss, "chen", [Role.OFFICER])
    visitor = await inside(office, chen.staff)
    async with office.desk.store.writing() as work:
        await work.staff.change(chen.staff, "s-0", office.desk.clock.now(), state="disabled")
        await work.commit()
    answer = await visitor.get("/me")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")


async def test_what_is_in_the_router_and_not_in_the_table_is_not_served(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await inside(office, office.boss.staff)
    assert (await visitor.get("/staff")).status == 200
    left = {route: right for route, right in rights.table().items() if route != ("GET", "/staff")}
    monkeypatch.setattr(rights, "table", lambda: left)
    assert (await visitor.get("/staff")).status == 404


def filled(path: str, office: Office, staff: Staff | None, visitor: Visitor) -> str:
    known = {
        "{staff}": office.boss.staff.id,
        "{session}": visitor.session or "none",
        "{name}": "console.css",
        "{token}": "no-such-invitation",
    }
    for mark, value in known.items():
        path = path.replace(mark, value)
    while "{" in path:
        path = path[: path.index("{")] + "0" + path[path.index("}") + 1 :]
    return path


async def is_open(office: Office, visitor: Visitor, method: str, path: str) -> bool:
    """Whether the handler was reached: whoever works here and is refused leaves a line, a stranger is shown the door."""
    before = await head(office.desk)
    answer = await (visitor.get(path) if method == "GET" else visitor.post(path))
    assert answer.status < 500, (method, path, await answer.text())
    if visitor.session:
        refused = await refusals(office.desk, before) > 0
        assert not refused or (answer.status == 404 and "不归您管" in await answer.text())
        return not refused
    if method == "GET":
        return not (answer.status == 303 and answer.headers["Location"] == "/sign-in")
    return not (answer.status == 403 and "不归您管" in await answer.text())


async def head(desk: Desk) -> int:
    async with desk.store.reading() as work:
        newest = await work.audit.head()
    return newest.seq if newest else 0


async def refusals(desk: Desk, after: int) -> int:
    async with desk.store.reading() as work:
        return len([line async for line, _ in work.audit.lines(after) if line.deed is Deed.REFUSED])
