"""A person's own affairs by the API: their cases and nobody else's, and the check signed by hand."""

from __future__ import annotations

import asyncio
import base64
import io
import random
from typing import Any

from PIL import Image, ImageDraw

from bot.desk.case_ports import Case
from bot.desk.handwriting import SIGNATURE
from tests.connectors.app.filling import form
from tests.connectors.app.filling import town as town
from tests.connectors.app.town import Client, Town
from tests.databases import sqlite_first


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
