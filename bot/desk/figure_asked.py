"""Whether a text asks for the figure of a place: 北京低保多少钱 does, 我家三口人能领多少 does not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.knowledge.answers import STANDARD_IF_KNOWN, STANDARD_LOOKUP
from bot.knowledge.search.candidate import Candidate
from bot.language import programmes
from bot.language.plain import plain_words

_OWN_CASE = re.compile("[0-9一二两三四五六七八九十几]口|人均|收入|工资|挣|怎么算|咋个?算|补差|补多少")
"""Words of somebody who wants their own amount worked out."""
_AMOUNT = re.compile("多少|标准")
_FIGURE = re.compile(
    r"(?:现在|目前|今年|标准|多少|钱|元|块|一?个月|1个月|每个?月|每人|一?个人|一人|1人|能|可以|领|拿|发|给|是|有|的|那么?|"
    r"请?问|一下|我想|想|呢|啊|呀|吗|吧|\W)*+"
)
"""What surrounds a place and a programme, where the figure there is asked for and nothing else."""


def plainly(desk: Desk, question: Question) -> str:
    """北京低保多少钱: the answer with the figure, where a text holds one place, one programme and what it comes to."""
    text = plain_words(question.text)
    if not _AMOUNT.search(text):  # most questions, which need not be searched for places again
        return ""
    named, places = programmes.find(text), desk.regions.find(text)
    if len(named) != 1 or len(places) != 1 or len(places[0].candidates) != 1:
        return ""
    rest, spans = text, [(named[0].start, named[0].end), (places[0].start, places[0].end)]
    for start, end in sorted(spans, reverse=True):
        rest = f"{rest[:start]} {rest[end:]}"
    if not _FIGURE.fullmatch(rest):
        return ""
    memory = question.memory
    mine = desk.edition.answers_in_scope(memory.region, question.day, question.channel, named[0].code)
    return next((one.id for one in mine if one.lookup == STANDARD_LOOKUP), "")


def instead(desk: Desk, question: Question, candidates: Sequence[Candidate]) -> str:
    """深圳低保一人多少 names a place and no family: it asks for the figure there, not how an amount is worked out."""
    if _OWN_CASE.search(question.text):
        return ""
    near = [
        desk.edition.answer(one.entry, question.memory.region, question.day, question.channel) for one in candidates[:5]
    ]
    if not near[0] or near[0].lookup != STANDARD_IF_KNOWN:
        return ""
    return next(
        (one.id for one in near if one and one.lookup == STANDARD_LOOKUP and one.programme == near[0].programme), ""
    )
