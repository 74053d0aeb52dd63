"""Pushes as WeChat makes them, signed and sealed by wechatpy: a mistake of ours cannot agree with itself."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from wechatpy.crypto import PrpCrypto
from wechatpy.utils import WeChatSigner

from bot.clock import FixedClock
from bot.desk.ports import Store
from bot.messages import Inbound
from connectors.wechat.channel import WeChat
from connectors.wechat.settings import WeChatSettings

APPID = "wxba5fad812f8e6fb9"
TOKEN = "AAAAA"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OLD_KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
NOW = datetime.fromtimestamp(1714112450, UTC)
STAMP = "1714112445"
NONCE = "415670741"


def settings(**changed: Any) -> WeChatSettings:
    return WeChatSettings(**{"appid": APPID, "secret": "s3cret", "token": TOKEN, "aes_key": KEY, **changed})


def wechat(**changed: Any) -> WeChat:
    """A channel that reads and answers; sending needs a store, and proving and reading must not."""
    return WeChat(settings(**changed), cast("Store", None), FixedClock(NOW))


def signed(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return signer.signature


def xml(fields: Mapping[str, Any], tag: str = "xml") -> str:
    def element(name: str, value: Any) -> str:
        if isinstance(value, list):
            return "".join(element(name, one) for one in value)
        if isinstance(value, Mapping):
            return xml(value, name)
        return f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}><![CDATA[{value}]]></{name}>"

    return f"<{tag}>" + "".join(element(name, value) for name, value in fields.items()) + f"</{tag}>"


def message(**fields: Any) -> dict[str, Any]:
    common = {"ToUserName": "gh_0123456789ab", "FromUserName": "oUser_A", "CreateTime": 1714112445, "MsgType": "text"}
    return {**common, "MsgId": 24542388571234567, **fields}


def event(name: str, **fields: Any) -> dict[str, Any]:
    told = {**message(MsgType="event", Event=name), **fields}
    del told["MsgId"]
    return told


def plain_query(stamp: str = STAMP, nonce: str = NONCE, token: str = TOKEN) -> list[tuple[str, str]]:
    return [("signature", signed(token, stamp, nonce)), ("timestamp", stamp), ("nonce", nonce)]


def sealed_query(encrypt: str, stamp: str = STAMP, nonce: str = NONCE, token: str = TOKEN) -> list[tuple[str, str]]:
    proof = ("msg_signature", signed(token, stamp, nonce, encrypt))
    return [*plain_query(stamp, nonce, token), ("openid", "oUser_A"), ("encrypt_type", "aes"), proof]


def sealed(inner: str, key: str = KEY, appid: str = APPID) -> str:
    return PrpCrypto(base64.b64decode(key + "=")).encrypt(inner, appid).decode()


def wrapper(encrypt: str, as_json: bool = False) -> bytes:
    if as_json:
        return json.dumps({"ToUserName": "gh_0123456789ab", "Encrypt": encrypt}).encode()
    return xml({"ToUserName": "gh_0123456789ab", "Encrypt": encrypt}).encode()


def push(fields: Mapping[str, Any], as_json: bool = False, key: str = KEY) -> tuple[list[tuple[str, str]], bytes]:
    """Query and body of a sealed push."""
    encrypt = sealed(json.dumps(fields, ensure_ascii=False) if as_json else xml(fields), key)
    return sealed_query(encrypt), wrapper(encrypt, as_json)


def read(fields: dict[str, Any], as_json: bool = False) -> Inbound:
    """What a channel makes of one push."""
    query, body = push(fields, as_json)
    (inbound,) = wechat().read(query, {}, body, NOW).inbounds
    return inbound
