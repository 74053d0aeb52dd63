"""Weibo's fans service as the gateway sees it: proved, read, answered and sent to. What may be said there is little:
the screen is a stranger's as well, so `Capabilities.personal` is off and the desk begins no form there."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.clock import Clock, today
from bot.conversations import Conversation
from bot.desk.ports import Message
from bot.errors import Forged, Undeliverable
from bot.messages import Capabilities
from connectors import metrics, pushed, render
from connectors.channel import Answer, Callback, Query, Said
from connectors.parts import Parts
from connectors.proving import check_moment, check_signature, echo_of, once, signature_of
from connectors.verdicts import Alarm
from connectors.weibo import reply
from connectors.weibo.client import WeiboClient
from connectors.weibo.read import NAME, read
from connectors.weibo.settings import WeiboSettings

WARN_DAYS = 14

_TIMESTAMP = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_NONCE = re.compile(r"[A-Za-z0-9]{1,32}")
_log = logging.getLogger(__name__)


class Weibo:
    def __init__(self, settings: WeiboSettings, clock: Clock, alarm: Alarm | None = None) -> None:
        self._settings, self._clock = settings, clock
        self.client = WeiboClient(settings, clock, alarm)
        self._parts = Parts()
        self._warned: date | None = None
        if settings.token_expires is not None:
            metrics.TOKEN_DAYS.labels(NAME).set_function(lambda: self.token_days or 0)
        self._watch_token()

    @property
    def name(self) -> str:
        return NAME

    @property
    def path(self) -> str:
        """Where its callbacks come to: a place nobody can guess."""
        return f"{NAME}/{self._settings.path}"

    @property
    def capabilities(self) -> Capabilities:
        return reply.CAPABILITIES

    @property
    def token_days(self) -> int | None:
        """Days the access token still lives; None: nobody told its last day."""
        expires = self._settings.token_expires
        return None if expires is None else (expires - today(self._clock)).days

    def verify_url(self, query: Query, now: datetime) -> str:
        params = once(query)
        self._check_call(params, now)
        return echo_of(params)

    def read(self, query: Query, headers: Mapping[str, str], body: bytes, now: datetime) -> Callback:
        params = once(query)
        self._check_call(params, now)
        pushed.check_uncompressed(headers)
        found = read(pushed.cleaned(pushed.json_of(pushed.text_of(body))), self._settings.uid)
        self._watch_token()

        def respond(said: Sequence[Said]) -> Answer:
            replies = [] if found.mention else [reply.safe(render.reply_of(one)) for one in said]
            text, carried = render.merged(replies, self.capabilities, lambda _: None)
            if not text:
                # Empty: no answer, and no second delivery.
                return Answer(b"", "application/json", carried)
            inbound = found.inbound
            return Answer(reply.passive(text, inbound.account, inbound.sender), "application/json", carried)

        # The answer to a mention is one message in all: the outbox counts it, so it does not leave here.
        return Callback(
            (found.inbound,), params["signature"], hashlib.sha256(body).hexdigest(), respond, passive=not found.mention
        )

    async def send(self, conversation: Conversation, message: Message) -> str:
        """One row is one message when it was made by `render.pages`; a longer one goes in parts, each sent once."""
        self._watch_token()
        texts = render.texts(reply.safe(render.reply_of(message)), self.capabilities)
        if not texts:
            raise Undeliverable("empty: the message has no words", "empty")
        if conversation.quota_left == 1:
            # All that Weibo lets out after a mention. More parts would be refused, and the person knows how to go on.
            texts = [f"{texts[0]}\n{reply.GO_ON}"]
        return await self._parts.send(message.id, texts, lambda text: self.client.send(conversation.sender, text))

    async def fetch(self, media: str) -> bytes:
        return await self.client.media(media)

    async def close(self) -> None:
        await self.client.close()

    def _check_call(self, params: dict[str, str], now: datetime) -> None:
        """Formats, the moment (milliseconds), and the signature, which covers no body: the address is the other half."""
        timestamp, nonce = params.get("timestamp", ""), params.get("nonce", "")
        if not (_TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
            raise Forged("query")
        check_moment(int(timestamp[:10]), now)
        check_signature(params.get("signature", ""), signature_of(self._settings.app_secret, timestamp, nonce))

    def _watch_token(self) -> None:
        """Once a day from two weeks before the token's end: nothing renews it but a person."""
        left, day = self.token_days, today(self._clock)
        if left is None or left >= WARN_DAYS or self._warned == day:
            return
        self._warned = day
        when = f"ends in {left} days" if left > 0 else "has ended"
        _log.error("weibo needs a person: the access token %s; fetch a new one in 粉丝服务平台 (docs/weibo.md)", when)
