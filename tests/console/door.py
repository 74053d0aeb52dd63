"""Through the console's door over HTTP: signed in as somebody, with the token its forms need."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import ClientResponse, ClientSession

from bot.staff import Staff
from console.browser import _token
from tests.console.conftest import Office
from tests.console.people import ADDRESS, AGENT, Colleague

_FORM_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


@dataclass
class Visitor:
    """A browser with a session, or without one."""

    browser: ClientSession
    token: str
    session: str = ""

    @property
    def form_token(self) -> str:
        return _token(self.token)

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.browser.get(path, allow_redirects=False, headers=headers)

    async def post(
        self, path: str, headers: dict[str, str] | None = None, **fields: str | Sequence[str]
    ) -> ClientResponse:
        """As the page's own form would: with its token, unless another one is given; several values: several boxes of a
        name."""
        given = {"form_token": self.form_token} | fields
        sent = [(name, one) for name, said in given.items() for one in ([said] if isinstance(said, str) else said)]
        return await self.browser.post(path, data=sent, allow_redirects=False, headers=headers)


async def inside(office: Office, staff: Staff) -> Visitor:
    """Signed in without the door: a session as `sign_in` opens it."""
    token, desk = secrets.token_urlsafe(32), office.desk
    async with desk.store.writing() as work:
        session = await work.sessions.open(token, staff.id, ADDRESS, AGENT, desk.clock.now())
        await work.commit()
    browser = office.browser()
    browser.cookie_jar.update_cookies({"console": token}, office.server.make_url("/"))
    return Visitor(browser, token, session.id)


async def outside(office: Office) -> Visitor:
    """Nobody, on the page to sign in."""
    browser = office.browser()
    page = await browser.get("/sign-in")
    before = page.cookies["console-before"].value
    assert form_token_in(await page.text()) == _token(before)
    return Visitor(browser, before)


def form_token_in(page: str) -> str:
    found = _FORM_TOKEN.search(page)
    assert found is not None
    return found[1]


async def sign_in(office: Office, visitor: Visitor, who: Colleague) -> ClientResponse:
    office.desk.clock.advance(seconds=30)  # type: ignore[attr-defined]
    return await visitor.post("/sign-in", login=who.staff.login, password=who.password, code=who.code(office.desk))
