"""Two texts beside each other, line by line, so that a difference is seen at a glance. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SAME: Final = "same"
CHANGED: Final = "changed"
ADDED: Final = "added"
REMOVED: Final = "removed"


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of each; empty where the other has no counterpart."""

    how: str
    left: str
    right: str


def side_by_side(left: Sequence[str], right: Sequence[str]) -> tuple[Pair, ...]:
    """Every line of both, in order."""
    pairs: list[Pair] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        both = max(j - i, m - k)
        ours = [*left[i:j], *[""] * (both - (j - i))]
        theirs = [*right[k:m], *[""] * (both - (m - k))]
        for at, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            how = SAME if tag == "equal" else REMOVED if at >= m - k else ADDED if at >= j - i else CHANGED
            pairs.append(Pair(how, one, other))
    return tuple(pairs)
