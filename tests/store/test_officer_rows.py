"""Pictures of a conversation, reports of an office and lines nobody answers, on both databases: sealed, leased once, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.officer_ports import GONE, KEPT, WANTED
from bot.desk.ports import Store
from bot.errors import BadInput, Conflict
from tests.store.conftest import NOW, after, opened, took, wrote


async def test_a_picture_is_fetched_by_one_and_kept_once(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        for _ in range(2):
            await work.talk_pictures.want(talk.id, "m-1", NOW)
        await work.commit()
    async with store.writing() as work:
        assert await work.talk_pictures.due(NOW)
        first = await work.talk_pictures.lease(NOW, after(60))
        assert first is not None
        assert (first.conversation, first.message, first.attempts, first.state) == (talk.id, "m-1", 1, WANTED)
        assert await work.talk_pictures.lease(NOW, after(60)) is None
        assert not await work.talk_pictures.due(NOW)
        await work.commit()
    async with store.writing() as work:
        again = await work.talk_pictures.lease(after(61), after(120))
        assert again is not None
        assert again.attempts == 2, "its worker died"
        await work.talk_pictures.keep(first.id, b"photo", NOW)
        await work.talk_pictures.keep(first.id, b"another", NOW)
        await work.talk_pictures.give_up(first.id, GONE)
        await work.commit()
    async with store.reading() as work:
        (kept,) = await work.talk_pictures.of_conversation(talk.id)
        assert (kept.state, kept.size) == (KEPT, 5)
        assert await work.talk_pictures.read(kept.id) == b"photo"


async def test_what_cannot_be_had_is_not_asked_for_again(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        await work.talk_pictures.want(talk.id, "m-1", NOW)
        one = await work.talk_pictures.lease(NOW, after(60))
        assert one is not None
        await work.talk_pictures.put_off(one.id, after(600))
        assert not await work.talk_pictures.due(after(599))
        assert await work.talk_pictures.due(after(600))
        await work.talk_pictures.give_up(one.id, GONE)
        assert not await work.talk_pictures.due(after(600))
        with pytest.raises(BadInput):
            await work.talk_pictures.read(one.id)


async def test_a_month_later_a_picture_and_its_key_are_gone(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        await work.talk_pictures.want(talk.id, "m-1", NOW)
        one = await work.talk_pictures.lease(NOW, after(60))
        assert one is not None
        await work.talk_pictures.keep(one.id, b"photo", NOW)
        await work.commit()
    async with store.writing() as work:
        assert await work.talk_pictures.forget(NOW) == 0
        assert await work.talk_pictures.forget(after(1)) == 1
        assert await work.talk_pictures.of_conversation(talk.id) == []
        await work.commit()


async def test_who_is_erased_leaves_no_picture_and_no_named_tip(store: Store) -> None:
    talk = await opened(store)
    await took(store, wrote("我有话说"))
    async with store.writing() as work:
        person = await work.people.make(talk.id, NOW, "made")
        await work.talk_pictures.want(talk.id, "m-1", NOW)
        one = await work.talk_pictures.lease(NOW, after(60))
        assert one is not None
        await work.talk_pictures.keep(one.id, b"photo", NOW)
        named = await work.tips.add(
            "cadre", "420111", "420100", "刘会计", "事", NOW, conversation=talk.id, contact="13800001234"
        )
        other = await work.tips.add("cadre", "420111", "420100", "刘会计", "另一件", NOW)
        await work.commit()
    async with store.writing() as work:
        await work.people.erase(person.id, "R-1", after(1))
        await work.commit()
    async with store.reading() as work:
        assert await work.talk_pictures.of_conversation(talk.id) == []
        assert (await work.tips.get(other.id)).what == "另一件", "nothing leads from an anonymous one to anybody"
        with pytest.raises(BadInput, match="erased"):
            await work.tips.get(named.id)


async def test_keys_of_pictures_and_tips_are_not_swept(store: Store) -> None:
    talk = await opened(store)
    old = NOW - timedelta(days=3)
    async with store.writing() as work:
        await work.talk_pictures.want(talk.id, "m-1", old)
        one = await work.talk_pictures.lease(NOW, after(60))
        assert one is not None
        await work.talk_pictures.keep(one.id, b"photo", old)
        tip = await work.tips.add("other", "420111", "420100", "谁", "什么事", old)
        await work.commit()
    async with store.writing() as work:
        await work.people.tidy(NOW)
        await work.commit()
    async with store.reading() as work:
        assert await work.talk_pictures.read(one.id) == b"photo"
        assert (await work.tips.get(tip.id)).what == "什么事"


async def test_tips_are_listed_for_those_above_the_open_ones_first(store: Store) -> None:
    async with store.writing() as work:
        first = await work.tips.add("cadre", "420111", "420100", "甲", "一", NOW)
        second = await work.tips.add("fraud", "420106", "420100", "乙", "二", after(1))
        await work.tips.add("fraud", "440305", "440300", "丙", "三", after(2))
        await work.tips.change(first.id, "done", "s-1", "查过", after(3))
        with pytest.raises(Conflict):
            await work.tips.change(first.id, "taken", "s-1", "", after(4))
        assert [one.id for one in await work.tips.list(["420100"])] == [second.id, first.id]
        assert [one.id for one in await work.tips.list(["420000"], "new")] == [second.id]
        assert await work.tips.list(["420111"]) == []
        assert await work.tips.list([]) == []
        assert len(await work.tips.list(["000000"])) == 3


async def test_line_reports_last_until_somebody_says_it_works(store: Store) -> None:
    async with store.writing() as work:
        await work.line_reports.add("h-1", "12349", "420111", "s-1", NOW)
        await work.line_reports.add("h-2", "12345", "420111", "s-2", after(1))
        assert [one.hotline for one in await work.line_reports.since(NOW)] == ["h-2", "h-1"]
        assert [one.hotline for one in await work.line_reports.since(after(1))] == ["h-2"]
        assert await work.line_reports.settle("h-1", "s-2", after(2)) == 1
        assert [one.hotline for one in await work.line_reports.since(NOW)] == ["h-2"]
        assert await work.line_reports.forget(after(1)) == 1
