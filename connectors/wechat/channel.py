"""WeChat as the gateway sees it: one official account, proved, read, answered and sent to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.clock import Clock
from bot.conversations import Conversation
from bot.desk.ports import Message, Store
from bot.errors import Undeliverable
from bot.messages import Capabilities, Inbound
from connectors import render
from connectors.channel import Answer, Callback, Query, Said
from connectors.parts import Parts
from connectors.verdicts import Alarm, fault
from connectors.wechat import reply
from connectors.wechat.client import WeChatClient
from connectors.wechat.errors import verdict_of
from connectors.wechat.proved import Proved, Seal
from connectors.wechat.read import NAME, inbound_of
from connectors.wechat.sending import deliver
from connectors.wechat.settings import WeChatSettings

_NO_MENUS = verdict_of(40200).name
"""Test and unverified accounts cannot send a msgmenu."""


class WeChat:
    def __init__(self, settings: WeChatSettings, store: Store, clock: Clock, alarm: Alarm | None = None) -> None:
        self._settings = settings
        self._seal = Seal(settings)
        self._clock = clock
        self.client = WeChatClient(settings, store, clock, alarm)
        self._menus = True
        self._parts = Parts()

    @property
    def name(self) -> str:
        return NAME

    @property
    def path(self) -> str:
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        return reply.CAPABILITIES

    def verify_url(self, query: Query, now: datetime) -> str:
        return self._seal.echo(query, now)

    def read(self, query: Query, headers: Mapping[str, str], body: bytes, now: datetime) -> Callback:
        proved = self._seal.prove(query, headers, body, now)
        inbound = inbound_of(proved.fields, self._settings.quotas, NAME)

        def respond(said: Sequence[Said]) -> Answer:
            return self._respond(said, inbound, proved, now)

        return Callback((inbound,), proved.signature, proved.body_hash, respond)

    async def send(self, conversation: Conversation, message: Message) -> str:
        """One row is one message when it was made by `render.pages`; a longer one goes in parts, each sent once."""
        said = reply.safe(render.reply_of(message))
        menu = reply.menu_message(conversation.sender, said, message.seq) if self._menus else None
        if menu is not None:
            try:
                return await deliver(self.client, menu, bearable=_NO_MENUS)
            except Undeliverable as error:
                if error.reason != _NO_MENUS:
                    raise
                # They have links in texts, though.
                self._menus = False
        texts = render.texts(said, self.capabilities, reply.tap_of(message.seq))
        if not texts:
            raise fault(verdict_of(44004), self._clock.now())
        return await self._parts.send(
            message.id, texts, lambda text: deliver(self.client, reply.text_message(conversation.sender, text))
        )

    async def fetch(self, media: str) -> bytes:
        return await self.client.media(media)

    async def close(self) -> None:
        await self.client.close()

    def _respond(self, said: Sequence[Said], inbound: Inbound, form: Proved, now: datetime) -> Answer:
        replies = [reply.safe(render.reply_of(one)) for one in said]
        seqs = [one.seq if isinstance(one, Message) else 0 for one in said]
        text, carried = render.merged(replies, self.capabilities, lambda i: reply.tap_of(seqs[i]))
        if not text:
            # Needs no encryption, also in secure mode.
            return Answer(b"success", "text/plain", carried)
        body = reply.passive_text(text, inbound.sender, inbound.account, now, as_json=form.as_json)
        if form.sealing is not None:
            body = reply.sealed(body, form.sealing, now, as_json=form.as_json)
        return Answer(body, "application/json" if form.as_json else "application/xml", carried)
