"""Who is calling? Decided from the query alone where possible, and before anything is parsed.

Every refusal is `Forged` with one word for our counters; the caller sees the same 403 for all of them.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from datetime import datetime

from wechatpy.utils import WeChatSigner

from bot.errors import Forged
from connectors.wechat.settings import Mode

SKEW = 300
"""Seconds a push may be old or early: a captured one is worthless afterwards."""

_SIGNATURE = re.compile(r"[0-9a-f]{40}")
_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[A-Za-z0-9]{1,32}")


def signature_of(*parts: str) -> str:
    """SHA-1 over the sorted parts. `WeChatSigner` is pure; `wechatpy.utils.check_signature` is not used: it compares
    with `!=`, and its parts have no delimiter, so formats must be checked first."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def once(query: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The query as a mapping; a parameter given twice could be read differently by a proxy and by us."""
    seen: dict[str, str] = {}
    for name, value in query:
        if name in seen or len(seen) >= 16 or len(value) > 1024:
            raise Forged("query")
        seen[name] = value
    return seen


def check_call(query: dict[str, str], token: str, now: datetime, *, body_signed: bool) -> None:
    """Formats, the moment, and the signature over the query.

    `body_signed`: `msg_signature` will prove the body; the plain one is then checked only when it is given
    (企业微信 leaves it out). Nothing stands between the parts, so (1700000000, 123456) signs like (700000000, 1234561):
    hence the strict formats.
    """
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not (_TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
        raise Forged("query")
    if abs(now.timestamp() - int(timestamp)) > SKEW:
        raise Forged("timestamp")
    if body_signed and not _SIGNATURE.fullmatch(query.get("msg_signature", "")):
        raise Forged("query")
    if not body_signed or "signature" in query:
        _check(query.get("signature", ""), signature_of(token, timestamp, nonce))


def check_sealed(query: dict[str, str], token: str, sealed: str) -> None:
    """`msg_signature` covers the encrypted text itself."""
    _check(query["msg_signature"], signature_of(token, query["timestamp"], query["nonce"], sealed))


def is_sealed(query: dict[str, str], mode: Mode) -> bool:
    """Whether the push says it is encrypted; refused where the account is not set up for what it says."""
    sealed = query.get("encrypt_type", "raw") == "aes"
    if query.get("encrypt_type", "raw") not in ("aes", "raw"):
        raise Forged("query")
    if (mode is Mode.SECURE and not sealed) or (mode is Mode.PLAIN and sealed):
        # A plain signature does not cover the body: one captured triple would carry any body.
        raise Forged("mode")
    return sealed


def _check(given: str, right: str) -> None:
    if not _SIGNATURE.fullmatch(given) or not hmac.compare_digest(given, right):
        raise Forged("signature")
