"""Cases out, numbers and moves in: whole, signed, once, however often it is repeated, and each office its own region only."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from bot.cases import new_number, show_number
from bot.desk.case_ports import Case
from bot.desk.cases.signing import read_keys
from bot.errors import BadInput
from bot.forms.model import Given, Sheet
from tests.connectors.office.conftest import BEFORE, WUHAN, Counter
from tests.desk.cases.conftest import Town
from tests.fakes.office import Broken

ANSWERS = {"household_size": 3, "reason": "<script>alert(1)</script>=cmd()"}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


async def handed_in(town: Town, **how: Any) -> Case:
    """A case with a photo and a consent."""
    talk = await town.chat()
    owner = await town.person(talk)
    async with town.desk.store.writing() as work:
        sheet = Sheet("dibao")
        draft = await work.drafts.open(talk.id, owner.id, "application", "dibao", sheet, {}, town.now)
        await work.papers.add(draft.id, owner.id, 1, "paper_identity", "kept", picture(), town.now)
        await work.papers.add(draft.id, owner.id, 1, "paper_illness", "blurred", picture(), town.now)
        await work.consents.give(draft.id, 1, "王桂英", "check", "2026-11-01", "wechat", talk.id, owner.id, town.now)
        await work.commit()

    sheet = Sheet("dibao", {path: Given(value) for path, value in ANSWERS.items()})
    async with town.desk.store.writing() as work:
        draft = await work.drafts.get(draft.id)
        region = how.get("region", "420111")
        case = await work.cases.add(replace(draft, sheet=sheet), "dibao", region, "submitted", "", town.now)
        await work.drafts.save(draft, town.now, state="done")
        await work.commit()
    return case


async def test_a_case_leaves_whole_and_is_acknowledged(counter: Counter) -> None:
    case = await handed_in(counter.town)
    assert await counter.office.collect() == [case.number]
    taken = counter.office.cases[case.number]
    told = taken["case"]
    assert told["applicant"] == {"name": "王桂英", "identity": "420106195001011234", "phone": "13800008765"}
    assert told["programme"] == {"id": "dibao", "name": "最低生活保障"}
    assert told["region"] == {"code": "420111", "name": "湖北省武汉市洪山区"}
    assert {one["path"]: one["value"] for one in told["answers"]} == ANSWERS
    assert [(one["text"], one["state"], one["version"]) for one in told["consents"]] == [
        ("check", "given", "2026-11-01")
    ]
    assert [one["file"] for one in told["papers"]] == ["papers/01-paper_identity.jpg"], "a blurred one stays here"
    assert taken["files"]["papers/01-paper_identity.jpg"] == picture()
    assert (await counter.town.get(case)).office_number == taken["office_number"]
    assert await counter.office.collect() == [], "what is acknowledged does not wait any more"
    lines = await counter.town.timeline(case)
    assert [line.about["package"] for line in lines if "package" in line.about] == [taken["id"]]
    assert {line.actor for line in lines[1:]} == {"office:shi"}


async def test_the_form_prints_and_runs_nothing(counter: Counter) -> None:
    case = await handed_in(counter.town)
    await counter.office.collect()
    form = counter.office.cases[case.number]["form"]
    assert "<script>" not in form
    assert "&lt;script&gt;" in form
    assert show_number(case.number) in form
    for words in (
        "最低生活保障申请表",
        "王桂英",
        "420106195001011234",
        "湖北省武汉市洪山区",
        "@page",
        "签名",
        "未经核实",
    ):
        assert words in form
    assert "http" not in form, "nothing is fetched from anywhere"


async def test_the_same_case_gives_the_same_package_and_one_note(counter: Counter) -> None:
    case = await handed_in(counter.town)
    path = f"/office/cases/{case.number}/package"
    first, again = [await counter.office.call("GET", path) for _ in range(2)]
    assert first == again
    notes = [line for line in await counter.town.timeline(case) if "package" in line.about]
    assert len(notes) == 1


async def test_a_changed_package_is_noticed(counter: Counter) -> None:
    case = await handed_in(counter.town)
    _, data = await counter.office.call("GET", f"/office/cases/{case.number}/package")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name in files:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for other, held in files.items():
                archive.writestr(other, bytes([held[0] ^ 1]) + held[1:] if other == name else held)
        with pytest.raises((Broken, ValueError)):
            counter.office.open(out.getvalue())


async def test_a_move_is_done_once_however_often_it_is_told(counter: Counter) -> None:
    case = await handed_in(counter.town)
    answers = [await counter.office.move(case.number, "accepted", key="move-0001") for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    status, body = answers[0]
    assert (status, body["state"], body["number"]) == (200, "accepted", case.number)
    assert body["due"] == "2027-01-06"
    lines = [line for line in await counter.town.timeline(case) if line.new == "accepted" and line.old == "submitted"]
    assert [line.actor for line in lines] == ["office:shi"]


async def test_the_same_move_told_at_once_by_two_lines_is_done_once(counter: Counter) -> None:
    case = await handed_in(counter.town)
    told = await asyncio.gather(*(counter.office.move(case.number, "accepted", key="move-0002") for _ in range(5)))
    assert {status for status, _ in told} <= {200, 409, 503}
    again = await counter.office.move(case.number, "accepted", key="move-0002")
    assert again[0] == 200
    lines = [line for line in await counter.town.timeline(case) if line.new == "accepted" and line.old == "submitted"]
    assert len(lines) == 1


async def test_a_key_used_for_another_request_is_refused_and_the_first_stands(counter: Counter) -> None:
    """A-19."""
    case, other = await handed_in(counter.town), await handed_in(counter.town)
    await counter.office.move(case.number, "accepted", key="move-0003")
    assert (await counter.office.move(case.number, "withdrawn", key="move-0003"))[0] == 422
    assert (await counter.office.move(other.number, "accepted", key="move-0003"))[0] == 422
    assert (await counter.town.get(case)).state == "accepted"
    assert (await counter.town.get(other)).state == "submitted"


async def test_residents_are_told_and_reasons_are_kept(counter: Counter) -> None:
    case = await handed_in(counter.town)
    status, body = await counter.office.move(case.number, "need_more", missing=["户口簿", "残疾证"])
    assert (status, body["state"]) == (200, "need_more")
    line = next(line for line in await counter.town.timeline(case) if line.new == "need_more")
    assert line.about["missing"] == ["户口簿", "残疾证"]
    assert [line.about["way"] for line in await counter.town.timeline(case) if "way" in line.about] == ["message"]


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({"to": "paying"}, 409, "cannot go from submitted to paying"),
        ({"to": "done"}, 400, "the state 'done' is unknown"),
        ({}, 400, "to is not a text"),
        ({"to": "rejected"}, 400, "要写明理由"),
        ({"to": "accepted", "who": "me"}, 400, "unknown key 'who'"),
        ({"to": ["accepted"]}, 400, "to is not a text"),
        ({"to": "accepted", "on": "tomorrow"}, 400, "not a day"),
        ({"to": "accepted", "on": "2026-11-26"}, 400, "还没到"),
        ({"to": "accepted", "reason": "长" * 501}, 400, "501 characters"),
        ({"to": "need_more", "missing": "户口簿"}, 400, "not a list"),
        ({"to": "accepted", "office_number": "\u0000"}, 400, "office_number"),
        ([1, 2], 400, "not a JSON object"),
    ],
)
async def test_what_cannot_be_done_is_one_clear_line_and_changes_nothing(
    counter: Counter, data: Any, status: int, said: str
) -> None:
    case = await handed_in(counter.town)
    path = f"/office/cases/{case.number}/moves"
    before = await counter.town.get(case), len(await counter.town.timeline(case))
    got, body = await counter.office.call("POST", path, data, idempotency="bad-00001")
    assert (got, said in json.loads(body)["error"]) == (status, True), body
    assert (await counter.town.get(case), len(await counter.town.timeline(case))) == before
    mended = await counter.office.move(case.number, "accepted", key="bad-00001")
    assert mended[0] == 200, "a refused request did not use up its key"


async def test_another_number_for_an_acknowledged_case_is_a_conflict(counter: Counter) -> None:
    case = await handed_in(counter.town)
    await counter.office.collect()
    path = f"/office/cases/{case.number}/acknowledgement"
    got, body = await counter.office.call("POST", path, {"office_number": "MZ-99999"}, idempotency="ack-00002")
    assert (got, "acknowledged as MZ-00001" in body.decode()) == (409, True)
    assert (await counter.town.get(case)).office_number == "MZ-00001"


async def test_each_office_has_its_own_region_and_no_other(counter: Counter) -> None:
    """O11, A-47: what is another region's is as if it did not exist, for reading and for writing."""
    here, there = await handed_in(counter.town), await handed_in(counter.town, region="420103")
    hongshan = counter.another("hongshan", WUHAN, "sha256")
    assert await hongshan.collect() == [here.number]
    nowhere = new_number()
    for method, path, data in (
        ("GET", "/office/cases/{}/package", None),
        ("POST", "/office/cases/{}/moves", {"to": "accepted"}),
        ("POST", "/office/cases/{}/acknowledgement", {"office_number": "X"}),
    ):
        answers = [
            await hongshan.call(method, path.format(number), data, idempotency=f"try-{number}-{method}" if data else "")
            for number in (there.number, nowhere, "1234")
        ]
        assert answers[0] == answers[1] == answers[2] == (404, b'{"error": "this key has no such case"}')
    assert (await counter.town.get(there)).version == there.version
    assert set(await counter.office.collect()) == {there.number}


async def test_the_key_before_still_opens_and_the_new_one_signs(counter: Counter) -> None:
    """Rotation."""
    case = await handed_in(counter.town)
    old = counter.another("shi", BEFORE)
    status, data = await old.call("GET", f"/office/cases/{case.number}/package")
    assert status == 200
    with pytest.raises(Broken):
        counter.another("shi", BEFORE[::-1]).open(data)


async def test_many_cases_come_in_pages(counter: Counter) -> None:
    cases = [await handed_in(counter.town) for _ in range(5)]
    assert sorted(await counter.office.collect(limit=2)) == sorted(case.number for case in cases)


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=%D9%A1", "order=asc"])
async def test_a_wrong_query_is_said(counter: Counter, query: str) -> None:
    status, body = await counter.office.call("GET", f"/office/cases?{query}")
    assert (status, "error" in json.loads(body)) == (400, True)


def test_keys_are_read_and_refused_by_entry() -> None:

    secret = "ab" * 32
    (one,) = read_keys(f"shi sm3 {secret} 420100")
    assert (one.name, one.digest, one.region, len(one.secret)) == ("shi", "sm3", "420100", 32)
    assert secret not in repr(one)
    assert read_keys("") == ()
    for bad, said in (
        (f"shi md5 {secret}", "entry 1 .* is not"),
        (f"shi sm3 {secret}; SHI sm3 {secret}", "entry 2 .* is not"),
        (f"shi sm3 {secret} 42", "entry 1 .* is not"),
        ("shi sm3 abcd", "has 2 bytes; make it 32 or more"),
        (f"shi sm3 {secret}; shi sha256 {secret}", "the same key twice"),
    ):
        with pytest.raises(BadInput, match=said) as refused:
            read_keys(bad)
        assert secret not in str(refused.value)
