"""A long message tells a story and asks one thing in it: the clauses that may be the question."""

from __future__ import annotations

import re
from itertools import pairwise

LONG = 60
"""From this many characters on a message is also searched clause by clause."""
_MOST = 8
_STOP = re.compile(r"[，,。.！!？?；;、\n]+|\s+")
# Unpunctuated run-ons break where people breathe.
_BREATH = re.compile(
    r"(?=我想问|想问|请问|但是|可是|然后|所以|现在|另外|还有就是|听说|能不能|可不可以|是不是|该怎么|怎么办|要怎么|不知道)"
)
_QUESTION = (
    r"怎么|怎样|咋|啥|什么|多少|多久|多长|几[天个年口岁时]|何时|哪|能不能|能[^力].*[吗不]|可以|吗|么$|呢|是不是|有没有|要不要|"
    r"会不会|算不算|行不行|谁"
)
_ASKS = re.compile(f"{_QUESTION}|该|求|申请|办")
_IS_QUESTION = re.compile(_QUESTION)


def asks(text: str) -> bool:
    """Whether a piece of a message may be a question of its own, and not a piece of the story."""
    return _IS_QUESTION.search(text) is not None


def split(text: str) -> list[str]:
    """Clauses of a normalised message, those that ask first; empty for a message that is short enough to be one."""
    if len(text) < LONG:
        return []
    pieces = [piece for piece in _STOP.split(text) if piece]
    if max(map(len, pieces), default=0) > LONG // 2:
        pieces = [part for piece in pieces for part in _BREATH.split(piece) if part]
    joined: list[str] = []
    for piece in pieces:
        # A stub such as 但是 or 我家 says nothing alone.
        if joined and (len(piece) < 6 or len(joined[-1]) < 6):
            joined[-1] += piece
        else:
            joined.append(piece)
    if len(joined) < 2:
        return []
    # What is asked often needs the clause before it: 我妈78了，没人管，能办啥.
    pairs = [before + after for before, after in pairwise(joined) if _ASKS.search(after)]
    asking = [clause for clause in joined if _ASKS.search(clause)]
    # People come to the point at the end.
    return list(dict.fromkeys([*reversed(asking), *reversed(pairs)]))[:_MOST]
