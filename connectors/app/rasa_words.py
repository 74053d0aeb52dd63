"""What Rasa's web conventions say and hear: replies as widgets show them, options as words that only we understand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.desk.ports import Message
from bot.messages import Author, Kind
from connectors.app.hearing import ENTERED, Said
from connectors.render import footing, reply_of

_PAYLOAD = re.compile(r"option:([0-9]{1,9}-[0-9]{1,3})")
_INTENT = re.compile(r"/[A-Za-z_]\w{0,63}(?:\{.{0,500}\})?", re.DOTALL)
"""What a widget sends by itself when it opens (`initPayload`, /get_started). No intent is ever taken from outside."""


def said(message: str) -> Said:
    if option := _PAYLOAD.fullmatch(message):
        return Said(Kind.TEXT, choice=option[1])
    if _INTENT.fullmatch(message.strip()):
        return ENTERED
    return Said(Kind.TEXT, text=message)


def text(row: Message) -> str:
    return "\n\n".join(filter(None, (row.text.strip(), footing(reply_of(row)))))


def options(row: Message) -> list[dict[str, str]]:
    return [{"title": one.label, "payload": f"option:{row.seq}-{n}"} for n, one in enumerate(row.choices, 1)]


def ours(rows: Sequence[Message]) -> list[Message]:
    return [row for row in rows if row.author is not Author.RESIDENT]


def as_rest(row: Message, recipient: str) -> dict[str, Any]:
    told: dict[str, Any] = {"recipient_id": recipient, "text": text(row)}
    return told | ({"buttons": options(row)} if row.choices else {})


def as_socket(row: Message) -> dict[str, Any]:
    """Widgets tell kinds of messages apart by how many keys there are, so no other stands here."""
    if not row.choices:
        return {"text": text(row)}
    return {"text": text(row), "quick_replies": [{"content_type": "text", **one} for one in options(row)]}
