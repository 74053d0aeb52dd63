"""Money as people say it: 两千三, 一千来块, 三五百, 不到两千, 没收入 → an amount in yuan, exact or from … to.

For filling a field and for finding sums in a sentence. What is not plainly money is None: never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.language.numerals import LONGEST, number

_DIGIT, _UNIT = "零〇一二两三四五六七八九", "十百千万亿"
_WORTH = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000, "": 1}
_HAN = rf"[{_DIGIT}{_UNIT}]+"
_FIGURES = r"\d+(?:,\d{3})*(?:\.\d+)?(?:\s?[百千万亿kw](?:\d(?!\d))?)?"
_NUMBER = rf"(?:{_FIGURES}|几[十百千万]|上[百千万]|[百千万]把|[百千]八十|[百千]十(?=来|几|多|块)|{_HAN}|半)"
_MONEY = "块钱|元钱|块|元|圆|毛钱|毛|角|rmb|人民币|钱"
_AFTER = "多点|多|来|好几|几|出头|左右|上下|的样子|不到|以上|以下|以内|之内|往上|往下|开外"
_ONE = re.compile(
    rf"(?P<about>大概|大约|差不多|约莫|约|将近|近|也就|就|才)?"
    rf"(?P<bound>不到|不足|不满|少于|低于|不超过|没超过|最多|顶多|至多|超过|高于|多于|至少|起码|不止|不低于|不少于|最少)?"
    rf"(?P<first>{_NUMBER})(?P<mid>多点|来|多|几)?(?P<scale>(?<=[来多几])[百千万](?![{_DIGIT}]))?"
    rf"(?:(?:{_MONEY})?(?:到|至|-|~|—)(?P<second>{_NUMBER}))?"
    rf"\s?(?P<unit>{_MONEY})?(?P<small>[{_DIGIT}\d](?![{_UNIT}\d个年月天岁人口])(?:毛|角)?)?(?P<after>{_AFTER})?(?P<unit2>{_MONEY})?",
)
_NOTHING = re.compile(
    r"(?:没有?|无|木有|冇)(?:一分钱?|什么|啥|任何|固定|经济)?(?:的)?(?:收入|工资|钱|进项|来源)|零收入|0收入|一分钱?(?:都|也)?(?:没有?|不挣)|分文(?:没|无)|身无分文|没得钱"
)
_CUE = re.compile(
    r"(?:收入|工资|月薪|薪水|挣|赚|存款|积蓄|存了|养老金|退休金|退休工资|低保金|补贴|补助|津贴|花了|花费|欠了?|借了?|押金|房租|学费|药费"
    r"|给我?|发|领|拿|每?[年月天]|块|是|有|在|共|才|就|大概|不到|:)\s*$"
)
_PER = (
    ("month", re.compile(r"每个?月|一个?月|1个?月|月收入|月薪|月工资|/月|每月|按月|月均|个月")),
    ("year", re.compile(r"每年|一年|1年|年收入|年薪|全年|/年|一年到头")),
    ("day", re.compile(r"每天|日结|一天|1天|日结|日薪|/天|一日|天天")),
)
_NOT_MONEY = re.compile(
    r"\s?(?:[个口]?人|岁|年|个?月|天|号|日|次|套|户|级|点|楼|层|亩|平|斤|公里|%|折|位|名|张|条|辆|分(?!钱)|小时|周|个(?!月)"
    r"|孩|娃|头|只)"
)
_UNDER = re.compile(r"不到|不足|不满|少于|低于|[不没]超过|最多|顶多|至多|以下|以内|之内|往下")
_OVER = re.compile(r"^超过|高于|多于|至少|起码|不止|不低于|不少于|最少|以上|往上|开外")
_MORE = ("多", "多点", "出头", "几", "好几")
_PIECES = ("儿", "住", "去", "地", "田")
_ROUGH = ("来", "左右", "上下", "的样子", "大概", "大约", "差不多", "约莫", "约", "将近", "近")
_HOTLINES = ("12345", "12349", "12333", "12348", "110", "120", "119")


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in yuan: `low` = `high` when one figure was said; `high` None means "or more"."""

    low: Decimal
    high: Decimal | None
    about: bool = False
    """Said as a rough figure."""
    per: str = ""
    """day, month, year, or not said."""

    @property
    def exact(self) -> bool:
        return self.low == self.high and not self.about


@dataclass(frozen=True, slots=True)
class AmountMatch:
    start: int
    end: int
    amount: Amount


def parse(text: str) -> Amount | None:
    """The one sum an answer to "how much" gives; a bare number counts. None if there is none, or more than one."""
    plain = _plain(text)
    if nothing := _NOTHING.search(plain):
        # 没收入，只有养老金一百三: the sum that follows is the answer.
        rest = plain[nothing.end() :]
        after = next((match.amount for match in _scan(rest, False)), None)
        return after or Amount(Decimal(0), Decimal(0), per=_per(plain))
    found = list(_scan(plain, True))
    if not found or (len(found) > 1 and len({match.amount.low for match in found}) > 1):
        return None
    amount = found[0].amount
    return amount if amount.per else replace(amount, per=_per(plain))


def find(text: str) -> list[AmountMatch]:
    """Every sum in a sentence that says it is money by its unit or by the word before it; places are those of `text`
    after width and case are made equal (the length does not change for Chinese text)."""
    return list(_scan(_plain(text), False))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _scan(text: str, bare: bool) -> Iterator[AmountMatch]:
    for match in _ONE.finditer(text):
        money = bool(match["unit"] or match["unit2"])
        before = text[max(0, match.start() - 6) : match.start()]
        if not money:
            if _NOT_MONEY.match(text, match.end()) or re.search(r"[第\d.]$", before) or _no_sum(match["first"], bare):
                continue
            if not bare and not _CUE.search(before):
                continue
        elif match["first"] in ("半", "一") and match["unit"] == "块" and text[match.end() :].startswith(_PIECES):
            continue
        if (amount := _read(match)) is not None:
            per = _per(text[max(0, match.start() - 8) : match.start()]) or _per(text[match.end() : match.end() + 4])
            yield AmountMatch(match.start(), match.end(), replace(amount, per=per))


def _read(match: re.Match[str]) -> Amount | None:
    first = _span(match["first"])
    if first is None:
        return None
    low, high, about = first
    if match["scale"]:
        low, high = low * _WORTH[match["scale"]], high * _WORTH[match["scale"]]
    if match["second"]:
        second = _span(match["second"])
        if second is None:
            return None
        # 三到五千: the first number borrows the unit of the second.
        borrowed = low < 10 <= second[0] and not match["unit"]
        low, high = low * (_WORTH.get(match["second"][-1], 1) if borrowed else 1), second[1]
        if low > high:
            return None
    if match["unit"] in ("毛", "角", "毛钱"):
        low, high = low / 10, high / 10
    elif match["small"] and match["unit"] in ("块", "元"):
        digit = Decimal(number(match["small"][0]) or 0) / 10
        low, high = low + digit, high + digit
    elif match["small"]:
        return None
    said = [match[name] or "" for name in ("about", "bound", "mid", "after")]
    if low == high and any(word in _MORE for word in said):
        high = low + (Decimal(_WORTH[match["scale"]]) if match["scale"] else _step(match["first"], low))
        about = True
    about = about or any(word in _ROUGH for word in said)
    if any(map(_UNDER.search, said)):
        return Amount(Decimal(0), high, about)
    if any(map(_OVER.search, said)) or match["first"].startswith("上"):
        return Amount(low, None, about)
    return Amount(low, high, about)


def _span(words: str) -> tuple[Decimal, Decimal, bool] | None:
    """Lowest and highest value of one number as said, and whether it is rough by itself."""
    if len(words) > LONGEST:
        return None
    if words[0].isdigit():
        value = _figures(words)
        return None if value is None else (value, value, False)
    if words[0] == "几":
        worth = Decimal(_WORTH[words[1]])
        return worth * 2, worth * 10 - 1, True
    if words.endswith("把"):
        return Decimal(_WORTH[words[0]]), Decimal(_WORTH[words[0]]), True
    if words[0] == "上":
        return Decimal(_WORTH[words[1]]), Decimal(_WORTH[words[1]]), True
    if words in ("百八十", "千八十"):
        return (Decimal(80), Decimal(100), True) if words[0] == "百" else (Decimal(800), Decimal(1000), True)
    if words in ("百十", "千十"):
        return Decimal(100), Decimal(120), True
    if words == "半":
        return None
    # 三五百, 一千七八百, 一千五六: two digits side by side are the ends of a range.
    for at in range(len(words) - 1):
        one, two = words[at], words[at + 1]
        if one in _DIGIT[2:] and two in _DIGIT[2:] and not all(char in _DIGIT for char in words):
            low, high = number(words[:at] + one + words[at + 2 :]), number(words[:at] + two + words[at + 2 :])
            return None if low is None or high is None or low >= high else (Decimal(low), Decimal(high), True)
    whole = number(words)
    return None if whole is None else (Decimal(whole), Decimal(whole), False)


def _figures(words: str) -> Decimal | None:
    match = re.fullmatch(r"([\d,]+(?:\.\d+)?)\s?([百千万亿kw]?)(\d?)", words)
    if match is None:
        return None
    worth = Decimal(_WORTH[match[2]])
    # 1万2 is twelve thousand: a digit after a unit counts tenths of it.
    return Decimal(match[1].replace(",", "")) * worth + (Decimal(match[3]) * worth / 10 if match[3] else 0)


def _step(words: str, low: Decimal) -> Decimal:
    """How far "and more" may reach: 一千多 below two thousand, 1500多 below 1600."""
    units = [_WORTH[char] for char in words if char in _WORTH]
    if units and words[-1] in _WORTH:
        return Decimal(units[-1])
    step = Decimal(1)
    while low and low % (step * 10) == 0:
        step *= 10
    return step


def _no_sum(words: str, bare: bool) -> bool:
    """Phone, case and identity numbers are no sums; a hotline is none unless a sum was asked for."""
    return len(re.sub(r"\D", "", words)) >= 8 or (not bare and words in _HOTLINES)


def _per(text: str) -> str:
    return next((per for per, pattern in _PER if pattern.search(text)), "")
