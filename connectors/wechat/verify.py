"""Who is calling? Decided from the query alone where possible, and before anything is parsed.

Every refusal is `Forged` with one word for our counters; the caller sees the same 403 for all of them.
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.errors import Forged
from connectors.proving import check_moment, check_signature, is_signature, signature_of
from connectors.wechat.settings import Mode

_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[A-Za-z0-9]{1,32}")


def check_call(query: dict[str, str], token: str, now: datetime, *, body_signed: bool) -> None:
    """Formats, the moment, and the signature over the query.

    `body_signed`: `msg_signature` will prove the body; the plain one is then checked only when it is given
    (企业微信 leaves it out). Nothing stands between the parts, so (1700000000, 123456) signs like (700000000, 1234561):
    hence the strict formats.
    """
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not (_TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
        raise Forged("query")
    check_moment(int(timestamp), now)
    if body_signed and not is_signature(query.get("msg_signature", "")):
        raise Forged("query")
    if not body_signed or "signature" in query:
        check_signature(query.get("signature", ""), signature_of(token, timestamp, nonce))


def check_sealed(query: dict[str, str], token: str, sealed: str) -> None:
    """`msg_signature` covers the encrypted text itself."""
    check_signature(query["msg_signature"], signature_of(token, query["timestamp"], query["nonce"], sealed))


def is_sealed(query: dict[str, str], mode: Mode) -> bool:
    """Whether the push says it is encrypted; refused where the account is not set up for what it says."""
    sealed = query.get("encrypt_type", "raw") == "aes"
    if query.get("encrypt_type", "raw") not in ("aes", "raw"):
        raise Forged("query")
    if (mode is Mode.SECURE and not sealed) or (mode is Mode.PLAIN and sealed):
        # A plain signature does not cover the body: one captured triple would carry any body.
        raise Forged("mode")
    return sealed
