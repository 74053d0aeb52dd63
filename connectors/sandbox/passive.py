"""The account's answer to a push, judged as strictly as the platform does. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connectors.sandbox import wire
from connectors.sandbox.envelope import Broken, Envelope
from connectors.sandbox.pushes import Push
from connectors.sandbox.screen import Shown, text_bubble
from connectors.sandbox.settings import Form, Mode

TEXT_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back and what it means: a bubble, nothing, or a fault with its reason."""

    bubble: Shown | None = None
    fault: str = ""
    plain: str = ""
    """The reply as it reads after decryption, for the engineer's log."""


def judge(body: bytes, push: Push, envelope: Envelope, mode: Mode, form: Form) -> Answer:
    """Nothing for an empty body or `success`; a bubble for a valid reply; a fault for everything else."""
    if body in (b"", b"success"):
        return Answer()
    plain = body
    try:
        fields = wire.read(body, form)
        if "Encrypt" in fields:
            if mode is Mode.PLAIN:
                raise Broken("encrypted, though the account is set to plain mode")
            plain = _opened(fields, envelope)
            fields = wire.read(plain, form)
        elif mode is Mode.SECURE:
            raise Broken("not encrypted, though the account is set to secure mode")
        bubble = _bubble(fields, push)
    except Broken as e:
        return Answer(fault=str(e), plain=plain.decode(errors="replace"))
    return Answer(bubble=bubble, plain=plain.decode())


def _opened(fields: Mapping[str, Any], envelope: Envelope) -> bytes:
    sealed, timestamp, nonce = (_field(fields, name) for name in ("Encrypt", "TimeStamp", "Nonce"))
    proof = envelope.sign(timestamp, nonce, sealed)
    if not hmac.compare_digest(proof.encode(), _field(fields, "MsgSignature").encode()):
        raise Broken("MsgSignature does not fit")
    return envelope.open(sealed)


def _field(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value:
        raise Broken(f"{name} is missing")
    return value


def _inside(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = fields.get(name)
    if not isinstance(value, Mapping):
        raise Broken(f"{name} is missing")
    return value


def _bubble(fields: Mapping[str, Any], push: Push) -> Shown | None:
    if _field(fields, "ToUserName") != push.openid:
        raise Broken("ToUserName is not the resident: swap To and From")
    if _field(fields, "FromUserName") != push.fields["ToUserName"]:
        raise Broken("FromUserName is not the account: swap To and From")
    if not _field(fields, "CreateTime").isdigit():
        raise Broken("CreateTime is not a number")
    kind = _field(fields, "MsgType")
    if kind not in _READERS:
        raise Broken(f"MsgType {kind[:40]} cannot be a passive reply")
    bubble = _READERS[kind](fields)
    return replace(bubble, via="passive", reply_to=push.id) if bubble else None


def _text(fields: Mapping[str, Any]) -> Shown:
    content = _field(fields, "Content")
    if len(content.encode()) > TEXT_BYTES:
        raise Broken(f"Content has {len(content.encode())} bytes, more than {TEXT_BYTES}")
    return text_bubble(content)


def _media(kind: str, element: str) -> Callable[[Mapping[str, Any]], Shown]:
    def reader(fields: Mapping[str, Any]) -> Shown:
        inside = _inside(fields, element)
        return Shown("account", kind, text=str(inside.get("Title", "")), media=_field(inside, "MediaId"))

    return reader


def _music(fields: Mapping[str, Any]) -> Shown:
    inside = _inside(fields, "Music")
    return Shown("account", "music", text=str(inside.get("Title", "")), media=_field(inside, "ThumbMediaId"))


def _news(fields: Mapping[str, Any]) -> Shown:
    items = _inside(fields, "Articles").get("item")
    # One article since 2018-10-12; the count must tell the truth.
    if not isinstance(items, list) or len(items) != 1 or _field(fields, "ArticleCount") != "1":
        raise Broken("news must hold exactly one article")
    article = items[0]
    if not isinstance(article, Mapping):
        raise Broken("the article is empty")
    return article_bubble(_field(article, "Title"), str(article.get("Description", "")), _field(article, "Url"))


def article_bubble(title: str, description: str, url: str) -> Shown:
    return Shown("account", "news", text=f"{title}\n{description}".strip(), url=url)


def _hand_over(_: Mapping[str, Any]) -> None:
    """transfer_customer_service goes to the human console; the resident sees nothing."""
    return


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Shown | None]] = {
    "text": _text,
    "image": _media("image", "Image"),
    "voice": _media("voice", "Voice"),
    "video": _media("video", "Video"),
    "music": _music,
    "news": _news,
    "transfer_customer_service": _hand_over,
}
