"""Where a resident can turn who does not agree, until when, and a draft of the letter. Pure: days in, words' marks out.

Days: 行政复议法 第20条 (60 days from knowing, a year at most where nobody told of the right), 第23条 and 行政复议法实施条例
第24、30条 (no answer in time: review comes before the court), 行政诉讼法 第46条 (six months). Address: 行政复议法 第24条, the
government of the county. 行政复议法 第22、87条: free, and by word of mouth where writing is hard. A last day that falls on
a holiday is not moved: earlier is safe, and how the courts count is for a lawyer to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

REVIEW_DAYS = 60
COURT_MONTHS = 6
NO_TERM_DAYS = 60
"""Where no term is set, an authority that says nothing is late after this (行政复议法实施条例 第24条)."""


class Against(StrEnum):
    REFUSED = "refused"
    NOT_ACCEPTED = "not_accepted"
    NO_ANSWER = "no_answer"
    REDUCED = "reduced"
    CHECK = "check"
    AMOUNT = "amount"
    UNPAID = "unpaid"
    STAFF = "staff"


WORDS = {
    Against.REFUSED: "不给予社会救助的决定",
    Against.NOT_ACCEPTED: "不受理我的社会救助申请",
    Against.NO_ANSWER: "收到我的社会救助申请后一直没有答复",
    Against.REDUCED: "减发或者停发社会救助的决定",
    Against.CHECK: "家庭经济状况核对的结果",
    Against.AMOUNT: "确定的救助金额",
    Against.UNPAID: "没有按时发放社会救助金",
    Against.STAFF: "工作人员的做法",
}


@dataclass(frozen=True, slots=True)
class Ways:
    """What is open to somebody. Days are the last ones to be safe; None: no day is set, or it cannot be told yet."""

    route: str
    """review, late, recheck, payment, complaint: which fixed words explain it."""
    review_from: date | None = None
    """The first day on which a review may be asked for, where the office is only late."""
    review_until: date | None = None
    court_until: date | None = None
    passed: bool = False
    """The 60 days seem to be over; where nobody told of the right it may still be a year."""
    letter: bool = False


def ways(against: Against, today: date, told: date | None = None, due: date | None = None) -> Ways:
    """`told`: the day the decision was learnt of (the earliest it can have been), or the application handed in where
    nobody answered. `due`: the statutory last day of the office's answer, if one is known."""
    if against is Against.CHECK:
        return Ways("recheck")
    if against is Against.STAFF:
        return Ways("complaint")
    if against is Against.UNPAID:
        return Ways("payment", letter=True)
    if against is Against.NO_ANSWER:
        late = due or (told + timedelta(days=NO_TERM_DAYS) if told else None)
        if late is None:
            return Ways("late", letter=True)
        begins = late + timedelta(days=1)
        until = late + timedelta(days=REVIEW_DAYS)
        return Ways("late", begins, until, passed=today > until, letter=today >= begins)
    if told is None:
        return Ways("review", letter=True)
    until = told + timedelta(days=REVIEW_DAYS)
    return Ways("review", None, until, _months_later(told, COURT_MONTHS), passed=today > until, letter=True)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def letter(against: Against, government: str, told: date | None, programme: str, number: str, wants: str) -> str:
    """A draft to copy out and sign. What identifies people stays blank: it is filled in by hand."""
    lines = [
        "行政复议申请书（草稿）",
        "",
        "申请人：________ 身份证号：________",
        "住址：________ 电话：________",
        "被申请人：________（照通知上的单位写）",
        "",
        "请求：请依法审查下面说的事，并责令改正。",
        "",
        "事实和理由：",
        f"我申请的是{programme or '社会救助'}" + (f"，回执号{number}。" if number else "。"),
        _fact(against, told),
        wants.strip(),
        "",
        f"此致\n{government}",
        "",
        "申请人签名：________",
        "日期：____年__月__日",
        "附：通知复印件、证明材料",
    ]
    return "\n".join(lines)


def _fact(against: Against, told: date | None) -> str:
    if against is Against.NO_ANSWER:
        return f"我于{_day(told)}提出申请，至今没有收到答复。" if told else "我提出申请以后，至今没有收到答复。"
    known = f"我于{_day(told)}知道" if told else "我不服"
    return f"{known}{WORDS[against]}，对此不服。" if told else f"{known}{WORDS[against]}。"


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
