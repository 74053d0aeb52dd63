"""Days and times as people say them: 去年腊月, 上个月, 2020年, 今年3月15号, 半年前 → from one day to another.

For filling a field and for asking "as of when". The clock is given, never read. What cannot be placed is None.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.language.numerals import number, to_digits

_CHINESE = r"[〇零一二两三四五六七八九十]"
_YEARS = {
    "大前年": -3,
    "前年": -2,
    "去年": -1,
    "上年": -1,
    "旧年": -1,
    "今年": 0,
    "本年": 0,
    "当年": 0,
    "明年": 1,
    "来年": 1,
    "后年": 2,
}
_DAYS = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "今天": 0,
    "今日": 0,
    "今早": 0,
    "今晚": 0,
    "刚才": 0,
    "刚刚": 0,
    "现在": 0,
    "目前": 0,
    "当天": 0,
    "明天": 1,
    "明日": 1,
    "大后天": 3,
    "后天": 2,
}
# First day of the lunar year (public almanac, Purple Mountain Observatory): the twelfth month ends on the day before.
_ALMANAC = """
2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25
2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23
2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12
"""
_NEW_YEARS = {day.year: day for day in map(date.fromisoformat, _ALMANAC.split())}
_FEAST = re.compile(
    r"腊月|正月|大年初(?P<day>[一二三四五六七]|\d)|年三十|除夕|春节|过年|过完年|(?<![\d几一二三四五六七八九十半多两])年[前后]"
)
_AGO = re.compile(
    r"(?P<n>(?<!\d)\d{1,4}|(?<![一二两三四五六七八九十])[一二两三四五六七八九十]{1,4}|半|几|好几)(?P<half>个半)?个?"
    r"(?P<unit>天|日|周|星期|礼拜|月|年)(?P<more>多|半)?(?:之|以)?前"
)
_FULL_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年?(?!\d)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)年(?=\s*(?:\d|[春夏秋冬上下]|[年初底末腊正]))")
_ONLY_YEAR = re.compile(r"\D*(\d\d)年(?:的?时候|那年|以来|左右|吧|的)?")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月份?(?!前|后)|(?:19|20)\d\d[-./](\d{1,2})(?![\d月])")
_IN_MONTH = (
    ("初", 1, 10),
    ("上旬", 1, 10),
    ("中旬", 11, 20),
    ("中", 11, 20),
    ("底", 21, 31),
    ("末", 21, 31),
    ("下旬", 21, 31),
)
_MONTHS = {"上上月": 2, "前月": 2, "上月": 1, "下月": -1}
_PARTS = {
    "春天": (3, 5),
    "春季": (3, 5),
    "夏天": (6, 8),
    "夏季": (6, 8),
    "热天": (6, 8),
    "秋天": (9, 11),
    "秋季": (9, 11),
    "冬天": (12, 14),
    "冬季": (12, 14),
    "上半年": (1, 6),
    "下半年": (7, 12),
    "年初": (1, 2),
    "开年": (1, 2),
    "年中": (6, 7),
    "年底": (11, 12),
    "年末": (11, 12),
    "一季度": (1, 3),
    "二季度": (4, 6),
    "三季度": (7, 9),
    "四季度": (10, 12),
}
_WEEKDAY = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, **{str(n + 1): n for n in range(7)}}


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both counted; one day when they are equal."""

    first: date
    last: date
    about: bool = False
    """Said roughly, or by the lunar calendar whose days are only near."""


def parse(text: str, today: date) -> Days | None:
    """The time this text names, or None. A month without a year is the last one that has begun."""
    plain = to_digits(unicodedata.normalize("NFKC", text)).replace("中风", "风")  # 去年中风 is no 年中
    plain = re.sub(rf"(?<=月)({_CHINESE}{{1,3}})(?![{_CHINESE[1:-1]}个])", lambda m: str(number(m[1]) or m[1]), plain)
    for reader in _READERS:
        try:
            if (found := reader(plain, today)) is not None:
                return found
        except (ValueError, OverflowError):
            # 2月30号 and the year 0 exist in no calendar: nothing to place.
            return None
    return None


def _lunar(text: str, today: date) -> Days | None:
    match = _FEAST.search(text)
    if match is None:
        return None
    word, year = match[0], _said_year(text, today)
    if word in ("腊月", "除夕", "年三十", "年前"):
        # 去年腊月 is the twelfth month of last year's lunar year, which ends in this year's January or February.
        ends = _NEW_YEARS.get((year if year is not None else _last_new_year(today) - 1) + 1)
        if ends is None:
            return None
        eve = ends - timedelta(days=1)
        return Days(eve, eve) if word in ("除夕", "年三十") else Days(ends - timedelta(days=30), eve, True)
    begins = _NEW_YEARS.get(year if year is not None else _last_new_year(today))
    if begins is None:
        return None
    if match["day"]:
        day = begins + timedelta(days=int(number(match["day"]) or match["day"]) - 1)
        return Days(day, day)
    if word in ("春节", "过年"):
        return Days(begins - timedelta(days=1), begins + timedelta(days=6), True)
    return Days(begins, begins + timedelta(days=29), True)


def _last_new_year(today: date) -> int:
    day = _NEW_YEARS.get(today.year)
    return today.year if day is None or day <= today else today.year - 1


def _said_year(text: str, today: date) -> int | None:
    for word, shift in _YEARS.items():
        if word in text:
            return today.year + shift
    match = _FULL_YEAR.search(text) or _SHORT_YEAR.search(text)
    if match is None:
        return None
    year = int(match[1])
    return year if year > 99 else 2000 + year if 2000 + year <= today.year + 1 else 1900 + year


def _full(text: str, today: date) -> Days | None:
    match = re.search(r"(?<!\d)((?:19|20)\d\d)[-./年](\d{1,2})[-./月](\d{1,2})[日号]?(?!\d)", text) or re.search(
        r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)", text
    )
    if match is None:
        return None
    day = date(int(match[1]), int(match[2]), int(match[3]))
    return Days(day, day)


def _ago(text: str, today: date) -> Days | None:
    match = _AGO.search(text)
    if match is None:
        return None
    words, unit = match["n"], match["unit"]
    if words in ("几", "好几"):
        return None
    count = 0.5 if words == "半" else float(number(words) or int(words))
    if match["half"] or match["more"] == "半":
        count += 0.5
    rough = bool(match["more"]) or count != int(count) or unit not in ("天", "日")
    if unit in ("天", "日"):
        day = today - timedelta(days=int(count))
    elif unit in ("周", "星期", "礼拜"):
        day = today - timedelta(days=int(count * 7))
    elif unit == "月":
        day = _back(today, int(count)) - timedelta(days=15 if count != int(count) else 0)
    else:
        day = _back(today, int(count * 12))
    return Days(day, day, rough)


def _week(text: str, today: date) -> Days | None:
    match = re.search(r"(?P<which>上上|上个?|这个?|本|下个?)(?:周|星期|礼拜)(?P<day>[一二三四五六日天1-7])?", text)
    if match is None:
        return None
    shift = -2 if match["which"] == "上上" else {"上": -1, "下": 1}.get(match["which"][0], 0)
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
    if match["day"]:
        day = monday + timedelta(days=_WEEKDAY[match["day"]])
        return Days(day, day)
    return Days(monday, monday + timedelta(days=6))


def _month(text: str, today: date) -> Days | None:
    relative = re.search(r"上上个?月|上个?月|前个月|这个月|本月|当月|下个?月", text)
    if relative:
        months = _MONTHS.get(relative[0].replace("个", ""), 0)
        return _within(_back(today.replace(day=1), months), text[relative.end() :])
    match = _MONTH.search(text)
    if match is None or "个月" in text[match.start() : match.end() + 1]:
        return None
    year, month = _said_year(text, today), int(match[1] or match[2])
    if year is None:
        year = today.year if month <= today.month else today.year - 1
    return _within(date(year, month, 1), text[match.end() :])


def _within(first: date, rest: str) -> Days:
    """The month, its part or its day, as the words after it say."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if day := re.match(r"\s*(\d{1,2})[日号]?(?![\d月个])", rest):
        on = first.replace(day=int(day[1]))
        return Days(on, on)
    for word, start, end in _IN_MONTH:
        if rest.startswith((word, "月" + word)):
            return Days(first.replace(day=start), min(last, first.replace(day=min(end, last.day))), True)
    return Days(first, last)


def _day(text: str, today: date) -> Days | None:
    for word, shift in _DAYS.items():
        if word in text:
            day = today + timedelta(days=shift)
            return Days(day, day)
    return None


def _year(text: str, today: date) -> Days | None:
    year = _said_year(text, today)
    match = _ONLY_YEAR.fullmatch(text)
    if year is None and match and int(match[1]) <= (today.year + 1) % 100:
        year = 2000 + int(match[1])
    part = next(((months, word) for word, months in _PARTS.items() if word in text), None)
    if part is not None:
        (start, end), _ = part
        year = today.year if year is None else year
        last_year, last_month = (year, end) if end <= 12 else (year + 1, end - 12)
        return Days(date(year, start, 1), date(last_year, last_month, monthrange(last_year, last_month)[1]), True)
    return None if year is None else Days(date(year, 1, 1), date(year, 12, 31))


def _back(day: date, months: int) -> date:
    """The same day so many months before, or the month's last where it has none such."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_READERS: tuple[Callable[[str, date], Days | None], ...] = (_full, _ago, _lunar, _week, _month, _day, _year)
