"""What differs between the platforms people write on: the shape of a push, its proof, what counts as an answer to it, and
how much an account may say on its own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from connectors.sandbox import passive, pushes, wire
from connectors.sandbox.envelope import Broken, Envelope
from connectors.sandbox.ledger import Budget, Trigger
from connectors.sandbox.passive import Answer
from connectors.sandbox.pushes import Act, Push
from connectors.sandbox.settings import Form, Mode, SandboxSettings
from connectors.sandbox.wire import Sealed


class Dialect(Protocol):
    @property
    def budgets(self) -> Mapping[Trigger, Budget]:
        """What each act opens for the account's own messages."""
        ...

    @property
    def complains(self) -> bool:
        """Whether people see a notice of the platform when the account gives no usable answer."""
        ...

    def push(self, act: Act, person: str, now: datetime, number: str) -> Push: ...

    def seal(self, push: Push, now: datetime, timestamp: str = "", nonce: str = "") -> Sealed:
        """Signed anew for every delivery."""
        ...

    def plain(self, push: Push) -> str:
        """As it reads before it is sealed, for the engineer's log."""
        ...

    def judge(self, body: bytes, push: Push) -> Answer: ...

    def check(self, now: datetime, echo: str) -> dict[str, str]:
        """The query of the check at the moment the address is saved."""
        ...

    def rotate(self, aes_key: str) -> None:
        """A new EncodingAESKey, in force at once."""
        ...


_MESSAGE, _TOUCH = Budget(5, timedelta(hours=48)), Budget(3, timedelta(minutes=1))
_ACCOUNT = {
    Trigger.MESSAGE: _MESSAGE,
    Trigger.TAP: _TOUCH,
    Trigger.MENU: _TOUCH,
    Trigger.FOLLOW: _TOUCH,
    Trigger.SCAN: _TOUCH,
}
_MINI = {Trigger.MESSAGE: _MESSAGE, Trigger.ENTER: Budget(2, timedelta(minutes=1))}
_HAND_OVER = "transfer_customer_service"


class WeChatDialect:
    """An official account; `mini`: a mini program's service window, which takes no answer in the exchange."""

    def __init__(self, settings: SandboxSettings, mini: bool = False) -> None:
        self._settings, self._mini = settings, mini
        self._envelope = Envelope(settings.token, settings.aes_key, settings.appid)

    @property
    def budgets(self) -> Mapping[Trigger, Budget]:
        return _MINI if self._mini else _ACCOUNT

    @property
    def complains(self) -> bool:
        return not self._mini

    def push(self, act: Act, person: str, now: datetime, number: str) -> Push:
        return pushes.push(act, self._settings.account, person, int(now.timestamp()), number)

    def seal(self, push: Push, now: datetime, timestamp: str = "", nonce: str = "") -> Sealed:
        """Sign and encrypt as the account's mode asks. A redelivery is signed anew and keeps its MsgId."""
        settings, envelope = self._settings, self._envelope
        timestamp = timestamp or str(int(now.timestamp()))
        nonce = nonce or str(secrets.randbelow(10**9) + 10**9)
        query = {
            "signature": envelope.sign(timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": push.openid,
        }
        fields = dict(push.fields)
        if settings.mode is not Mode.PLAIN:
            sealed = envelope.close(wire.write(fields, settings.form))
            query |= {"encrypt_type": "aes", "msg_signature": envelope.sign(timestamp, nonce, sealed)}
            outer = {} if settings.mode is Mode.COMPATIBLE else {"ToUserName": fields["ToUserName"]}
            fields = (fields | outer if settings.mode is Mode.COMPATIBLE else outer) | {"Encrypt": sealed}
        content_type = "text/xml" if settings.form is Form.XML else "application/json"
        return Sealed(query, wire.write(fields, settings.form), content_type)

    def plain(self, push: Push) -> str:
        return wire.write(push.fields, self._settings.form).decode()

    def judge(self, body: bytes, push: Push) -> Answer:
        if self._mini and body not in (b"", b"success") and not self._hands_over(body):
            return Answer(
                fault="a mini program takes success or transfer_customer_service, nothing else",
                plain=body.decode(errors="replace"),
            )
        return passive.judge(body, push, self._envelope, self._settings.mode, self._settings.form)

    def _hands_over(self, body: bytes) -> bool:
        try:
            fields = wire.read(body, self._settings.form)
        except Broken:
            return False
        return fields.get("MsgType") == _HAND_OVER or "Encrypt" in fields

    def check(self, now: datetime, echo: str) -> dict[str, str]:
        timestamp, nonce = str(int(now.timestamp())), str(secrets.randbelow(10**9))
        proof = self._envelope.sign(timestamp, nonce)
        return {"signature": proof, "timestamp": timestamp, "nonce": nonce, "echostr": echo}

    def rotate(self, aes_key: str) -> None:
        self._envelope = Envelope(self._settings.token, aes_key, self._settings.appid)
