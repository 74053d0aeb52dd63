"""A photo, door to door: pushed by the simulated WeChat, fetched from it, made harmless by a process of its own, sealed in the
database; the engine hears an id."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from bot.desk.case_ports import Draft
from bot.desk.paper_ports import Photos
from bot.desk.ports import Store, Turn
from bot.forms import steps
from bot.forms.model import Given, Sheet
from bot.papers.card import Read
from bot.papers.room import PictureRoom
from bot.wire import turn_to_json
from connectors.channel import Channel
from connectors.media import ChannelMedia
from tests.connectors.door_to_door import Site, a_site, regions
from tests.desk.published import Kept
from tests.papers.test_picture import drawn, saved

NUMBER = "420106195603021224"


class Reading(PictureRoom):
    """The real process; what it reads is told (how well it reads is tests/papers)."""

    async def read(self, picture: bytes, today: date) -> tuple[Read, ...]:
        return (Read("王桂英", NUMBER),)


@pytest.fixture
async def site(store: Store, short: None) -> AsyncIterator[Site]:
    channels: dict[str, Channel] = {}
    room = Reading()
    async with a_site(store) as made:
        photos = Photos(ChannelMedia(channels), room)
        made.desk = replace(made.desk, photos=photos, editions=Kept(regions()))  # type: ignore[arg-type]
        channels["wechat"] = (await made.only_door()).channel
        yield made
    await room.close()


async def applying(site: Site, who: str) -> Draft:
    """This resident fills in an application that asks for name and number now."""
    await site.wechat.say(who, "您好")
    await site.until_answered(who)
    desk, now = site.desk, site.desk.clock.now()
    form = desk.edition.form("linshi_jinan")
    agreed = Given({"version": "2026-11-25"})
    answers = {"notice": agreed, "sensitive": agreed, "apply_as": Given("self")}
    sheet = steps.advance(form, Sheet(form.id, answers), desk.today())
    assert {"name", "identity"} <= {path.rsplit(".", 1)[-1] for path in sheet.asked_paths}
    async with site.store.writing() as work:
        talk = await work.conversations.by_sender("wechat", site.settings.account, who)
        assert talk is not None
        person = await work.people.make(talk.id, now, "application")
        draft = await work.drafts.open(talk.id, person.id, "application", "linshi_jinan", sheet, {}, now)
        await work.conversations.change(talk.id, now, form=draft.id)
        await work.commit()
    return draft


async def next_turn(site: Site, before: int) -> Turn:
    async with asyncio.timeout(20):
        while len(site.engine.asked) <= before:
            await asyncio.sleep(0.02)
    return site.engine.asked[before]


def a_photo() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "CANARY-PHONE"
    return saved(drawn(), exif=exif) + b"<script>alert(1)</script>"


async def test_a_photo_is_fetched_once_and_kept_bare_and_sealed(site: Site) -> None:
    who = site.resident()
    draft = await applying(site, who)
    before = len(site.engine.asked)
    await site.wechat.send_image(who, a_photo())
    turn = await next_turn(site, before)
    async with site.store.reading() as work:
        (paper,) = await work.papers.of_draft(draft.id)
        kept = await work.papers.read(paper.id)
        about = (await work.drafts.get(draft.id)).about
    assert turn.meaning == {"paper": paper.id, "draft": draft.id}
    assert turn.form == draft.id
    assert NUMBER not in json.dumps(turn_to_json(turn))
    assert about["read"] == {paper.id: [{"name": "王桂英", "identity": NUMBER}]}
    assert Image.open(io.BytesIO(kept)).size == (800, 500)
    assert b"CANARY" not in kept
    assert b"script" not in kept
    assert len([one for one in site.wechat.log if one.title == "media/get"]) == 1


async def test_an_expired_photo_is_asked_for_again_once(site: Site) -> None:
    """A-68: 40007, and no second call."""
    who = site.resident()
    draft = await applying(site, who)
    before = len(site.engine.asked)
    act = site.wechat.picturing(a_photo())
    site.wechat.shelf._kept.clear()
    await site.wechat.do(who, act)
    turn = await next_turn(site, before)
    assert turn.meaning == {"picture": "picture_gone", "draft": draft.id}
    assert len([one for one in site.wechat.log if one.title == "media/get"]) == 1
    async with site.store.reading() as work:
        assert await work.papers.of_draft(draft.id) == []


async def test_a_hostile_file_harms_nobody(site: Site) -> None:
    who = site.resident()
    draft = await applying(site, who)
    before = len(site.engine.asked)
    await site.wechat.send_image(who, b"\x89PNG\r\n\x1a\n" + b"<svg onload=alert(1)>" * 100)
    assert (await next_turn(site, before)).meaning == {"picture": "picture_refused", "draft": draft.id}
    await site.wechat.send_image(who, a_photo())
    assert "paper" in ((await next_turn(site, before + 1)).meaning or {})


async def test_without_a_form_a_picture_is_not_even_fetched(site: Site) -> None:
    who = site.resident()
    await site.wechat.say(who, "您好")
    await site.until_answered(who)
    await site.wechat.send_image(who, a_photo())
    await site.until_answered(who, 2)
    assert not [one for one in site.wechat.log if one.title == "media/get"]
