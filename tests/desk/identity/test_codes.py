"""Going on elsewhere: by a code that opens once, and only after the first chat said that it was they."""

from __future__ import annotations

import asyncio

import pytest

from bot import codes as eight
from bot.clock import FixedClock
from bot.conversations import Conversation
from bot.desk.cases.lookup import TRIES, misses_of_the_hour
from bot.desk.desk import Desk
from bot.desk.identity import codes
from bot.desk.identity_ports import Passing
from bot.desk.intake import take_in
from tests.desk.conftest import message
from tests.desk.filling.talk import APPLY
from tests.desk.identity.conftest import Chat

WRONG = "没查到"


async def test_a_form_begun_in_the_app_is_finished_on_wechat(app: Chat, wechat: Chat) -> None:
    draft = await app.draft()
    code = await app.code()
    assert "骗子" in await app.last()
    assert "点“是我”" in await wechat.say(f"接续码 {code}")
    assert await wechat.person() == "", "nothing is opened before the first chat said so"
    assert "微信" in await app.last()
    assert "接着办" in await app.answer("是我")
    assert await wechat.person() == await app.person() != ""
    assert "接上了" in await wechat.last()
    assert "几口人" in await wechat.answer("接着填")
    moved = await wechat.draft()
    assert (moved.id, moved.conversation, moved.sheet.asked) == (draft.id, wechat.conversation, "household_size")
    assert moved.sheet.answers == draft.sheet.answers
    assert await wechat.say("三口人")
    assert (await wechat.draft()).sheet.answers["household_size"].value == 3


async def test_a_draft_of_a_month_ago_goes_on(app: Chat, wechat: Chat, clock: FixedClock) -> None:
    clock.advance(days=29)
    await wechat.say(await app.code("换到微信"))
    await app.answer("是我")
    assert "几口人" in await wechat.answer("接着填")


async def test_not_me_gives_nothing_and_says_so_on_both_sides(app: Chat, wechat: Chat) -> None:
    code = await app.code()
    await wechat.say(f"接续码{code}")
    assert "110" in await app.answer("不是我")
    assert "没有接上" in await wechat.last()
    assert await wechat.person() == ""
    assert WRONG in await wechat.say(f"接续码{code}")


@pytest.mark.parametrize("yes", ["是我", "是的", "对，是我发的", "1"])
async def test_yes_is_heard_in_words_and_by_number(app: Chat, wechat: Chat, yes: str) -> None:
    await wechat.say(f"接续码{await app.code()}")
    assert "接着办" in await app.say(yes)
    assert await wechat.person() == await app.person()


async def test_wrong_used_and_expired_get_the_same_words(app: Chat, wechat: Chat, clock: FixedClock) -> None:
    code = await app.code()
    never = await wechat.say("接续码 00000001")
    await wechat.say(f"接续码{code}")
    used = await Chat(wechat.desk, "o-2").say(f"接续码{code}")
    old = await app.code()
    clock.advance(seconds=codes.KEPT.total_seconds() + 1)
    expired = await wechat.say(f"接续码{old}")
    assert WRONG in never
    assert never == used == expired


async def test_a_newer_code_ends_the_one_before_it(app: Chat, wechat: Chat) -> None:
    first, second = await app.code(), await app.code()
    assert WRONG in await wechat.say(f"接续码{first}")
    assert "点“是我”" in await wechat.say(f"接续码{second}")


async def test_the_first_chat_answers_in_time_or_not_at_all(app: Chat, wechat: Chat, clock: FixedClock) -> None:
    await wechat.say(f"接续码{await app.code()}")
    clock.advance(seconds=codes.KEPT.total_seconds() + 1)
    assert "时间过了" in await app.answer("是我")
    assert await wechat.person() == ""


async def test_yes_said_twice_binds_once(app: Chat, wechat: Chat) -> None:
    await wechat.say(f"接续码{await app.code()}")
    asked = (await app.lines())[-1]
    await app.answer("是我")
    assert "时间过了" in await app.say("是我", choice=f"{asked.seq}-1")
    async with app.desk.store.reading() as work:
        assert len(await work.people.conversations(await app.person())) == 2


async def test_guesses_are_counted_and_then_nothing_is_looked_up(app: Chat, wechat: Chat, clock: FixedClock) -> None:
    code = await app.code()
    for number in range(TRIES):
        await wechat.say(f"接续码 0000 000{number}" if number % 2 else f"0000000{number}")
    assert WRONG in await wechat.say(f"接续码{code}"), "right, and too late"
    async with app.desk.store.reading() as work:
        assert await misses_of_the_hour(app.desk, work) == TRIES
    other = Chat(wechat.desk, "o-2")
    assert "点“是我”" in await other.say(f"接续码{code}"), "who did not guess is not stopped"
    clock.advance(minutes=16)
    assert "点“是我”" in await wechat.say(f"接续码{await app.code()}")


async def test_very_many_guesses_of_everybody_stop_all_for_an_hour(app: Chat, wechat: Chat, clock: FixedClock) -> None:
    async with app.desk.store.writing() as work:
        for _ in range(codes.MOST_AN_HOUR):
            await work.cases.tried("continue:everybody", app.desk.clock.now())
        await work.commit()
    assert WRONG in await wechat.say(f"接续码{await app.code()}")
    clock.advance(minutes=61)
    assert "点“是我”" in await wechat.say(f"接续码{await app.code()}")


async def test_bare_digits_that_open_nothing_mean_something_else(app: Chat, wechat: Chat) -> None:
    await wechat.say("48217391")
    assert [turn.text for turn in wechat.acts.asked] == ["48217391"]
    await wechat.say(APPLY)
    await wechat.until("me#1")
    await wechat.say(await app.code())
    assert len(await wechat.lines()) > 1
    assert not [row for row in await app.lines() if row.about.get("reason") == codes.USED], "the form's own answer"


async def test_the_chat_that_said_it_cannot_use_it(app: Chat) -> None:
    assert "另一个地方" in await app.say(f"接续码{await app.code()}")


async def test_a_chat_that_speaks_for_somebody_else_is_not_taken_over(app: Chat, wechat: Chat) -> None:
    await wechat.say(APPLY)
    theirs = await wechat.person()
    code = await app.code()
    assert "别人的事" in await wechat.say(f"接续码{code}")
    assert await wechat.person() == theirs
    assert "点“是我”" in await Chat(wechat.desk, "o-2").say(f"接续码{code}"), "and it was not used up"


async def test_two_chats_of_one_person_need_no_code(app: Chat, wechat: Chat) -> None:
    await wechat.say(f"接续码{await app.code()}")
    await app.answer("是我")
    assert "已经接上" in await wechat.say(f"接续码{await app.code()}")


async def test_a_person_is_never_carried_to_weibo(app: Chat, desk: Desk) -> None:
    weibo = Chat(desk, "w-1", "weibo")
    code = await app.code("换到微博")
    assert "别人可能看得到" in await weibo.say(f"接续码{code}")
    assert await weibo.person() == ""


async def test_from_weibo_goes_the_wish_and_nobody(desk: Desk, wechat: Chat) -> None:
    weibo = Chat(desk, "w-1", "weibo")
    code = await weibo.code(APPLY)
    assert "接上了" in await wechat.say(f"接续码 {code}")
    assert await wechat.person() == ""
    assert len(await weibo.lines()) == 1
    assert "同意" in await wechat.answer("就在这里申请")


async def test_where_nothing_was_asked_there_is_nothing_to_go_on_with(wechat: Chat) -> None:
    assert "还没有要接着办的事" in await wechat.say("换个手机")


async def test_an_erased_person_is_carried_nowhere(app: Chat, wechat: Chat) -> None:
    person, code = await app.person(), await app.code()
    async with app.desk.store.writing() as work:
        await work.people.erase(person, "r", app.desk.clock.now())
        await work.commit()
    assert WRONG in await wechat.say(f"接续码{code}")


async def test_who_was_unbound_meanwhile_gives_nothing(app: Chat, wechat: Chat) -> None:
    await wechat.say(f"接续码{await app.code()}")
    async with app.desk.store.writing() as work:
        await work.people.unbind(app.conversation, app.desk.clock.now())
        await work.commit()
    await app.answer("是我")
    assert await wechat.person() == ""


async def test_a_code_opens_once_whoever_is_fastest(app: Chat, desk: Desk) -> None:
    for _ in range(5):
        code = await app.code()
        talks = [message(f"接续码 {code}", f"o-race-{number}-{code}") for number in range(6)]
        await asyncio.gather(*(take_in(desk, one) for one in talks))
        async with desk.store.reading() as work:
            here = [await work.conversations.by_sender("wechat", "gh_1", one.sender) for one in talks]
            said = [await _last(work, one) for one in here]
            claimed = await work.continuations.claimed(app.conversation, desk.clock.now())
        assert sorted("点“是我”" in one for one in said) == [False] * 5 + [True]
        assert claimed is not None
        assert claimed.state is Passing.CLAIMED


async def _last(work: object, talk: Conversation | None) -> str:
    assert talk is not None
    rows = await work.messages.history(talk.id, 5)  # type: ignore[attr-defined]
    return str(rows[-1].text)


def test_codes_are_eight_digits_that_are_no_date() -> None:
    made = [eight.new() for _ in range(3000)]
    assert all(len(one) == 8 and one.isdigit() and one[:2] not in ("19", "20") for one in made)
    assert len(set(made)) > 2990


async def test_no_code_is_written_to_a_log(app: Chat, wechat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    code = await app.code()
    await wechat.say(f"接续码{code}")
    assert code not in caplog.text
    assert eight.show(code) not in caplog.text
