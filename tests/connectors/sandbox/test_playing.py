"""Stories of the sandbox: read strictly, played like a browser would, and red where they go another way."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import BadInput
from connectors.sandbox import playing
from connectors.sandbox.handset import SandboxPhones
from connectors.sandbox.playing import Office, Otherwise, Player
from connectors.sandbox.stories import Step, Story, read_stories
from tests.house.house import ROOT


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "LOOKS", 0.03)
    monkeypatch.setattr(playing, "SETTLES", 0.1)
    monkeypatch.setattr(playing, "WRITES", 0.0)


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
        ("名称: a\n谁: b\n步骤:\n- {说: 你好, 微信听到: [好]}\n", "step 1"),
        ("名称: a\n谁: b\n步骤:\n- {说: 你好, 看到: [好]}\n", "step 1: .*看到 is what the office"),
        ("名称: a\n谁: b\n步骤:\n- {只在: 微信, 说: 你好}\n", "step 1: 只在 is 微博 alone"),
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
    """Three phones of 王奶奶, which answer as told; only on the first a line can be tapped."""
    shown: dict[str, list[dict[str, Any]]] = {"wechat": [], "mini": [], "weibo": []}

    async def state(request: web.Request) -> web.Response:
        which = next((one for one in shown if request.path.startswith(f"/sandbox/{one}/")), "wechat")
        people = [{"id": which, "name": "王奶奶"}]
        pages = [{"phone": one, "page": "/sandbox/" if one == "wechat" else f"/sandbox/{one}/"} for one in shown]
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
            options = [{"id": "o-1", "label": "低保怎么申请"}] if which == "wechat" else []
            add({"seq": len(shown[which]), "who": "account", "text": text, "options": options})
        return web.json_response({}, status=202)

    app = web.Application()
    for page in ("/sandbox", "/sandbox/mini", "/sandbox/weibo"):
        app.router.add_get(f"{page}/api/state", state)
        app.router.add_get(page + "/api/residents/{id}", person)
        app.router.add_post(page + "/api/residents/{id}/acts", act)
    return app


async def played(
    answers: dict[str, list[str]], *steps: Step, on: str = "wechat", office: Office | None = None
) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    async with TestServer(phones(answers)) as server, aiohttp.ClientSession() as session:
        story = Story("故事", "王奶奶", "", "wechat", steps).on(on)
        held = SandboxPhones(session, str(server.make_url("")).rstrip("/"))
        await Player(held, story, lambda who, what: heard.append((who, what)), office=office).play()
    return heard


async def test_what_is_kept_of_an_answer_is_said_on_another_phone() -> None:
    heard = await played(
        {"换": ["接续码：7454 8275"], "7454 8275": ["接上了"], "o-1": ["低保这样申请"]},
        Step("text", "换", keeps={"码": r"接续码：(\d{4} \d{4})"}, told="换手机"),
        Step("text", "{码}", phone="mini", heard=("接上了",)),
        Step("tap", "低保怎么", phone="wechat", heard=("低保",)),
    )
    assert heard[:3] == [("", "换手机"), ("王奶奶", "换"), ("bot", "接续码：7454 8275")]
    assert ("bot", "接上了") in heard
    assert heard[-2] == ("bot", "低保这样申请")


async def test_another_way_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "LISTENS", 1.5)
    with pytest.raises(Otherwise, match=r"故事, step 1 on wechat \(你好\): .*特困"):
        await played({"你好": ["您好"]}, Step("text", "你好", heard=("特困",)))
    with pytest.raises(Otherwise, match="any answer"):
        await played({}, Step("text", "你好"))
    with pytest.raises(Otherwise, match="should not be said"):
        await played({"你好": ["您的身份证"]}, Step("text", "你好", not_heard=("身份证",)))
    with pytest.raises(Otherwise, match="no line '低保' to tap"):
        await played({}, Step("tap", "低保"))


async def test_where_nothing_can_be_tapped_the_number_is_typed() -> None:
    asked = {"救助": ["想问哪一项？\n1. 低保\n2. 临时救助"], "2": ["到街道申请。"]}
    heard = await played(asked, Step("text", "救助"), Step("tap", "临时", heard=("街道",)), on="mini")
    assert heard[-1] == ("bot", "到街道申请。")
    with pytest.raises(Otherwise, match="no line '特困' to tap"):
        await played(asked, Step("text", "救助"), Step("tap", "特困"), on="mini")


STORY = r"""
名称: 申请
谁: 王奶奶
步骤:
- {说: 我要申请, 听到: [姓名], 没有: [卡号], 微博听到: [接续码], 微博记住: {码: '(\d{4})'}}
- {只在: 微博, 拿手机: wechat, 说: "{码}", 听到: [接上了]}
- {说: 王桂英, 听到: [户口], 微博没有: [身份证]}
"""


async def test_what_weibo_says_instead_stands_in_the_same_story(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text(STORY, "utf-8")
    (story,) = read_stories(tmp_path)
    assert story.steps[0].on("weibo").not_heard == ("卡号",), "what is nowhere said is not said there either"
    there = story.steps[2].on("weibo")
    assert (there.heard, there.not_heard) == (("户口",), ("身份证",)), "what Weibo says too is not written twice"
    heard = await played({"我要申请": ["您的姓名？"], "王桂英": ["户口？"]}, *story.steps)
    assert [what for who, what in heard if who == "王奶奶"] == ["我要申请", "王桂英"]
    there = {"我要申请": ["接续码 7454"], "7454": ["接上了"], "王桂英": ["户口？"]}
    heard = await played(there, *story.steps, on="weibo")
    assert [what for who, what in heard if who == "王奶奶"] == ["我要申请", "7454", "王桂英"]
    with pytest.raises(Otherwise, match=r"step 1 on weibo .* keep as 码"):
        await played({**there, "我要申请": ["接续码"]}, *story.steps, on="weibo")


class OneDesk:
    """Somebody at the office, whose page shows what was done."""

    def __init__(self) -> None:
        self.page = ""

    async def does(self, deed: str, said: str) -> str:
        self.page += f"{deed} {said} "
        return self.page


async def test_the_office_takes_part_and_nobody_answers_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "SILENT", 0.3)
    steps = (
        Step("claim", "陈工", seen=("陈工",)),
        Step("text", "在吗", silent=True),
        Step("reply", "在", seen=("reply 在",)),
    )
    heard = await played({}, *steps, office=OneDesk())
    assert heard == [("工作人员", "[claim] 陈工"), ("王奶奶", "在吗"), ("工作人员", "[reply] 在")]
    with pytest.raises(Otherwise, match="李工 does not stand on the officer's page"):
        await played({}, Step("claim", "陈工", seen=("李工",)), office=OneDesk())
    with pytest.raises(Otherwise, match="nobody should answer"):
        await played({"在吗": ["在"]}, Step("text", "在吗", silent=True))
    with pytest.raises(BadInput, match="needs an office"):
        await played({}, Step("claim", "陈工"))


async def test_nobody_writes_faster_than_people_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "WRITES", 0.6)
    began = asyncio.get_running_loop().time()
    await played({"你好": ["您好"]}, *[Step("text", "你好")] * 3)
    assert asyncio.get_running_loop().time() - began >= 1.2
