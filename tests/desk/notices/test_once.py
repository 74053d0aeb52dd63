"""Nobody is told twice by platforms: a doubt waits for the platform's report, a locked database for its end, and only who
dies between sending and sent, unreported, leaves a notice to the next way; once."""

from __future__ import annotations

import pytest

from bot.clock import FixedClock
from bot.conversations import Conversation
from bot.desk.case_ports import Case
from bot.desk.cases.notifying import Told
from bot.desk.intake import take_in
from bot.desk.notices.ports import NO_REPORT, SMS, SUBSCRIPTION, UNCONFIRMED, Letter, Stage
from bot.desk.notices.sending import PATIENCE, STUCK, send_due, sweep_notices
from bot.desk.persisting import PAUSES
from bot.errors import Undeliverable
from bot.messages import Receipt
from tests.desk.notices.conftest import Hall
from tests.desk.notices.test_going import event
from tests.fakes.locked import lockable, without_pauses

DOUBT = Undeliverable("?", UNCONFIRMED)


async def on_the_way(hall: Hall, agreed: int = 1) -> tuple[Conversation, Case, Told]:
    """A notice of the mini program, or of no chat at all."""
    person = await hall.person()
    mini = await hall.mini(agreed, person)
    case = await hall.case(person)
    return mini, case, await hall.tell(case)


async def later(hall: Hall, clock: FixedClock) -> None:
    """What is due and what is stuck, after as long as a platform has to report."""
    clock.advance(seconds=STUCK.total_seconds() + 1)
    await sweep_notices(hall.desk)
    await hall.send()


def letters(hall: Hall) -> list[str]:
    return [letter.token for sender in hall.senders.values() for letter in sender.got]


async def test_what_was_not_answered_is_told_by_its_report(hall: Hall, clock: FixedClock) -> None:
    mini, case, told = await on_the_way(hall)
    hall.senders[SUBSCRIPTION].answers.append(DOUBT)
    await hall.send()
    assert (await hall.notice(told)).stage is Stage.SENDING
    await take_in(hall.desk, event(mini, receipts=(Receipt("id-7", ok=True),)))
    for _ in range(3):
        await later(hall, clock)
    kept = await hall.notice(told)
    assert (kept.stage, kept.route, kept.platform_id) == (Stage.TOLD, SUBSCRIPTION, "id-7")
    assert await hall.tried(case) == [(SUBSCRIPTION, "delivered", "")]
    assert len(letters(hall)) == 1


async def test_a_report_that_it_failed_sends_it_on(hall: Hall, clock: FixedClock) -> None:
    mini, _, told = await on_the_way(hall)
    hall.senders[SUBSCRIPTION].answers.append(DOUBT)
    await hall.send()
    await take_in(hall.desk, event(mini, receipts=(Receipt("id-7", ok=False, reason="43101"),)))
    await hall.send()
    assert ((await hall.notice(told)).route, len(hall.senders[SMS].got)) == (SMS, 1)


@pytest.mark.parametrize("fault", [DOUBT, ZeroDivisionError("a mistake of ours")])
async def test_neither_answered_nor_reported_it_goes_the_next_way_once(
    hall: Hall, clock: FixedClock, fault: Exception
) -> None:
    _, case, told = await on_the_way(hall)
    hall.senders[SUBSCRIPTION].answers.append(fault)
    await hall.send()
    clock.advance(seconds=STUCK.total_seconds() - 1)
    assert await sweep_notices(hall.desk) == 0, "its report may still come"
    for _ in range(3):
        await later(hall, clock)
    assert ((await hall.notice(told)).stage, (await hall.notice(told)).route) == (Stage.TOLD, SMS)
    tried = [one for one in await hall.tried(case) if one[1] != "passed"]
    assert tried == [(SUBSCRIPTION, UNCONFIRMED, NO_REPORT), (SMS, "sent", "")]
    assert len(letters(hall)) == 2


class Killed(BaseException):
    """The process ends here."""


async def killed_while_sending(hall: Hall, route: str) -> None:
    """The platform has it, and nobody is left to write that down."""
    sender = hall.senders[route]

    async def send(letter: Letter) -> str:
        sender.got.append(letter)
        raise Killed

    with pytest.raises(Killed):
        await send_due(hall.desk, {route: type("Dying", (), {"send": staticmethod(send)})()})


async def test_one_kill_is_at_most_one_repeat(hall: Hall, clock: FixedClock) -> None:
    _, _, told = await on_the_way(hall)
    await killed_while_sending(hall, SUBSCRIPTION)
    for _ in range(5):
        await later(hall, clock)
    assert ((await hall.notice(told)).stage, len(letters(hall))) == (Stage.TOLD, 2)


async def test_a_kill_that_was_reported_is_no_repeat(hall: Hall, clock: FixedClock) -> None:
    """The report reaches another gateway, or the next start."""
    mini, _, told = await on_the_way(hall)
    await killed_while_sending(hall, SUBSCRIPTION)
    await take_in(hall.desk, event(mini, receipts=(Receipt("id-7", ok=True),)))
    for _ in range(3):
        await later(hall, clock)
    assert ((await hall.notice(told)).stage, len(letters(hall))) == (Stage.TOLD, 1)


async def test_a_kill_while_a_text_message_left_is_asked_about_under_its_token(hall: Hall, clock: FixedClock) -> None:
    _, _, told = await on_the_way(hall, agreed=0)
    await killed_while_sending(hall, SMS)
    await later(hall, clock)
    assert (await hall.notice(told)).stage is Stage.TOLD
    first, second = hall.senders[SMS].got
    assert first.token == second.token, "the same token is no second message"
    assert not await hall.tasks((await on_the_way(hall, agreed=0))[1])


async def test_text_messages_that_stay_in_doubt_end_with_a_call(hall: Hall, clock: FixedClock) -> None:
    _, case, told = await on_the_way(hall, agreed=0)
    hall.senders[SMS].answers.extend([ZeroDivisionError("a mistake of ours")] * 100)
    for _ in range(int(PATIENCE / STUCK) + 2):
        await hall.send()
        await later(hall, clock)
    assert (await hall.notice(told)).stage is Stage.TASK
    assert len(await hall.tasks(case)) == 1
    assert len(set(letters(hall))) == 1


async def test_a_database_that_is_locked_for_a_moment_repeats_nothing(
    hall: Hall, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between sending and sent, where it used to be found stuck and sent once more."""
    without_pauses(monkeypatch)
    _, case, told = await on_the_way(hall)
    hall.desk, locked = lockable(hall.desk)
    sender = hall.senders[SUBSCRIPTION]
    answer = sender.send

    async def send(letter: Letter) -> str:
        locked.times = len(PAUSES)
        return await answer(letter)

    sender.send = send  # type: ignore[method-assign]
    await hall.send()
    assert locked.times == 0, "it was locked when the answer was to be written down"
    for _ in range(3):
        await later(hall, clock)
    assert ((await hall.notice(told)).stage, (await hall.notice(told)).route) == (Stage.TOLD, SUBSCRIPTION)
    assert await hall.tried(case) == [(SUBSCRIPTION, "sent", "")]
    assert len(letters(hall)) == 1
