"""Money and counts: 两千三, 没收入, 三口人, 就我一个. What is absurd is asked again, what is vague is kept as said."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.forms.model import Field, Kind
from bot.forms.readers.base import Context, Found, Refused, Said
from bot.forms.readers.kin import KIN
from bot.forms.readers.plain import clauses, fold, plain, told
from bot.language.amounts import Amount, parse
from bot.language.amounts import find as sums
from bot.language.numerals import number

MOST_YUAN, MOST_PEOPLE, MOST = Decimal(100_000_000), 20, 100_000
"""Above these a slip of the thumb is likelier than the truth."""
NOTHING = {"low": "0", "high": "0", "about": False, "per": ""}
_SCIENCE = re.compile(r"\d[eE][+-]?\d|\d{10,}|[∞]|无穷|infinity|\binf\b|\bnan\b", re.IGNORECASE)
_BELOW_ZERO = re.compile(r"(?:^|[^\d\w到至])[-−–](?=\d)|负(?=[\d一二两三四五六七八九十百千万])")
_NONE = re.compile(
    r"(?:现在|目前|家里|我|们|都|也|就|啥|什么|一点|一分|一分钱|真的|暂时|是|收入|进项|钱)*(?:没有?|没得|冇|无|木有|零|〇|0|不(?=欠|花|挣|赚))(?:欠|花|挣|赚|债|外债|账|了|的|啊|呀|啦|元|块|块钱|收入|钱|一分|一分钱|人)*"
)
_TINY = re.compile(r"\D*[1-9]\D*|[一二两三四五六七八九]")
_UNIT = re.compile(r"[块元圆毛角]|人民币|rmb|千|百|万|k|w", re.IGNORECASE)
_PER = (
    ("month", re.compile(r"每个?月|月均|月收入|一个月|按月|/月|每月")),
    ("year", re.compile(r"每年|一年|年收入|12个?月|十二个?月|全年|/年")),
)
_PERIOD = re.compile(r"(?:每|一|1|按|/)个?(?:月|年|天|日)|月均|年均|一年到头|全年|日结|月结|天天")
_TIMES = (("month", "月"), ("year", "年"), ("day", "日"), ("day", "天"))
_FORMAL = str.maketrans("壹贰貳叁肆伍陆陸柒捌玖拾佰仟萬", "一二二三四五六六七八九十百千万")
_HAN = "〇零一二两三四五六七八九十百千"
_COUNTER = (
    r"口之家|口人|口子|口|个人|个半?|位|人|名|套|辆|间|处|部|台|头|亩|平方米|平方|平米|平|岁|张|次|天|年|年级|级|户"
)
_COUNT = re.compile(
    rf"(?<![\d.第])(?P<n>\d{{1,9}}(?:\.\d{{1,2}})?|[{_HAN}]{{1,9}}|俩|仨)\s?(?P<unit>{_COUNTER})?(?![\d.]|[个多来几]月)"
)
_ABOUT = re.compile(r"(?:[一二三四五六七八九][一二三四五六七八九]|几|好几|十几|几十)(?:口|个|位|人|套|岁)")
_ALONE = re.compile(
    r"(?:就|只有|只剩|光|仅|单身|家里)*(?:我|俺|本人|自己)(?:自己|一个|一人|1个|1人|单独)+"
    r"|一个人过|单身一人|孤身一人|光棍一个|独居|就我$|只有我$|没别人"
)
_TWO = re.compile(r"(?:老|小|我们?)?(?:两|俩)口子?(?:儿)?(?!人)|夫妻[俩二两]个?人?|夫妇[俩二两]个?人?")
_ASKS_PEOPLE = re.compile(r"几个人|几口人|多少人|人数")


def find(field: Field, text: str, context: Context) -> Found | None:
    if field.kind is Kind.MONEY:
        return money(field, text)
    people = field.key == context.form.members or _ASKS_PEOPLE.search(field.label + field.ask) is not None
    return count(field, text, people)


def money(field: Field, text: str) -> Found | None:
    """The one sum a text gives."""
    said = plain(text)
    if wrong := _SCIENCE.search(said):
        return Found(wrong.start(), wrong.end(), Refused("form_money_large"))
    if wrong := _BELOW_ZERO.search(said):
        return Found(wrong.start(), wrong.end(), Refused("form_money_negative"))
    if _NONE.fullmatch(re.sub(r"\W", "", said)):
        return Found(0, len(said), Said(dict(NOTHING)))
    said = said.translate(_FORMAL).replace("一共", "总共")
    timed = _PERIOD.search(said)
    amount = parse(_PERIOD.sub("，", said)) if timed else parse(said)
    if amount is None:
        amounts = [one for clause in clauses(said) if (one := parse(clause.text)) is not None]
        return Found(0, len(said), Refused("form_money_several")) if len(amounts) > 1 else None
    if timed and not amount.per:
        amount = replace(amount, per=next(per for per, words in _TIMES if words in timed[0]))
    if not _UNIT.search(said) and _TINY.fullmatch(re.sub(r"\W", "", said)):
        return Found(0, len(said), Refused("form_money_unit", {"number": re.sub(r"\W", "", told(said) or said)}))
    if amount.low == amount.high == 0:
        return Found(0, len(said), Said(dict(NOTHING)))
    where = sums(said)
    start, end = (where[0].start, where[0].end) if where else (0, len(said))
    return Found(start, end, checked(field, amount))


def checked(field: Field, amount: Amount) -> Said | Refused:
    """The sum as it is kept, if somebody can have it."""
    if max(amount.low, amount.high or amount.low) > MOST_YUAN:
        return Refused("form_money_large")
    return Said(kept(amount, field))


def kept(amount: Amount, field: Field) -> dict[str, Any]:
    """As said, with the time it is for: said, else the one the question asks for."""
    per = amount.per or next((per for per, words in _PER if words.search(field.label + field.ask)), "")
    high = None if amount.high is None else _yuan(amount.high)
    return {"low": _yuan(amount.low), "high": high, "about": amount.about, "per": per}


def _yuan(value: Decimal) -> str:
    return format(value.quantize(Decimal("0.01")).normalize(), "f")


def count(field: Field, text: str, people: bool = False) -> Found | None:
    """A whole number as people count: 三口人, 就我一个, 四个, 我和老伴还有孙子."""
    said = plain(text)
    bare = re.sub(r"\W", "", said)
    if wrong := (_SCIENCE.search(said) or _BELOW_ZERO.search(said)):
        return Found(wrong.start(), wrong.end(), Refused("form_number_range"))
    if people and (alone := _ALONE.search(said)):
        return Found(alone.start(), alone.end(), Said(1))
    if people and (named := _relatives(said)):
        return Found(0, len(said), _counts(named, people))
    if vague := _ABOUT.search(said):
        return Found(vague.start(), vague.end(), Refused("form_number_about"))
    if not people and _NONE.fullmatch(bare):
        return Found(0, len(said), Said(0))
    best = _counted(said, people)
    if best is None:
        return None
    start, end, value = best
    return Found(start, end, _counts(value, people))


def _counted(said: str, people: bool) -> tuple[int, int, int | float] | None:
    """The number with its counter; a bare one only where nothing else is said."""
    best = None
    for match in _COUNT.finditer(said):
        words = match["n"]
        value: int | float | None = {"俩": 2, "仨": 3}.get(words) or (float(words) if "." in words else number(words))
        if value is None:
            continue
        clause = next((one for one in clauses(said) if one.start <= match.start() < one.end), None)
        if match["unit"] is None and (clause is None or told(clause.text.replace(match[0], "", 1))):
            continue
        if people and (match["unit"] or "口") not in ("口之家", "口人", "口子", "口", "个人", "个", "位", "人", "名"):
            continue
        rank = (match["unit"] or "").startswith("口"), match["unit"] is not None
        if best is None or rank > best[0]:
            best = rank, (match.start(), match.end(), value)
    return best[1] if best else None


def _counts(value: int | float, people: bool) -> Said | Refused:
    if people and not 1 <= value <= MOST_PEOPLE:
        return Refused("form_people_range")
    if value > MOST or (people and value != int(value)):
        return Refused("form_number_range")
    return Said(int(value) if value == int(value) else value)


def _relatives(said: str) -> int:
    """我和老伴还有两个孙子 → 4; 0 where anything but relatives is named."""
    couple = _TWO.search(said)
    said = _TWO.sub("，", said)
    kin = "|".join(sorted(map(re.escape, KIN), key=len, reverse=True))
    pattern = rf"(?:([{_HAN}\d])个)?({kin}|我|本人)"
    if re.sub(r"\W", "", told(re.sub(pattern, "", said).replace("还有", "").replace("加", ""))):
        return 0
    found = re.findall(pattern, said)
    if couple:
        found = [one for one in found if one[1] not in ("我", "本人")]
    elif not any(who in ("我", "本人") for _, who in found) or len(found) < 2:
        return 0
    return (2 if couple else 0) + sum(number(count) or 1 if count else 1 for count, _ in found)


def counted(field: Field, text: str) -> Found | None:
    """The number right before a word of the field: 一套八十平 is one of 套 and eighty of 平."""
    said = plain(text)
    for word in sorted((field.label, *field.words), key=len, reverse=True):
        match = re.search(
            rf"(?<![\d.])(\d{{1,9}}(?:\.\d{{1,2}})?|[{_HAN}]{{1,9}})\s?[多来]?{re.escape(plain(word))}", said
        )
        value = (float(match[1]) if "." in match[1] else number(match[1])) if match else None
        if match and value is not None:
            return Found(match.start(), match.end(), _counts(value, False))
    return None


def is_nothing(text: str) -> bool:
    """没有, 一分钱没有, 零."""
    return _NONE.fullmatch(re.sub(r"\W", "", plain(fold(text)))) is not None
