"""The answer in the same exchange: in the form and under the key of the question, unbroken by any words."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from bot.desk.ports import Message
from bot.errors import Forged
from bot.messages import Author, Choice, Kind, Reply, State
from connectors.channel import Answer, Callback
from connectors.wechat.crypto import Envelope
from connectors.wechat.reply import menu_message, plain, safe, tap_of
from connectors.wechat.settings import Mode
from tests.connectors.wechat.pushes import (
    APPID,
    KEY,
    NOW,
    OLD_KEY,
    TOKEN,
    message,
    plain_query,
    push,
    sealed_query,
    signed,
    wechat,
    wrapper,
    xml,
)


def row(text: str, *labels: str, seq: int = 12, **about: Any) -> Message:
    return Message(
        id=f"row-{seq}",
        conversation="c",
        seq=seq,
        author=Author.BOT,
        state=State.SENDING,
        kind=Kind.TEXT,
        text=text,
        choices=tuple(Choice(label) for label in labels),
        about=about,
        channel_message_id="",
        reply_to="",
        reason="",
        attempts=0,
        not_before=None,
        actor="bot",
        region="",
        created_at=NOW,
        done_at=None,
    )


def asked(as_json: bool = False, key: str = KEY, **changed: Any) -> Callback:
    query, body = push(message(Content="低保"), as_json, key)
    return wechat(**changed).read(query, {}, body, NOW)


def opened(answer: Answer, as_json: bool = False, key: str = KEY) -> dict[str, str]:
    """As WeChat would: prove it, open it with wechatpy, read it."""
    outer = json.loads(answer.body) if as_json else flat(answer.body)
    parts = (TOKEN, str(outer["TimeStamp"]), outer["Nonce"], outer["Encrypt"])
    assert outer["MsgSignature"] == signed(*parts)
    inner = PrpCrypto(base64.b64decode(key + "=")).decrypt(outer["Encrypt"], APPID)
    return json.loads(inner) if as_json else flat(inner.encode())


def flat(body: bytes) -> dict[str, str]:
    return {element.tag: element.text or "" for element in ElementTree.fromstring(body.decode())}


@pytest.mark.parametrize("as_json", [False, True])
def test_the_answer_goes_back_sealed_in_the_form_of_the_question(as_json: bool) -> None:
    answer = asked(as_json).respond(
        [row("可以申请。", sources=[{"number": "", "title": "办法", "clause": "第八条", "date": ""}])]
    )
    told = opened(answer, as_json)
    assert (told["ToUserName"], told["FromUserName"], told["MsgType"]) == ("oUser_A", "gh_0123456789ab", "text")
    assert told["Content"] == "可以申请。\n\n依据：《办法》第八条"
    assert str(told["CreateTime"]) == str(int(NOW.timestamp()))
    assert answer.carried == 1
    assert answer.content_type == ("application/json" if as_json else "application/xml")


def test_a_question_under_the_previous_key_is_answered_under_it() -> None:
    answer = asked(key=OLD_KEY, previous_aes_key=OLD_KEY).respond([Reply("好。")])
    assert opened(answer, key=OLD_KEY)["Content"] == "好。"


def test_nothing_to_say_is_success_and_needs_no_seal() -> None:
    assert asked().respond([]) == Answer(b"success", "text/plain", 0)


def test_a_plain_question_gets_a_plain_answer() -> None:
    callback = wechat(mode=Mode.PLAIN).read(plain_query(), {}, xml(message(Content="x")).encode(), NOW)
    assert flat(callback.respond([Reply("好。")]).body)["Content"] == "好。"


def test_two_answers_never_share_their_randomness() -> None:
    callback = asked()
    assert callback.respond([Reply("好。")]).body != callback.respond([Reply("好。")]).body


def test_a_row_too_long_for_one_text_is_not_carried_in_part() -> None:
    assert asked().respond([row("字" * 700)]) == Answer(b"success", "text/plain", 0)


@pytest.mark.parametrize(
    "text",
    [
        "a]]>b",
        "]]>]]>",
        "]]]]>>",
        "</Content><MsgType>x</MsgType>",
        "<![CDATA[x]]>",
        "&amp; &lt;",
        "a\x00\x08\x0b\x1fb\ufffe",
        "\ud800x",
        "{braces}{0}",
    ],
)
def test_no_words_break_out_of_the_xml(text: str) -> None:
    told = opened(asked().respond([Reply(text)]))
    assert set(told) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
    assert told["Content"] == plain(text).strip()


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_any_words_arrive_as_they_are(text: str) -> None:
    callback = wechat(mode=Mode.PLAIN).read(plain_query(), {}, xml(message(Content="x")).encode(), NOW)
    answer = callback.respond([Reply(text)])
    if plain(text).strip():
        assert flat(answer.body)["Content"] == plain(text).strip()
    else:
        assert answer.body == b"success"


@settings(deadline=None)
@given(st.binary(max_size=500), st.sampled_from([0, 1]))
def test_what_is_sealed_opens_to_the_same_and_under_its_own_key(content: bytes, key: int) -> None:
    envelope = Envelope.of(APPID, KEY, OLD_KEY)
    opened = envelope.open(envelope.seal(content, key))
    assert (opened.content, opened.key) == (content, key)
    with pytest.raises(Forged):
        Envelope.of("wx0000000000000000", KEY, OLD_KEY).open(envelope.seal(content, key))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_wechatpy_and_we_open_each_other(text: str) -> None:
    theirs = PrpCrypto(base64.b64decode(KEY + "="))
    content = plain(text)
    assert theirs.decrypt(Envelope.of(APPID, KEY).seal(content.encode()), APPID) == content
    assert Envelope.of(APPID, KEY).open(theirs.encrypt(content, APPID).decode()).content.decode() == content


# ---- options


def test_options_are_numbered_and_can_be_tapped_in_a_passive_text() -> None:
    text = opened(asked().respond([row("哪一个？", "低保", "临时救助")]))["Content"]
    assert text == (
        "哪一个？\n\n"
        '1. <a href="weixin://bizmsgmenu?msgmenucontent=低保&msgmenuid=12-1">低保</a>\n'
        '2. <a href="weixin://bizmsgmenu?msgmenucontent=临时救助&msgmenuid=12-2">临时救助</a>'
    )


def test_a_tapped_option_comes_back_under_its_id() -> None:
    encrypt = Envelope.of(APPID, KEY).seal(xml(message(Content="临时救助", bizmsgmenuid="12-2")).encode())
    (inbound,) = wechat().read(sealed_query(encrypt), {}, wrapper(encrypt), NOW).inbounds
    assert (inbound.choice, inbound.text) == ("12-2", "临时救助")


@pytest.mark.parametrize(
    "label", ["a&b", '"><a href="https://x">', "<script>", "a%26msgmenuid=9", "' onclick='", "a#b?c=d", "a\nb", "甲 乙"]
)
def test_no_label_gets_out_of_its_link(label: str) -> None:
    clean = safe(Reply("", (Choice(label),))).choices[0].label
    link = tap_of(12)(1, clean)
    href, shown = re.fullmatch(r'<a href="([^"<>]*)">((?:[^<]|<(?![A-Za-z/!]))*)</a>', link).groups()  # type: ignore[union-attr]
    content, number = re.fullmatch(r"weixin://bizmsgmenu\?msgmenucontent=([^&]*)&msgmenuid=([^&]*)", href).groups()  # type: ignore[union-attr]
    assert (unquote(content), number) == (shown, "12-1")


def test_words_a_resident_wrote_cannot_become_a_link() -> None:
    text = opened(asked().respond([Reply('您说的“<a href="https://bad.example">点这里</a>”我没听懂。1<2。')]))[
        "Content"
    ]
    assert "<a" not in text
    assert "</a" not in text
    assert "1<2" in text


def test_a_menu_has_the_words_the_source_and_numbered_lines() -> None:
    made = menu_message("oUser_A", Reply("哪一个？", (Choice("低保"), Choice("临时救助"))), 12)
    assert made == {
        "touser": "oUser_A",
        "msgtype": "msgmenu",
        "msgmenu": {
            "head_content": "哪一个？",
            "list": [{"id": "12-1", "content": "1. 低保"}, {"id": "12-2", "content": "2. 临时救助"}],
            "tail_content": "点一下，或回复数字。",
        },
    }


@pytest.mark.parametrize(
    "reply",
    [
        Reply("没有选项。"),
        Reply("十一个。", tuple(Choice("x") for _ in range(11))),
        Reply("字" * 400, (Choice("x"),)),
        Reply("长的一行。", (Choice("字" * 50),)),
    ],
)
def test_what_does_not_fit_a_menu_is_no_menu(reply: Reply) -> None:
    assert menu_message("oUser_A", reply, 1) is None


def test_the_moment_of_an_answer_is_ours() -> None:
    assert datetime.fromtimestamp(int(opened(asked().respond([Reply("好。")]))["CreateTime"]), UTC) == NOW
