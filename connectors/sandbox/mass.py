"""Mass sending as the platform does it: by tag or to everybody, four a month for each follower, a repeat sent once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.clock import SHANGHAI
from connectors.sandbox import pushes, service
from connectors.sandbox.platform import Platform
from connectors.sandbox.residents import Resident
from connectors.sandbox.screen import text_bubble
from connectors.sandbox.service import Refused

MOST_A_MONTH = 4
LONGEST = 600
_FIRST_TAG, _FIRST_JOB = 100, 3_147_483_000
_REMEMBERED = timedelta(days=1)
HELPER = "mphelper"
"""Who the platform's report comes from."""


class Mass:
    """The account's tags are the cities its sample residents live in."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._jobs: dict[str, tuple[int, datetime]] = {}
        self._got: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._next = _FIRST_JOB

    async def tags(self, _: web.Request, __: bytes) -> dict[str, Any]:
        known = self._tags()
        return {"tags": [{"id": id, "name": name, "count": len(self._tagged(name))} for id, name in known.items()]}

    async def send_all(self, _: web.Request, raw: bytes) -> dict[str, Any]:
        fields = service.read_json(raw)
        now = self._platform.clock.now()
        to = self._meant(fields.get("filter"))
        if fields.get("msgtype") != "text":
            raise Refused(40008, "invalid message type")
        inside = fields.get("text")
        content = inside.get("content") if isinstance(inside, dict) else None
        if not isinstance(content, str) or not content:
            raise Refused(44004, "empty content")
        if len(content) > LONGEST:
            raise Refused(45002, "content size out of limit")
        key = str(fields.get("clientmsgid") or "")
        if len(key.encode()) > 64:
            raise Refused(45067, "clientmsgid size out of limit")
        known = self._jobs.get(key)
        if key and known and now - known[1] < _REMEMBERED:
            return {"errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": known[0]}
        return {"errcode": 0, "errmsg": "send job submission success", "msg_id": self._send(key, content, to, now)}

    def _send(self, key: str, content: str, to: list[Resident], now: datetime) -> int:
        here = now.astimezone(SHANGHAI)
        got = self._got[here.year, here.month]
        reached = [one for one in to if got[one.openid] < MOST_A_MONTH]
        if to and not reached:
            raise Refused(45028, "has no masssend quota")
        self._next += 1
        if key:
            self._jobs[key] = (self._next, now)
        for one in reached:
            got[one.openid] += 1
            self._platform.screens.show(one.openid, replace(text_bubble(content), via="mass"))
        self._report(self._next, len(reached), len(to) - len(reached), now)
        return self._next

    def _report(self, job: int, sent: int, missed: int, now: datetime) -> None:
        """Behind the caller's back, as the platform does when everything went out."""
        act = pushes.mass_finished(job, sent, missed)
        self._platform.start_delivery(
            pushes.push(act, self._platform.settings.account, HELPER, int(now.timestamp()), "")
        )

    def _meant(self, to: object) -> list[Resident]:
        if not isinstance(to, dict):
            raise Refused(40035, "invalid parameter: filter")
        if to.get("is_to_all") is True:
            return [one for one in self._platform.residents.values() if one.follows]
        name = self._tags().get(to.get("tag_id"))
        if name is None:
            raise Refused(45159, "invalid tag id")
        return self._tagged(name)

    def _tags(self) -> dict[object, str]:
        cities = sorted({one.sample.city for one in self._platform.residents.values() if one.sample})
        return {_FIRST_TAG + number: city for number, city in enumerate(cities)}

    def _tagged(self, city: str) -> list[Resident]:
        return [
            one for one in self._platform.residents.values() if one.follows and one.sample and one.sample.city == city
        ]
