"""How Weibo pushes what a fan does, and what it takes for an answer.

https://open.weibo.com/wiki/粉丝服务平台 ; the pages are of 2014/15.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from bot.clock import SHANGHAI
from connectors.sandbox.envelope import signature
from connectors.sandbox.ledger import Budget, Trigger
from connectors.sandbox.passive import Answer
from connectors.sandbox.pushes import Act, Push
from connectors.sandbox.screen import Piece, Shown
from connectors.sandbox.settings import SandboxSettings
from connectors.sandbox.wire import Sealed

CHARACTERS = 300
"""A text must have fewer, whatever they are."""

_WINDOW = timedelta(hours=48)
_OPEN = Budget(10**6, _WINDOW)
_EVENTS = {"subscribe": "follow", "unsubscribe": "unfollow", "CLICK": "click", "VIEW": "view", "SCAN": "scan"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


class WeiboDialect:
    def __init__(self, settings: SandboxSettings) -> None:
        self._settings = settings

    @property
    def budgets(self) -> Mapping[Trigger, Budget]:
        opened = dict.fromkeys((Trigger.MESSAGE, Trigger.MENU, Trigger.FOLLOW, Trigger.SCAN), _OPEN)
        return opened | {Trigger.MENTION: Budget(1, _WINDOW)}

    @property
    def complains(self) -> bool:
        return False

    def push(self, act: Act, person: str, now: datetime, number: str) -> Push:
        type_, text, data = _said(act)
        fields = {
            "type": type_,
            "receiver_id": int(self._settings.account),
            "sender_id": int(person),
            "created_at": created(now),
            "text": text,
            "data": data,
        }
        return Push(person, act, int(now.timestamp()), number, fields)

    def seal(self, push: Push, now: datetime, timestamp: str = "", nonce: str = "") -> Sealed:
        query = self._signed(timestamp or str(int(now.timestamp() * 1000)), nonce or str(secrets.randbelow(10**8)))
        return Sealed(query, json.dumps(push.fields, ensure_ascii=False).encode(), "application/json")

    def plain(self, push: Push) -> str:
        return json.dumps(push.fields, ensure_ascii=False)

    def judge(self, body: bytes, push: Push) -> Answer:
        """An empty body says nothing; whatever Weibo cannot read, nobody sees."""
        if not body:
            return Answer()
        plain = body.decode(errors="replace")
        try:
            answer = json.loads(body)
            known = isinstance(answer, dict) and answer.get("result") is True and answer.get("type") == "text"
            text = json.loads(unquote(answer["data"]))["text"] if known else ""
        except (ValueError, KeyError, TypeError):
            return Answer(fault="not the JSON of a text reply, its data percent-encoded", plain=plain)
        if not known:
            return Answer(fault="result is not true, or type is not text", plain=plain)
        if (answer.get("sender_id"), answer.get("receiver_id")) != (self._settings.account, push.openid):
            return Answer(fault="sender_id must be the account and receiver_id the fan: swap them", plain=plain)
        why = refusal(text)
        return Answer(fault=why, plain=plain) if why else Answer(bubble(text, "passive"), plain=text)

    def check(self, now: datetime, echo: str) -> dict[str, str]:
        return self._signed(str(int(now.timestamp() * 1000)), str(secrets.randbelow(10**8))) | {"echostr": echo}

    def rotate(self, aes_key: str) -> None:
        """There is no such key here."""

    def _signed(self, timestamp: str, nonce: str) -> dict[str, str]:
        proof = signature(self._settings.secret, timestamp, nonce)
        return {"signature": proof, "timestamp": timestamp, "nonce": nonce}


def refusal(text: object) -> str:
    """Why a text is not taken; empty: it is."""
    if not isinstance(text, str) or not text:
        return "the text is empty"
    return "" if len(text) < CHARACTERS else f"the text has {len(text)} characters; fewer than {CHARACTERS} are taken"


def bubble(text: str, via: str) -> Shown:
    """Plain words: nothing in them can be tapped but whole addresses, which look like any other word here."""
    return Shown("account", "text", text=text, pieces=(Piece(text),), via=via)


def created(moment: datetime) -> str:
    """Mon Jul 16 18:09:20 +0800 2012, in any language of the machine."""
    here = moment.astimezone(SHANGHAI)
    day = f"{_DAYS[here.weekday()]} {_MONTHS[here.month - 1]} {here.day:02d}"
    return f"{day} {here:%H:%M:%S} +0800 {here.year}"


def _said(act: Act) -> tuple[str, str, dict[str, Any]]:
    """(type, text, data) of an act."""
    fields = act.fields
    match fields["MsgType"]:
        case "text":
            return "text", fields["Content"], {}
        case "mention":
            return "mention", fields["Content"], {"subtype": "status", "key": str(secrets.randbelow(10**16))}
        case "image" | "voice" as kind:
            copy = int(fields["MediaId"])
            said = "发了一张图片" if kind == "image" else "发了一个语音消息"
            return kind, said, {"vfid": copy - 10, "tovfid": copy}
        case "location":
            data = {"longitude": str(fields["Location_Y"]), "latitude": str(fields["Location_X"])}
            return "position", "我在这里: http://t.cn/simulated", data
        case "event":
            return "event", f"{act.name}事件消息", _event(fields)
        case other:
            return str(other), str(fields.get("Title", "")), {}


def _event(fields: Mapping[str, Any]) -> dict[str, Any]:
    name, key = str(fields["Event"]), str(fields.get("EventKey", ""))
    subtype = _EVENTS.get(name, name)
    if subtype == "follow" and key:
        return {
            "subtype": "scan_follow",
            "key": key.removeprefix("qrscene_"),
            "ticket": str(fields.get("Ticket", "")),
        }
    told = {"subtype": subtype} | ({"key": key} if key else {})
    return told | ({"ticket": str(fields["Ticket"])} if "Ticket" in fields else {})
