"""Signing in over HTTP: cookies, no session but one's own, and nothing to learn from being refused (A-56, A-58 to A-60)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.desk.desk import Desk
from bot.desk.staff import proofs
from bot.desk.staff.signing_in import REFUSED, TOO_OFTEN
from bot.staff import Role
from console.app import build_console
from tests.console.conftest import Office
from tests.console.door import Visitor, form_token_in, inside, outside, sign_in
from tests.console.people import AGENT, PASSWORD, colleague, operator


async def test_the_whole_way_in_and_out(office: Office) -> None:
    visitor = await outside(office)
    answer = await sign_in(office, visitor, office.boss)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.cookies["console"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Strict", "/", "")
    assert len(cookie.value) == 43
    home = await visitor.get("/")
    assert (home.status, home.headers["Location"]) == (303, "/staff")
    page = await (await visitor.get("/me")).text()
    assert AGENT in page
    assert cookie.value not in page
    answer = await visitor.post("/sign-out", form_token=form_token_in(page))
    assert answer.cookies["console"].value == ""
    assert (await visitor.get("/me")).headers["Location"] == "/sign-in"
    visitor.browser.cookie_jar.update_cookies({"console": cookie.value}, office.server.make_url("/"))
    assert (await visitor.get("/me")).headers["Location"] == "/sign-in"


async def test_a_token_brought_along_never_becomes_a_session(office: Office) -> None:
    visitor = await outside(office)
    planted = "a" * 43
    visitor.browser.cookie_jar.update_cookies({"console": planted}, office.server.make_url("/"))
    answer = await sign_in(office, visitor, office.boss)
    assert answer.cookies["console"].value not in (planted, visitor.token)
    other = office.browser()
    for token in (planted, visitor.token):
        other.cookie_jar.update_cookies({"console": token}, office.server.make_url("/"))
        async with other.get("/me", allow_redirects=False) as asked:
            assert asked.status == 303


async def test_who_signs_in_where_somebody_sat_ends_their_session(office: Office) -> None:
    first = await inside(office, office.boss.staff)
    answer = await sign_in(office, first, office.boss)
    assert answer.status == 303
    other = office.browser()
    other.cookie_jar.update_cookies({"console": first.token}, office.server.make_url("/"))
    async with other.get("/me", allow_redirects=False) as asked:
        assert asked.headers["Location"] == "/sign-in"


async def test_a_stolen_cookie_is_dead_in_another_browser(office: Office) -> None:
    visitor = await inside(office, office.boss.staff)
    assert (await visitor.get("/me", **{"User-Agent": "curl/8"})).status == 303
    assert (await visitor.get("/me")).status == 303


async def test_a_session_is_ended_by_its_owner_from_elsewhere_at_once(office: Office) -> None:
    here, there = await inside(office, office.boss.staff), await inside(office, office.boss.staff)
    assert (await here.post(f"/me/sessions/{there.session}/end")).status == 303
    assert (await there.get("/me")).status == 303
    assert (await here.get("/me")).status == 200


@pytest.fixture
async def behind_https(desk: Desk) -> AsyncIterator[Office]:
    server = TestServer(build_console(desk, secure=True))
    await server.start_server()
    made = Office(desk, server, await operator(desk))
    yield made
    await made.close()


async def test_by_https_cookies_are_secure_and_bound_to_this_host(behind_https: Office) -> None:
    browser = behind_https.browser()
    async with browser.get("/sign-in") as page:
        cookie = page.cookies["__Host-console-before"]
    assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")


async def test_by_https_the_proxy_s_word_counts_and_the_visitor_s_does_not(behind_https: Office) -> None:
    """Who hammers from one address locks out that address only, and cannot choose which one it is."""
    browser = behind_https.browser()
    async with browser.get("/sign-in") as page:
        before = page.cookies["__Host-console-before"].value

    async def attempt(told: str) -> str:
        visitor = Visitor(browser, before)
        headers = {"X-Forwarded-For": told, "Cookie": f"__Host-console-before={before}"}
        answer = await visitor.post("/sign-in", headers, login="admin", password="guess after guess", code="123456")
        return REFUSED if REFUSED in await answer.text() else TOO_OFTEN

    assert [await attempt(f"10.1.1.{number}, 203.0.113.9") for number in range(6)] == [REFUSED] * 5 + [TOO_OFTEN]
    assert await attempt("203.0.113.9, 203.0.113.10") == REFUSED


async def test_without_a_proxy_nobody_says_where_they_are(office: Office) -> None:
    visitor = await outside(office)
    said = []
    for number in range(6):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        answer = await visitor.post("/sign-in", headers, login="admin", password="guess after guess", code="123456")
        said.append(TOO_OFTEN in await answer.text())
    assert said == [False] * 5 + [True]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement of any database, without its values."""
    heard: list[str] = []

    def hear(*told: object) -> None:
        heard.append(str(told[2]))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


async def test_being_refused_tells_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A-60: the same page, the same statements and one check of a password, whoever was named and whatever was wrong."""
    desk = office.desk
    await colleague(desk, office.boss, "chen", [Role.OFFICER])
    async with desk.store.writing() as work:
        stopped = await work.staff.by_login("chen")
        assert stopped is not None
        await work.staff.change(stopped, "s-0", desk.clock.now(), state="disabled")
        await work.staff.add("newcomer", "新人", ["officer"], [], [], "s-0", desk.clock.now())
        await work.commit()
    checks = []
    real = proofs._fits

    def counted(kept: str, password: str) -> bool:
        checks.append(kept)
        return real(kept, password)

    monkeypatch.setattr(proofs, "_fits", counted)
    pages, asked = set(), set()
    for login, password in (
        ("nobody", "wrong password here"),
        ("admin", "wrong password here"),
        ("newcomer", "wrong password here"),
        ("chen", "wrong password here"),
        ("chen", PASSWORD),
    ):
        desk.clock.advance(minutes=20)  # type: ignore[attr-defined]
        visitor, checks_before = await outside(office), len(checks)
        with statements() as heard:
            answer = await visitor.post("/sign-in", login=login, password=password, code="123456")
        assert answer.status == 403
        assert len(checks) == checks_before + 1
        pages.add((await answer.text()).replace(login, "…").replace(visitor.form_token, "…"))
        asked.add(tuple(heard))
    assert len(pages) == 1
    assert len(asked) == 1
    # The right password with a wrong code looks further; it says no more.
    desk.clock.advance(minutes=20)  # type: ignore[attr-defined]
    visitor = await outside(office)
    answer = await visitor.post("/sign-in", login="admin", password=PASSWORD, code="123456")
    assert (await answer.text()).replace("admin", "…").replace(visitor.form_token, "…") in pages


async def test_a_hundred_guesses_at_once_are_counted_like_a_hundred_in_a_row(office: Office) -> None:
    import asyncio

    visitor = await outside(office)

    async def guess(number: int) -> bool:
        answer = await visitor.post("/sign-in", login="admin", password=f"guess {number} of many", code="123456")
        return TOO_OFTEN in await answer.text()

    refused = await asyncio.gather(*(guess(number) for number in range(30)))
    assert refused.count(False) == 5
    async with office.desk.store.reading() as work:
        lines = [line async for line, _ in work.audit.lines() if line.about.get("why") == "too often"]
    assert len(lines) == 1


async def test_an_invitation_s_page_keeps_the_key_that_is_in_the_phone(office: Office) -> None:
    from bot.desk.staff import accounts

    made = await accounts.invite(office.desk, office.boss.staff, "wugong", "吴工", ["officer"], ["420111"], [])
    visitor = await outside(office)
    path, key = f"/invitation/{made.token}", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    answer = await visitor.post(path, password=PASSWORD, again=PASSWORD, key=key, code="000000")
    assert answer.status == 400
    assert key in await answer.text()
    for odd in ("0" * 32, "=" * 32, "<b>" * 11, "", "Ａ" * 32):
        answer = await visitor.post(path, password=PASSWORD, again=PASSWORD, key=odd, code="000000")
        assert answer.status == 400
        assert "动态码不对" in await answer.text()
