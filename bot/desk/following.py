"""What a few words mean in the talk they stand in: 多少钱 after a question about 低保, 那特困呢 after one about 低保, and
words that say nothing yet. Pure rules over the text; what is answered is still found by search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language import programmes
from bot.language.plain import plain_words

EVERYDAY = ("banli-which", "general-kinds", "dibao-apply", "linshi-what")
"""What is offered to somebody who has not said yet what it is about, if it is published."""
_FRAGMENT = 8
"""Letters up to which a text may lack what it is about."""

# Possessive, and longer words first: 那个 is also 那 and 个, so a page of them that fails at its end would otherwise be
# tried in every combination, for ever.
_POINTING = re.compile(
    r"(?:那个|这个|那样|这样|那|这|它|嗯|哦|啊|呃|就是|想|要|请?问|一下|下|咨询|打听|东西|事情|事儿?|情况|怎么办|咋办|咋整|咋弄|"
    r"怎么弄|怎么整|怎么样|怎么回事|什么意思|什么|有|件|个|点|了|的|呢|吗|吧|呀|嘛|捏|我|俺|你|不懂|不明白|不知道|不太|懂|还是|一|\W)++"
)
_ROUND = (
    r"(?:那么?|请问|还|都|有|一般|大概|大约|需要|要|得|能|可以|会|应该|准备|申请|办理?|去|带|交|给|领|发|拿|批|每人|每个?月|一个?月|"
    r"1个?月|下来|到账|好|完|我们?|的|呢|嘛|吗|啊|呀|些|\W)*+"
)
_ASPECTS = (
    (re.compile(rf"\A{_ROUND}(?:什么|哪些)?(?:材料|手续|证件|资料|证明|东西){_ROUND}"), ("materials", "papers")),
    (re.compile(rf"\A{_ROUND}(?:几天|多久|多长时间|多少天){_ROUND}"), ("days", "time")),
    (re.compile(rf"\A{_ROUND}(?:多少钱?){_ROUND}"), ("standard", "amount")),
    (re.compile(rf"\A{_ROUND}(?:什么|哪些)?(?:条件|资格|要求){_ROUND}"), ("conditions", "what")),
)
"""What is asked of every help in the same few words, and the aspects under which its answer may stand."""
_OVERVIEWS = ("", "general", "banli", "rexian")
"""Talks in which no help is named yet, or several are."""
_EVERY = ("dibao", "linshi", "tekun")

_ASIDE = re.compile(
    r"(?:那么?|这|还有|换成|如果是?|要是|的话|呢|吗|啊|呀|嘛|也|一样|怎么样|咋样|怎么办|咋办|是|的|\W)*+"
)


_NOUNS = (
    (re.compile(r"(?:材料|手续|证件|资料)[呢嘛啊呀]*\W*"), "要什么材料"),
    (re.compile(r"(?:条件|资格|要求)[呢嘛啊呀]*\W*"), "有什么条件"),
)
"""材料呢: what is asked with a bare noun, as most people ask it."""
_AND = re.compile(r"^(?:那么?|还有|然后|另外|这个?|它)\W*(?=..)")
"""那要几天: what ties a few words to the talk, and says nothing else."""


def says_nothing(text: str) -> bool:
    """那个怎么办, 我想问个事: somebody who has yet to say what it is about."""
    return _POINTING.fullmatch(text) is not None


def only_names(text: str) -> str:
    """The programme of a text that names one and says nothing else: 低保呢."""
    named = programmes.find(text)
    if len(named) != 1 or not _ASIDE.fullmatch(text[: named[0].start] + text[named[0].end :]):
        return ""
    return named[0].code


def of_another(text: str, programme: str, last_title: str) -> str:
    """那特困呢 after 低保的基本条件是什么 asks 特困的基本条件是什么; empty when a text is no such turn."""
    if not last_title or only_names(text) in ("", programme):
        return ""
    (named,) = programmes.find(text)
    name = text[named.start : named.end]
    before = programmes.find(last_title)
    return last_title[: before[0].start] + name + last_title[before[0].end :] if before else name + last_title


def in_full(text: str, programme: str) -> str:
    """多少钱 in a talk about 低保 asks 低保多少钱; empty when the text needs no help."""
    bare = _AND.sub("", text)
    if not programme or not bare or programmes.find(text) or len(re.sub(r"\W", "", bare)) > _FRAGMENT:
        return ""
    bare = next((whole for noun, whole in _NOUNS if noun.fullmatch(bare)), bare)
    return programmes.NAMES[programme].split()[0] + bare if programme in programmes.NAMES else ""


def of_each_help(desk: Desk, question: Question) -> Sequence[str]:
    """要什么材料 where no help was named: the answer of each that people apply for, to be asked which; none for other texts."""
    memory, text = question.memory, plain_words(question.text)
    aspects = next((aspects for words, aspects in _ASPECTS if words.fullmatch(text)), ())
    if not aspects or len(text) > 2 * _FRAGMENT or not _is_open(desk, question):
        return ()
    of_all = (
        desk.edition.answers_in_scope(memory.region, question.day, question.channel, programme) for programme in _EVERY
    )
    fitting = ([one for one in of_one if one.aspect in aspects] for of_one in of_all)
    return [min(some, key=lambda one: aspects.index(one.aspect)).id for some in fitting if some]


def _is_open(desk: Desk, question: Question) -> bool:
    """Whether the talk has named no help yet, or all of them (困境儿童有什么帮助)."""
    memory = question.memory
    if memory.programme in _OVERVIEWS:
        return True
    last = desk.edition.answer(memory.entry, memory.region, question.day, question.channel) if memory.entry else None
    return last is not None and {match.code for match in programmes.find(last.text)} >= set(_EVERY)


def first_questions(desk: Desk, programme: str, region: str, day: date, channel: str) -> Sequence[str]:
    """What to offer somebody who has not said it yet: of the programme the talk is about, else what everybody asks."""
    if programme:
        mine = desk.edition.answers_in_scope(region, day, channel, programme)
        order = ("what", "conditions", "apply", "materials", "standard", "amount")
        wanted = sorted((one for one in mine if one.aspect in order), key=lambda one: order.index(one.aspect))
        if wanted:
            return [one.id for one in wanted[:3]]
    return [entry for entry in EVERYDAY if desk.edition.answer(entry, region, day, channel)]
