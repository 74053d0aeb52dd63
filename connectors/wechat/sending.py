"""Customer-service messages: each part of a row once, and none twice because WeChat did not say whether it had it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import Undeliverable
from connectors.wechat.client import WeChatClient
from connectors.wechat.errors import UNCONFIRMED

SEND = "/cgi-bin/message/custom/send"


async def deliver(client: WeChatClient, payload: Mapping[str, Any], bearable: str = "") -> str:
    """A message that may have arrived is taken as arrived, and noted: a second copy helps nobody."""
    try:
        await client.post(SEND, payload, bearable=bearable)
    except Undeliverable as error:
        if error.reason != UNCONFIRMED.name:
            raise
        return UNCONFIRMED.name
    return ""
