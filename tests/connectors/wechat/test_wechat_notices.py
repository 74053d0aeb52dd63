"""Notices as the platform takes them: by its typed fields, cut, once; its refusals by the names the desk knows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.notices.ports import REFUSED, UNCONFIRMED, Letter, NoticeSender, Template
from bot.errors import Misconfigured, Paused, TryAgain, Undeliverable
from connectors.wechat import notices
from connectors.wechat.notices import SubscriptionSender, TemplateSender, fitted
from tests.connectors.wechat.conftest import Site

LETTER = Letter(
    token="01JDXK3E9GZ4Q2W7N8M5R6T1VB",
    account="gh_mini",
    to="oUser_M",
    template=Template("TPL_A", {"thing1": "programme", "phrase2": "state", "time3": "day"}, "pages/case"),
    values={"thing1": "低保", "phrase2": "审核中", "time3": "2026年11月26日"},
)


async def test_a_subscription_notice_of_a_mini_program(site: Site) -> None:
    sender: NoticeSender = SubscriptionSender(site.client())
    site.fake.prepare(notices.MINI, {"errcode": 0, "errmsg": "ok", "msgid": 987654321})
    assert await sender.send(LETTER) == "987654321"
    (asked,) = site.fake.to(notices.MINI)
    assert asked.body == {
        "touser": "oUser_M",
        "template_id": "TPL_A",
        "page": "pages/case",
        "miniprogram_state": "formal",
        "lang": "zh_CN",
        "data": {
            "thing1": {"value": "低保"},
            "phrase2": {"value": "审核中"},
            "time3": {"value": "2026年11月26日"},
        },
    }
    assert "审核中".encode() in asked.raw


async def test_one_of_an_official_account_and_one_without_a_page(site: Site) -> None:
    bare = replace(LETTER, template=replace(LETTER.template, page=""))
    assert await SubscriptionSender(site.client(), notices.ACCOUNT).send(bare) == ""
    (asked,) = site.fake.to(notices.ACCOUNT)
    assert set(asked.body) == {"touser", "template_id", "data"}


@pytest.mark.parametrize(
    ("page", "more"),
    [
        ("", {}),
        ("https://a.gov.cn/case", {"url": "https://a.gov.cn/case"}),
        ("wx0123456789abcdef/pages/case", {"miniprogram": {"appid": "wx0123456789abcdef", "pagepath": "pages/case"}}),
    ],
)
async def test_a_template_message(site: Site, page: str, more: dict[str, Any]) -> None:
    sender: NoticeSender = TemplateSender(site.client())
    site.fake.prepare(notices.TEMPLATE, {"errcode": 0, "msgid": 200228332})
    long = replace(
        LETTER, template=Template("TPL_B", {"keyword1": "next"}, page), values={"keyword1": "请" * 30 + "\n\x00"}
    )
    assert await sender.send(long) == "200228332"
    (asked,) = site.fake.to(notices.TEMPLATE)
    assert asked.body == {
        "touser": "oUser_M",
        "template_id": "TPL_B",
        "client_msg_id": LETTER.token,
        "data": {"keyword1": {"value": "请" * 19 + "…"}},
        **more,
    }


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        ({"errcode": 43101}, Undeliverable, REFUSED),
        ({"errcode": 40003}, Undeliverable, "unknown_person"),
        ({"errcode": 40037}, Undeliverable, "template"),
        ({"errcode": 41030}, Undeliverable, "page"),
        ({"errcode": 47003}, Undeliverable, "template_argument"),
        ({"errcode": 43004}, Undeliverable, "not_follower"),
        (web.Response(text="<html>"), Undeliverable, UNCONFIRMED),
        ({"errcode": -1}, TryAgain, "busy"),
        ({"errcode": 45009}, Paused, "day_quota"),
        ({"errcode": 48001}, Misconfigured, "not_authorised"),
    ],
)
@pytest.mark.parametrize("path", [notices.MINI, notices.TEMPLATE])
async def test_refusals(site: Site, answer: Any, error: type[Exception], reason: str, path: str) -> None:
    answer = web.Response(text="<html>") if isinstance(answer, web.Response) else answer
    site.fake.prepare(path, answer)
    client = site.client()
    sender: NoticeSender = SubscriptionSender(client) if path == notices.MINI else TemplateSender(client)
    with pytest.raises(error) as refused:
        await sender.send(LETTER)
    found = refused.value.reason if isinstance(refused.value, Undeliverable) else str(refused.value).partition(":")[0]
    assert found == reason
    assert "oUser_M" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "made"),
    [
        ("thing1", "最低生活保障申请受理结果通知书请查收", "最低生活保障申请受理结果通知书请查收"),
        ("thing2", "字" * 21, "字" * 19 + "…"),
        ("thing3", "一行\n两行", "一行 两行"),
        ("phrase1", "等待补充材料", "等待补充材"),
        ("phrase2", "审核中。", "审核中"),
        ("time1", "2026年11月26日", "2026年11月26日"),
        ("time2", "15:01", "15:01"),
        ("date1", "2026年11月26日 15:01", "2026年11月26日 15:01"),
        ("number1", "0042", "0042"),
        ("character_string1", "回执号LB-2026-0042", "LB-2026-0042"),
        ("letter1", "LB", "LB"),
        ("symbol1", "***", "***"),
        ("amount1", "¥830.50", "¥830.50"),
        ("phone_number1", "027-12345", "027-12345"),
        ("car_number1", "鄂A12345", "鄂A12345"),
        ("name1", "洪山区关山街道社会事务办公室", "洪山区关山街道社会事"),
        ("name2", "Wang Guiying", "Wang Guiying"),
        ("const1", "办理进度", "办理进度"),
    ],
)
def test_values_as_their_fields_take_them(name: str, value: str, made: str) -> None:
    assert fitted(name, value) == made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number1", "四十二"),
        ("number1", "1" * 33),
        ("time1", "明天"),
        ("phrase1", "ok"),
        ("character_string1", "回执"),
        ("amount1", "八百元"),
        ("thing1", ""),
        ("thing1", " \n"),
        ("keyword1", "x"),
        ("", "x"),
        ("1thing", "x"),
    ],
)
def test_a_field_that_cannot_hold_its_value_is_the_offices_to_mend(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match="mend the file"):
        fitted(name, value)


LIMITS = {
    "thing": r".{1,20}",
    "character_string": r"[!-~]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "number": r"[0-9.]{1,32}",
    "symbol": r"\W{1,5}|_",
    "phone_number": r"[0-9+-]{1,17}",
    "car_number": r".{1,8}",
    "name": r"[一-鿿·]{1,10}|[A-Za-z ]{1,20}",
    "phrase": r"[一-鿿]{1,5}",
}


@settings(deadline=None)
@given(st.sampled_from(sorted(LIMITS)), st.text(max_size=60))
def test_nothing_leaves_that_the_platform_would_refuse(kind: str, value: str) -> None:
    try:
        made = fitted(f"{kind}1", value)
    except Misconfigured:
        return
    assert re.fullmatch(LIMITS[kind], made), made
