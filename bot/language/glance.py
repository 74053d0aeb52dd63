"""Which of many long rules can find anything in a text at all: one look at it, of microseconds, tells for all of them.

A rule for danger is hundreds of ways of saying a thing; `re` tries each at every letter, 10 ms for a page of 1,500. Hyperscan
reads a page once for all rules. It knows no looking back or ahead, so a glance may say yes where the rule then says no; never the
other way round. What is found is always found by the rule itself (docs/decisions/0036).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import hyperscan

_FLAGS = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_UCP | hyperscan.HS_FLAG_PREFILTER | hyperscan.HS_FLAG_SINGLEMATCH


class Glance:
    """Searches with the rules it is made of, and skips those that cannot match. Before `sharpen` none is skipped."""

    def __init__(self, *rules: re.Pattern[str]) -> None:
        self.rules = rules
        self._sharp: hyperscan.Database | None = None
        self._one_at_a_time = threading.Lock()
        self._last: tuple[int, frozenset[re.Pattern[str]]] | None = None
        """What was seen in the text looked at last, by its hash: no resident's words lie about in memory."""

    def sharpen(self) -> None:
        """Make what the glance is taken with: seconds of work beside which others go on. Once is enough."""
        ways = [(way, nth) for nth, rule in enumerate(self.rules) for way in _ways(rule.pattern)]
        made = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        made.compile(
            expressions=[way.encode() for way, _ in ways],
            ids=[nth for _, nth in ways],
            flags=[_FLAGS | _caseless(self.rules[nth]) for _, nth in ways],
        )
        self._sharp = made

    def may_match(self, rule: re.Pattern[str], text: str) -> bool:
        return self._sharp is None or rule in self._seen(self._sharp, text)

    def finditer(self, rule: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
        return rule.finditer(text) if self.may_match(rule, text) else iter(())

    def sub(self, rule: re.Pattern[str], put: str, text: str) -> str:
        return rule.sub(put, text) if self.may_match(rule, text) else text

    def _seen(self, sharp: hyperscan.Database, text: str) -> frozenset[re.Pattern[str]]:
        last = self._last
        if last is None or last[0] != hash(text):
            found: set[int] = set()
            with self._one_at_a_time:
                sharp.scan(text.encode(), match_event_handler=lambda nth, *_: found.add(nth))
            self._last = last = hash(text), frozenset(self.rules[nth] for nth in found)
        return last[1]


def _caseless(rule: re.Pattern[str]) -> int:
    return int(hyperscan.HS_FLAG_CASELESS) if rule.flags & re.IGNORECASE else 0


def _ways(pattern: str) -> list[str]:
    """The alternatives a pattern is made of: Hyperscan takes 16,000 letters of one at most."""
    ways, depth, begun, in_set, at = [], 0, 0, False, 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            at += 1
        elif in_set:
            in_set = letter != "]"
        elif letter == "[":
            in_set = True
        elif letter == "|" and depth == 0:
            ways.append(pattern[begun:at])
            begun = at + 1
        else:
            depth += (letter == "(") - (letter == ")")
        at += 1
    return [*ways, pattern[begun:]]
