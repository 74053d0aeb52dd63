"""What every answer carries, whatever was asked (T-24, A-58), and what is not there at all (A-64)."""

from __future__ import annotations

import pytest
from aiohttp import ClientResponse, web
from yarl import URL

from bot.desk.staff import accounts
from bot.errors import Conflict, TryAgain
from bot.staff import Role
from console import rights
from console.security import HEADERS
from tests.console.conftest import Office
from tests.console.door import Visitor, inside, outside
from tests.console.people import colleague
from tests.databases import sqlite_first


def missing(answer: ClientResponse) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    wrong = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    return wrong + [word for word in ("unsafe", "http:", "https:", "*") if word in policy]


@sqlite_first
async def test_every_route_answers_with_all_headers_to_everybody(office: Office) -> None:
    everyone = [await outside(office)]
    for role in Role:
        everyone.append(await inside(office, (await colleague(office.desk, office.boss, str(role), [role])).staff))
    seen: set[int] = set()
    for visitor in everyone:
        for method, path in rights.table():
            if path == "/sign-out":
                continue
            asked = path.replace("{staff}", office.boss.staff.id).replace("{name}", "console.css")
            asked = asked.replace("{session}", "none").replace("{token}", "none").replace("{", "").replace("}", "")
            for body in ({"form_token": visitor.form_token}, {"form_token": "0" * 64}):
                call = visitor.browser.request(
                    method, asked, data=body if method == "POST" else None, allow_redirects=False
                )
                async with call as answer:
                    assert missing(answer) == [], (method, path)
                    assert answer.headers["Server"] == "jiuzhutong"
                    seen.add(answer.status)
    assert {200, 303, 400, 403, 404} <= seen


ODD = [
    ("GET", "/nothing-here", 404),
    ("DELETE", "/staff", 404),
    ("PUT", "/me/password", 404),
    ("OPTIONS", "/me", 404),
    ("TRACE", "/", 404),
    ("HEAD", "/sign-in", 404),
    ("GET", "/static/../app.py", 404),
    ("GET", "/static/%2e%2e%2fapp.py", 404),
    ("GET", "/static/..%5capp.py", 404),
    ("GET", "/sign-in/", 404),
    ("GET", "/audit?after=%C2%B2", 200),
    ("GET", "/audit?after=99999999999999999999", 200),
    ("GET", "/audit?after=999999999999999999", 200),
    ("GET", "/audit?after=-1", 200),
]


async def test_odd_requests_are_answered_calmly_and_with_all_headers(office: Office) -> None:
    auditor = await inside(office, (await colleague(office.desk, office.boss, "wugong", [Role.AUDITOR])).staff)
    for method, path, status in ODD:
        url = office.server.make_url("/").join(URL(path, encoded=True))
        async with auditor.browser.request(method, url, allow_redirects=False) as answer:
            assert (answer.status, missing(answer)) == (status, []), (method, path)


NOT_THERE = """
/admin /login /docs /openapi.json /metrics /health /debug /console /.git/HEAD /.env /robots.txt /static/ /server-status /api
/static/console.css.map /static/app.py /static/permissions.csv /templates/base.html /swagger /phpinfo.php /actuator/env
"""


async def test_nothing_of_the_house_lies_about(office: Office) -> None:
    visitor = await outside(office)
    for path in NOT_THERE.split():
        answer = await visitor.get(path)
        assert (answer.status, missing(answer)) == (404, []), path


async def test_there_is_no_account_to_guess(office: Office) -> None:
    visitor = await outside(office)
    for login in ("admin", "root", "test", "operator"):
        for password in ("admin", "password", "123456", "admin123", ""):
            office.desk.clock.advance(minutes=16)  # type: ignore[attr-defined]
            assert (await visitor.post("/sign-in", login=login, password=password, code="000000")).status == 403


@pytest.mark.parametrize(
    ("fault", "status", "word"),
    [
        (RuntimeError("sqlite:///secret/path is broken"), 500, "系统出错了"),
        (KeyError("mima"), 500, "系统出错了"),
        (TryAgain("database is locked"), 503, "系统正忙"),
        (Conflict("刚刚被别人改过"), 409, "刚刚被别人改过"),
        (web.HTTPRequestEntityTooLarge(1, 2), 413, "太大了"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_what_breaks_is_one_sentence_and_no_trace(
    office: Office, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, word: str
) -> None:
    async def broken(*_: object) -> None:
        raise fault

    monkeypatch.setattr(accounts, "change_password", broken)
    answer = await (await inside(office, office.boss.staff)).post("/me/password", old="x", new="y", again="y")
    said = await answer.text()
    assert answer.status == status
    assert word in said
    assert missing(answer) == []
    for telling in ("secret", "mima", "sqlite", "Traceback", "locked", "Error"):
        assert telling not in said


async def test_a_form_larger_than_any_of_ours_is_not_read(office: Office) -> None:
    answer = await (await inside(office, office.boss.staff)).post("/me/password", old="x" * 300_000, new="y", again="y")
    assert answer.status == 413
    assert missing(answer) == []


async def test_nothing_stays_behind_after_signing_out(office: Office) -> None:
    visitor = await inside(office, office.boss.staff)
    assert (await visitor.get("/me")).headers["Cache-Control"] == "no-store"
    answer = await visitor.post("/sign-out")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert (await visitor.get("/me")).headers["Location"] == "/sign-in"


async def test_pages_hold_no_script_style_or_foreign_address(office: Office) -> None:
    boss, auditor = (
        await inside(office, office.boss.staff),
        await colleague(office.desk, office.boss, "wugong", [Role.AUDITOR]),
    )
    pages: list[tuple[Visitor, str]] = [(boss, "/me"), (boss, "/staff"), (boss, f"/staff/{office.boss.staff.id}")]
    pages += [(await inside(office, auditor.staff), "/audit"), (await outside(office), "/sign-in")]
    for visitor, path in pages:
        html = await (await visitor.get(path)).text()
        for forbidden in ("<style", " style=", "<script>", "javascript:", " onclick=", " onload=", "//"):
            assert forbidden not in html.replace("https://www.w3.org", ""), (path, forbidden)
