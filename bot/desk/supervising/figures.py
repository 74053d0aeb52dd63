"""How waits for a person went: how many came and were taken, how long until the first words and until it was done, why and
where from. Every number is the length of a list, and the list is found again by the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median, quantiles

from bot.clock import SHANGHAI
from bot.desk.cases.naming import place_name
from bot.desk.desk import Desk
from bot.desk.handoff.queue import why
from bot.desk.handoff.theirs import COMPLAINT
from bot.desk.supervising_ports import Episode
from bot.errors import BadInput
from bot.staff import Staff

SPANS: Mapping[int, str] = {7: "近7天", 30: "近30天", 91: "近13周"}
"""Days looked back; the last is shown week by week."""
MOST = 20_000
"""Stays read; more, and the page says that it counts the newest."""
NO_PLACE = "none"
SILENT = 0
"""The score of those who said nothing to how it ended."""

Test = Callable[[Episode, str], bool]


@dataclass(frozen=True, slots=True)
class Bucket:
    """A day, or a week."""

    first: date
    last: date

    @property
    def key(self) -> str:
        return self.first.isoformat()

    @property
    def name(self) -> str:
        return f"{self.first.month}-{self.first.day}"

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.first <= moment.astimezone(SHANGHAI).date() <= self.last


@dataclass(frozen=True, slots=True)
class Figures:
    span: int
    buckets: Sequence[Bucket]
    now: Sequence[Episode]
    """Of this span."""
    before: Sequence[Episode]
    """Of the one before it, as long."""
    partial: bool

    def chosen(self, what: str, value: str) -> list[Episode]:
        """The list behind one number. Raises BadInput for a number nobody shows."""
        test = self._test(what)
        return [one for one in self.now if test(one, value)]

    def _test(self, what: str) -> Test:
        tests: Mapping[str, Test] = {
            "came": lambda one, value: self._in(value, one.queued_at),
            "taken": lambda one, value: self._in(value, one.queued_at) and one.taken_at is not None,
            "missed": lambda one, value: self._in(value, one.queued_at) and one.taken_at is None,
            "first": lambda one, value: self._in(value, one.queued_at) and one.replied_at is not None,
            "done": lambda one, value: self._in(value, one.queued_at) and one.closed_at is not None,
            "reason": lambda one, value: reason_of(one) == value,
            "place": lambda one, value: (one.region or NO_PLACE) == value,
            "score": lambda one, value: one.closed_at is not None and str(one.score or SILENT) == value,
        }
        if what not in tests:
            raise BadInput("没有这个数字，请从图表里点开。")
        return tests[what]

    def _in(self, key: str, moment: datetime | None) -> bool:
        """`key`: the first day of a bucket, or empty for the whole span."""
        if not key:
            return True
        return any(bucket.key == key and bucket.holds(moment) for bucket in self.buckets)

    def minutes(self, what: str, key: str) -> list[float]:
        """How long each of a list took: until the first words (`first`), or until it was done (`done`)."""
        ends = [(one, one.replied_at if what == "first" else one.closed_at) for one in self.chosen(what, key)]
        return sorted((end - one.queued_at).total_seconds() / 60 for one, end in ends if end)

    def reasons(self) -> list[tuple[str, int]]:
        return Counter(reason_of(one) for one in self.now).most_common()

    def score(self, score: int) -> int:
        """How many of those that were closed got this score."""
        return len(self.chosen("score", str(score)))

    def places(self) -> list[tuple[str, int]]:
        return Counter(one.region or NO_PLACE for one in self.now).most_common()


async def figures(desk: Desk, staff: Staff, span: int) -> Figures:
    """Of the places somebody works for; what is complained of about them is not theirs to count. Raises BadInput for a span
    nobody offers."""
    if span not in SPANS:
        raise BadInput("没有这个时间段，请从列表里选。")
    today = desk.today()
    first = today - timedelta(days=span - 1)
    step = 7 if span > 31 else 1
    buckets = [
        Bucket(day, day + timedelta(days=step - 1)) for day in (first + timedelta(days=n) for n in range(0, span, step))
    ]
    since, until = (_start(day) for day in (first - timedelta(days=span), today + timedelta(days=1)))
    async with desk.store.reading() as work:
        found = await work.supervising.episodes(staff.regions, since, until, MOST)
    mine = [one for one in found if one.reason != COMPLAINT + staff.id]
    begin = _start(first)
    now = [one for one in mine if one.queued_at >= begin]
    return Figures(span, buckets, now, [one for one in mine if one.queued_at < begin], len(found) >= MOST)


def reason_of(one: Episode) -> str:
    """Without whom a complaint is about, and without which danger."""
    return one.reason.partition(":")[0] or "asked"


def reason_name(reason: str) -> str:
    return "有危险的话" if reason == "distress" else why(reason)


def place_called(desk: Desk, code: str) -> str:
    return "地区还不知道" if code == NO_PLACE else place_name(desk, code) or code


def middle(minutes: Sequence[float]) -> float | None:
    return median(minutes) if minutes else None


def nine_of_ten(minutes: Sequence[float]) -> float | None:
    """Nine of ten took no longer."""
    if len(minutes) < 2:
        return minutes[0] if minutes else None
    return quantiles(minutes, n=10, method="inclusive")[-1]


def long(minutes: float) -> str:
    """In words: 6 分钟, 2 小时 5 分, 3 天."""
    whole = max(1, round(minutes))
    if whole < 60:
        return f"{whole} 分钟"
    hours, rest = divmod(whole, 60)
    if hours < 48:
        return f"{hours} 小时" + (f" {rest} 分" if rest and hours < 10 else "")
    return f"{round(hours / 24)} 天"


def _start(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), SHANGHAI)
