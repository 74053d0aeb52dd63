"""Whatever platforms do: a notice ends once, each way is taken once, and no phone rings at night."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI, FixedClock
from bot.desk.intake import take_in
from bot.desk.notices.ports import ORDER, REFUSED, SMS, UNCONFIRMED, Kept, Stage
from bot.desk.notices.rules import Quiet, Rules, read_quiet
from bot.desk.notices.sending import sweep_notices
from bot.desk.outbox import deliver_once
from bot.errors import BadInput, QuotaSpent, TryAgain, Undeliverable
from bot.messages import Receipt
from tests.desk.notices.conftest import ROUTES, Hall
from tests.desk.notices.test_going import event
from tests.desk.test_outbox import Post

FAULTS = (
    "",
    "",
    Undeliverable("no", REFUSED),
    Undeliverable("?", UNCONFIRMED),
    TryAgain("away"),
    ZeroDivisionError("a mistake of ours"),
)
hours = st.integers(0, 23)
moments = st.integers(0, 366 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(hours, hours, moments)
def test_quiet_hours_end_at_their_hour_and_hold_nothing_else(start: int, end: int, moment: datetime) -> None:
    if start == end:
        with pytest.raises(BadInput):
            read_quiet(f"{start}-{end}")
        return
    quiet = read_quiet(f"{start}-{end}")
    assert quiet is not None
    earliest = Rules(quiet=quiet).earliest(moment)
    assert not quiet.holds(earliest)
    assert timedelta() <= earliest - moment < timedelta(days=1)
    if earliest != moment:
        assert earliest.astimezone(SHANGHAI).time() == time(end)
        assert quiet.holds(moment)


def test_no_quiet_hours() -> None:
    assert read_quiet("off") is None


@pytest.mark.parametrize("wrong", ["", "22", "22-24", "22:00-7:00", "on"])
def test_quiet_hours_that_are_none_are_refused(wrong: str) -> None:
    with pytest.raises(BadInput, match="22-7"):
        read_quiet(wrong)


@pytest.mark.parametrize("seed", range(12))
async def test_every_notice_ends_in_exactly_one_of_told_and_task(hall: Hall, clock: FixedClock, seed: int) -> None:
    dice = random.Random(seed)
    routes = tuple(route for route in ROUTES if dice.random() < 0.8)
    hall.desk = replace(hall.desk, notices=Rules(routes, Quiet(time(22), time(7)) if dice.random() < 0.5 else None))
    talk = await hall.chat(open_for=dice.choice([0, 0, 172_800, 3600]))
    person = await hall.person(talk, phone=dice.choice(["13800008765", ""]))
    mini = await hall.mini(dice.randint(0, 2), person)
    case = await hall.case(person, talk)
    for sender in hall.senders.values():
        sender.answers.extend(dice.choices(FAULTS, k=6))
    for answers in hall.senders.values():
        answers.answers = type(answers.answers)(one or "taken" for one in answers.answers)
    for _ in range(2):
        await hall.tell(case)
    for _ in range(40):
        await asyncio.gather(hall.send(), hall.send())
        post = Post(dice.choice(["", QuotaSpent("45047", "quota"), Undeliverable("43004", "gone")]))
        await deliver_once(hall.desk, {"wechat": post})
        if dice.random() < 0.3:
            report = Receipt("taken", ok=dice.random() < 0.5, reason="user block")
            await take_in(hall.desk, event(dice.choice([mini, talk]), receipts=(report,)))
        clock.advance(seconds=dice.choice([5, 200, 7200]))
        await sweep_notices(hall.desk)
    async with hall.desk.store.reading() as work:
        tries = await work.notices.tries(case.id)
        ends = [await work.notices.get(notice) for notice in sorted({one.notice for one in tries})]
    assert len(ends) == 2
    tasks = await hall.tasks(case)
    assert {end.stage for end in ends} <= {Stage.TOLD, Stage.TASK}
    assert sorted(end.task for end in ends if end.stage is Stage.TASK) == sorted(task.id for task in tasks)
    for end in ends:
        _each_way_once(end, [one.route for one in tries if one.notice == end.id and one.outcome in _ENDED])


_ENDED = ("passed", "refused", "later", "unconfirmed", "undelivered", "call")


def _each_way_once(end: Kept, left: list[str]) -> None:
    """A way that was left is never taken again, and they are left in order."""
    assert len(left) == len(set(left)), left
    assert left == sorted(left, key=ORDER.index)
    assert end.stage is Stage.TASK or end.route not in left


async def test_two_gateways_send_a_notice_once(hall: Hall) -> None:
    case = await hall.case(await hall.person())
    for _ in range(5):
        await hall.tell(case)
    await asyncio.gather(*(hall.send() for _ in range(4)))
    tokens = [letter.token for letter in hall.senders[SMS].got]
    assert len(tokens) == len(set(tokens)) == 5
