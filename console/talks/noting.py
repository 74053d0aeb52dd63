"""Whether a private note reads like words for a resident. Pure: then its writer is asked once more before it is kept."""

from __future__ import annotations

import re

_TO_SOMEBODY = re.compile(
    r"^(您|你)(好|先|可以|要|把|那|的|家)|^(请您|请你|麻烦您|麻烦你|亲|阿姨|大爷|大叔|奶奶|爷爷)|您好"
)
_ASKS = re.compile(r"(您|你).{0,20}[吗呢？?]\s*$")
_OURS = re.compile(r"(居民|本人|申请人|对方|他|她|家属|同事|领导|街道|社区)")


def reads_like_a_reply(text: str) -> bool:
    """您先别急，明天上午带上户口本来一趟。"""
    text = text.strip()
    if _TO_SOMEBODY.search(text) or _ASKS.search(text):
        return True
    return "您" in text and not _OURS.search(text)
