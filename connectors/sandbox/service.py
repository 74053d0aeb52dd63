"""custom/send as the platform reads it: what is refused, with which code, and what is shown. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from connectors.sandbox.passive import TEXT_BYTES, article_bubble
from connectors.sandbox.screen import Option, Shown, menu_bubble, text_bubble
from connectors.sandbox.settings import Phone

# A backslash-u that is itself not escaped. The platform shows such escapes letter by letter (community reports), so a
# sender that leaves json's ASCII escaping on must see the same here.
_ESCAPED = re.compile(rb"(?<!\\)((?:\\\\)*)\\u")


class Refused(Exception):
    """The platform's answer to a call it does not carry out."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg


def read_json(raw: bytes) -> dict[str, Any]:
    if not raw:
        raise Refused(44002, "empty post data")
    try:
        fields = json.loads(_ESCAPED.sub(rb"\1\\\\u", raw).decode("utf-8"))
    except ValueError as e:
        raise Refused(47001, "data format error") from e
    if not isinstance(fields, dict):
        raise Refused(47001, "data format error")
    return fields


def bubble(fields: Mapping[str, Any], phone: Phone) -> Shown:
    """What the resident would see; raises Refused for what the platform does not take."""
    kind = fields.get("msgtype")
    if not isinstance(kind, str) or kind not in (_MINI if phone is Phone.MINI else _READERS):
        raise Refused(40008, "invalid message type")
    inside = fields.get(kind)
    if not isinstance(inside, Mapping):
        raise Refused(44002 if inside is None else 47001, "empty post data")
    return replace(_READERS[kind](inside), via="service")


def _words(inside: Mapping[str, Any], name: str, most: int = TEXT_BYTES) -> str:
    value = inside.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(44004, f"empty content: {name}")
    if len(value.encode()) > most:
        raise Refused(45002, "content size out of limit")
    return value


def _text(inside: Mapping[str, Any]) -> Shown:
    return text_bubble(_words(inside, "content"))


def _menu(inside: Mapping[str, Any]) -> Shown:
    rows = inside.get("list")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 10 or not all(isinstance(row, Mapping) for row in rows):
        raise Refused(40035, "msgmenu holds 1 to 10 lines")
    options = tuple(Option(_words(row, "id", 64), _words(row, "content", 128)) for row in rows)
    head, tail = str(inside.get("head_content") or ""), str(inside.get("tail_content") or "")
    if len((head + tail + "".join(o.label for o in options)).encode()) > TEXT_BYTES:
        raise Refused(45002, "content size out of limit")
    return menu_bubble(head, options, tail)


def _media(kind: str) -> Callable[[Mapping[str, Any]], Shown]:
    def reader(inside: Mapping[str, Any]) -> Shown:
        media_id = inside.get("media_id") or inside.get("thumb_media_id")
        if not isinstance(media_id, str) or not media_id:
            raise Refused(40007, "invalid media_id")
        return Shown("account", kind, text=str(inside.get("title") or ""), media=media_id)

    return reader


def _news(inside: Mapping[str, Any]) -> Shown:
    articles = inside.get("articles")
    if not isinstance(articles, list) or len(articles) != 1 or not isinstance(articles[0], Mapping):
        raise Refused(45008, "article size out of limit")
    article = articles[0]
    return article_bubble(_words(article, "title"), str(article.get("description") or ""), _words(article, "url"))


def _link(inside: Mapping[str, Any]) -> Shown:
    return article_bubble(_words(inside, "title"), str(inside.get("description") or ""), _words(inside, "url"))


def _card(inside: Mapping[str, Any]) -> Shown:
    return Shown("account", "card", text=_words(inside, "title"), media=str(inside.get("thumb_media_id") or ""))


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Shown]] = {
    "text": _text,
    "msgmenu": _menu,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "music": _media("music"),
    "news": _news,
    "miniprogrampage": _card,
    "link": _link,
}
_MINI = frozenset({"text", "image", "link", "miniprogrampage"})
"""What a mini program's service window shows."""
