"""Yes or no, one of several, any of several: by number, by label, or in the words people use."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.forms.model import Field, Kind, Option
from bot.forms.readers.base import Context, Found, Refused, Said
from bot.forms.readers.options import mentions
from bot.forms.readers.plain import clauses, fold, plain, told
from bot.language.choosing import chosen

_YES = re.compile(
    r"(?:我|俺|嗯+|哦|啊|是|对|都|就|当然|肯定)*(?:是|对|有|要|会|能|可以|行|好|好的|嗯|没错|没问题|不错|当然|同意|愿意|需要|确认|确定|中|得|ok|yes|y|有的|是的|对的|要的)+(?:的|啊|呀|了|哦|吧|呢|哈|滴)*"
)
_NO = re.compile(
    r"(?:我|俺|嗯|哦|啊|都|也|就|还|真|现在|目前|暂时)*(?:没有?|没得|冇|唔系|无|木有|不是|不要|不用|不会|不能|不需要|不愿意|不同意|不行|不对|不可以|否|没|不|不了|莫得|no|n)+(?:的|啊|呀|了|哦|吧|呢|哈|滴|过)*"
)
_UNSURE = re.compile(
    r"[没不](?:太|大|很)?(?:知道|清楚|懂|明白|晓得|记得|确定|听|看|搞|弄|想好|说)|说不[上清好]|记不[得清住]|忘"
)
_NONE_OF_THEM = re.compile(
    r"(?:以上|上面|这些|家里|我们?|这几样|这些东西|一样|一个|哪样|啥|什么|全部?)*[都也]?(?:没有?|没得|冇|无|不是|木有|没|莫得|不符合|不沾)(?:领|享受|拿|办|得|遇|碰|有)?(?:过|到)?(?:的|啊|了|呢)*|都没有?.{0,4}|(?:啥|什么|一样|一个|全)[都也]?没有?.{0,4}|无|没|零"
)
_ALL_OF_THEM = re.compile(r"(?:以上|上面|这些|全部?|每样)*都(?:有|是|要|算)(?:的|了)?|全都?有|全部|全选|都选")
_EXCEPT = re.compile(
    r"除了?(?P<what>.{1,20}?)(?:以外|之外|外)?[,，]?(?:其他|别的|其余|剩下)?的?(?:都|全)(?P<rest>有|没|是|不|要|无)"
)
_ABLE = "能|会|行|可以|没问题|做得了|做得来"
_CANNOT = re.compile(r"做不了|不能|做不来")
_PEOPLE = r"(?:我们?|他|她|自己|现在|今晚|家里|吃的?|住的?|什么|啥|样样|这些|全|都|也|还)*"
_NONE_IS = re.compile(r"就?回[“\"]([^”\"]{1,6})[”\"]")
"""How the question itself says that nothing of it is the case: 没有就回“都没有”."""
_SPLIT = re.compile(r"[\s,，、.。;；/和跟及+]+")
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


def find(field: Field, text: str, context: Context) -> Found | None:
    said = plain(text)
    match field.kind:
        case Kind.YES_NO:
            return yes_or_no(field, said, consent="同意" in field.words)
        case Kind.CHOICE:
            return one(field, said)
        case _:
            return some(field, said)


def yes_or_no(field: Field, said: str, consent: bool = False) -> Found | None:
    """有, 不是, 没车, 冇; a clause that speaks of something else says neither. To a `consent` only a plain yes is one: 有点担心信息泄露
    begins like a yes and holds a word of the question."""
    labels = [option.label for option in field.options] or ["是", "否"]
    index = chosen(said, labels)
    if index is not None and len(labels) == 2:
        return Found(0, len(said), Said(_truth(field, index)))
    for clause in clauses(said):
        if clause.asks or _UNSURE.search(clause.text):
            continue
        bare = re.sub(r"\W", "", clause.text)
        if _NO.fullmatch(bare):
            return Found(clause.start, clause.end, Said(False))
        if _YES.fullmatch(bare):
            return Found(clause.start, clause.end, Said(True))
        hit = next(mentions(field.options, clause.text), None)
        if hit is not None and len(field.options) == 2:
            option, start, end, denied = hit
            truth = _truth(field, field.options.index(option))
            return Found(clause.start + start, clause.start + end, Said(truth != denied))
        if (answer := _echo(field, bare)) is not None and not (answer and consent):
            return Found(clause.start, clause.end, Said(answer))
    return None


def means_yes(field: Field, value: str) -> bool:
    """What the value of an option of a yes-or-no question stands for; `yes` where it has no options of its own."""
    index = next((index for index, option in enumerate(field.options) if option.value == value), None)
    return value in ("yes", "true") if index is None else _truth(field, index)


def _truth(field: Field, index: int) -> bool:
    """Of two options the first is yes, unless their values say otherwise."""
    if field.options and field.options[index].value.lower() in ("true", "yes", "false", "no"):
        return field.options[index].value.lower() in ("true", "yes")
    return index == 0


def _echo(field: Field, bare: str) -> bool | None:
    """没车, 有一套房: yes or no with a word of the question after it."""
    match = re.match(
        r"(?:我|俺|家|里|们|现在|目前|都|也|就|还|是)*?(没有?|没得|冇|无|不|有|是|会|能|要)(.{1,12})$", bare
    )
    if match is None:
        return None
    rest = set(told(match[2])) - set("一二两三几个有没不是会能什么的人过")
    words = set(field.label + field.ask + "".join(field.words))
    if not rest & words:
        return None
    return match[1][0] not in "没冇无不"


def one(field: Field, said: str) -> Found | None:
    """One option: its number, its label, or its words where exactly one is meant."""
    index = chosen(said, [option.label for option in field.options])
    if index is not None:
        return Found(0, len(said), Said(field.options[index].value))
    bare = re.sub(r"\W", "", said)
    for option in field.options:
        if bare and any(bare == re.sub(r"\W", "", plain(word)) for word in option.words):
            return Found(0, len(said), Said(option.value))
    if re.fullmatch(r"\W*\d{1,2}\W*", said):
        return Found(0, len(said), Refused("form_choice_number", {"number": str(len(field.options))}))
    for clause in clauses(said):
        if clause.asks:
            continue
        hits = list(mentions(field.options, clause.text, field.ask + "".join(field.words)))
        meant = {option.value: (start, end) for option, start, end, denied in hits if not denied}
        if len(meant) == 1:
            ((value, (start, end)),) = meant.items()
            return Found(clause.start + start, clause.start + end, Said(value))
        if len(meant) > 1:
            options = tuple((option.label, option.value) for option in field.options if option.value in meant)
            return Found(clause.start, clause.end, Refused("form_choice_several", options=options))
        denied_values = {option.value for option, *_, denied in hits if denied}
        left = [option for option in field.options if option.value not in denied_values]
        if denied_values and len(left) == 1:
            return Found(clause.start, clause.end, Said(left[0].value))
    return None


def some(field: Field, said: str) -> Found | None:
    """Any of the options: 房子有一套，没车没存款; 都没有; 1和3."""
    options = [option for option in field.options if option.value != "none"]
    bare = re.sub(r"\W", "", said)
    if (lacking := _lacking(field, options, said, bare)) is not None:
        return Found(0, len(said), lacking)
    if _NONE_OF_THEM.fullmatch(bare) and not any(not denied for *_, denied in mentions(options, said)):
        return Found(0, len(said), Said([]))
    if _ALL_OF_THEM.fullmatch(bare):
        return Found(0, len(said), Said([option.value for option in options]))
    if (numbered := _numbers(field, said)) is not None:
        return Found(0, len(said), numbered)
    if spared := _EXCEPT.search(said):
        named = {option.value for option, *_ in mentions(options, spared["what"])}
        if named:
            others = spared["rest"] in ("有", "是", "要")
            values = [option.value for option in options if (option.value in named) != others]
            return Found(spared.start(), spared.end(), Said(values))
    hits = [
        (option, clause.start + start, clause.start + end, denied)
        for clause in clauses(said)
        if not clause.asks
        for option, start, end, denied in mentions(options, clause.text)
    ]
    if not hits:
        return None
    where = min(start for _, start, _, _ in hits), max(end for _, _, end, _ in hits)
    meant = {option.value for option, *_, denied in hits if not denied}
    if meant:
        return Found(*where, Said([option.value for option in options if option.value in meant]))
    left = [option.label for option in options if option.value not in {option.value for option, *_ in hits}]
    others_too = re.search(r"(?:别的|其他|其余|剩下|什么|啥)的?(?:都|也)?(?:没|无|不)|都没有?$", said)
    if not left or others_too:
        return Found(*where, Said([]))
    return Found(*where, Refused("form_choices_rest", {"place": "、".join(left)}))


def _lacking(field: Field, options: Sequence[Option], said: str, bare: str) -> Said | Refused | None:
    """Where the question is what is lacking (都有着落就回“不缺”) or cannot be done: 都有 and 都能 are none of it, and 都没有
    is not clear."""
    none = none_said(field)
    if _CANNOT.search(field.ask):
        word = _ABLE
    elif none and not none.startswith(("没", "都没", "无")):
        word = "有|" + re.escape(none.removeprefix("都"))
    else:
        return None
    if re.fullmatch(rf"{_PEOPLE}(?:{word}|不缺|不用)(?:着落|吃的?|住的?|做|的|了|啊|呢|得了)*", bare):
        return Said([])
    if re.fullmatch(rf"{_PEOPLE}(?:缺|不能|做不了|不行|做不来|不会)(?:的|了|做)*", bare):
        return Said([option.value for option in options])
    if word != _ABLE and _NONE_OF_THEM.fullmatch(bare) and not list(mentions(options, said)):
        return Refused("form_choices_unsure")
    return None


def none_said(field: Field) -> str:
    """The word the question gives for none of its options: 不缺, 都没有; empty where it gives none."""
    answer = _NONE_IS.search(field.ask)
    return answer[1] if answer else ""


def named(field: Field, text: str) -> dict[str, bool]:
    """The options a text names, and whether it says yes to each."""
    return {
        option.value: not denied
        for clause in clauses(plain(text))
        if not clause.asks
        for option, _, _, denied in mentions(field.options, clause.text)
    }


def _numbers(field: Field, said: str) -> Said | Refused | None:
    """1和3, 1、3, 选13: numbers of options."""
    parts = [part for part in _SPLIT.split(re.sub(r"[第选个项有是]", "", said).translate(_DIGITS)) if part]
    if not parts or not all(part.isdecimal() for part in parts):
        return None
    total = len(field.options)
    numbers = [int(part) for part in parts]
    if len(parts) == 1 and numbers[0] > total and total < 10 and len(parts[0]) == len(set(parts[0])):
        numbers = [int(digit) for digit in parts[0]]
    if not all(1 <= number <= total for number in numbers):
        return Refused("form_choice_number", {"number": str(total)})
    chosen_ = {field.options[number - 1].value for number in numbers} - {"none"}
    return Said([option.value for option in field.options if option.value in chosen_])


def words_of(field: Field) -> frozenset[str]:
    """Everything that may be said to choose an option, for telling an answer from a question."""
    return frozenset(
        re.sub(r"\W", "", plain(fold(word))) for option in field.options for word in (option.label, *option.words)
    )
