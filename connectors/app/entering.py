"""Opening a session, keeping it, and what anybody may know of the office."""

from __future__ import annotations

from aiohttp import web

from bot.desk.cases.naming import place_name, programme_name
from bot.desk.referring import refer
from bot.desk.words import say
from bot.errors import Forged
from bot.knowledge.fields import NATION
from connectors.app import bodies
from connectors.app.assertions import prove, use_up
from connectors.app.guarding import Guard, reply
from connectors.app.problems import Problem
from connectors.app.sessions import Session

_SESSIONS_SHARE = 20
"""Of the calls of one address, so few open sessions."""


class Entering:
    def __init__(self, guard: Guard) -> None:
        self._guard, self._desk = guard, guard.desk

    async def open(self, request: web.Request) -> web.StreamResponse:
        self._guard.address(request.remote, _SESSIONS_SHARE)
        body = await bodies.read(request)
        told = bodies.document(request, body, "openSession") if body else {}
        assertion = told.get("assertion", "")
        return self._given(await self.begin(assertion))

    async def begin(self, assertion: str) -> Session:
        """Anonymous without an assertion; else of whom it names. Raises Problem."""
        now = self._desk.clock.now()
        if not assertion:
            return self._guard.sessions.anonymous(now)
        try:
            sub, jti = prove(assertion, self._guard.settings.keys, now)
            await use_up(self._desk.store, jti, now)
        except Forged as error:
            raise Problem("unauthorized") from error
        return self._guard.sessions.named(sub, now)

    async def renew(self, request: web.Request, session: Session) -> web.StreamResponse:
        try:
            return self._given(self._guard.sessions.renewed(session, self._desk.clock.now()))
        except Forged as error:
            raise Problem("unauthorized") from error

    async def office(self, request: web.Request) -> web.StreamResponse:
        region = bodies.query(request, "region").get("region", NATION)
        if not (region.isascii() and region.isdecimal() and 6 <= len(region) <= 12):
            raise Problem("bad_request")
        desk, chain = self._desk, self._desk.edition.chain(region)
        windows = desk.edition.offices(region, "township_window")
        named = next((one for one in windows if one.region != NATION), None)
        phone = named.phone if named and named.phone else refer(desk, "help", region).number
        return reply(
            {
                "name": named.name if named else "救助通",
                "place": place_name(desk, region) if region != NATION else "",
                "hours": desk.service_hours.said(chain),
                "phone": phone,
                "staffed": desk.staffed(region),
                "notices": self._stopped(chain, region),
            }
        )

    def _stopped(self, chain: tuple[str, ...], region: str) -> list[str]:
        """The programmes switched off in this place."""
        desk = self._desk
        going_on = desk.edition.content.stops.values()
        stopped = {
            programme_name(desk, id)
            for id in desk.edition.programmes
            if any(stop.stops_programme(id, chain, desk.today()) for stop in going_on)
        }
        return [say(desk, "app_stopped", region=region, programme=name).text for name in sorted(stopped)]

    def _given(self, session: Session) -> web.Response:
        left = session.ends - int(self._desk.clock.now().timestamp())
        token = self._guard.sessions.token(session)
        told = {"session_id": session.id, "token": token, "expires_in": left, "rights": list(session.rights)}
        return reply(told, 201)
