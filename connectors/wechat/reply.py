"""What goes to WeChat: the passive answer in the mode of the question, and the body of a customer-service message.

`wechatpy.replies.TextReply` renders the XML; it does not split `]]>`, so the words come to it split.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wechatpy.replies import TextReply

from bot.channels import WECHAT
from bot.messages import Choice, Reply
from connectors.proving import signature_of
from connectors.pushed import clean
from connectors.render import Tap, footing, option_lines
from connectors.wechat.crypto import Envelope

CAPABILITIES = WECHAT
"""Longer texts show the resident a fault notice. WeChat waits 5 s; 3.5 leave time for a slow line."""

MENU_BYTES, LINE_BYTES = 1024, 128
"""Bounds of `msgmenu` as 微信客服 documents them; the official account's are not documented."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """How to encrypt an answer: with the key that opened the question."""

    envelope: Envelope
    key: int
    token: str


def option_id(seq: int, number: int) -> str:
    """The id of an option: row 12's third is `12-3`. It means something only inside its own conversation, so one copied
    from elsewhere opens nothing."""
    return f"{seq}-{number}" if seq else str(number)


def tap_of(seq: int) -> Tap:
    """Options as in-text menu links, the only tappable thing a passive text can hold (undocumented; seen in use)."""

    def tap(number: int, label: str) -> str:
        words = " ".join(label.split())
        link = f"weixin://bizmsgmenu?msgmenucontent={_escaped(words)}&msgmenuid={option_id(seq, number)}"
        return f'<a href="{link}">{words}</a>'

    return tap


def _escaped(text: str) -> str:
    """Whatever could end the parameter, the attribute or the tag is percent-encoded; other characters stay readable."""
    return re.sub(r"[\x00-\x20%&<>\"'#+?=\\`]", lambda found: f"%{ord(found[0]):02X}", text)


def safe(reply: Reply) -> Reply:
    """WeChat makes a link of `<a …>` in any text, also in a resident's words that we repeat: only ours may be one."""
    choices = tuple(Choice(_unmarked(choice.label), choice.meaning) for choice in reply.choices)
    return replace(reply, text=plain(reply.text), choices=choices)


def plain(text: str) -> str:
    return re.sub(r"<(?=[A-Za-z/!?])", "＜", clean(text))


def _unmarked(label: str) -> str:
    """A label stands inside a link of ours: nothing in it may look like a tag."""
    return clean(label).replace("<", "＜").replace(">", "＞")


def passive_text(text: str, to: str, account: str, now: datetime, *, as_json: bool) -> bytes:
    moment = int(now.timestamp())
    if as_json:
        address = {"ToUserName": to, "FromUserName": account, "CreateTime": moment}
        return json.dumps({**address, "MsgType": "text", "Content": clean(text)}, ensure_ascii=False).encode()
    split = clean(text).replace("]]>", "]]]]><![CDATA[>")
    rendered: str = TextReply(target=to, source=account, time=moment, content=split).render()
    return rendered.encode()


def sealed(body: bytes, sealing: Sealing, now: datetime, *, as_json: bool) -> bytes:
    """The encrypted wrapper; its signature has a moment and a nonce of its own."""
    moment, nonce = str(int(now.timestamp())), secrets.token_hex(8)
    encrypted = sealing.envelope.seal(body, sealing.key)
    signature = signature_of(sealing.token, moment, nonce, encrypted)
    if as_json:
        fields = {"Encrypt": encrypted, "MsgSignature": signature, "TimeStamp": int(moment), "Nonce": nonce}
        return json.dumps(fields).encode()
    return (
        f"<xml>\n<Encrypt><![CDATA[{encrypted}]]></Encrypt>\n<MsgSignature><![CDATA[{signature}]]></MsgSignature>\n"
        f"<TimeStamp>{moment}</TimeStamp>\n<Nonce><![CDATA[{nonce}]]></Nonce>\n</xml>"
    ).encode()


def text_message(to: str, text: str) -> dict[str, Any]:
    return {"touser": to, "msgtype": "text", "text": {"content": text}}


def menu_message(to: str, reply: Reply, seq: int) -> dict[str, Any] | None:
    """The reply as a `msgmenu`, or None where it does not fit one. Its lines are numbered, so numbers can be typed."""
    head = "\n\n".join(filter(None, (reply.text.strip(), footing(reply)))) or "请选择："
    lines = option_lines(reply.choices)
    if not 0 < len(lines) <= CAPABILITIES.options or _size(head) > MENU_BYTES or max(map(_size, lines)) > LINE_BYTES:
        return None
    options = [{"id": option_id(seq, number), "content": line} for number, line in enumerate(lines, 1)]
    menu = {"head_content": head, "list": options, "tail_content": "点一下，或回复数字。"}
    return {"touser": to, "msgtype": "msgmenu", "msgmenu": menu}


def _size(text: str) -> int:
    return len(text.encode())
