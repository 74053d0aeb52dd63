"""Photos of a conversation: fetched while people have it, shown for a reason, and taken into the case once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.desk.handoff import picturing, queue
from bot.desk.intake import take_in
from bot.desk.officer_ports import GONE, KEPT, REFUSED, WANTED
from bot.desk.paper_ports import Photos
from bot.errors import BadInput, NotYours, TryAgain
from bot.forms.model import Sheet
from bot.messages import Kind
from tests.desk.conftest import message
from tests.desk.handoff.conftest import HERE, held, lines, officer, queued
from tests.desk.kinds.conftest import Album


def with_photos(desk: Desk, album: Album) -> Desk:
    return replace(desk, photos=Photos(album, album))


async def test_a_photo_is_fetched_while_an_officer_has_the_conversation_and_shown_for_a_reason(office: Desk) -> None:
    album = Album(holds={"m1": b"receipt"})
    desk, me = with_photos(office, album), await officer(office)
    one = await held(desk, me)
    await take_in(desk, message("", kind=Kind.IMAGE, media="m1"))
    assert [picture.state for picture in (await queue.opened(desk, me, one)).pictures] == [WANTED]
    assert await picturing.fetch_one(desk)
    assert not await picturing.fetch_one(desk)
    (kept,) = (await queue.opened(desk, me, one)).pictures
    assert (kept.state, album.fetched) == (KEPT, ["m1"])
    with pytest.raises(BadInput, match="为什么要看"):
        await picturing.picture(desk, me, one, kept.id, "")
    assert await picturing.picture(desk, me, one, kept.id, "核对房租收据") == b"jpeg:receipt"
    (line,) = await lines(desk, Deed.REVEAL)
    assert (line.reason, dict(line.about)) == ("核对房租收据", {"picture": kept.id})


async def test_a_photo_sent_while_waiting_in_the_queue_is_fetched_too(office: Desk) -> None:
    desk = with_photos(office, Album(holds={"m1": b"receipt"}))
    one = await queued(desk)
    await take_in(desk, message("", kind=Kind.IMAGE, media="m1"))
    assert await picturing.fetch_one(desk)
    (kept,) = (await queue.opened(desk, await officer(desk), one.id)).pictures
    assert kept.state == KEPT


async def test_no_photo_of_another_conversation_and_none_of_another_place(office: Desk) -> None:
    desk, me = with_photos(office, Album(holds={"m1": b"receipt"})), await officer(office)
    one, other = await held(desk, me), await held(desk, me, "o-li")
    await take_in(desk, message("", kind=Kind.IMAGE, media="m1"))
    await picturing.fetch_one(desk)
    (kept,) = (await queue.opened(desk, me, one)).pictures
    with pytest.raises(BadInput, match="没有这张照片"):
        await picturing.picture(desk, me, other, kept.id, "看看是什么")
    async with desk.store.writing() as work:
        await work.conversations.change(one, desk.clock.now(), region=HERE)
        await work.commit()
    away = await officer(desk, "zhou", "周工", region="440305")
    with pytest.raises(NotYours):
        await picturing.picture(desk, away, one, kept.id, "看看是什么")
    assert await lines(desk, Deed.REVEAL) == []


@pytest.mark.parametrize(("holds", "state"), [(b"no photo", REFUSED), (None, GONE)])
async def test_what_is_no_photo_or_gone_is_said(office: Desk, holds: bytes | None, state: str) -> None:
    desk, me = with_photos(office, Album(holds={"m1": holds} if holds else {})), await officer(office)
    one = await held(desk, me)
    await take_in(desk, message("", kind=Kind.IMAGE, media="m1"))
    assert await picturing.fetch_one(desk)
    (found,) = (await queue.opened(desk, me, one)).pictures
    assert found.state == state
    assert not await picturing.fetch_one(desk)


async def test_a_platform_that_is_away_is_asked_again_and_not_for_ever(office: Desk) -> None:
    desk, me = with_photos(office, Album(holds={"m1": TryAgain("away")})), await officer(office)
    one = await held(desk, me)
    await take_in(desk, message("", kind=Kind.IMAGE, media="m1"))
    for number in range(picturing.ATTEMPTS):
        assert await picturing.fetch_one(desk), number
        assert not await picturing.fetch_one(desk), "not at once again"
        desk.clock.advance(hours=2)  # type: ignore[attr-defined]
    assert not await picturing.fetch_one(desk)
    (found,) = (await queue.opened(desk, me, one)).pictures
    assert found.state == GONE


async def test_a_photo_of_the_talk_becomes_a_paper_of_the_case_once(office: Desk) -> None:
    desk, me = with_photos(office, Album(holds={"m1": b"receipt"})), await officer(office, region=HERE)
    one, now = await held(desk, me), office.clock.now()
    async with desk.store.writing() as work:
        person = await work.people.make(one, now, "test")
        draft = await work.drafts.open(one, person.id, "application", "dibao", Sheet("dibao"), {}, now)
        case = await work.cases.add(draft, "dibao", HERE, "submitted", "", now)
        await work.drafts.save(draft, now, state="done")
        stranger = await work.people.make("", now, "test")
        other = await work.drafts.open("x", stranger.id, "application", "dibao", Sheet("dibao"), {}, now)
        foreign = await work.cases.add(other, "dibao", HERE, "submitted", "", now)
        await work.commit()
    await take_in(desk, message("", kind=Kind.IMAGE, media="m1"))
    await picturing.fetch_one(desk)
    (kept,) = (await queue.opened(desk, me, one)).pictures
    for to, kind in ((foreign.id, "other"), (case.id, "passport"), ("nothing", "other")):
        with pytest.raises(BadInput):
            await picturing.adopt(desk, me, one, kept.id, to, kind)
    for _ in range(2):
        await picturing.adopt(desk, me, one, kept.id, case.id, "other")
    async with desk.store.reading() as work:
        (paper,) = await work.papers.of_case(case.id)
        assert await work.papers.read(paper.id) == b"jpeg:receipt"
        assert await work.papers.of_case(foreign.id) == []
    async with desk.store.writing() as work:
        await work.talk_pictures.forget(now + timedelta(days=1))
        assert await work.papers.read(paper.id) == b"jpeg:receipt", "it stays as long as the case"
    assert [line.about["paper"] for line in await lines(desk, Deed.CHANGE) if "paper" in line.about] == [paper.id]
