"""Chinese numerals in running text: 三个月 → 3个月, but never inside 五保, 万一 or 三轮车."""

from __future__ import annotations

import re

from cn2an import cn2an

_DIGIT, _UNIT = "零〇一二两三四五六七八九", "十百千万亿"
# Only what follows tells a number from an idiom, so the list of units decides; 个 and 口 have uses that count nothing.
_COUNTED = (
    "个?月(?!亮|饼|嫂)|个?星期|个?礼拜|个?季度|个?小时|个?工作日|周岁|周(?!围|到|边|全)|年(?!轻)|岁|天(?!然)|日(?!常)|"
    "块(?!儿去)|元(?!旦)|角钱|毛钱|毛(?!病)|口人|口之家|级|条(?!件)|亩|平米|平方|公斤|斤|次|遍|倍|成(?!为|员|立)|楼|栋|"
    "个(?!别|人所得|体)|位数|名|户|张|套|辆|份(?!证|额)|号|期|类|项|折|左右|多(?=块|元|天|岁|年|个)|来(?=块|天|岁|个)"
)
_RUN = re.compile(rf"(?<![{_DIGIT}{_UNIT}几数好])([{_DIGIT}][{_DIGIT}{_UNIT}]*|十[{_DIGIT}]?)(?={_COUNTED})")
_MONEY = re.compile(rf"(?<![{_DIGIT}{_UNIT}])[{_DIGIT}十]{{1,3}}[千万百][{_DIGIT}](?![{_DIGIT}{_UNIT}几])")
_PERCENT = re.compile(rf"百分之([{_DIGIT}{_UNIT}]+)")
# 七八十 is seventy to eighty, 三五百 three to five hundred: not one number, left as said.
_BETWEEN = re.compile(rf"[{_DIGIT[2:]}][{_DIGIT[2:]}][{_UNIT}]")
# One of something is more often a figure of speech (一个人带孩子, 一次也没有) unless time or money is counted.
_ONE_COUNTS = re.compile(r"个?月|个?星期|个?礼拜|个?季度|个?小时|年|岁|块|元|级|周岁|口之家|条")
_SPOKEN_TENS = {"廿": "二十", "卅": "三十"}
LONGEST = 24
"""More numerals in a row than this say no number; reading 600 of them took 10 ms."""


def to_digits(text: str) -> str:
    """The text with every counted Chinese numeral written in digits."""
    for word, plain in _SPOKEN_TENS.items():
        if word in text:
            text = text.replace(word, plain)
    text = _PERCENT.sub(lambda m: f"{value}%" if (value := number(m[1])) is not None else m[0], text)
    text = _MONEY.sub(lambda m: str(value) if (value := number(m[0])) is not None else m[0], text)
    return _RUN.sub(_counted, text)


def number(words: str) -> int | None:
    """The whole number these words say, or None: 两千三 → 2300, 二〇二〇 → 2020, 七八十 → None."""
    if words.isascii() and words.isdecimal():
        return int(words) if len(words) <= LONGEST else None
    if not 0 < len(words) <= LONGEST or _BETWEEN.search(words):
        return None
    try:
        value = cn2an(words.replace("〇", "零"), "normal")
    except (ValueError, KeyError):  # KeyError: 一十一十
        return None
    return int(value) if value == int(value) else None


def _counted(match: re.Match[str]) -> str:
    words = match[1]
    if words == "一" and not _ONE_COUNTS.match(match.string, match.end()):
        return words
    # Two digits side by side that are no year (三四天, 五六个) mean "about": left as said.
    if len(words) in (2, 3) and all(char in _DIGIT for char in words):
        return words
    value = number(words)
    return words if value is None else str(value)
