"""Hear a person in danger before anything else is done. Pure rules over the whole text, whatever its length.

Two strengths: URGENT stops the turn with fixed words; HEAVY (活不下去了 …) is hardship that sounds of despair: the words go
out too, and the question in it is still answered. Rules and not a classifier, because an officer must be able to read why
an alarm rang, and because a miss is mended by adding one line here and one sentence to tests/samples/distress.yml.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from opencc import OpenCC

from bot.language import distress_figures as figures
from bot.language import distress_over as over
from bot.language import distress_play as play
from bot.language import distress_rules as rules
from bot.language import distress_topic as topic
from bot.language.glance import Glance
from bot.language.spelled import in_characters


class Danger(StrEnum):
    LIFE = "life"
    VIOLENCE = "violence"
    DISASTER = "disaster"
    ILLNESS = "illness"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Distress:
    danger: Danger
    urgent: bool


_ORDER = tuple(Danger)
_BEFORE, _AFTER = 14, 14
"""Characters of a text that are looked at around what was heard."""

_MOST = 24
"""How often one kind of danger may be excused in a piece. Who speaks of it more often is not asked why: it bounds the time."""

_GLANCE = Glance(rules.BEREAVED, rules.LIFE, rules.VIOLENCE, rules.DISASTER, rules.ILLNESS, rules.MISSING, rules.HEAVY)

# A piece is 10 ms, much less after `sharpening`; who serves others meanwhile lets them in between two pieces.
_PIECE, _SHARED = 1_500, 200
"""Characters of a piece, and how many the next one has in common with it: more than the longest rule spans."""
_PAUSES = "，。,.!！?？；;\n"


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=1)
def sharpening() -> threading.Thread:
    """Make a glance possible, so that a piece that says nothing of danger is a third of a millisecond: some seconds beside which
    others go on, begun at the first call. What is heard stays the same. For who reads long texts."""
    thread = threading.Thread(target=_sharpen, name="glance", daemon=True)
    thread.start()
    return thread


def _sharpen() -> None:
    figures.GLANCE.sharpen()
    _GLANCE.sharpen()


def listen(text: str) -> Distress | None:
    """What danger speaks from a text, or None. Reads all of it; gaps, width and script do not hide a word."""
    heard = None
    for piece in pieces(text):
        heard = worse(heard, hear(piece))
    return heard


def pieces(text: str) -> Iterator[str]:
    """The text as `hear` wants it: letters and short pauses, a stretch at a time, each beginning at a pause if there is
    one, so that no 没想过 is cut off its 自杀. What was typed by its sound (wo bu xiang huo le) is read as it sounds."""
    text = in_characters(text)
    bare = re.sub("，+", "，", _SIGNS.sub(lambda found: found.group().translate(_HEARD), text))
    start = 0
    while start + _PIECE < len(bare):
        yield bare[start : start + _PIECE]
        pause = bare.rfind("，", start + _PIECE - 2 * _SHARED, start + _PIECE - _SHARED)
        start = pause if pause > 0 else start + _PIECE - _SHARED
    yield bare[start:]


def worse(one: Distress | None, other: Distress | None) -> Distress | None:
    """Of two stretches of a text, what counts for all of it: urgent before heavy, life first."""
    found = [heard for heard in (one, other) if heard]
    return min(found, key=lambda heard: (not heard.urgent, _ORDER.index(heard.danger)), default=None)


class _Heard(dict[int, str]):
    """What of a character is heard: letters, in their plain form, and pauses. Remembered, as far as it is worth it."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code))
        # One sign may stand for eighteen letters (ﷺ); none of those says anything here, and a page of them took 0.6 s.
        told = folded if len(folded) <= 2 else ""
        heard = "".join(c if c.isalnum() else ("，" if c in _PAUSES else "") for c in told)
        if len(self) < 20_000:
            self[code] = heard
        return heard


_HEARD = _Heard()
_SIGNS = re.compile("[^\u4e00-\u9fff]+")
"""All but the characters that are heard as they stand, most of a page."""


def _simplified(piece: str) -> str:
    # The converter looks every position up in its tables: 100,000 characters took a second, and most texts need none.
    return _simplifier().convert(piece) if any(map(_traditional, set(piece))) else piece


@lru_cache(maxsize=16_384)
def _traditional(char: str) -> bool:
    return char > "\u3400" and _simplifier().convert(char) != char


def hear(piece: str) -> Distress | None:
    """The rules, on one of the `pieces`."""
    plain = figures.taken_out(_simplified(piece))
    told = _GLANCE.sub(rules.BEREAVED, "，", plain)
    life = _first(rules.LIFE, told)
    if life is None:
        # A pause in the middle of a word hides it from the first look. What stood there whole has been judged with its pauses.
        life = _first(rules.LIFE, _GLANCE.sub(rules.BEREAVED, "，", plain.replace("，", "")), judged=told)
    if life and not rules.DENIED.search(life.string[: life.start()].replace("，", "")[-5:]):
        return Distress(Danger.LIFE, urgent=True)
    if _first(rules.VIOLENCE, plain, rules.SETTLED):
        return Distress(Danger.VIOLENCE, urgent=True)
    if _first(rules.DISASTER, plain):
        return Distress(Danger.DISASTER, urgent=True)
    if _first(rules.ILLNESS, plain):
        return Distress(Danger.ILLNESS, urgent=True)
    if not rules.FOUND.search(plain) and _first(rules.MISSING, plain, rules.LONG_MISSING):
        return Distress(Danger.MISSING, urgent=True)
    if life or _first(rules.HEAVY, plain, rules.JOKE):
        return Distress(Danger.LIFE, urgent=False)
    return None


def _first(
    kind: re.Pattern[str], plain: str, unless: re.Pattern[str] | None = None, judged: str = ""
) -> re.Match[str] | None:
    """The first place that speaks of danger now. What stands a line before and after it tells whether it was long ago, for a
    paper or on the news; a word of its own further away excuses nothing."""
    for nth, found in enumerate(_GLANCE.finditer(kind, plain)):
        if found.group() in judged:
            continue
        if nth >= _MOST:
            return found
        around = plain[max(0, found.start() - _BEFORE) : found.end() + _AFTER]
        if rules.ASIDE.search(around) or (unless and unless.search(around)):
            continue
        if rules.LONG_AGO.search(around) and not rules.RIGHT_NOW.search(around):
            continue
        harms, wished = kind not in (rules.DISASTER, rules.ILLNESS, rules.MISSING), kind in (rules.LIFE, rules.HEAVY)
        if (
            over.is_over(found, plain, harms, wished)
            or topic.is_topic(found, plain, wished)
            or play.is_play(found, plain, wished)
        ):
            continue
        return found
    return None
