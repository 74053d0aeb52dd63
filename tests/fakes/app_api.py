"""The app's API with a scripted house behind it, for tests of its page: who asked what, prepared answers, lost answers. What
it says is held to `connectors/app/openapi.yml`."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.desk.desk import Desk
from connectors.app.page import Page, mount_page

DESCRIPTION = Path(__file__).parents[2] / "connectors" / "app" / "openapi.yml"
QUIET: dict[str, Any] = {"holder": "bot", "form": None, "waiting": None, "typing": False, "sign": False}
Script = Callable[[dict[str, Any]], Sequence[dict[str, Any]]]


@cache
def _described() -> dict[str, Any]:
    whole = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    return {"components": whole["components"]}


def held_to(schema: str, said: Any) -> Any:
    """As the description names it, or the test that prepared it is wrong."""
    jsonschema.validate(said, {"$ref": f"#/components/schemas/{schema}", **_described()})
    return said


@dataclass
class Talk:
    messages: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=lambda: dict(QUIET))
    taken: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class AppApi:
    """A real server on loopback. `script` answers what is said; everything else is changed by the test as it goes on."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.talks: dict[str, Talk] = {}
        self.asked: list[tuple[str, str]] = []
        self.sessions = 0
        self.pictures: dict[str, bytes] = {}
        self.signatures: list[dict[str, Any]] = []
        self.to_sign: dict[str, Any] | None = None
        self.cases: list[dict[str, Any]] | None = None
        """None: nobody is known here."""
        self.lost_answers = 0
        """So many next POSTs are taken in, and the connection breaks before the answer."""
        self.away = False
        """503 to everything but the page's own files."""
        self.silent_streams = False
        """A proxy on the way keeps the stream to itself."""
        self.clock = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
        self.vouched: list[str] = []
        self.expires_in = 3600
        self.closing = False

    # What a test does -------------------------------------------------------------------------------------------------

    @property
    def talk(self) -> Talk:
        """The newest session's."""
        return self.talks[f"s{self.sessions}"]

    def say(self, talk: Talk | None = None, **told: Any) -> dict[str, Any]:
        talk = talk or self.talk
        self.clock += timedelta(seconds=7)
        seq = (talk.messages[-1]["seq"] if talk.messages else 0) + 3
        made = {
            "seq": seq,
            "id": f"m{seq}",
            "key": "",
            "author": "bot",
            "at": self.clock.isoformat(),
            "kind": "text",
            "text": "",
            "options": [],
            "card": None,
            "picture": "",
            **told,
        }
        talk.messages.append(held_to("Message", made))
        self._ring(talk)
        return made

    def stand(self, **state: Any) -> None:
        self.talk.state = held_to("State", {**QUIET, **state})
        self._ring(self.talk)

    def _ring(self, talk: Talk) -> None:
        talk.changed.set()
        talk.changed = asyncio.Event()

    def said(self, talk: Talk | None = None) -> list[str]:
        return [one["text"] for one in (talk or self.talk).messages if one["author"] == "resident"]

    # What the page asks -----------------------------------------------------------------------------------------------

    def mount(self, app: web.Application) -> None:
        base = "/app/api/v1"
        for method, path, handler in (
            ("POST", "/sessions", self._open),
            ("POST", "/sessions/renew", self._renew),
            ("GET", "/office", self._office),
            ("POST", "/messages", self._take),
            ("GET", "/messages", self._read),
            ("GET", "/stream", self._stream),
            ("POST", "/pictures", self._picture),
            ("GET", "/cases", self._cases),
            ("GET", "/cases/{id}", self._case),
            ("GET", "/signature", self._to_sign),
            ("POST", "/signatures", self._sign),
        ):
            app.router.add_route(method, base + path, self._counted(handler))

    def _counted(self, handler: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def counted(request: web.Request) -> web.StreamResponse:
            self.asked.append((request.method, request.path.removeprefix("/app/api/v1")))
            if self.away:
                return _problem(503, "busy", "系统正忙，请过一会儿再试。", {"Retry-After": "1"})
            answer: web.StreamResponse = await handler(request)
            return answer

        return counted

    def _of(self, request: web.Request) -> Talk:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.talks:
            raise web.HTTPUnauthorized(
                text=json.dumps({"code": "unauthorized", "message": "请重新打开。"}), content_type="application/json"
            )
        return self.talks[token]

    async def _open(self, request: web.Request) -> web.Response:
        assertion = (await request.json()).get("assertion") if request.can_read_body else None
        if assertion == "forged":
            return _problem(401, "unauthorized", "没能认出您。")
        if assertion:
            self.vouched.append(assertion)
        self.sessions += 1
        token = f"s{self.sessions}"
        self.talks[token] = Talk()
        return web.json_response(self._session(token, bool(assertion)), status=201)

    async def _renew(self, request: web.Request) -> web.Response:
        self._of(request)
        token = request.headers["Authorization"].removeprefix("Bearer ")
        return web.json_response(self._session(token, False), status=201)

    def _session(self, token: str, known: bool) -> dict[str, Any]:
        rights = ["talk", "pictures", "sign", *(["cases", "resume"] if known else [])]
        made = {"session_id": token, "token": token, "expires_in": self.expires_in, "rights": rights}
        return dict(held_to("Session", made))

    async def _office(self, _: web.Request) -> web.Response:
        office = {"name": "武汉市民政局", "place": "湖北省武汉市", "hours": "工作日 9:00–17:00", "phone": "12345"}
        return web.json_response({**office, "staffed": True, "notices": True})

    async def _take(self, request: web.Request) -> web.StreamResponse:
        talk, key, body = self._of(request), request.headers["Idempotency-Key"], await request.text()
        said = held_to("Said", json.loads(body))
        before, answer = talk.taken.get(key, (body, {}))
        if before != body:
            return _problem(422, "key_used", "这一条已经发过了。")
        if not answer:
            answer = self._taken(talk, key, body, said)
            for reply in self.script(said):
                self.say(talk, **reply)
        if self.lost_answers:
            self.lost_answers -= 1
            assert request.transport is not None
            request.transport.abort()
            raise ConnectionResetError
        return web.json_response(answer, status=202)

    def _taken(self, talk: Talk, key: str, body: str, said: dict[str, Any]) -> dict[str, Any]:
        if said["type"] == "enter":
            return {"id": "enter", "seq": 1}
        labels = {option["id"]: option["label"] for one in talk.messages for option in one["options"]}
        text = said.get("text") or labels.get(said.get("choice", ""), "") or said.get("place", "")
        kind, picture = said["type"], said.get("picture", "")
        made = self.say(talk, author="resident", key=key, kind=kind, text=text, picture=picture)
        answer = {"id": made["id"], "seq": made["seq"]}
        talk.taken[key] = (body, answer)
        return answer

    async def _read(self, request: web.Request) -> web.Response:
        talk = self._of(request)
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        later = [one for one in talk.messages if one["seq"] > after]
        shown = later[:limit] if "after" in request.query else later[-limit:]
        told = {"messages": shown, "more": "after" in request.query and len(later) > limit, "state": talk.state}
        return web.json_response(held_to("Messages", told))

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        talk = self._of(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        after, state = int(request.query.get("after", 0)), None
        try:
            while True:
                changed = talk.changed
                words = ""
                if state != talk.state:
                    state = talk.state
                    words += f"event: state\ndata: {json.dumps(state)}\n\n"
                for one in talk.messages:
                    if one["seq"] > after:
                        after = one["seq"]
                        words += f"event: message\nid: {after}\ndata: {json.dumps(one, ensure_ascii=False)}\n\n"
                if words and not self.silent_streams:
                    await response.write(words.encode())
                if self.closing:
                    break
                await changed.wait()
        except ConnectionError:
            pass
        return response

    async def _picture(self, request: web.Request) -> web.Response:
        self._of(request)
        name = f"p{len(self.pictures) + 1}"
        self.pictures[name] = await request.read()
        return web.json_response({"picture": name}, status=201)

    async def _cases(self, request: web.Request) -> web.Response:
        self._of(request)
        if self.cases is None:
            return _problem(403, "not_bound", "这里还不知道您是谁。")
        return web.json_response({"cases": [held_to("CaseInFull", one)["case"] for one in self.cases]})

    async def _case(self, request: web.Request) -> web.Response:
        found = [one for one in self.cases or () if one["case"]["id"] == request.match_info["id"]]
        return web.json_response(found[0])

    async def _to_sign(self, request: web.Request) -> web.Response:
        self._of(request)
        return web.json_response({"to_sign": self.to_sign and held_to("ToSign", self.to_sign)})

    async def _sign(self, request: web.Request) -> web.Response:
        talk, sent = self._of(request), await request.json()
        assert base64.b64decode(sent["png"]).startswith(b"\x89PNG")
        self.signatures.append(sent)
        self.to_sign = None
        self.stand()
        made = self.say(talk, text="签名收到了。接着填：您家几口人？")
        return web.json_response({"id": made["id"], "seq": made["seq"]}, status=202)


def _problem(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"code": code, "message": message}, status=status, headers=headers)


@dataclass
class Served:
    api: AppApi
    page: Page
    url: str


@asynccontextmanager
async def an_app_page(desk: Desk, script: Script, origins: Sequence[str] = ()) -> AsyncIterator[Served]:
    """The page as it is served, beside an API with this script."""
    app = web.Application(client_max_size=12 * 2**20)
    page, api = mount_page(app, desk, origins), AppApi(script)
    api.mount(app)
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0.1)
    try:
        yield Served(api, page, str(server.make_url("/app/")))
    finally:
        api.closing = True
        for talk in api.talks.values():
            talk.changed.set()
        await server.close()
