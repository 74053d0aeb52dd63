"""What an office sets up on its account: the menu from a file, QR codes of places, articles; each as the platform wants it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BadInput, Misconfigured, Paused, Undeliverable
from bot.regions import RegionTree
from bot.scenes import place_of, scene
from connectors.wechat import codes, menu, publishing
from connectors.wechat.client import MATERIAL
from connectors.wechat.publishing import Article, add_draft, publish
from tests.connectors.wechat.conftest import Site
from tests.in_force import CONTENT

JPEG = b"\xff\xd8\xff\xe0cover"
ARTICLE = Article("低保标准调整了", "从7月1日起调整。\n全市一样。\n\n<b>不用</b>重新申请。", JPEG, "救助科")


def test_the_menu_that_ships_can_be_put_up() -> None:
    made = menu.read_menu(CONTENT / "menu.yml")
    assert 1 <= len(made["button"]) <= 3
    leaves = [leaf for top in made["button"] for leaf in top.get("sub_button", [top])]
    assert {leaf["type"] for leaf in leaves} == {"click"}
    assert {"faq", "standard", "person"} <= {leaf["key"] for leaf in leaves}


async def test_the_menu_goes_up_as_it_is_written(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "menu.yml"
    file.write_text(
        "buttons:\n"
        "  - {name: 找人工, say: person}\n"
        "  - name: 更多\n"
        "    under:\n"
        "      - {name: 官网, link: 'https://a.gov.cn/x'}\n"
        "      - {name: 小程序, mini: {appid: wx1, page: pages/index, link: 'https://a.gov.cn'}}\n",
        encoding="utf-8",
    )
    await menu.put_menu(site.client(), menu.read_menu(file))
    (asked,) = site.fake.to(menu.CREATE)
    assert asked.body == {
        "button": [
            {"name": "找人工", "type": "click", "key": "person"},
            {
                "name": "更多",
                "sub_button": [
                    {"name": "官网", "type": "view", "url": "https://a.gov.cn/x"},
                    {
                        "name": "小程序",
                        "type": "miniprogram",
                        "appid": "wx1",
                        "pagepath": "pages/index",
                        "url": "https://a.gov.cn",
                    },
                ],
            },
        ]
    }
    assert "找人工".encode() in asked.raw


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "buttons"),
        ("- x", "buttons"),
        ("buttons: []", "1 to 3"),
        ("buttons: [{name: a, say: x}, {name: b, say: x}, {name: c, say: x}, {name: d, say: x}]", "1 to 3"),
        ("buttons: [{say: x}]", "needs a name"),
        ("buttons: [{name: 名字太长的一个按钮, say: x}]", "名字太长"),
        ("buttons: [{name: a}]", "写一项"),
        ("buttons: [{name: a, say: x, link: 'https://b'}]", "写一项"),
        ("buttons: [{name: a, say: ''}]", "写一项"),
        ("buttons: [{name: a, link: 'javascript:1'}]", "网址"),
        ("buttons: [{name: a, mini: {appid: x}}]", "写一项"),
        ("buttons: [{name: a, under: []}]", "1到5"),
        ("buttons: [{name: a, under: [{name: b, under: [{name: c, say: x}]}]}]", "写一项"),
        ("buttons: [{name: a, say: " + "字" * 60 + "}]", "太长"),
        ("buttons: {", "cannot be read"),
    ],
)
def test_a_menu_that_cannot_be_is_refused_by_its_button(text: str, word: str, tmp_path: Path) -> None:
    file = tmp_path / "menu.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=word):
        menu.read_menu(file)


async def test_a_code_for_ever_and_one_for_a_time(site: Site) -> None:
    site.fake.prepare(
        codes.CREATE,
        {"ticket": "gQ/+=", "url": "http://weixin.qq.com/q/02a"},
        {"ticket": "T", "url": "http://weixin.qq.com/q/02b", "expire_seconds": 604800},
    )
    named = scene("420111", "420111003005", "关山街道窗口")
    made = await codes.make_code(site.client(), named)
    assert made == codes.Code(
        "http://weixin.qq.com/q/02a", "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQ%2F%2B%3D"
    )
    await codes.make_code(site.client(), named, 7)
    first, second = (asked.body for asked in site.fake.to(codes.CREATE))
    assert first == {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": named}}}
    assert (second["action_name"], second["expire_seconds"]) == ("QR_STR_SCENE", 604_800)
    tree = RegionTree.from_csv(CONTENT / "regions.csv")
    assert place_of(first["action_info"]["scene"]["scene_str"], tree) == "420111", "who scans it is there"


async def test_codes_that_cannot_be(site: Site) -> None:
    for named, days in (("", 0), ("x" * 65, 0), ("place-420111", 31), ("place-420111", -1)):
        with pytest.raises(BadInput):
            await codes.make_code(site.client(), named, days)
    site.fake.prepare(codes.CREATE, {"ticket": 7})
    with pytest.raises(Undeliverable, match=r"^unreadable"):
        await codes.make_code(site.client(), "place-420111")


async def test_an_article_becomes_a_draft_and_is_published(site: Site) -> None:
    site.fake.always[MATERIAL] = {"media_id": "COVER", "url": "http://x"}
    site.fake.prepare(publishing.DRAFT, {"media_id": "DRAFT"})
    site.fake.prepare(publishing.PUBLISH, {"errcode": 0, "publish_id": 100000001})
    client = site.client()
    draft = await add_draft(client, ARTICLE)
    assert (draft, await publish(client, draft)) == ("DRAFT", "100000001")
    (cover,) = site.fake.to(MATERIAL)
    assert cover.body["type"] == "thumb"
    assert JPEG in cover.raw
    assert b'name="media"; filename="cover.jpg"' in cover.raw
    (asked,) = site.fake.to(publishing.DRAFT)
    (told,) = asked.body["articles"]
    assert told == {
        "title": "低保标准调整了",
        "author": "救助科",
        "content": "<p>从7月1日起调整。<br>全市一样。</p><p>&lt;b&gt;不用&lt;/b&gt;重新申请。</p>",
        "thumb_media_id": "COVER",
        "need_open_comment": 0,
    }
    assert site.fake.to(publishing.PUBLISH)[0].body == {"media_id": "DRAFT"}


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [(48001, Misconfigured, "not_authorised"), (45009, Paused, "day_quota"), (45003, Undeliverable, "title_too_long")],
)
async def test_an_account_that_may_not_is_told_so_plainly(
    site: Site, code: int, error: type[Exception], reason: str
) -> None:
    site.fake.prepare(publishing.PUBLISH, {"errcode": code, "errmsg": "x"})
    with pytest.raises(error, match=f"^{reason}: .*"):
        await publish(site.client(), "DRAFT")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"title": ""}, "标题"),
        ({"title": "字" * 65}, "标题"),
        ({"text": " \n"}, "正文"),
        ({"text": "字" * 20_000}, "正文"),
        ({"cover": b"\x89PNG"}, "封面"),
        ({"cover": JPEG + bytes(65_536)}, "封面"),
    ],
)
async def test_articles_that_cannot_be(site: Site, changed: dict[str, object], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        await add_draft(site.client(), Article(**{"title": "题", "text": "文", "cover": JPEG, **changed}))  # type: ignore[arg-type]
    assert site.fake.received == []
