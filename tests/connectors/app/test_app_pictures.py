"""Pictures by the API: bytes alone, bare and sealed, laid down once, and nobody else's."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from PIL import Image

from bot.conversations import Holder
from bot.desk.laying import fetch
from bot.desk.retention import LAID_KEPT, forget
from bot.errors import Undeliverable
from bot.papers.picture import MOST_BYTES
from connectors.app import affairs
from tests.connectors.app.filling import form
from tests.connectors.app.filling import town as town
from tests.connectors.app.town import Town
from tests.databases import sqlite_first
from tests.papers.test_picture import drawn, saved


def photo() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "CANARY-PHONE"
    return saved(drawn(), exif=exif) + b"<script>alert(1)</script>"


@sqlite_first
async def test_a_picture_is_bare_sealed_and_a_paper_of_the_form(town: Town) -> None:
    who = await town.resident()
    draft = await form(town, who, "paper_identity")
    status, told = await who.upload(photo())
    assert status == 201, told
    laid = await fetch(town.store, told["picture"])
    assert b"CANARY" not in laid
    assert b"script" not in laid
    before = len(town.engine.asked)
    status, _ = await who.post("/messages", {"type": "image", "picture": told["picture"]})
    assert status == 202
    async with asyncio.timeout(20):
        while len(town.engine.asked) <= before:
            await asyncio.sleep(0.05)
    async with town.store.reading() as work:
        (paper,) = await work.papers.of_draft(draft.id)
    assert town.engine.asked[before].meaning == {"paper": paper.id, "draft": draft.id}
    said = next(one for one in await who.read() if one["kind"] == "image")
    assert said["picture"] == told["picture"]


async def test_a_picture_is_laid_down_once_and_is_nobody_elses(town: Town) -> None:
    who, stranger = await town.resident(), await town.resident()
    await stranger.say("您好")
    first, again = await who.upload(photo(), key="my-picture-1"), await who.upload(photo(), key="my-picture-1")
    assert first == again
    status, told = await who.upload(saved(drawn(), "PNG"), "image/png", key="my-picture-1")
    assert (status, told["code"]) == (422, "key_used")
    for thief in (stranger, await town.resident()):
        status, told = await thief.post("/messages", {"type": "image", "picture": first[1]["picture"]})
        assert (status, told["code"]) == (422, "no_such_picture")
    status, told = await who.post("/messages", {"type": "image", "picture": "http://127.0.0.1/x.jpg"})
    assert status == 400, "an address is no picture"


async def test_a_picture_nobody_named_is_forgotten_after_a_day(town: Town) -> None:
    who = await town.resident()
    _, told = await who.upload(photo())
    async with town.store.writing() as work:
        assert await work.talk_pictures.clear(town.clock.now() - LAID_KEPT) == 0
        assert await work.talk_pictures.clear(town.clock.now() + timedelta(seconds=1)) == 1
        await work.commit()
    with pytest.raises(Undeliverable):
        await fetch(town.store, told["picture"])
    assert await forget(town.desk) == 0
    status, told = await who.post("/messages", {"type": "image", "picture": told["picture"]})
    assert (status, told["code"]) == (422, "no_such_picture")


@sqlite_first
async def test_what_is_no_photo_is_refused_in_one_clear_line(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A-66: nothing of it is kept."""
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    who = await town.resident()
    for content, kind in (
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "image/jpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png"),
        (b"%PDF-1.7 /JavaScript", "image/jpeg"),
        (b"PK\x03\x04" + b"\0" * 1000, "image/png"),
        (b"GIF89a" + b"\0" * 100, "image/png"),
        (photo()[:400], "image/jpeg"),
        (bomb.getvalue(), "image/png"),
        (b"", "image/jpeg"),
    ):
        status, told = await who.upload(content, kind)
        assert (status, told) == (422, {"code": "not_a_picture", "message": "这张图片打不开。请用手机拍一张发来。"}), (
            content[:20]
        )
    who = await town.resident()  # ten a minute
    for kind in ("image/svg+xml", "text/html", "application/pdf", "image/gif"):
        status, told = await who.upload(photo(), kind)
        assert (status, told["code"]) == (415, "wrong_type")
    status, told = await who.upload(b"\xff\xd8" + b"\0" * MOST_BYTES)
    assert (status, told["code"]) == (413, "too_large")
    monkeypatch.setattr(affairs, "PICTURE_SECONDS", 0.3)
    status, told = await who.call(
        "POST", "/pictures", data=slowly(), headers={"Idempotency-Key": "slow-picture", "Content-Type": "image/jpeg"}
    )
    assert (status, told["code"]) == (408, "too_slow")
    async with town.store.reading() as work:
        assert await work.conversations.by_sender("app", "app", who.sender) is None


async def slowly() -> AsyncIterator[bytes]:
    yield b"\xff\xd8"
    await asyncio.sleep(1.5)


@sqlite_first
async def test_while_a_person_has_the_talk_the_photo_reaches_them(town: Town) -> None:

    who = await town.resident()
    await who.say("您好")
    await who.until(1)
    async with town.store.writing() as work:
        talk = await work.conversations.by_sender("app", "app", who.sender)
        assert talk is not None
        await work.conversations.move(talk.id, Holder.OFFICER, "s1", "claimed", town.clock.now(), "s1")
        await work.commit()
    _, told = await who.upload(photo())
    async with town.store.reading() as work:
        assert await work.talk_pictures.of_conversation(talk.id) == [], "not before it was said"
    await who.post("/messages", {"type": "image", "picture": told["picture"]})
    async with asyncio.timeout(20):
        while True:
            async with town.store.reading() as work:
                shown = await work.talk_pictures.of_conversation(talk.id)
                if shown and shown[0].state == "kept":
                    break
            await asyncio.sleep(0.1)
