"""Notices outside any window: subscription notices (订阅消息) and template messages (模板消息), by the templates that the
platform approved. Each value is cut to what its field takes before it leaves: one wrong value and nothing is shown.

https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.desk.notices.ports import REFUSED, UNCONFIRMED, Letter
from bot.errors import Misconfigured, TryAgain, Undeliverable
from connectors.pushed import clean
from connectors.wechat import errors
from connectors.wechat.client import WeChatClient

MINI, ACCOUNT = "/cgi-bin/message/subscribe/send", "/cgi-bin/message/subscribe/bizsend"
TEMPLATE = "/cgi-bin/message/template/send"
TEMPLATE_CHARACTERS = 20
"""What a template message shows of a value since 2023-05-04; the rest vanishes without a word."""

_KIND = re.compile(r"([a-z_]+?)[0-9]*")


class SubscriptionSender:
    """`bot.desk.notices.ports.NoticeSender` by subscription: of a mini program, or of an official account."""

    def __init__(self, client: WeChatClient, path: str = MINI) -> None:
        self._client, self._path = client, path

    async def send(self, letter: Letter) -> str:
        data = {name: {"value": fitted(name, value)} for name, value in letter.values.items()}
        asked: dict[str, Any] = {"touser": letter.to, "template_id": letter.template.id, "data": data}
        if letter.template.page:
            asked["page"] = letter.template.page
        if self._path == MINI:
            asked |= {"miniprogram_state": "formal", "lang": "zh_CN"}
        return await _sent(self._client, self._path, asked)


class TemplateSender:
    """`bot.desk.notices.ports.NoticeSender` by template message of a verified service account."""

    def __init__(self, client: WeChatClient) -> None:
        self._client = client

    async def send(self, letter: Letter) -> str:
        data = {name: {"value": _cut(_line(value), TEMPLATE_CHARACTERS)} for name, value in letter.values.items()}
        asked: dict[str, Any] = {
            "touser": letter.to,
            "template_id": letter.template.id,
            "data": data,
            "client_msg_id": letter.token,
        }
        page = letter.template.page
        if page.startswith("https://"):
            asked["url"] = page
        elif page:
            appid, _, path = page.partition("/")
            asked["miniprogram"] = {"appid": appid, "pagepath": path}
        return await _sent(self._client, TEMPLATE, asked)


async def _sent(client: WeChatClient, path: str, asked: Mapping[str, Any]) -> str:
    try:
        answer = await client.post(path, asked)
    except TryAgain as away:
        if str(away).startswith("http_"):
            # A server's error page says nothing of whether it was heard.
            raise Undeliverable(str(away), UNCONFIRMED) from None
        raise
    except Undeliverable as error:
        if error.reason == errors.UNCONFIRMED.name:
            raise Undeliverable(str(error), UNCONFIRMED) from None
        if error.reason == errors.verdict_of(43101).name:
            raise Undeliverable(str(error), REFUSED) from None
        raise
    return str(answer.get("msgid") or "")


def fitted(name: str, value: str) -> str:
    """A value as a typed field takes it (thing1, time2, phrase3 …). Raises Misconfigured for a field that can never hold
    what the office put there: its file must be mended, and no resident's notice is at fault."""
    found = _KIND.fullmatch(name)
    kind = found[1] if found else ""
    if kind not in _FITS:
        raise Misconfigured(
            f"notice_field: a field {name!r} is none that WeChat has; mend the file of notice routes", 300
        )
    made = _FITS[kind](_line(value))
    if not made:
        raise Misconfigured(f"notice_value: the field {name!r} cannot hold what it is filled with; mend the file", 300)
    return made


def _line(value: str) -> str:
    return " ".join(clean(value).split())


def _cut(value: str, longest: int) -> str:
    return value if len(value) <= longest else value[: longest - 1] + "…"


def _only(allowed: re.Pattern[str], longest: int) -> Callable[[str], str]:
    """What of the value may stand there at all, cut; a cut number would be another one, so it is no number then."""

    def fit(value: str) -> str:
        return value if allowed.fullmatch(value) and len(value) <= longest else ""

    return fit


def _phrase(value: str) -> str:
    return "".join(re.findall(r"[一-鿿]", value))[:5]


def _name(value: str) -> str:
    letters = "".join(re.findall(r"[一-鿿·]", value))
    return letters[:10] if letters else "".join(re.findall(r"[A-Za-z ]", value))[:20].strip()


_DAY = r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日"
_HOUR = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_FITS: Mapping[str, Callable[[str], str]] = {
    "thing": lambda value: _cut(value, 20),
    "character_string": lambda value: "".join(re.findall(r"[!-~]", value))[:32],
    "letter": _only(re.compile(r"[A-Za-z]+"), 32),
    "number": _only(re.compile(r"[0-9]+(?:\.[0-9]+)?"), 32),
    "symbol": _only(re.compile(r"[!-/:-@\[-`{-~]+"), 5),
    "time": _only(re.compile(rf"{_DAY}(?: {_HOUR})?|{_HOUR}"), 32),
    "date": _only(re.compile(rf"{_DAY}(?: {_HOUR})?"), 32),
    "amount": _only(re.compile(r"[¥$]?[0-9]{1,10}(?:\.[0-9]{1,2})?元?"), 13),
    "phone_number": _only(re.compile(r"[0-9+\-]+"), 17),
    "car_number": _only(re.compile(r"[A-Z0-9一-鿿]+"), 8),
    "name": _name,
    "phrase": _phrase,
    "const": lambda value: _cut(value, 20),
    "enum": lambda value: _cut(value, 20),
}
"""https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/subscribe-message.html (参数说明)."""
