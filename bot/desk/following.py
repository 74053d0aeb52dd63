"""What a few words mean in the talk they stand in: 多少钱 after a question about 低保, 那特困呢 after one about 低保, and
words that say nothing yet. Pure rules over the text; what is answered is still found by search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.desk.desk import Desk
from bot.language import programmes

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
_ASIDE = re.compile(
    r"(?:那么?|这|还有|换成|如果是?|要是|的话|呢|吗|啊|呀|嘛|也|一样|怎么样|咋样|怎么办|咋办|是|的|\W)*+"
)


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
    return programmes.NAMES[programme].split()[0] + bare if programme in programmes.NAMES else ""


def first_questions(desk: Desk, programme: str, region: str, day: date, channel: str) -> Sequence[str]:
    """What to offer somebody who has not said it yet: of the programme the talk is about, else what everybody asks."""
    if programme:
        mine = desk.edition.answers_in_scope(region, day, channel, programme)
        order = ("what", "conditions", "apply", "materials", "standard", "amount")
        wanted = sorted((one for one in mine if one.aspect in order), key=lambda one: order.index(one.aspect))
        if wanted:
            return [one.id for one in wanted[:3]]
    return [entry for entry in EVERYDAY if desk.edition.answer(entry, region, day, channel)]
