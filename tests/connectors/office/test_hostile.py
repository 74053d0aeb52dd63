"""A-18 and its kin at the office's door: whoever cannot prove themselves gets one answer and leaves no trace."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import aiohttp
import pytest

from bot.desk.cases import signing
from bot.desk.cases.signing import TOLERANCE
from connectors import metrics
from connectors.office import app
from tests.connectors.office.conftest import SECRET, Counter
from tests.connectors.office.test_exchange import handed_in

REFUSAL = b"forbidden"


def bends(counter: Counter, path: str) -> dict[str, dict[str, Any]]:
    office, now = counter.office, int(counter.office.clock())

    def signed(timestamp: str, key: str = "move-0001", way: str = "POST", where: str = path) -> str:
        return office.sign(way, where, timestamp, key, json.dumps({"to": "accepted"}).encode())

    right = signed(str(now))
    return {
        "no signature": {"X_Jzt_Signature": None},
        "an empty signature": {"X_Jzt_Signature": ""},
        "a wrong signature": {"X_Jzt_Signature": ("0" if right[0] != "0" else "1") + right[1:]},
        "an upper-case signature": {"X_Jzt_Signature": right.upper()},
        "a signature of another length": {"X_Jzt_Signature": right[:-2]},
        "a signature in letters nobody has": {"X_Jzt_Signature": "ä" * 64},
        "no key name": {"X_Jzt_Key": None},
        "an unknown key name": {"X_Jzt_Key": "somebody"},
        "the dummy's key name": {"X_Jzt_Key": "nobody"},
        "another office's name": {"X_Jzt_Key": "hongshan"},
        "no timestamp": {"X_Jzt_Timestamp": None},
        "an old timestamp": {
            "X_Jzt_Timestamp": str(now - TOLERANCE - 1),
            "X_Jzt_Signature": signed(str(now - TOLERANCE - 1)),
        },
        "a timestamp to come": {
            "X_Jzt_Timestamp": str(now + TOLERANCE + 2),
            "X_Jzt_Signature": signed(str(now + TOLERANCE + 2)),
        },
        "a timestamp in words": {"X_Jzt_Timestamp": "1e9", "X_Jzt_Signature": signed("1e9")},
        "full-width digits": {"X_Jzt_Timestamp": "１７６４０３６０００".encode().decode("latin-1")},
        "another timestamp than was signed": {"X_Jzt_Timestamp": str(now + 1)},
        "another body": {"body": b'{"to":"withdrawn"}'},
        "no body": {"body": b""},
        "another idempotency key": {"Idempotency_Key": "move-0009"},
        "no idempotency key": {"Idempotency_Key": None},
        "signed for another way": {"X_Jzt_Signature": signed(str(now), way="GET")},
        "signed for another case": {"X_Jzt_Signature": signed(str(now), where=path.replace("/moves", "x/moves"))},
        "nothing at all": {
            "X_Jzt_Signature": None,
            "X_Jzt_Key": None,
            "X_Jzt_Timestamp": None,
            "Idempotency_Key": None,
        },
    }


async def test_whoever_cannot_prove_themselves_learns_nothing(counter: Counter) -> None:
    case = await handed_in(counter.town)
    path = f"/office/cases/{case.number}/moves"
    refused = metrics.REFUSED.labels("office")._value.get()
    tried = bends(counter, path)
    for name, bent in tried.items():
        got = await counter.office.call("POST", path, {"to": "accepted"}, idempotency="move-0001", **bent)
        assert got == (403, REFUSAL), name
    assert metrics.REFUSED.labels("office")._value.get() == refused + len(tried)
    assert (await counter.town.get(case)).version == case.version
    status, _ = await counter.office.call("POST", path, {"to": "accepted"}, idempotency="move-0001")
    assert status == 200, "and the right one is taken"


async def test_reading_is_guarded_the_same_way(counter: Counter) -> None:
    case = await handed_in(counter.town)
    for path in ("/office/cases", f"/office/cases/{case.number}/package"):
        for bent in ({"X_Jzt_Signature": "0" * 64}, {"X_Jzt_Key": "hongshan"}, {"X_Jzt_Timestamp": "1"}):
            assert await counter.office.call("GET", path, **bent) == (403, REFUSAL)
    assert not [line for line in await counter.town.timeline(case) if "package" in line.about]


async def test_a_header_given_twice_proves_nothing(counter: Counter) -> None:
    now = str(int(counter.office.clock()))
    signature = counter.office.sign("GET", "/office/cases", now, "", b"")
    headers = [
        ("X-Jzt-Key", "shi"),
        ("X-Jzt-Timestamp", now),
        ("X-Jzt-Signature", signature),
        ("X-Jzt-Signature", signature),
    ]
    async with aiohttp.ClientSession() as http, http.get(counter.url + "/office/cases", headers=headers) as response:
        assert (response.status, await response.read()) == (403, REFUSAL)
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_proof_may_be_a_little_early_or_late(counter: Counter) -> None:
    now = int(counter.office.clock())
    for shift in (-TOLERANCE, TOLERANCE):
        stamp = str(now + shift)
        signature = counter.office.sign("GET", "/office/cases", stamp, "", b"")
        status, _ = await counter.office.call("GET", "/office/cases", X_Jzt_Timestamp=stamp, X_Jzt_Signature=signature)
        assert status == 200


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "mit leer", "ключ-0001"])
async def test_a_change_without_a_usable_idempotency_key_is_refused_in_words(counter: Counter, key: str) -> None:
    case = await handed_in(counter.town)
    path = f"/office/cases/{case.number}/moves"
    wire = key.encode().decode("latin-1")
    body = json.dumps({"to": "accepted"}).encode()
    now = str(int(counter.office.clock()))
    signature = counter.office.sign("POST", path, now, key, body)
    headers = {"Idempotency_Key": wire or None, "X_Jzt_Timestamp": now, "X_Jzt_Signature": signature}
    status, said = await counter.office.call("POST", path, {"to": "accepted"}, **headers)
    assert status in (400, 403)
    if status == 400:
        assert "Idempotency-Key" in said.decode()
    assert (await counter.town.get(case)).state == "submitted"


async def test_a_body_too_big_or_packed_is_refused_before_it_is_read(counter: Counter) -> None:
    case = await handed_in(counter.town)
    path = f"/office/cases/{case.number}/moves"
    status, _ = await counter.office.call(
        "POST", path, {"to": "accepted", "reason": "长" * 60_000}, idempotency="big-00001"
    )
    assert status == 413
    status, _ = await counter.office.call(
        "POST", path, {"to": "accepted"}, idempotency="zip-00001", Content_Encoding="gzip"
    )
    assert status == 415


@pytest.mark.parametrize("body", [b"", b"null", b"{", b"\xff\xfe", b"[" * 30_000, b'{"to":1e400}', b'"accepted"'])
async def test_a_broken_body_is_one_clear_line(counter: Counter, body: bytes) -> None:
    case = await handed_in(counter.town)
    path = f"/office/cases/{case.number}/moves"
    now = str(int(counter.office.clock()))
    signature = counter.office.sign("POST", path, now, "body-0001", body)
    status, said = await counter.office.call(
        "POST", path, None, idempotency="body-0001", X_Jzt_Signature=signature, X_Jzt_Timestamp=now, body=body
    )
    assert (status, "error" in json.loads(said)) == (400, True)
    assert (await counter.town.get(case)).state == "submitted"


async def test_an_unknown_name_costs_the_same_work_as_a_known_one(counter: Counter, monkeypatch: Any) -> None:
    """One keyed hash each: whether an office of that name has a key cannot be told."""
    worked: list[str] = []
    real = signing._keyed
    monkeypatch.setattr(
        signing, "_keyed", lambda digest, secret, data: worked.append(digest) or real(digest, secret, data)
    )
    await counter.office.call("GET", "/office/cases", X_Jzt_Key="jianghan")
    known = len(worked)
    await counter.office.call("GET", "/office/cases", X_Jzt_Key="somebody")
    assert (known, len(worked)) == (1, 2)


async def test_nothing_of_a_request_is_logged(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    case = await handed_in(counter.town)
    await counter.office.collect()
    await counter.office.move(case.number, "accepted")
    await counter.office.call("GET", "/office/cases", X_Jzt_Signature="0" * 64)
    told = caplog.text
    for secret in (case.number, "王桂英", "420106195001011234", SECRET.hex()):
        assert secret not in told


async def test_a_stranger_who_sends_a_body_slowly_is_cut_off(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "READ_SECONDS", 0.2)
    host, port = counter.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /office/cases/1/moves HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    await writer.drain()
    line = await asyncio.wait_for(reader.readline(), 5)
    assert b"408" in line
    writer.close()
