"""How waits went: every number is the length of its list, and what belongs to a later stay is not counted for an earlier."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.handoff import holding
from bot.desk.intake import take_in
from bot.desk.supervising import figures
from bot.errors import BadInput
from tests.desk.conftest import message
from tests.desk.handoff.conftest import officer, queued
from tests.desk.supervising.conftest import DISTRICT, supervisor
from tests.desk.supervising.test_escalating import later, waits_in


async def test_a_stay_and_what_came_of_it(office: Desk) -> None:
    boss, chen = await supervisor(office, "boss", "000000"), await officer(office)
    first = await queued(office, "o-1")
    later(office, minutes=5)
    await holding.claim(office, chen, first.id)
    later(office, minutes=2)
    await holding.reply(office, chen, first.id, "您好")
    later(office, minutes=30)
    await holding.close(office, chen, first.id, "solved")
    await take_in(office, message("帮了一点", "o-1"))
    missed = await queued(office, "o-2")
    made = await figures.figures(office, boss, 7)
    assert {one.conversation for one in made.chosen("came", "")} == {first.id, missed.id}
    assert [one.conversation for one in made.chosen("missed", "")] == [missed.id]
    (done,) = made.chosen("done", "")
    assert (done.taken_by, done.outcome, done.score) == (chen.id, "solved", 2)
    assert [made.score(score) for score in (3, 2, 1, figures.SILENT)] == [0, 1, 0, 0]
    assert made.chosen("score", "2") == [done]
    assert (made.minutes("first", ""), made.minutes("done", "")) == ([7], [37])
    today = made.buckets[-1].key
    assert len(made.chosen("came", today)) == 2
    assert made.chosen("came", made.buckets[0].key) == []


async def test_a_later_stay_is_its_own(office: Desk) -> None:
    boss, chen = await supervisor(office, "boss", "000000"), await officer(office)
    talk = await queued(office)
    later(office, minutes=5)
    async with office.store.writing() as work:
        await work.conversations.move(talk.id, Holder.BOT, "resident", "cancelled", office.clock.now())
        await work.commit()
    later(office, minutes=60)
    await queued(office)
    later(office, minutes=3)
    await holding.claim(office, chen, talk.id)
    await holding.reply(office, chen, talk.id, "您好")
    await holding.close(office, chen, talk.id, "answered")
    made = await figures.figures(office, boss, 7)
    second, first = made.now
    assert (first.taken_at, first.replied_at, first.closed_at, first.outcome) == (None, None, None, "")
    assert second.taken_at is not None
    assert made.minutes("first", "") == [3]


async def test_only_of_ones_places_and_nothing_about_oneself(office: Desk) -> None:
    boss = await supervisor(office, "boss", DISTRICT)
    await waits_in(office, "440305", "o-far")
    near = await waits_in(office, DISTRICT, "o-near")
    async with office.store.writing() as work:
        # The place stands in the move: it is known from the next stay on.
        for one in (near,):
            await work.conversations.move(one.id, Holder.BOT, "x", "x", office.clock.now())
            await work.conversations.move(one.id, Holder.QUEUED, "x", f"complaint:{boss.id}", office.clock.now())
        await work.commit()
    made = await figures.figures(office, boss, 30)
    assert all(one.reason != f"complaint:{boss.id}" for one in made.now)
    assert {code for code, _ in made.places()} <= {DISTRICT, figures.NO_PLACE}


async def test_the_numbers_add_up_over_spans(office: Desk) -> None:
    boss = await supervisor(office, "boss", "000000")
    for number, days in enumerate((0, 3, 5, 20, 60)):
        later(office, days=days - (0, 0, 3, 5, 20)[number] if number else 0)
        await queued(office, f"o-{number}")
    for span in figures.SPANS:
        made = await figures.figures(office, boss, span)
        assert sum(len(made.chosen("came", one.key)) for one in made.buckets) == len(made.now)
        assert sum(number for _, number in made.reasons()) == len(made.now)
        for code, number in made.reasons():
            assert len(made.chosen("reason", code)) == number
        for code, number in made.places():
            assert len(made.chosen("place", code)) == number
        assert made.buckets[-1].last >= office.today() - timedelta(days=0)


async def test_numbers_and_spans_nobody_offers_are_refused(office: Desk) -> None:
    boss = await supervisor(office, "boss", "000000")
    with pytest.raises(BadInput):
        await figures.figures(office, boss, 8)
    made = await figures.figures(office, boss, 7)
    with pytest.raises(BadInput):
        made.chosen("salary", "")


@given(st.lists(st.floats(0, 10**6), max_size=50))
def test_nine_of_ten_took_no_longer(minutes: list[float]) -> None:
    minutes.sort()
    half, most = figures.middle(minutes), figures.nine_of_ten(minutes)
    assert (half is None) == (most is None) == (not minutes)
    if half is not None and most is not None:
        assert half <= most * (1 + 1e-9) + 1e-9
        assert sum(one <= most * (1 + 1e-9) for one in minutes) >= 0.9 * len(minutes) - 1


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0.2, "1 分钟"), (59.4, "59 分钟"), (60, "1 小时"), (125, "2 小时 5 分"), (700, "11 小时"), (4000, "3 天")],
)
def test_spans_in_words(minutes: float, said: str) -> None:
    assert figures.long(minutes) == said
