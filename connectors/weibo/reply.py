"""What goes to Weibo: plain text, short, impersonal; the same JSON in the exchange and outside it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import quote

from bot import people
from bot.channels import WEIBO
from bot.messages import Choice, Reply
from connectors.pushed import clean

CAPABILITIES = WEIBO
"""280 of less than 300 characters: the note under the answer to a mention needs the rest."""
LONGEST = 299
GO_ON = "想接着问，请给我们发私信。"
"""Under the one message that may follow a mention."""

_ANCHOR = re.compile(r"<a\s[^>]*?href\s*=\s*(?:\"([^\"]*)\"|'([^']*)')[^>]*>(.*?)</a>", re.I | re.S)


def safe(reply: Reply) -> Reply:
    """As it may stand on a screen that strangers see: no links that are none there, no number that names a person."""
    choices = tuple(Choice(plain(choice.label), choice.meaning) for choice in reply.choices)
    return replace(reply, text=plain(reply.text), choices=choices)


def plain(text: str) -> str:
    """标题 网址 for a link. Identity and card numbers are covered, whoever wrote them; an office's telephone stays."""
    shown = _ANCHOR.sub(_shown, clean(text))
    covered, secret = people.mask(shown)
    return covered if secret else shown


def _shown(found: re.Match[str]) -> str:
    address, title = (found[1] or found[2] or "").strip(), found[3].strip()
    return f"{title} {address} ".lstrip() if address.startswith(("http://", "https://")) else title


def data_of(text: str) -> str:
    """The inner JSON of a text message."""
    return json.dumps({"text": text}, ensure_ascii=False)


def passive(text: str, account: str, fan: str) -> bytes:
    """The answer in the exchange: `data` is percent-encoded JSON within JSON, sender and receiver change places."""
    answer = {
        "result": True,
        "sender_id": account,
        "receiver_id": fan,
        "type": "text",
        "data": quote(data_of(text), safe=""),
    }
    return json.dumps(answer).encode()


def active(text: str, fan: str, token: str) -> dict[str, str]:
    """The form of messages/reply: it is encoded once, by whoever sends it."""
    return {"access_token": token, "type": "text", "data": data_of(text), "receiver_id": fan, "save_sender_box": "1"}
