"""Notices, agreements and codes: moved once, counted once, spent once, and gone with whom they belong to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.desk.case_ports import Case
from bot.desk.identity_ports import Passing
from bot.desk.notices.ports import Agreement, Kept, Stage
from bot.desk.ports import Store
from bot.errors import BadInput
from tests.store.applications import submitted
from tests.store.conftest import NOW, after, opened

CODE = "48217390"


async def queued(store: Store) -> tuple[Case, Kept]:
    case = await submitted(store)
    async with store.writing() as work:
        notice = await work.notices.add(case.id, case.person, "notice_move", "齐了", ["lookup"], {"state": "在办"}, NOW)
        assert await work.notices.move(notice, Stage.WAITING, NOW, route="sms", due_at=after(60))
        await work.commit()
    return case, await read(store, notice.id)


async def read(store: Store, notice: str) -> Kept:
    async with store.reading() as work:
        return await work.notices.get(notice)


async def test_a_notice_is_kept_as_it_was_made_and_due_at_its_moment(store: Store) -> None:
    _, notice = await queued(store)
    assert (notice.text, notice.offers, notice.values) == ("齐了", ("lookup",), {"state": "在办"})
    async with store.reading() as work:
        assert await work.notices.due(after(59), 10) == []
        assert [one.id for one in await work.notices.due(after(60), 10)] == [notice.id]


async def test_of_many_who_move_it_one_does(store: Store) -> None:
    _, notice = await queued(store)

    async def move() -> bool:
        async with store.writing() as work:
            moved = await work.notices.hold(notice) and await work.notices.move(notice, Stage.SENDING, NOW, attempts=1)
            await work.commit()
        return moved

    assert sorted(await asyncio.gather(*(move() for _ in range(6)))) == [False] * 5 + [True]


async def test_only_what_moves_may_be_changed(store: Store) -> None:
    _, notice = await queued(store)
    async with store.writing() as work:
        with pytest.raises(BadInput, match="person"):
            await work.notices.move(notice, Stage.TOLD, NOW, person="x")


async def test_agreements_are_counted_and_spent_once(store: Store) -> None:
    talk = (await opened(store)).id
    async with store.writing() as work:
        for _ in range(3):
            await work.notices.agreed(talk, "T", yes=True, now=NOW)
        await work.commit()

    async def spend() -> bool:
        async with store.writing() as work:
            spent = await work.notices.spend(talk, "T", NOW)
            await work.commit()
        return spent

    assert sum(await asyncio.gather(*(spend() for _ in range(6)))) == 3
    async with store.writing() as work:
        await work.notices.spare(talk, "T", NOW)
        assert await work.notices.agreement(talk, "T") == Agreement(1, refused=False)
        await work.notices.agreed(talk, "T", yes=False, now=NOW)
        await work.notices.spare(talk, "T", NOW)
        assert await work.notices.agreement(talk, "T") == Agreement(0, refused=True), (
            "a no is not made a yes by giving back"
        )
        assert await work.notices.agreement(talk, "other") == Agreement(0, refused=False)


async def test_a_code_is_spent_once_by_however_many_at_once(store: Store) -> None:
    talk = (await opened(store)).id
    async with store.writing() as work:
        await work.continuations.add(CODE, talk, "p", {"entry": "e"}, NOW, after(600))
        await work.commit()

    async def claim(other: str) -> bool:
        async with store.writing() as work:
            found = await work.continuations.find(CODE, NOW)
            claimed = found is not None and await work.continuations.claim(found, other, after(600), NOW)
            await work.commit()
        return claimed

    assert sum(await asyncio.gather(*(claim(f"o{number}") for number in range(8)))) == 1
    async with store.writing() as work:
        claimed = await work.continuations.claimed(talk, NOW)
        assert claimed is not None
        assert (claimed.person, dict(claimed.about)) == ("p", {"entry": "e"})
        assert await work.continuations.claimed(talk, after(600)) is None
        assert await work.continuations.settle(claimed, Passing.DONE, NOW)
        assert not await work.continuations.settle(claimed, Passing.REFUSED, NOW)
        assert await work.continuations.forget(after(599)) == 0
        assert await work.continuations.forget(after(601)) == 1


async def test_one_code_is_open_in_a_conversation(store: Store) -> None:
    talk = (await opened(store)).id
    async with store.writing() as work:
        await work.continuations.add(CODE, talk, "p", {}, NOW, after(600))
        await work.continuations.add("00000002", talk, "p", {}, NOW, after(600))
        assert await work.continuations.find(CODE, NOW) is None
        assert await work.continuations.find("00000002", NOW) is not None
        assert await work.continuations.find("00000002", after(600)) is None


async def test_all_of_it_goes_with_the_person(store: Store) -> None:
    case, notice = await queued(store)
    talk = (await opened(store)).id  # the same one
    async with store.writing() as work:
        await work.notices.tried(notice, "sms", "refused", "blacklist", NOW)
        await work.notices.agreed(talk, "T", yes=True, now=NOW)
        await work.continuations.add(CODE, talk, case.person, {}, NOW, after(600))
        await work.commit()
    async with store.writing() as work:
        await work.people.erase(case.person, "R-1", NOW)
        await work.commit()
    async with store.reading() as work:
        with pytest.raises(BadInput):
            await work.notices.get(notice.id)
        left: Sequence[object] = await work.notices.tries(case.id)
        assert left == []
        assert await work.notices.agreement(talk, "T") == Agreement(0, refused=False)
        assert await work.continuations.find(CODE, NOW) is None
