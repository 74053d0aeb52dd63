"""A passive reply is judged as strictly as the platform judges it; what it would not show becomes its fault notice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sandbox import pushes, wire
from connectors.sandbox.envelope import Envelope
from connectors.sandbox.passive import Answer, judge
from connectors.sandbox.pushes import Push
from connectors.sandbox.screen import split, text_bubble
from connectors.sandbox.settings import Form, Mode

ENVELOPE = Envelope("token", "A" * 43, "wxsandbox")
PUSH: Push = pushes.push(pushes.text("你好"), "gh_us", "oThem", 1714112445, "17")
GOOD = {"ToUserName": "oThem", "FromUserName": "gh_us", "CreateTime": 1714112446, "MsgType": "text", "Content": "您好"}


def plainly(body: bytes) -> Answer:
    return judge(body, PUSH, ENVELOPE, Mode.PLAIN, Form.XML)


def xml(**changes: object) -> bytes:
    return wire.write({name: value for name, value in {**GOOD, **changes}.items() if value is not None}, Form.XML)


def sealed(body: bytes, **changes: object) -> bytes:
    encrypt = ENVELOPE.close(body)
    proof = ENVELOPE.sign("1714112446", "n1", encrypt)
    fields = {"Encrypt": encrypt, "MsgSignature": proof, "TimeStamp": 1714112446, "Nonce": "n1", **changes}
    return wire.write({name: value for name, value in fields.items() if value is not None}, Form.XML)


def test_a_good_reply_is_a_bubble_in_each_mode() -> None:
    for mode, body in [(Mode.PLAIN, xml()), (Mode.COMPATIBLE, xml()), (Mode.COMPATIBLE, sealed(xml()))]:
        assert judge(body, PUSH, ENVELOPE, mode, Form.XML).bubble is not None
    answer = judge(sealed(xml()), PUSH, ENVELOPE, Mode.SECURE, Form.XML)
    assert answer.bubble is not None
    assert (answer.bubble.text, answer.bubble.reply_to) == ("您好", "17")


@pytest.mark.parametrize("body", [b"", b"success"])
def test_an_acknowledgement_shows_nothing_and_needs_no_seal(body: bytes) -> None:
    assert judge(body, PUSH, ENVELOPE, Mode.SECURE, Form.XML) == Answer()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"ok", "does not begin with <xml>"),
        (b" success", "does not begin with <xml>"),
        (b'{"a":1}', "does not begin with <xml>"),
        (b" " + xml(), "does not begin with <xml>"),
        (b"<xml><a>", "not well-formed"),
        (b"<xml/>", "does not begin"),
        (b"<xml></xml>", "holds no fields"),
        (b'<xml><!DOCTYPE a [<!ENTITY b "c">]></xml>', "not well-formed"),
        (b"<xml>\xff</xml>", "not well-formed"),
        (b"<xml><Content>a</Content><Content>b</Content></xml>", "stands twice"),
        (xml(ToUserName="gh_us", FromUserName="oThem"), "swap To and From"),
        (xml(FromUserName="gh_other"), "swap To and From"),
        (xml(FromUserName=None), "FromUserName is missing"),
        (xml(CreateTime="soon"), "not a number"),
        (xml(MsgType="markdown"), "cannot be a passive reply"),
        (xml(Content=""), "Content is missing"),
        (xml(Content="救" * 683), "2049 bytes"),
        (xml(MsgType="image"), "Image is missing"),
        (xml(MsgType="news", ArticleCount=2, Articles={"item": "x"}), "exactly one article"),
    ],
)
def test_what_the_platform_would_not_show_is_named(body: bytes, words: str) -> None:
    answer = plainly(body)
    assert answer.bubble is None
    assert words in answer.fault


def test_a_text_of_exactly_the_limit_is_shown() -> None:
    assert plainly(xml(Content="救" * 682 + "ab")).bubble is not None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (xml(), "not encrypted"),
        (sealed(xml(), MsgSignature="0" * 40), "MsgSignature does not fit"),
        (sealed(xml(), Nonce=None), "Nonce is missing"),
        (sealed(xml(), TimeStamp=1714112447), "MsgSignature does not fit"),
        (sealed(b"success"), "does not begin with <xml>"),
    ],
    ids=["plain", "other signature", "no nonce", "other time", "no xml"],
)
def test_secure_mode_takes_only_what_is_sealed_and_signed(body: bytes, words: str) -> None:
    assert words in judge(body, PUSH, ENVELOPE, Mode.SECURE, Form.XML).fault


def test_plain_mode_takes_nothing_sealed() -> None:
    assert "plain mode" in plainly(sealed(xml())).fault


def test_pictures_articles_and_a_hand_over_are_read() -> None:
    picture = plainly(xml(MsgType="image", Image={"MediaId": "M1"}, Content=None)).bubble
    assert picture is not None
    assert picture.media == "M1"
    inside = {"Title": "低保", "Description": "怎么申请", "Url": "https://example.org/"}
    body = xml(MsgType="news", ArticleCount=1, Articles={"item": inside}, Content=None)
    article = plainly(body).bubble
    assert article is not None
    assert (article.text, article.url) == ("低保\n怎么申请", "https://example.org/")
    assert plainly(xml(MsgType="transfer_customer_service", Content=None)) == Answer(
        plain=xml(MsgType="transfer_customer_service", Content=None).decode()
    )


@given(st.binary(max_size=200))
def test_no_bytes_make_the_judge_stumble(body: bytes) -> None:
    for mode in Mode:
        for form in Form:
            judge(body, PUSH, ENVELOPE, mode, form)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=200))
def test_whatever_is_pushed_can_be_read_back(words: str) -> None:
    written = wire.read(wire.write({"Content": words}, Form.XML), Form.XML)["Content"]
    assert written == "".join(c for c in words if c not in "\ufffe\uffff")


def test_links_in_a_text_become_lines_that_can_be_tapped() -> None:
    shown = text_bubble(
        '请选：\n1. <a href="weixin://bizmsgmenu?msgmenucontent=%E4%BD%8E%E4%BF%9D+1%261&msgmenuid=12-1">低保</a>'
        '\n<a href="https://example.org/x">指南</a> <a href="javascript:alert(1)">别点</a> <a>不是</a>'
    )
    assert [(o.id, o.label) for o in shown.options] == [("12-1", "低保+1&1")]
    assert shown.text == "请选：\n1. 低保\n指南 别点 <a>不是</a>"
    assert [p.url for p in shown.pieces if p.url] == ["https://example.org/x"]


@given(st.text(max_size=200))
def test_a_text_without_links_stays_as_it_is(words: str) -> None:
    if "<a" not in words.lower():
        assert "".join(p.text for p in split(words)) == words
