"""One text to many of those who follow: the platform's mass sending, by tag or to everybody.

https://developers.weixin.qq.com/doc/service/guide/product/Batch_Sends_and_Originality_Checks.html ; `clientmsgid` makes a
repeat within a day harmless: the platform answers it with the first one's number and sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.desk.broadcast_ports import Audience, Limits, Taken
from connectors.wechat.client import WeChatClient

SEND_ALL = "/cgi-bin/message/mass/sendall"
TAGS = "/cgi-bin/tags/get"
_AGAIN = 45065


class WeChatBroadcaster:
    """`bot.desk.broadcast_ports.Broadcaster` for one official account."""

    def __init__(self, client: WeChatClient, appid: str, limits: Limits) -> None:
        self._client, self._appid, self._limits = client, appid, limits

    @property
    def account(self) -> str:
        return f"wechat:{self._appid}"

    @property
    def limits(self) -> Limits:
        return self._limits

    async def audiences(self) -> Sequence[Audience]:
        answer = await self._client.look(TAGS)
        tags = answer.get("tags")
        return [found for tag in tags if (found := _audience(tag))] if isinstance(tags, list) else []

    async def broadcast(self, text: str, audience: str, token: str) -> Taken:
        to: dict[str, Any] = {"is_to_all": False, "tag_id": int(audience)} if audience else {"is_to_all": True}
        asked = {"filter": to, "text": {"content": text}, "msgtype": "text", "clientmsgid": token}
        answer = await self._client.post(SEND_ALL, asked)
        return Taken(str(answer.get("msg_id") or ""), answer.get("errcode") == _AGAIN)


def _audience(tag: object) -> Audience | None:
    if not isinstance(tag, Mapping) or not isinstance(tag.get("id"), int) or not isinstance(tag.get("name"), str):
        return None
    count = tag.get("count")
    return Audience(str(tag["id"]), tag["name"][:60], count if isinstance(count, int) else 0)
