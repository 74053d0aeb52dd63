"""Who somebody is: only what the bureau's app signed a moment ago, or what we signed ourselves, is ever believed."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot.clock import FixedClock
from bot.desk.ports import Store
from bot.errors import BadInput, Forged
from connectors.app.assertions import prove, read_app_keys
from connectors.app.sessions import Sessions
from connectors.app.settings import read_origins
from tests.connectors.app.town import BUREAU, SECRET, Client, Town, a_town, assertion
from tests.databases import sqlite_first

ANONYMOUS, NAMED = ["talk", "pictures", "sign"], ["talk", "pictures", "sign", "cases", "resume"]


async def test_an_anonymous_session_has_a_sender_nobody_can_guess(town: Town) -> None:
    one, other = await town.resident(), await town.resident()
    assert one.session["rights"] == ANONYMOUS
    assert one.sender.startswith("a:")
    assert len(one.sender) == 2 + 32
    assert one.sender != other.sender
    assert one.session["session_id"] not in one.sender


async def test_the_same_person_is_one_conversation_on_two_devices(town: Town) -> None:
    phone, tablet = await town.resident("resident-9"), await town.resident("resident-9")
    assert phone.session["rights"] == NAMED
    await phone.say("低保怎么申请")
    await phone.until(1)
    assert [one["text"] for one in await tablet.read()] == [one["text"] for one in await phone.read()]
    stranger = await town.resident("resident-10")
    assert await stranger.read() == []


async def test_an_assertion_works_once_on_whichever_gateway(second_store: Store, town: Town) -> None:
    told = assertion()
    await town.client().open(told)
    await town.open_gate(second_store)
    status, refused = await town.client().post("/sessions", {"assertion": told})
    assert (status, refused["code"]) == (401, "unauthorized")


def forged() -> dict[str, str]:
    now = int(time.time())
    bare = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": BUREAU.kid}).encode()).rstrip(b"=").decode()
    other = Sessions(SECRET)
    token = other.token(other.named("resident-17", datetime.now(UTC)))
    return {
        "another key": jwt.encode(
            _claims(), "another secret that is long enough!!", "HS256", headers={"kid": BUREAU.kid}
        ),
        "an unknown kid": assertion(kid="bureau-9"),
        "no kid": jwt.encode(_claims(), BUREAU.key, "HS256"),  # type: ignore[arg-type]
        "no algorithm": f"{bare}.{assertion().split('.')[1]}.",
        "another algorithm": jwt.encode(_claims(), b"x" * 64, "HS512", headers={"kid": BUREAU.kid}),
        "over": assertion(exp=now - 60),
        "lasting an hour": assertion(exp=now + 3600),
        "no end": assertion(exp=None),
        "an end in words": assertion(exp="soon"),
        "another audience": assertion(aud="another"),
        "no audience": assertion(aud=None),
        "no one-time id": assertion(jti=None),
        "a short one-time id": assertion(jti="1"),
        "nobody": assertion(sub=""),
        "a line in the name": assertion(sub="a\nb"),
        "a mini program's name": assertion(sub="mini:oMini1"),
        "a very long name": assertion(sub="x" * 500),
        "our own session token": token,
        "no token": "not.a.token",
        "words": "低保",
        "a zero": "\x00",
    }


def _claims(**bent: Any) -> dict[str, Any]:
    return {"sub": "resident-17", "aud": "jiuzhutong", "exp": int(time.time()) + 60, "jti": "once-and-only", **bent}


@sqlite_first
async def test_whoever_cannot_prove_themselves_learns_nothing(town: Town) -> None:
    """A-18: one status, one body, whatever was wrong; and nothing is stored."""
    answers = set()
    for told in forged().values():
        status, body = await town.client().post("/sessions", {"assertion": told})
        answers.add((status, json.dumps(body, ensure_ascii=False)))
    for token in ("", "x", assertion(), forged()["another key"], SECRET):
        status, body = await town.client(token=token).get("/messages")
        answers.add((status, json.dumps(body, ensure_ascii=False)))
    assert answers == {(401, '{"code": "unauthorized", "message": "时间久了，请重新打开页面。"}')}
    async with town.store.reading() as work:
        assert sum((await work.messages.by_state()).values()) == 0


@pytest.mark.parametrize("name", sorted(forged()))
def test_a_forged_assertion_is_refused(name: str) -> None:
    with pytest.raises(Forged):
        prove(forged()[name], [BUREAU], datetime.now(UTC))


@sqlite_first
@pytest.mark.parametrize("headers", [{"Authorization": "Basic abc"}, {"Authorization": "Bearer"}, {}])
async def test_a_header_that_proves_nothing_is_refused(town: Town, headers: dict[str, str]) -> None:
    status, _ = await town.client().get("/messages", headers=headers)
    assert status == 401


@sqlite_first
async def test_a_token_ends_and_is_renewed_before_that(store: Store, quick: None) -> None:
    clock = FixedClock(datetime(2026, 7, 28, 2, tzinfo=UTC))
    async with a_town(store, clock) as town:
        who = await town.resident()
        assert who.session["expires_in"] == 12 * 3600
        clock.advance(hours=11)
        status, fresh = await who.post("/sessions/renew")
        assert status == 201
        assert fresh["session_id"] == who.session["session_id"]
        old = who.token
        clock.advance(hours=2)
        assert (await who.get("/messages"))[0] == 401, "the old one is over"
        assert (await who.post("/sessions/renew"))[0] == 401
        renewed = town.client(token=fresh["token"])
        assert (await renewed.get("/messages"))[0] == 200
        assert (
            Sessions(SECRET).read(fresh["token"], clock.now()).sender
            == jwt.decode(old, options={"verify_signature": False})["sub"]
        )


def test_a_session_is_renewed_for_a_week_or_a_month_and_no_longer() -> None:
    sessions, began = Sessions(SECRET), datetime(2026, 7, 28, tzinfo=UTC)
    for made, days in ((sessions.anonymous(began), 7), (sessions.named("x", began), 30)):
        hours = 0
        with pytest.raises(Forged):
            while True:
                hours += 6
                now = datetime.fromtimestamp(began.timestamp() + hours * 3600, UTC)
                made = sessions.renewed(made, now)
        assert hours == days * 24


def test_another_house_does_not_know_our_tokens() -> None:
    now = datetime.now(UTC)
    ours = Sessions(SECRET)
    with pytest.raises(Forged):
        Sessions("of another house").read(ours.token(ours.anonymous(now)), now)


def public(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    told = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(told).decode()


def test_keys_of_each_kind_are_read_and_prove() -> None:
    one, two = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())
    keys = read_app_keys(f"a HS256 {'ab' * 32}; b RS256 {public(one)} ;c ES256 {public(two)};")
    assert [key.kid for key in keys] == ["a", "b", "c"]
    now = datetime.now(UTC)
    for kid, algorithm, key in (("a", "HS256", bytes.fromhex("ab" * 32)), ("b", "RS256", one), ("c", "ES256", two)):
        told = jwt.encode(_claims(), key, algorithm, headers={"kid": kid})  # type: ignore[arg-type]
        assert prove(told, keys, now) == ("resident-17", f"{kid}:once-and-only")
    confused = jwt.encode(_claims(), b"b" * 64, "HS256", headers={"kid": "b"})
    with pytest.raises(Forged):
        prove(confused, keys, now)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a HS256 abcd", "at least 32 bytes"),
        ("a HS256", "mend it"),
        ("a none abcd", "mend it"),
        ("a RS256 AAAA", "public key"),
        (f"a HS256 {'ab' * 32}; a HS256 {'cd' * 32}", "its own"),
        (f"a ES256 {public(rsa.generate_private_key(65537, 2048))}", "not for ES256"),
        (f"a RS256 {public(rsa.generate_private_key(65537, 1024))}", "not for RS256"),
    ],
    ids=["short", "none", "no such way", "no key", "twice", "another kind", "too weak"],
)
def test_a_key_that_cannot_be_right_is_refused_without_being_repeated(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        read_app_keys(text)
    assert "abab" not in str(refused.value)


def test_an_origin_is_an_origin() -> None:
    assert read_origins("https://a.example  http://127.0.0.1:8080") == ("https://a.example", "http://127.0.0.1:8080")
    for wrong in ("*", "https://a.example/", "a.example", "https://A.example", "https://a.example'; script-src *"):
        with pytest.raises(BadInput, match="origin"):
            read_origins(wrong)


@sqlite_first
async def test_client_chosen_names_are_never_believed(town: Town, anyone: Client) -> None:
    victim = await town.resident("victim")
    await victim.say("这是我的事")
    await victim.until(1)
    for body in ({"assertion": "", "sender": "u:victim"}, {"session_id": victim.session["session_id"]}):
        assert (await town.client().post("/sessions", body))[0] == 400
    for headers in ({"X-Sender": "u:victim"}, {"X-Forwarded-User": "victim"}):
        _, told = await anyone.get("/messages", headers=headers)
        assert told["messages"] == []
