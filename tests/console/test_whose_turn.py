"""Who has a conversation, over HTTP: claimed, handed on, put first, taken from somebody who is away, ended."""

from __future__ import annotations

import asyncio

from bot.conversations import Holder
from bot.staff import Role
from tests.console.conftest import Office
from tests.console.deeds import DEEDS, claimed
from tests.console.talking import ELSEWHERE, HERE, officer, queued


async def test_one_claims_and_the_other_hears_who(office: Office) -> None:
    chen, one = await officer(office, "chen")
    li, _ = await officer(office, "liming")
    talk = await queued(office.desk)
    first = await chen.post(f"/conversations/{talk.id}/claim")
    assert (first.status, first.headers["Location"]) == (303, f"/conversations/{talk.id}?view=mine")
    second = await li.post(f"/conversations/{talk.id}/claim")
    assert second.status == 409
    assert f"{one.staff.name}已经接了" in await second.text()
    assert talk.id in await (await chen.get("/conversations?view=mine")).text()
    page = await (await li.get(f"/conversations/{talk.id}")).text()
    assert f"{one.staff.name}在办" in page
    assert 'id="reply"' not in page


async def test_waiting_giving_back_and_closing(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    for deed, holder in (("wait", Holder.WAITING), ("give-back", Holder.BOT), ("close", Holder.CLOSED)):
        talk = await claimed(office, chen)
        assert (await chen.post(f"/conversations/{talk}/{deed}", None, **DEEDS[deed])).status == 303
        async with office.desk.store.reading() as work:
            assert (await work.conversations.get(talk)).holder is holder
    assert talk in await (await chen.get("/conversations?view=closed")).text()


async def test_closing_needs_an_outcome(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await claimed(office, chen)
    assert (await chen.post(f"/conversations/{talk}/close", outcome="whatever")).status == 400
    async with office.desk.store.reading() as work:
        assert (await work.conversations.get(talk)).holder is Holder.OFFICER


async def test_only_colleagues_who_can_take_it_are_offered(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    _, near = await officer(office, "liming")
    _, far = await officer(office, "zhou", ELSEWHERE)
    _, editor = await officer(office, "wugong", HERE, Role.EDITOR)
    talk = await claimed(office, chen)
    page = await (await chen.get(f"/conversations/{talk}")).text()
    assert near.staff.id in page
    assert far.staff.id not in page
    assert editor.staff.id not in page
    assert (await chen.post(f"/conversations/{talk}/transfer", to=near.staff.id, reason="他熟悉")).status == 303
    async with office.desk.store.reading() as work:
        moved = await work.conversations.get(talk)
    assert (moved.holder, moved.holder_name) == (Holder.OFFICER, near.staff.id)


async def test_a_transfer_offers_who_fits_first_and_keeps_what_was_typed(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    _, busy = await officer(office, "liming")
    _, able = await officer(office, "wuyong")
    async with office.desk.store.writing() as work:
        await work.staff.change(able.staff, "test", office.desk.clock.now(), skills=["低保"])
        await work.commit()
    talk = await claimed(office, chen)
    await chen.post(f"/conversations/{talk}/label", name="低保")
    page = await (await chen.get(f"/conversations/{talk}")).text()
    assert page.index(able.staff.id) < page.index(busy.staff.id)
    assert "懂低保，手上0个" in page
    refused = await chen.post(f"/conversations/{talk}/transfer", to="place", place="火星", reason="人住在别处")
    page = await refused.text()
    assert refused.status == 400
    assert 'value="火星"' in page
    assert 'value="人住在别处"' in page
    assert '<option value="place" selected>' in page
    moved = await chen.post(f"/conversations/{talk}/transfer", to="skill:低保", reason="低保的事")
    assert moved.status == 303
    async with office.desk.store.reading() as work:
        assert (await work.conversations.get(talk)).holder is Holder.QUEUED


async def test_what_is_put_first_is_marked_in_the_lists(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await queued(office.desk)
    assert (await chen.post(f"/conversations/{talk.id}/priority", priority="5")).status == 303
    assert '<span class="flag first">优先</span>' in await (await chen.get("/conversations?view=queue")).text()
    page = await (await chen.get(f"/conversations/{talk.id}")).text()
    assert '<option value="5" selected>优先</option>' in page
    assert (await chen.post(f"/conversations/{talk.id}/priority", priority="7")).status == 400


async def test_a_supervisor_can_take_it_from_somebody_who_is_away(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    boss, _ = await officer(office, "zhuguan", HERE, Role.SUPERVISOR)
    talk = await claimed(office, chen)
    page = await (await boss.get(f"/conversations/{talk}")).text()
    assert 'id="reply"' not in page
    assert f'action="/conversations/{talk}/give-back"' in page
    assert (await boss.post(f"/conversations/{talk}/transfer", to="queue", reason="陈工今天请假")).status == 303
    assert talk in await (await chen.get("/conversations?view=queue")).text()
    page = await (await chen.get(f"/conversations/{talk}")).text()
    assert "陈工今天请假" in page


async def test_two_who_look_at_once_know_of_each_other(office: Office) -> None:
    chen, one = await officer(office, "chen")
    li, two = await officer(office, "liming")
    talk = (await queued(office.desk)).id
    assert "正在看" not in await (await chen.get(f"/conversations/{talk}")).text()
    page = await (await li.get(f"/conversations/{talk}")).text()
    assert f"{one.staff.name}</bdi>正在看" in page
    assert f"{two.staff.name}</bdi>正在看" not in page
    office.desk.clock.advance(minutes=2)  # type: ignore[attr-defined]
    assert "正在看" not in await (await li.get(f"/conversations/{talk}")).text()


async def test_deeds_at_the_same_moment_have_one_winner(office: Office) -> None:
    visitors = [(await officer(office, f"user{number}"))[0] for number in range(5)]
    talk = (await queued(office.desk)).id
    answers = await asyncio.gather(*(one.post(f"/conversations/{talk}/claim") for one in visitors))
    assert sorted(answer.status for answer in answers) == [303, 409, 409, 409, 409]
