"""One account's pushes, proved and opened: the same for official accounts and mini programs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import Forged
from connectors import pushed
from connectors.channel import Query
from connectors.proving import echo_of, once
from connectors.wechat import parse, verify
from connectors.wechat.crypto import Envelope
from connectors.wechat.reply import Sealing
from connectors.wechat.settings import Mode, WeChatSettings


@dataclass(frozen=True, slots=True)
class Proved:
    fields: Mapping[str, Any]
    as_json: bool
    sealing: Sealing | None
    """How the push was sealed, so that its answer goes back the same way; None: it came plain."""
    signature: str
    body_hash: str


class Seal:
    """What an account's pushes are proved and opened with."""

    def __init__(self, settings: WeChatSettings) -> None:
        self._settings = settings
        self._envelope = Envelope.of(settings.appid, settings.aes_key, settings.previous_aes_key)

    def echo(self, query: Query, now: datetime) -> str:
        """What is echoed when the platform checks our address. Raises Forged."""
        params = once(query)
        verify.check_call(params, self._settings.token, now, body_signed=False)
        return echo_of(params)

    def prove(self, query: Query, headers: Mapping[str, str], body: bytes, now: datetime) -> Proved:
        """Raises Forged, and nothing else, whatever the bytes are."""
        token, mode = self._settings.token, self._settings.mode
        params = once(query)
        sealed = verify.is_sealed(params, mode)
        verify.check_call(params, token, now, body_signed=sealed)
        pushed.check_uncompressed(headers)
        text = pushed.text_of(body)
        sealing, signature, proved = None, params.get("signature", ""), body
        if sealed:
            encrypted = parse.sealed_in(text, bare=mode is Mode.SECURE)
            verify.check_sealed(params, token, encrypted)
            opened = self._envelope.open(encrypted)
            sealing = Sealing(self._envelope, opened.key, token)
            signature, proved, text = params["msg_signature"], encrypted.encode(), pushed.text_of(opened.content)
        fields = parse.fields_of(text)
        if self._settings.account and fields.get("ToUserName") != self._settings.account:
            raise Forged("account")
        return Proved(fields, parse.is_json(text), sealing, signature, hashlib.sha256(proved).hexdigest())
