"""A person's own affairs by the API: pictures as bytes alone, their cases and nobody else's, and the check signed by hand."""

from __future__ import annotations

import asyncio
import base64
import io
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image, ImageDraw

from bot.conversations import Holder
from bot.desk.case_ports import Case, Draft
from bot.desk.handwriting import SIGNATURE
from bot.desk.laying import fetch
from bot.desk.ports import Store
from bot.desk.retention import LAID_KEPT, forget
from bot.errors import Undeliverable
from bot.forms.model import Given, Sheet
from bot.papers.picture import MOST_BYTES
from bot.papers.room import PictureRoom
from connectors.app import affairs
from tests.connectors.app.town import Client, Town, a_town
from tests.databases import sqlite_first
from tests.papers.test_picture import drawn, saved

AGREED = Given({"version": "2026-11-25"})


@pytest.fixture
async def town(store: Store, quick: None) -> AsyncIterator[Town]:
    room = PictureRoom()
    async with a_town(store, pictures=room) as made:
        yield made
    await room.close()


async def form(town: Town, who: Client, asked: str, programme: str = "dibao") -> Draft:
    """This resident fills in an application that asks for this now."""
    await who.say("您好")
    await who.until(1)
    now = town.clock.now()
    answers = {"notice": AGREED, "sensitive": AGREED, "apply_as": Given("self")}
    known = town.desk.edition.form(programme)
    sheet = Sheet(known.id, answers, asked=asked, asked_paths=(asked,))
    async with town.store.writing() as work:
        talk = await work.conversations.by_sender("app", "app", who.sender)
        assert talk is not None
        person = await work.people.of_conversation(talk.id) or await work.people.make(talk.id, now, "application")
        draft = await work.drafts.open(talk.id, person.id, "application", programme_of(town, programme), sheet, {}, now)
        await work.conversations.change(talk.id, now, form=draft.id)
        await work.commit()
    return draft


def programme_of(town: Town, form: str) -> str:
    return next(id for id, one in town.desk.edition.programmes.items() if one.form == form)


def signed(size: tuple[int, int] = (600, 240), strokes: int = 12) -> bytes:
    """Strokes as a finger draws them, on paper that lets the page shine through."""
    image, chance = Image.new("RGBA", size, (0, 0, 0, 0)), random.Random(7)
    pen = ImageDraw.Draw(image)
    for _ in range(strokes):
        points = [(chance.randrange(size[0]), chance.randrange(size[1])) for _ in range(6)]
        pen.line(points, fill=(20, 20, 60, 255), width=6, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


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


async def a_case(town: Town, who: Client) -> Case:
    draft = await form(town, who, "check")
    async with town.store.writing() as work:
        now = town.clock.now()
        case = await work.cases.add(await work.drafts.get(draft.id), draft.programme, "420111", "submitted", "", now)
        case = await work.cases.move(case, "need_more", "officer:小陈", "请补户口簿", now, None, missing=["户口簿"])
        await work.commit()
    return case


async def test_cases_are_told_to_whose_they_are(town: Town) -> None:
    who = await town.resident("resident-3")
    status, told = await who.get("/cases")
    assert (status, told["code"]) == (403, "not_bound")
    case = await a_case(town, who)
    _, told = await who.get("/cases")
    (one,) = told["cases"]
    assert (one["id"], one["state"], one["state_name"], one["who"]) == (case.id, "need_more", "等您补材料", "您自己")
    status, told = await who.get(f"/cases/{case.id}")
    assert status == 200
    assert "户口簿" in told["text"]
    assert [line["state_name"] for line in told["timeline"]][-1] == "等您补材料"
    assert told["timeline"][-1]["text"] == "请补户口簿"
    for stranger, expected in ((await town.resident("resident-4"), "not_bound"), (await town.resident(), "anonymous")):
        status, told = await stranger.get(f"/cases/{case.id}")
        assert (status, told["code"]) == (403, expected)
    other = await town.resident("resident-5")
    await a_case(town, other)
    status, told = await other.get(f"/cases/{case.id}")
    assert (status, told["code"]) == (404, "not_found")
    assert (await other.get("/cases/" + "0" * 26))[1] == told, "as one that does not exist"


async def test_the_check_is_signed_by_hand_and_the_form_goes_on(town: Town) -> None:
    who = await town.resident()
    assert (await who.get("/signature"))[1] == {"to_sign": None}
    draft = await form(town, who, "check")
    _, told = await who.get("/signature")
    wanted = told["to_sign"]
    assert wanted["draft"] == draft.id
    assert "查我的收入和财产" in wanted["text"]
    assert (await who.get("/messages"))[1]["state"]["sign"]
    body = signing(wanted, signed())
    status, first = await who.post("/signatures", body, "my-signature-1")
    assert status == 202, first
    assert (await who.post("/signatures", body, "my-signature-1")) == (202, first)
    status, told = await who.post("/signatures", body | {"png": text_of(signed(strokes=20))}, "my-signature-1")
    assert (status, told["code"]) == (422, "key_used")
    async with asyncio.timeout(10):
        while not town.engine.asked or town.engine.asked[-1].text != "同意":
            await asyncio.sleep(0.05)
    assert town.engine.asked[-1].form == draft.id
    async with town.store.reading() as work:
        (paper,) = await work.papers.of_draft(draft.id)
        kept = await work.papers.read(paper.id)
    assert (paper.kind, paper.member) == (SIGNATURE, 1)
    assert Image.open(io.BytesIO(kept)).size == (600, 240)


@sqlite_first
async def test_signing_again_replaces_the_drawing(town: Town) -> None:
    who = await town.resident()
    draft = await form(town, who, "check")
    wanted = (await who.get("/signature"))[1]["to_sign"]
    for n in range(2):
        assert (await who.post("/signatures", signing(wanted, signed(strokes=10 + n))))[0] == 202
    async with town.store.reading() as work:
        assert len(await work.papers.of_draft(draft.id)) == 1


@sqlite_first
async def test_a_signature_is_for_these_words_and_is_one(town: Town) -> None:
    who = await town.resident()
    nothing = {"draft": "x", "sha256": "0" * 64}
    status, told = await who.post("/signatures", signing(nothing, signed()))
    assert (status, told["code"]) == (409, "nothing_to_sign")
    draft = await form(town, who, "check")
    wanted = (await who.get("/signature"))[1]["to_sign"]
    for bent, status, code in (
        ({"sha256": "0" * 64}, 409, "text_changed"),
        ({"draft": "another"}, 409, "nothing_to_sign"),
        ({"png": text_of(blank())}, 422, "not_a_signature"),
        ({"png": text_of(b"no picture")}, 422, "not_a_signature"),
        ({"png": text_of(signed((60, 40)))}, 422, "not_a_signature"),
        ({"png": "not base64!"}, 400, "bad_request"),
        ({"consent": "notice"}, 400, "bad_request"),
    ):
        told = await who.post("/signatures", signing(wanted, signed()) | bent)
        assert (told[0], told[1]["code"]) == (status, code), bent.keys()
    stranger = await town.resident()
    await stranger.say("您好")
    status, told = await stranger.post("/signatures", signing(wanted, signed()))
    assert (status, told["code"]) == (409, "nothing_to_sign")
    async with town.store.reading() as work:
        assert await work.papers.of_draft(draft.id) == []


@sqlite_first
async def test_a_form_says_how_far_it_is(town: Town) -> None:
    who = await town.resident()
    await form(town, who, "check")
    state = (await who.get("/messages"))[1]["state"]
    assert state["form"]["kind"] == "application"
    assert 1 <= state["form"]["step"] <= state["form"]["of"]


def signing(wanted: dict[str, Any], drawing: bytes) -> dict[str, Any]:
    told = {"draft": wanted["draft"], "consent": "check", "sha256": wanted["sha256"]}
    return told | {"png": text_of(drawing)}


def text_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def blank() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 240), "white").save(out, "PNG")
    return out.getvalue()
