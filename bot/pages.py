"""Replies as texts a channel can carry: cut between sentences, options numbered and, where the channel can, tappable.

Pure. One page is one platform message, so whoever stores `pages` can give each its own row, state and quota.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.messages import Capabilities, Choice, Reply, Source, size_in_bytes

Tap = Callable[[int, str], str]
"""Makes the words of option n (1, 2, 3 …) tappable in the channel's own way."""
Size = Callable[[str], int]

# The half-width marks end a sentence only where no address or figure goes on behind them.
_SENTENCE = re.compile(
    r"(?:[^。！？；…!?;\n]|[!?;](?=[A-Za-z0-9&=#/_%-]))*"
    r"(?:(?:[。！？；…\n]|[!?;](?![A-Za-z0-9&=#/_%-]))+[”’」』》）)】\"']*\s*|\Z)"
)
_REGIONAL, _REGIONAL_END = re.compile("[\U0001f1e6-\U0001f1ff]"), re.compile("[\U0001f1e6-\U0001f1ff]*$")
_CLAUSE = re.compile(r"[^，、： ]*(?:[，、： ]+|\Z)")


def source_line(sources: Sequence[Source]) -> str:
    """依据：《…》（number，date）clause; the same document is named once."""
    clauses: dict[str, list[str]] = {}
    for source in sources:
        title = source.title if source.title.startswith("《") or not source.title else f"《{source.title}》"
        mark = "，".join(part for part in (source.number, source.date) if part)
        clauses.setdefault(title + (f"（{mark}）" if mark else ""), []).append(source.clause)
    named = [name + "、".join(dict.fromkeys(filter(None, found))) for name, found in clauses.items()]
    return "依据：" + "；".join(named) if any(named) else ""


def footing(reply: Reply) -> str:
    """What an answer stands on, for which day and place: 依据：《…》第3条 · 截至 2026-11-25 · 武汉市."""
    basis = source_line(reply.sources)
    as_of = f"截至 {reply.as_of}" if reply.as_of and basis else ""
    return " · ".join(filter(None, (basis, as_of, reply.place if as_of else "")))


def option_lines(choices: Sequence[Choice], tap: Tap | None = None, tappable: int = 0) -> list[str]:
    """Every option has a number that can be typed; the first `tappable` can be tapped too."""
    return [
        f"{n}. {tap(n, choice.label) if tap and n <= tappable else choice.label}" for n, choice in enumerate(choices, 1)
    ]


def texts(reply: Reply, capabilities: Capabilities, tap: Tap | None = None) -> list[str]:
    """The whole reply as texts the channel can carry, in order; no sentence and no option is lost."""
    limit, size = capabilities.longest, capabilities.size
    said: list[str] = []
    for page in pages(reply, capabilities):
        whole = _whole(page, capabilities, tap)
        said += [whole] if size(whole) <= limit else cut(_whole(page, capabilities, None), limit, size)
    return [text for text in said if text]


def pages(reply: Reply, capabilities: Capabilities) -> list[Reply]:
    """The reply as replies that are one text each; sources and options stay with the last words."""
    limit, size = capabilities.longest, capabilities.size
    if _fits(reply, capabilities):
        return [reply]
    bare = replace(reply, choices=(), sources=())
    parts = [replace(bare, text=text) for text in cut(reply.text, limit, size)]
    if parts:
        last = replace(reply, text=parts[-1].text)
        if _fits(last, capabilities):
            return [*parts[:-1], last]
    tail = replace(reply, text="")
    if _fits(tail, capabilities):
        return [*parts, tail]
    basis = [replace(bare, text=text) for text in cut(footing(reply), limit, size)]
    options = [replace(reply, text="", sources=())] if reply.choices else []
    return [*parts, *basis, *options]


def merged(
    replies: Sequence[Reply], capabilities: Capabilities, tap_of: Callable[[int], Tap | None]
) -> tuple[str, int]:
    """As many replies of a turn as one text holds, and how many. Options end it: their numbers must be the only ones.

    `tap_of(i)` is the tap of the i-th reply. (“”, 0) when not even the first fits.
    """
    text, carried, size = "", 0, capabilities.size
    for i, reply in enumerate(replies):
        own = _whole(reply, capabilities, tap_of(i), room=capabilities.longest - size(text) - (2 if text else 0))
        together = f"{text}\n\n{own}" if text and own else text + own
        if size(together) > capabilities.longest:
            break
        text, carried = together, i + 1
        if reply.choices:
            break
    return text, carried


def cut(text: str, limit: int, size: Size = size_in_bytes) -> list[str]:
    """Cut between sentences, else between clauses, else between characters, never inside one. `size`: what `limit` counts."""
    done: list[str] = []
    here = ""
    for piece in _pieces(text, limit, size):
        if here and size((here + piece).strip()) > limit:
            done.append(here.strip())
            here = ""
        here += piece
    return [part for part in (*done, here.strip()) if part]


def _whole(reply: Reply, capabilities: Capabilities, tap: Tap | None, room: int | None = None) -> str:
    """One text of everything; options lose their links, not their numbers, where links would not fit."""
    room = capabilities.longest if room is None else room
    linked = _joined(reply, option_lines(reply.choices, tap, capabilities.options))
    return linked if capabilities.size(linked) <= room else _joined(reply, option_lines(reply.choices))


def _joined(reply: Reply, options: Iterable[str]) -> str:
    return "\n\n".join(filter(None, (reply.text.strip(), footing(reply), "\n".join(options))))


def _fits(reply: Reply, capabilities: Capabilities) -> bool:
    return capabilities.size(_joined(reply, option_lines(reply.choices))) <= capabilities.longest


def _pieces(text: str, limit: int, size: Size) -> Iterable[str]:
    for sentence in filter(None, _SENTENCE.findall(text)):
        if size(sentence.strip()) <= limit:
            yield sentence
            continue
        for clause in filter(None, _CLAUSE.findall(sentence)):
            if size(clause.strip()) <= limit:
                yield clause
            else:
                yield from _characters(clause, limit, size)


def _characters(text: str, limit: int, size: Size) -> Iterable[str]:
    """What people see as one character stays whole: marks, joiners, skin tones and flags go with their letter."""
    seen = ""
    for char in text:
        if seen and (not _belongs(char, seen) or size(seen + char) > limit):
            yield seen
            seen = ""
        seen += char
    if seen:
        yield seen


def _belongs(char: str, before: str) -> bool:
    # Two regional letters are a flag; a third begins the next one.
    flag = _REGIONAL.match(char) is not None and len(before) - len(_REGIONAL_END.sub("", before)) == 1
    tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    return (
        flag or tone or before[-1] == "\u200d" or char in "\u200d\ufe0e\ufe0f\u20e3" or unicodedata.combining(char) > 0
    )
