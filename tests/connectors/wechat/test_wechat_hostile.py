"""A-01 … A-17: whatever is wrong with a callback, the answer is the same `Forged`, early and without a trace."""

from __future__ import annotations

import contextlib
import json
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Forged
from connectors import pushed
from connectors.wechat import parse
from connectors.wechat.crypto import Envelope
from connectors.wechat.settings import Mode
from tests.connectors.wechat.hostile import CORPUS, GOOD_BODY, GOOD_QUERY, Case, Query, cipher_cases
from tests.connectors.wechat.pushes import (
    APPID,
    KEY,
    NONCE,
    NOW,
    OLD_KEY,
    STAMP,
    TOKEN,
    message,
    plain_query,
    sealed,
    sealed_query,
    signed,
    wechat,
    wrapper,
    xml,
)


def test_the_corpus_is_no_token_gesture() -> None:
    assert len(CORPUS) >= 60
    assert len({case.name for case in CORPUS}) == len(CORPUS)
    wechat().read(GOOD_QUERY, {}, GOOD_BODY, NOW)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_every_case_is_refused_the_same_way(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    for module, name in ((parse, "fields_of"), (parse, "sealed_in"), (pushed, "text_of")):
        monkeypatch.setattr(module, name, spy(parsed, name, getattr(module, name)))
    began = time.process_time()
    with pytest.raises(Forged) as refused:
        wechat(mode=case.mode).read(case.query, case.headers, case.body, NOW)
    assert time.process_time() - began < 0.05
    assert refused.value.__cause__ is None
    assert len(str(refused.value)) <= 12, "the reason is one word for our counters, never something of the caller's"
    if case.by_query_alone:
        assert parsed == []
    if " inside" not in case.name and "A-16" not in case.name:
        assert "fields_of" not in parsed, "nothing is parsed before it is proved"


def spy(calls: list[str], name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        return real(*args, **kwargs)

    return called


def test_a16_no_failure_of_decryption_tells_itself_from_another() -> None:
    """Same class, same words; and the same time: a padding oracle needs either."""
    envelope = Envelope.of(APPID, KEY, OLD_KEY)
    told, times = set(), {}
    for name, encrypt in cipher_cases().items():
        if name == "wrong key":
            continue
        taken = []
        for _ in range(40):
            began = time.process_time()
            with pytest.raises(Forged) as refused:
                envelope.open(encrypt)
            taken.append(time.process_time() - began)
        told.add((type(refused.value), str(refused.value), refused.value.__cause__, refused.value.__context__))
        times[name] = statistics.median(taken)
    assert told == {(Forged, "decrypt", None, None)}
    assert max(times.values()) - min(times.values()) < 0.002


@pytest.mark.parametrize("skew", [-300, -1, 0, 1, 299])
def test_a06_within_five_minutes_is_in_time(skew: int) -> None:
    assert wechat().read(GOOD_QUERY, {}, GOOD_BODY, NOW + timedelta(seconds=skew - 5)).inbounds


def test_a04_the_same_push_again_is_the_same_message_and_the_same_proof() -> None:
    first, again = (wechat().read(GOOD_QUERY, {}, GOOD_BODY, NOW) for _ in range(2))
    assert first.inbounds == again.inbounds
    assert (first.signature, first.body_hash) == (again.signature, again.body_hash)


def test_a04_one_plain_signature_with_two_bodies_shows_in_the_proof() -> None:
    channel = wechat(mode=Mode.PLAIN)
    one, two = (channel.read(plain_query(), {}, xml(message(Content=c)).encode(), NOW) for c in "ab")
    assert one.signature == two.signature
    assert one.body_hash != two.body_hash


def test_a17_the_address_check_echoes_only_what_is_signed() -> None:
    script = "<script>alert(1)</script>"
    assert wechat().verify_url([*plain_query(), ("echostr", script)], NOW) == script
    unsigned = [(k, "0" * 40 if k == "signature" else v) for k, v in plain_query()]
    old = plain_query(stamp=str(int(NOW.timestamp()) - 400))
    for query in (
        [*unsigned, ("echostr", script)],
        [*old, ("echostr", "1")],
        plain_query(),
        [*plain_query(), ("echostr", "")],
        [*plain_query(), ("echostr", "a\r\nSet-Cookie: x")],
        [*plain_query(), ("echostr", "1"), ("echostr", "2")],
    ):
        with pytest.raises(Forged):
            wechat().verify_url(query, NOW)


def test_the_signature_of_another_token_is_refused() -> None:
    encrypt = sealed(xml(message(Content="x")))
    with pytest.raises(Forged):
        wechat().read(sealed_query(encrypt, token="OTHER"), {}, wrapper(encrypt), NOW)
    assert signed(TOKEN, STAMP, NONCE) != signed("OTHER", STAMP, NONCE)


def test_an_account_of_another_is_refused_when_ours_is_named() -> None:
    assert wechat(account="gh_0123456789ab").read(GOOD_QUERY, {}, GOOD_BODY, NOW).inbounds
    with pytest.raises(Forged, match=r"^account$"):
        wechat(account="gh_ffffffffffff").read(GOOD_QUERY, {}, GOOD_BODY, NOW)


@settings(deadline=None)
@given(st.binary(max_size=300), st.lists(st.tuples(st.text(max_size=20), st.text(max_size=50)), max_size=8))
def test_random_bytes_are_refused_and_nothing_else(body: bytes, query: Query) -> None:
    for asked in (query, GOOD_QUERY):
        with pytest.raises(Forged):
            wechat().read(asked, {}, body, NOW)


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200).map(lambda b: b.decode("latin-1")), st.text(max_size=200)))
def test_random_words_under_a_good_seal_are_read_or_refused(inner: str) -> None:
    encrypt = Envelope.of(APPID, KEY).seal(inner.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(Forged):
        wechat().read(sealed_query(encrypt), {}, wrapper(encrypt), NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "MsgType",
                "Event",
                "Content",
                "MsgId",
                "List",
                "SendLocationInfo",
                "CreateTime",
                "EventKey",
                "Label",
                "OpenID",
            ]
        ),
        json_values | st.sampled_from(["text", "event", "location", "subscribe_msg_popup_event", "location_select"]),
    )
)
def test_random_fields_under_a_good_seal_are_read_or_refused(fields: dict[str, Any]) -> None:
    encrypt = Envelope.of(APPID, KEY).seal(json.dumps(message(**fields)).encode())
    try:
        (inbound,) = wechat().read(sealed_query(encrypt), {}, wrapper(encrypt, as_json=True), NOW).inbounds
    except Forged:
        return
    "".join((inbound.text, inbound.event_key, inbound.place, inbound.choice, inbound.media)).encode()
    assert inbound.message_id.startswith(("m:", "e:"))
