"""What people asked, in the store: kept sealed, grouped, counted by place and by what came next, forgotten with the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.asking import Ended
from bot.conversations import Conversation
from bot.desk.asking_ports import DISLIKED, FAILED, UNHELPED, UNRESOLVED, Asked, Decision, Run, Wanted
from bot.desk.ports import Store
from bot.errors import BadInput
from tests.store.conftest import NOW, after, opened, took, wrote

DAY = date(2026, 11, 25)
ALL = Wanted(("000000",), DAY - timedelta(days=30), DAY)


async def asked(
    store: Store, talk: Conversation, seconds: float = 0, how: Ended = Ended.DECLINED, **more: Any
) -> Asked:
    taken = await took(store, wrote(more.get("words", "低保怎么申请"), sender=talk.sender), after(seconds))
    given: dict[str, Any] = {
        "region": "420111",
        "reason": "no_content",
        "entry": "",
        "programme": "dibao",
        "score": 0.5,
        "words": "低保怎么申请",
        "team": "t1",
    }
    one = Asked(taken.message.id, talk.id, channel="wechat", outcome=how, at=after(seconds), **(given | more))
    async with store.writing() as work:
        await work.questions.add(one)
        await work.commit()
    return one


async def test_a_question_is_read_as_it_was_kept(store: Store) -> None:
    one = await asked(store, await opened(store))
    async with store.reading() as work:
        assert await work.questions.get(one.id) == one
        assert await work.questions.list(ALL, 10) == [one]
        with pytest.raises(BadInput, match="已经删除"):
            await work.questions.get("gone")


async def test_nobody_reads_beyond_their_places(store: Store) -> None:
    talk = await opened(store)
    here = await asked(store, talk)
    there = await asked(store, talk, 1, region="440305")
    nowhere = await asked(store, talk, 2, region="")
    async with store.reading() as work:

        async def ids(**more: Any) -> list[str]:
            return [one.id for one in await work.questions.list(replace(ALL, **more), 10)]

        assert await ids(regions=("420100",)) == [nowhere.id, here.id]
        assert await ids(regions=("440000",)) == [nowhere.id, there.id]
        assert await ids(regions=()) == [nowhere.id]
        assert await ids(place="440305") == [there.id]
        assert await ids(regions=("420100",), place="440305") == []
        assert await ids(since=DAY + timedelta(days=1), until=DAY + timedelta(days=2)) == []


async def test_what_came_next_says_whether_it_helped(store: Store) -> None:
    """Each of these in a talk of its own: the answer, and what followed within ten minutes, or later."""
    answered = {"how": Ended.ANSWERED, "reason": "", "entry": "dibao-apply"}

    async def then(sender: str, seconds: float, **what: Any) -> str:
        talk = await opened(store, sender)
        first = await asked(store, talk, 0, **answered)
        if what:
            await asked(store, talk, seconds, **what)
        return first.id

    disliked = await then("o-1", 60, how=Ended.DISLIKED, words="")
    person = await then("o-2", 600, how=Ended.PERSON, words="")
    again = await then("o-3", 60, **answered)
    unclear = await then("o-4", 60, how=Ended.CLARIFIED, reason="unclear")
    await then("o-5", 601, how=Ended.PERSON, words="")
    await then("o-6", 60, how=Ended.ANSWERED, reason="", entry="dibao-papers")
    await then("o-7", 0)
    async with store.reading() as work:
        found = {one.id for one in await work.questions.list(replace(ALL, outcome=UNRESOLVED), 50)}
        assert found == {disliked, person, again, unclear}
        assert [one.id for one in await work.questions.list(replace(ALL, outcome=DISLIKED), 50)] == [disliked]
        use, other = await work.questions.uses(ALL)
        assert (use.entry, use.given, use.unresolved, use.disliked, use.people) == ("dibao-apply", 8, 4, 1, 7)
        assert (other.entry, other.given, other.unresolved) == ("dibao-papers", 1, 0)


async def test_a_question_asked_back_fails_only_if_nothing_followed(store: Store) -> None:
    unclear = {"how": Ended.CLARIFIED, "reason": "unclear"}
    solved, left = await opened(store, "o-1"), await opened(store, "o-2")
    await asked(store, solved, 0, **unclear)
    await asked(store, solved, 30, Ended.ANSWERED, reason="", entry="dibao-apply")
    open_ = await asked(store, left, 0, **unclear)
    await asked(store, left, 5, Ended.CLARIFIED, reason="ask_place")
    await asked(store, left, 7, Ended.DECLINED, reason="off_topic")
    declined = await asked(store, left, 9)
    async with store.reading() as work:
        for outcome in (FAILED, UNHELPED):
            found = [one.id for one in await work.questions.list(replace(ALL, outcome=outcome), 50)]
            assert found == [declined.id, open_.id]


async def test_groups_are_counted_by_people_and_places(store: Store) -> None:
    for number in range(3):
        talk = await opened(store, f"o-{number}")
        await asked(store, talk, number, region=f"42011{number % 2 + 1}", team="big", words=f"问法{number % 2}")
        await asked(store, talk, number + 10, Ended.ANSWERED, reason="", entry="e", team="big")
    await asked(store, await opened(store, "o-0"), 100, team="small", words="别的")
    await asked(store, await opened(store, "o-0"), 101, team="", words="新的")
    async with store.reading() as work:
        big, small = await work.questions.teams(replace(ALL, outcome=UNHELPED), 10)
        assert (big.id, big.asked, big.failed, big.disliked, big.people) == ("big", 6, 3, 0, 3)
        assert (small.id, small.asked, small.people, small.first) == ("small", 1, 1, "2026-11-25")
        places = await work.questions.count(replace(ALL, team="big", outcome=FAILED), "region")
        assert [(one.key, one.number, one.people) for one in places] == [(("420111",), 2, 2), (("420112",), 1, 1)]
        weeks = await work.questions.count(replace(ALL, outcome=FAILED), "team", "week")
        assert [one.key for one in weeks] == [("", "2026-11-23"), ("big", "2026-11-23"), ("small", "2026-11-23")]
        examples = await work.questions.examples(replace(ALL, outcome=FAILED), ["big", "small"], 5)
        assert examples == {"big": ["问法0", "问法1"], "small": ["别的"]}
        assert await work.questions.ungrouped() == 1


async def test_vectors_are_kept_for_questions_that_are_there(store: Store) -> None:
    talk = await opened(store)
    one, tap = await asked(store, talk), await asked(store, talk, 1, Ended.ANSWERED, words="", entry="e")
    async with store.writing() as work:
        assert list(await work.questions.unencoded("use", DAY, 10)) == [one.id]
        await work.questions.keep_vectors("use", {one.id: b"\x01\x02", "gone": b"\x03"})
        await work.questions.keep_vectors("use", {one.id: b"\x01\x02"})
        await work.questions.set_teams([(one.id, "t9", 3)])
        await work.questions.ran(Run(NOW, 1, 1))
        await work.commit()
    async with store.reading() as work:
        assert await work.questions.unencoded("use", DAY, 10) == {}
        assert list(await work.questions.unencoded("other", DAY, 10)) == [one.id]
        (row,) = await work.questions.to_group("use", DAY, "", 10)
        assert (row.id, row.vector, row.team, row.words) == (one.id, b"\x01\x02", "t9", one.words)
        assert await work.questions.to_group("use", DAY, one.id, 10) == []
        assert (await work.questions.get(tap.id)).words == ""
        assert await work.questions.last_run() == Run(NOW, 1, 1)


async def test_a_wording_is_judged_once_for_an_answer(store: Store) -> None:
    async with store.writing() as work:
        assert await work.questions.judge("t1", "a", "低保咋办？", False, "", "ed", NOW)
        assert not await work.questions.judge("t2", "a", "低保咋办", True, "p", "eve", NOW)
        assert await work.questions.judge("t1", "b", "低保咋办", True, "p", "ed", NOW)
        await work.questions.decide(Decision("t1", "draft", "p1", "ed", NOW))
        await work.questions.decide(Decision("t1", "dropped", "", "eve", after(5)))
        await work.commit()
    async with store.reading() as work:
        assert await work.questions.judged("a", ["低保咋办", "别的"]) == {"低保咋办"}
        assert await work.questions.judged("c", ["低保咋办"]) == set()
        assert await work.questions.refused(["t1", "t2"]) == {"t1": {"a"}}
        assert await work.questions.decisions(["t1"]) == [Decision("t1", "dropped", "", "eve", after(5))]
        assert await work.questions.decisions() == await work.questions.decisions(["t1"])


async def test_what_officers_hand_on_is_settled_once(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        one = await work.questions.propose(talk.id, "420111", "低保怎么迁", "到新的街道办。", "li", NOW)
        await work.commit()
    async with store.writing() as work:
        assert await work.questions.proposed(("420000",), 5) == [one]
        assert await work.questions.proposed(("440000",), 5) == []
        assert await work.questions.settle(one.id, "draft", "p")
        assert not await work.questions.settle(one.id, "dropped", "")
        assert (await work.questions.proposed_one(one.id)).state == "draft"
        assert await work.questions.proposed(("420000",), 5) == []


async def test_old_questions_are_forgotten_with_their_vectors(store: Store) -> None:
    talk = await opened(store)
    old = await asked(store, talk)
    new = await asked(store, talk, 86400)
    async with store.writing() as work:
        await work.questions.keep_vectors("use", {old.id: b"1", new.id: b"2"})
        assert await work.questions.forget(DAY + timedelta(days=1)) == 1
        assert await work.questions.forget(DAY + timedelta(days=1)) == 0
        await work.commit()
    async with store.reading() as work:
        later = replace(ALL, until=DAY + timedelta(days=1))
        assert await work.questions.list(later, 10) == [new]
