"""A resident's text made comparable: its clauses, what in it says nothing, and what in it is a question."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.forms.readers.base import LONGEST
from bot.language.normalise import simplified

_PUNCTUATION = frozenset("，。！？；：（）“”‘’、…—《》")
"""Kept as written, so that a story reads as it was told."""
_NUMERALS = str.maketrans("〇零○一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖", "00012234567891123456789")
_DIGIT = "〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_SPOKEN = re.compile(rf"(?<![{_DIGIT}])[{_DIGIT}](?:[ -]?[{_DIGIT}0-9xX]){{6,}}")
"""A number told digit by digit: 四二零一零六…; shorter ones may be sums."""
_BREAK = re.compile(r"[.,](?!\d)|(?<!\d)[.,]|[。；;！!？?\n，、]|(?<=[一-鿿])\s+(?=[一-鿿])")
_FILLER = re.compile(
    r"我们|我家里?|我的|我|俺们?|咱们?|您好|你好|谢谢|请|麻烦|那个|这个|就是|是的?|应该|大概|可能|一共|总共|全部|合计|"
    r"现在|目前|家里|家中|家|里|有|在|叫做?|做|写|填|报|名字|姓名|名|姓|号码|号|的话|的|了|啊|呀|哦|噢|喔|嗯+|呃|额|唉|哎|"
    r"吧|呢|哈|嘛|咯|哟|喽|这|那|它|他|她|好的?|行|都|就|也|还|和|跟|与|及|以及|加上?|一个月|每个?月|月|元|块|钱|一年|每年|对|"
    r"\W|_"
)
_ASKING = re.compile(
    r"[?？]\s*$|[吗嘛么]\s*[\W_]*$|怎么(?!都|也)|怎样|咋(?!都|也)|如何|为什么|为啥|凭什么|凭啥|(?<!没)(?<!不)什么(?!都|也|的$)|(?<!没)啥(?!都|也)|"
    r"多少(?!有)|几多|哪(?!都|儿也|里也|怕)|谁(?!都|也)|多久|多长|多大|几时|(?<![好十])几(?:口|个)人|何时|几号|几点|几天|几级|几个工作日|"
    r"能不能|可不可以|可否|能否|是否|是不是|有没有|要不要|会不会|行不行|该不该|算不算|给不给|管不管|好不好|对不对|"
    r"(?:要|会|能|需|可以)[^，,。不]{3,12}不[\W_]*$|(?:什么|啥)时候|(?:请问|想问|问一?下|咨询|打听)"
)
_NO_QUESTION = re.compile(
    r"(?:什么|啥).{0,5}[都也](?:没|不|冇)|没什么|没啥|没有什么|没有啥|不怎么|不咋|什么都(?:没|不)|啥[都也](?:没|不)|什么也(?:没|不)|哪[里儿]?[都也](?:没|不)|谁[都也](?:没|不)|"
    r"不(?:知道|清楚|晓得|记得)(?:是|有)?(?:多少|几|什么|哪|怎么)|说不[上清](?:来)?"
)


@dataclass(frozen=True, slots=True)
class Clause:
    start: int
    end: int
    text: str

    @property
    def asks(self) -> bool:
        return asks(self.text)


@lru_cache(maxsize=512)
def fold(text: str) -> str:
    """Width made equal, nothing invisible, no face: names keep their script, so this is what readers of names see."""
    seen = "".join(char if char == "\n" else _seen(char) for char in text[: LONGEST * 2])
    return re.sub(r"[ \t]+", " ", seen).strip()[:LONGEST]


@lru_cache(maxsize=8192)
def _seen(char: str) -> str:
    if char in _PUNCTUATION:
        return char
    kind = unicodedata.category(char)
    if kind in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    folded = unicodedata.normalize("NFKC", char)
    # One sign may stand for eighteen letters (ﷺ): none of those is part of an answer.
    return "" if kind in ("So", "Sk", "Cf", "Mn", "Me", "Cs", "Cn", "Co") or len(folded) > 3 else folded


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """The folded text in simplified, lower-case letters: for matching words. As long as the folded text."""
    folded = fold(text).lower()
    told = simplified(folded)
    return told if len(told) == len(folded) else folded


def digits(text: str) -> str:
    """Numbers told in Chinese numerals digit by digit become figures; nothing else changes, nor does the length."""
    return _SPOKEN.sub(lambda match: match[0].translate(_NUMERALS), text)


def clauses(text: str) -> list[Clause]:
    """The pieces between pauses, without the pauses; a question mark stays with its clause."""
    found, start = [], 0
    for match in _BREAK.finditer(text):
        end = match.end() if match[0] in "?？" else match.start()
        if text[start:end].strip():
            found.append(Clause(start, end, text[start:end].strip()))
        start = match.end()
    if text[start:].strip():
        found.append(Clause(start, len(text), text[start:].strip()))
    return found


def asks(text: str) -> bool:
    """Whether a clause is worded as a question: 要多久, 能不能, …吗; 什么都没有 is none."""
    return _ASKING.search(_NO_QUESTION.sub("", text)) is not None


def without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with these stretches blanked; places stay."""
    chars = list(text)
    for start, end in spans:
        chars[start:end] = "，" * (end - start)
    return "".join(chars)


def told(text: str) -> str:
    """What is left of a text when words that say nothing are gone."""
    return _FILLER.sub("", text)
