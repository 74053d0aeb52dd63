"""A proved push as an `Inbound`: every kind of message and event, known or not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.errors import Forged
from bot.messages import Agreed, Inbound, Kind, Receipt
from connectors.wechat.quota import Quotas, Trigger

NAME = "wechat"

_ID = re.compile(r"[A-Za-z0-9_@.-]{1,128}")
_KINDS = {
    "text": Kind.TEXT,
    "image": Kind.IMAGE,
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "shortvideo": Kind.VIDEO,
    "location": Kind.LOCATION,
    "link": Kind.LINK,
    "miniprogrampage": Kind.LINK,
    "event": Kind.EVENT,
}
_UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"
"""What WeChat writes in place of a sticker it cannot push."""
_TRIGGERS = {
    "subscribe": Trigger.FOLLOW,
    "SCAN": Trigger.SCAN,
    "CLICK": Trigger.TAP,
    "scancode_push": Trigger.TAP,
    "scancode_waitmsg": Trigger.TAP,
    "user_enter_tempsession": Trigger.ENTER,
}


def inbound_of(fields: Mapping[str, Any], quotas: Quotas, channel: str) -> Inbound:
    account, sender = _id(fields, "ToUserName"), _id(fields, "FromUserName")
    kind = _KINDS.get(_word(fields, "MsgType").lower(), Kind.UNKNOWN)
    event = _word(fields, "Event") if kind is Kind.EVENT else ""
    text = _text(fields, kind)
    if kind is Kind.TEXT and text == _UNSUPPORTED:
        kind = Kind.UNKNOWN
    choice = _str(fields, "bizmsgmenuid")[:64] if kind is Kind.TEXT else ""
    trigger = _TRIGGERS.get(event) if kind is Kind.EVENT else Trigger.TAP if choice else Trigger.MESSAGE
    allowance = quotas.allowance(trigger) if trigger else None
    return Inbound(
        channel=channel,
        account=account,
        # In the two privacy events the person meant stands in OpenID; the sender may be the platform itself.
        sender=_id(fields, "OpenID") if kind is Kind.EVENT and fields.get("OpenID") else sender,
        message_id=_message_id(fields, account, sender),
        kind=kind,
        sent_at=_moment(fields),
        text=text,
        choice=choice,
        event=event,
        event_key=_event_key(fields, event) if event else "",
        media=_str(fields, "MediaId")[:512] if kind in (Kind.IMAGE, Kind.VOICE, Kind.VIDEO) else "",
        place=_place(fields, kind, event),
        may_send=allowance.messages if allowance else 0,
        may_send_seconds=allowance.seconds if allowance else 0.0,
        receipts=tuple(_receipts(fields, event)) if event else (),
        agreed=tuple(_agreed(fields, event)) if event else (),
    )


def _message_id(fields: Mapping[str, Any], account: str, sender: str) -> str:
    """The same push delivered again gives the same id. MsgId alone collides across people (WxJava #333); an event has
    none, only its second, name and key. The openid goes in as a digest: this id is a key in clear."""
    number = _str(fields, "MsgId")
    if number and _word(fields, "MsgType").lower() != "event":
        if not re.fullmatch(r"[\x21-\x7e]{1,64}", number):
            raise Forged("content")
        return f"m:{number}:{_digest(account, sender, number)[:16]}"
    told = ("CreateTime", "MsgType", "Event", "EventKey", "MsgID", "Content", "MediaId")
    return f"e:{_digest(account, sender, *(_str(fields, name) for name in told))[:32]}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def _text(fields: Mapping[str, Any], kind: Kind) -> str:
    if kind is Kind.TEXT:
        return _str(fields, "Content")
    if kind is Kind.VOICE:
        # Retired by WeChat in 2023, but still filled for a few accounts.
        return _str(fields, "Recognition")
    if kind is Kind.LINK:
        return "\n".join(filter(None, (_str(fields, "Title"), _str(fields, "Url"))))
    return ""


def _place(fields: Mapping[str, Any], kind: Kind, event: str) -> str:
    """The words only; Location_X and Location_Y are not even read."""
    where: Any = fields if kind is Kind.LOCATION else None
    if event == "location_select":
        where = fields.get("SendLocationInfo")
    if not isinstance(where, Mapping):
        return ""
    return (_str(where, "Label") or _str(where, "Poiname"))[:500]


def _event_key(fields: Mapping[str, Any], event: str) -> str:
    """What the event is about, in one short string."""
    name = event.lower()
    if name.startswith("subscribe_msg_"):
        key = ",".join(f"{_str(item, 'TemplateId')}:{_subscribed(item)}" for item in _lists(fields))
    elif name in ("templatesendjobfinish", "masssendjobfinish"):
        key = f"{_str(fields, 'MsgID')}:{' '.join(_str(fields, 'Status').replace(':', ': ').split())}"
        # How many got it, and how many did not.
        key += "".join(f":{_str(fields, name)}" for name in ("SentCount", "ErrorCount") if _str(fields, name))
    elif name == "publishjobfinish":
        info = fields.get("PublishEventInfo")
        key = f"{_str(info, 'publish_id')}:{_str(info, 'publish_status')}" if isinstance(info, Mapping) else ""
    elif name.startswith("kf_"):
        key = _str(fields, "KfAccount") or f"{_str(fields, 'FromKfAccount')}>{_str(fields, 'ToKfAccount')}"
    elif name in ("user_authorization_revoke", "user_info_modified"):
        key = _str(fields, "RevokeInfo")
    elif name == "user_enter_tempsession":
        key = _str(fields, "SessionFrom")
    else:
        key = _str(fields, "EventKey")
        # A first follow through a QR code carries the scene with a prefix, a later scan without.
        key = key.removeprefix("qrscene_") if name == "subscribe" else key
    return key[:1024]


def _receipts(fields: Mapping[str, Any], event: str) -> Iterator[Receipt]:
    """What became of notices: `failed:user block` and the like, the stray blank of one of them folded."""
    name = event.lower()
    if name == "templatesendjobfinish":
        status = " ".join(_str(fields, "Status").replace(":", " ").split())
        why = "" if status == "success" else status.removeprefix("failed").strip()[:64] or "failed"
        yield Receipt(_str(fields, "MsgID")[:64], status == "success", why)
    elif name == "subscribe_msg_sent_event":
        for item in _lists(fields):
            sent = _str(item, "ErrorCode") == "0"
            yield Receipt(_str(item, "MsgID")[:64], sent, "" if sent else (_str(item, "ErrorStatus") or "unknown")[:64])


def _agreed(fields: Mapping[str, Any], event: str) -> Iterator[Agreed]:
    """What was said when asked, and what was switched off since; any other word than yes is no."""
    if event.lower() in ("subscribe_msg_popup_event", "subscribe_msg_change_event"):
        for item in _lists(fields):
            if template := _str(item, "TemplateId")[:128]:
                yield Agreed(template, _str(item, "SubscribeStatusString").lower() == "accept")


def _lists(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The `List` of a subscription event: nested in XML, at the top in JSON, one or many."""
    found: Any = fields.get("List")
    for inner in fields.values():
        if found is None and isinstance(inner, Mapping):
            found = inner.get("List")
    many = found if isinstance(found, list) else [found]
    return [item for item in many if isinstance(item, Mapping)]


def _subscribed(item: Mapping[str, Any]) -> str:
    return _str(item, "SubscribeStatusString") or _str(item, "ErrorStatus")


def _moment(fields: Mapping[str, Any]) -> datetime:
    told = _str(fields, "CreateTime")
    if not re.fullmatch(r"[0-9]{1,10}", told):
        raise Forged("content")
    return datetime.fromtimestamp(int(told), UTC)


def _id(fields: Mapping[str, Any], name: str) -> str:
    value = _str(fields, name)
    if not _ID.fullmatch(value):
        raise Forged("content")
    return value


def _word(fields: Mapping[str, Any], name: str) -> str:
    value = _str(fields, name)
    if not re.fullmatch(r"[A-Za-z0-9_]{1,64}", value):
        raise Forged("content")
    return value


def _str(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""
