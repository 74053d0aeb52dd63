"""Stops and protected questions must point at something, and a stop must leave residents with something."""

from __future__ import annotations

from bot.knowledge import entry as kinds
from bot.knowledge.content import Content
from bot.knowledge.plain_language import refused_words
from bot.knowledge.problems import Problems
from bot.knowledge.stops import ANSWER, Stop
from bot.language.normalise import match_key

WORDS = 200


def check(content: Content, problems: Problems) -> None:
    _stops(content, problems)
    _protected(content, problems)


def _stops(content: Content, problems: Problems) -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for key, stop in content.stops.items():
        note = problems.at(content.place(kinds.STOP, key))
        if stop.of == ANSWER and stop.target not in content.answers:
            note(f"要停的答案“{stop.target}”没有", "核对编号；答案已经去掉的，把这一条也去掉", "target")
        first = seen.setdefault((stop.of, stop.target, stop.region), key)
        if first != key:
            note(f"和“{first}”停的是同一处的同一件", "留一条", "region")
        if len(stop.words) > WORDS:
            note(f"对居民说的话有{len(stop.words)}个字，最多{WORDS}个", "写短些", "words")
        for word, reason in refused_words(stop.words):
            note(f"写了“{word}”，{reason}", "改写这一句", "words")
        if stop.instead:
            _instead(content, stop, problems)


def _instead(content: Content, stop: Stop, problems: Problems) -> None:
    note = problems.at(content.place(kinds.STOP, stop.id))
    other = content.answers.get(stop.instead)
    if other is None:
        note(f"替代的答案“{stop.instead}”没有", "核对编号，或改写对居民说的话", "instead")
        return
    stopped = {one.target for one in content.stops.values() if one.of == ANSWER}
    programmes = {one.target for one in content.stops.values() if one.of != ANSWER}
    if other.id in stopped or other.programme in programmes or other.id == stop.target:
        note(f"替代的答案“{stop.instead}”自己也停了", "换一个在用的，或改写对居民说的话", "instead")


def _protected(content: Content, problems: Problems) -> None:
    seen: dict[tuple[str, str], str] = {}
    for key, one in content.protected.items():
        note = problems.at(content.place(kinds.PROTECTED, key))
        if one.answer and one.answer not in content.answers:
            note(f"应得的答案“{one.answer}”没有", "换成现在的答案，或去掉这个问题", "expect")
        first = seen.setdefault((match_key(one.question), one.region), key)
        if first != key:
            note(f"和“{first}”问的一样", "留一条", "question")
