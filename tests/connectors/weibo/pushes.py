"""Pushes as Weibo makes them; the signature is computed here from the wiki's recipe, apart from ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.clock import FixedClock
from connectors.weibo.channel import Weibo
from connectors.weibo.settings import WeiboSettings

UID, FAN = "1902538057", "2489518277"
SECRET = "xyz123xyz"
NOW = datetime.fromtimestamp(1397022070, UTC)
STAMP, NONCE = "1397022061823", "57155157"
CREATED = "Mon Jul 16 18:09:20 +0800 2012"


def settings(**changed: Any) -> WeiboSettings:
    return WeiboSettings(**{"uid": UID, "app_secret": SECRET, "token": "T0KEN", "path": "p" * 24, **changed})


def weibo(clock: FixedClock | None = None, **changed: Any) -> Weibo:
    return Weibo(settings(**changed), clock or FixedClock(NOW), [].append)


def signature(secret: str, *parts: str) -> str:
    return hashlib.sha1("".join(sorted([secret, *parts])).encode()).hexdigest()


def query(stamp: str = STAMP, nonce: str = NONCE, secret: str = SECRET) -> list[tuple[str, str]]:
    return [("signature", signature(secret, stamp, nonce)), ("timestamp", stamp), ("nonce", nonce)]


def push(type_: str = "text", text: str = "低保怎么申请", data: Mapping[str, Any] | None = None, **more: Any) -> bytes:
    fields = {"type": type_, "receiver_id": int(UID), "sender_id": int(FAN), "created_at": CREATED}
    return json.dumps({**fields, "text": text, "data": data or {}, **more}, ensure_ascii=False).encode()
