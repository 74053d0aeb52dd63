"""A proved push as an `Inbound`: every kind of message, event and mention, known or not.

https://open.weibo.com/wiki/粉丝服务平台 (接收普通消息, 接收事件消息); the names of events become those all channels share.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bot.errors import Forged
from bot.messages import Inbound, Kind

NAME = "weibo"
WINDOW = 48 * 3600.0
UNLIMITED = 1000
"""Weibo counts nothing within the window; this is more than anybody is sent in two days."""

_KINDS = {
    "text": Kind.TEXT,
    "position": Kind.LOCATION,
    "voice": Kind.VOICE,
    "image": Kind.IMAGE,
    "event": Kind.EVENT,
    "mention": Kind.TEXT,
}
_EVENTS = {
    "follow": "subscribe",
    "unfollow": "unsubscribe",
    "scan": "SCAN",
    "scan_follow": "subscribe",
    "click": "CLICK",
    "view": "VIEW",
    # Opted in to, or out of, the account's broadcasts: not the same as following it.
    "subscribe": "broadcasts_on",
    "unsubscribe": "broadcasts_off",
}
_OPENS = {"follow", "subscribe", "scan", "scan_follow", "click"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_CREATED = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{1,2}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2}) ([0-9]{4})"
)
_ID = re.compile(r"[0-9]{1,19}")
_CALLED = re.compile(r"[@＠][\w·-]{1,40}[\s:：]*")


@dataclass(frozen=True, slots=True)
class Read:
    inbound: Inbound
    mention: bool
    """Said in public: Weibo lets out one message in answer, in all."""


def read(fields: Mapping[str, Any], uid: str) -> Read:
    """Raises Forged, also when it is for another account."""
    account, sender = _id(fields, "receiver_id"), _id(fields, "sender_id")
    if account != uid:
        raise Forged("account")
    type_ = _word(fields.get("type"))
    kind = _KINDS.get(type_, Kind.UNKNOWN)
    data = _data(fields)
    subtype = _str(data, "subtype")[:64] if type_ in ("event", "mention") else ""
    mention = type_ == "mention"
    event = _EVENTS.get(subtype, subtype or "unnamed") if kind is Kind.EVENT else ""
    opens = kind is not Kind.EVENT or subtype in _OPENS
    inbound = Inbound(
        channel=NAME,
        account=account,
        sender=sender,
        message_id=_message_id(fields, account, sender, type_),
        kind=kind,
        sent_at=_moment(_str(fields, "created_at")),
        text=_text(fields, mention) if kind is Kind.TEXT else "",
        event=event,
        event_key=_str(data, "key")[:1024] if kind is Kind.EVENT else "",
        media=_media(data) if kind in (Kind.IMAGE, Kind.VOICE) else "",
        may_send=(1 if mention else UNLIMITED) if opens else 0,
        may_send_seconds=WINDOW if opens else 0.0,
    )
    return Read(inbound, mention)


def _message_id(fields: Mapping[str, Any], account: str, sender: str, type_: str) -> str:
    """Weibo gives no number: the same second, kind and words of one person are the same message delivered again."""
    told = json.dumps([fields.get("text", ""), fields.get("data", "")], ensure_ascii=False, sort_keys=True)
    parts = (account, sender, _str(fields, "created_at"), type_, told)
    return f"w:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"


def _text(fields: Mapping[str, Any], mention: bool) -> str:
    text = _str(fields, "text")
    # @某区民政 低保怎么申请: whom they called is no part of what they ask.
    return _CALLED.sub("", text).strip() if mention else text


def _data(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Empty where it is anything but an object."""
    data = fields.get("data")
    return data if isinstance(data, Mapping) else {}


def _media(data: Mapping[str, Any]) -> str:
    """`tovfid` is our copy, `vfid` the sender's, which we may not read."""
    found = _str(data, "tovfid")
    return found if _ID.fullmatch(found) else ""


def _moment(told: str) -> datetime:
    """Mon Jul 16 18:09:20 +0800 2012; not strptime, which reads the names of days in the machine's language."""
    found = _CREATED.fullmatch(told)
    if not found or found[1] not in _MONTHS:
        raise Forged("content")
    month, day, hour, minute, second, sign, hours, minutes, year = found.groups()
    away = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = timezone(-away if sign == "-" else away)
        return datetime(
            int(year), 1 + _MONTHS.index(month), int(day), int(hour), int(minute), int(second), tzinfo=zone
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Forged("content") from None


def _id(fields: Mapping[str, Any], name: str) -> str:
    value = _str(fields, name)
    if not _ID.fullmatch(value):
        raise Forged("content")
    return value


def _word(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_]{1,64}", value):
        raise Forged("content")
    return value


def _str(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""
