"""Stories of the sandbox: read strictly, played like a browser would, and red where they go another way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import BadInput
from connectors.sandbox import playing
from connectors.sandbox.playing import Otherwise, Player, Step, Story, read_stories
from tests.house.house import ROOT


def test_the_stories_that_ship_are_read() -> None:
    found = read_stories(ROOT / "deploy/demo")
    assert len({story.who for story in found}) == 6
    assert {story.phone for story in found} == {"wechat", "mini", "weibo"}
    assert all(step.heard for story in found for step in story.steps[:1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("名称: a\n谁: b\n", "is no story"),
        ("名称: a\n谁: b\n步骤:\n- {说: 你好, 点: 1}\n", "step 1"),
        ("名称: a\n谁: b\n步骤:\n- {讲: 你好}\n", "step 1"),
        ("名称: a\n谁: b\n手机: qq\n步骤: []\n", "no phone 'qq'"),
        ("- [", "is no story"),
    ],
)
def test_a_broken_one_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "x.yml").write_text(text, "utf-8")
    with pytest.raises(BadInput, match=said):
        read_stories(tmp_path)
    with pytest.raises(BadInput, match="no stories"):
        read_stories(tmp_path / "nothing")


def phones(answers: dict[str, list[str]]) -> web.Application:
    """Two phones of 王奶奶, which answer as told."""
    shown: dict[str, list[dict[str, Any]]] = {"a": [], "b": []}

    async def state(request: web.Request) -> web.Response:
        which = "b" if request.path.startswith("/sandbox/mini") else "a"
        people = [{"id": which, "name": "王奶奶"}]
        pages = [{"phone": "wechat", "page": "/sandbox/"}, {"phone": "mini", "page": "/sandbox/mini/"}]
        return web.json_response({"residents": people, "phones": pages})

    async def person(request: web.Request) -> web.Response:
        which = request.match_info["id"]
        return web.json_response({"id": which, "place": "武汉", "messages": shown[which]})

    async def act(request: web.Request) -> web.Response:
        which, wanted = request.match_info["id"], await request.json()
        said = wanted.get("text") or wanted.get("option") or wanted["kind"]
        add = shown[which].append
        add({"seq": len(shown[which]), "who": "resident", "text": said, "options": []})
        for text in answers.get(said, []):
            options = [{"id": "o-1", "label": "低保怎么申请"}]
            add({"seq": len(shown[which]), "who": "account", "text": text, "options": options})
        return web.json_response({}, status=202)

    app = web.Application()
    for page in ("/sandbox", "/sandbox/mini"):
        app.router.add_get(f"{page}/api/state", state)
        app.router.add_get(page + "/api/residents/{id}", person)
        app.router.add_post(page + "/api/residents/{id}/acts", act)
    return app


async def played(answers: dict[str, list[str]], *steps: Step) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    async with TestServer(phones(answers)) as server, aiohttp.ClientSession() as session:
        story = Story("故事", "王奶奶", "", "wechat", steps)
        await Player(
            session, str(server.make_url("")).rstrip("/"), story, lambda who, what: heard.append((who, what))
        ).play()
    return heard


async def test_what_is_kept_of_an_answer_is_said_on_another_phone() -> None:
    heard = await played(
        {"换": ["接续码：7454 8275"], "7454 8275": ["接上了"], "o-1": ["低保这样申请"]},
        Step("text", "换", keeps={"码": r"接续码：(\d{4} \d{4})"}, told="换手机"),
        Step("text", "{码}", phone="mini", heard=("接上了",)),
        Step("tap", "低保怎么", heard=("低保",)),
    )
    assert heard[:3] == [("", "换手机"), ("王奶奶", "换"), ("bot", "接续码：7454 8275")]
    assert ("bot", "接上了") in heard
    assert heard[-2] == ("bot", "低保这样申请")


async def test_another_way_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "LISTENS", 1.5)
    with pytest.raises(Otherwise, match=r"故事, step 1 \(你好\): .*特困"):
        await played({"你好": ["您好"]}, Step("text", "你好", heard=("特困",)))
    with pytest.raises(Otherwise, match="any answer"):
        await played({}, Step("text", "你好"))
    with pytest.raises(Otherwise, match="should not be said"):
        await played({"你好": ["您的身份证"]}, Step("text", "你好", not_heard=("身份证",)))
    with pytest.raises(Otherwise, match="no line '低保' to tap"):
        await played({}, Step("tap", "低保"))
