"""What platforms' callbacks are proved by: a query with nothing twice, a moment, a SHA-1 over sorted parts.

Every refusal is `Forged` with one word for our counters; the caller sees the same 403 for all of them.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from datetime import datetime

from wechatpy.utils import WeChatSigner

from bot.errors import Forged

SKEW = 300
"""Seconds a push may be old or early: a captured one is worthless afterwards."""

_SIGNATURE = re.compile(r"[0-9a-f]{40}")


def signature_of(*parts: str) -> str:
    """SHA-1 over the sorted parts. `WeChatSigner` is pure; `wechatpy.utils.check_signature` is not used: it compares
    with `!=`, and its parts have no delimiter, so formats must be checked first."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def is_signature(given: str) -> bool:
    return _SIGNATURE.fullmatch(given) is not None


def check_signature(given: str, right: str) -> None:
    if not is_signature(given) or not hmac.compare_digest(given, right):
        raise Forged("signature")


def check_moment(seconds: float, now: datetime) -> None:
    if abs(now.timestamp() - seconds) > SKEW:
        raise Forged("timestamp")


def once(query: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The query as a mapping; a parameter given twice could be read differently by a proxy and by us."""
    seen: dict[str, str] = {}
    for name, value in query:
        if name in seen or len(seen) >= 16 or len(value) > 1024:
            raise Forged("query")
        seen[name] = value
    return seen


def echo_of(query: dict[str, str]) -> str:
    """What the platform wants back when it checks our address."""
    echo = query.get("echostr", "")
    if not echo or not echo.isprintable():
        raise Forged("query")
    return echo
