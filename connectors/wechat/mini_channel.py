"""A mini program's service window (小程序客服) as the gateway sees it: pushes as an official account's, and every answer by
the customer-service interface, because nothing but an acknowledgement may go back in the exchange.

https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.channels import MINI
from bot.clock import Clock
from bot.conversations import Conversation
from bot.desk.ports import Message, Store
from bot.messages import Capabilities
from connectors import render
from connectors.channel import Answer, Callback, Query, Said
from connectors.parts import Parts
from connectors.verdicts import Alarm, fault
from connectors.wechat import reply
from connectors.wechat.client import WeChatClient
from connectors.wechat.errors import verdict_of
from connectors.wechat.proved import Seal
from connectors.wechat.read import inbound_of
from connectors.wechat.sending import deliver
from connectors.wechat.settings import WeChatSettings

NAME = "mini"


class Mini:
    """One mini program; its settings are those of an account, its quotas its own (2 in a minute for who opens the window)."""

    def __init__(self, settings: WeChatSettings, store: Store, clock: Clock, alarm: Alarm | None = None) -> None:
        self._settings, self._clock = settings, clock
        self._seal = Seal(settings)
        self.client = WeChatClient(settings, store, clock, alarm, NAME)
        self._parts = Parts()

    @property
    def name(self) -> str:
        return NAME

    @property
    def path(self) -> str:
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        return MINI

    def verify_url(self, query: Query, now: datetime) -> str:
        return self._seal.echo(query, now)

    def read(self, query: Query, headers: Mapping[str, str], body: bytes, now: datetime) -> Callback:
        proved = self._seal.prove(query, headers, body, now)
        inbound = inbound_of(proved.fields, self._settings.quotas, NAME)
        return Callback((inbound,), proved.signature, proved.body_hash, _acknowledge, passive=False)

    async def send(self, conversation: Conversation, message: Message) -> str:
        """One row is one message when it was made by `render.pages`; its options are numbered, nothing can be tapped."""
        texts = render.texts(reply.safe(render.reply_of(message)), self.capabilities)
        if not texts:
            raise fault(verdict_of(44004), self._clock.now())
        return await self._parts.send(
            message.id, texts, lambda text: deliver(self.client, reply.text_message(conversation.sender, text))
        )

    async def fetch(self, media: str) -> bytes:
        return await self.client.media(media)

    async def close(self) -> None:
        await self.client.close()


def _acknowledge(said: Sequence[Said]) -> Answer:
    # Needs no encryption, also in secure mode.
    return Answer(b"success", "text/plain", 0)
