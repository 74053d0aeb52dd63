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
_ALIKE = 0.5
"""Share two lines have in common from which their differences are told apart; below it they are simply two lines."""
Parts = tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of each; empty where the other has no counterpart."""

    how: str
    left: str
    right: str

    @property
    def parts(self) -> tuple[Parts, Parts]:
        """Both lines in pieces, and whether each piece differs: a changed figure is not to be overlooked in a long line."""
        if self.how != CHANGED:
            return ((False, self.left),), ((False, self.right),)
        match = difflib.SequenceMatcher(None, self.left, self.right, autojunk=False)
        if match.ratio() < _ALIKE:
            return ((False, self.left),), ((False, self.right),)
        codes = match.get_opcodes()
        left = ((tag != "equal", self.left[i:j]) for tag, i, j, _, _ in codes if j > i)
        right = ((tag != "equal", self.right[k:m]) for tag, _, _, k, m in codes if m > k)
        return tuple(left), tuple(right)


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
