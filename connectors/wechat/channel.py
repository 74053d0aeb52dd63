"""WeChat as the gateway sees it: one official account, proved, read, answered and sent to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.conversations import Conversation
from bot.desk.ports import Message, Store
from bot.errors import Forged, Undeliverable
from bot.messages import Capabilities, Inbound
from connectors import render
from connectors.channel import Answer, Callback, Query, Said
from connectors.wechat import parse, reply, verify
from connectors.wechat.client import Alarm, WeChatClient
from connectors.wechat.crypto import Envelope
from connectors.wechat.errors import UNCONFIRMED, fault, verdict_of
from connectors.wechat.read import NAME, inbound_of
from connectors.wechat.settings import Mode, WeChatSettings

SEND = "/cgi-bin/message/custom/send"
_NO_MENUS = verdict_of(40200).name
"""Test and unverified accounts cannot send a msgmenu."""
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class _Form:
    """How a question came, so that its answer goes the same way."""

    as_json: bool
    sealing: reply.Sealing | None


class WeChat:
    def __init__(self, settings: WeChatSettings, store: Store, clock: Clock, alarm: Alarm | None = None) -> None:
        self._settings = settings
        self._envelope = Envelope.of(settings.appid, settings.aes_key, settings.previous_aes_key)
        self._clock = clock
        self.client = WeChatClient(settings, store, clock, alarm)
        self._menus = True
        self._parts_sent: dict[str, int] = {}

    @property
    def name(self) -> str:
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        return reply.CAPABILITIES

    def verify_url(self, query: Query, now: datetime) -> str:
        params = verify.once(query)
        verify.check_call(params, self._settings.token, now, body_signed=False)
        echo = params.get("echostr", "")
        if not echo or not echo.isprintable():
            raise Forged("query")
        return echo

    def read(self, query: Query, headers: Mapping[str, str], body: bytes, now: datetime) -> Callback:
        params = verify.once(query)
        sealed = verify.is_sealed(params, self._settings.mode)
        verify.check_call(params, self._settings.token, now, body_signed=sealed)
        if any(name.lower() == "content-encoding" and value.lower() != "identity" for name, value in headers.items()):
            raise Forged("body")
        text = parse.text_of(body)
        sealing, signature, proved = None, params.get("signature", ""), body
        if sealed:
            encrypted = parse.sealed_in(text, bare=self._settings.mode is Mode.SECURE)
            verify.check_sealed(params, self._settings.token, encrypted)
            opened = self._envelope.open(encrypted)
            sealing = reply.Sealing(self._envelope, opened.key, self._settings.token)
            signature, proved, text = params["msg_signature"], encrypted.encode(), parse.text_of(opened.content)
        inbound = inbound_of(parse.fields_of(text), self._settings.quotas)
        if self._settings.account and inbound.account != self._settings.account:
            raise Forged("account")
        form = _Form(parse.is_json(text), sealing)

        def respond(said: Sequence[Said]) -> Answer:
            return self._respond(said, inbound, form, now)

        return Callback((inbound,), signature, hashlib.sha256(proved).hexdigest(), respond)

    async def send(self, conversation: Conversation, message: Message) -> str:
        """One row is one message when it was made by `render.pages`; a longer one goes in parts, each sent once."""
        said = reply.safe(render.reply_of(message))
        menu = reply.menu_message(conversation.sender, said, message.seq) if self._menus else None
        if menu is not None:
            try:
                return await self._deliver(menu, bearable=_NO_MENUS)
            except Undeliverable as error:
                if error.reason != _NO_MENUS:
                    raise
                # They have links in texts, though.
                self._menus = False
        texts = render.texts(said, self.capabilities, reply.tap_of(message.seq))
        if not texts:
            raise fault(verdict_of(44004), self._clock.now())
        note = ""
        for text in texts[self._parts_sent.get(message.id, 0) :]:
            note = await self._deliver(reply.text_message(conversation.sender, text)) or note
            self._note(message.id)
        self._parts_sent.pop(message.id, None)
        return note

    async def fetch(self, media: str) -> bytes:
        return await self.client.media(media)

    async def close(self) -> None:
        await self.client.close()

    async def _deliver(self, payload: Mapping[str, Any], bearable: str = "") -> str:
        """A message that may have arrived is taken as arrived, and noted: a second copy helps nobody."""
        try:
            await self.client.post(SEND, payload, bearable=bearable)
        except Undeliverable as error:
            if error.reason != UNCONFIRMED.name:
                raise
            return UNCONFIRMED.name
        return ""

    def _respond(self, said: Sequence[Said], inbound: Inbound, form: _Form, now: datetime) -> Answer:
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

    def _note(self, message: str) -> None:
        self._parts_sent[message] = self._parts_sent.get(message, 0) + 1
        if len(self._parts_sent) > _REMEMBERED:
            del self._parts_sent[next(iter(self._parts_sent))]
