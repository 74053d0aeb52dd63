"""Sealed records open in their own place only, and a library that answers wrongly is refused at start."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.store import KeyRing, Suite
from bot.store import crypto as crypto_module
from bot.store.crypto import KeyedHash, self_test, suite_of
from bot.store.keys import new_text, parse

RINGS = {suite: parse(new_text(suite), suite) for suite in Suite}
_suites = st.sampled_from(list(Suite))


@pytest.mark.parametrize("suite", list(Suite))
def test_the_known_answers_hold(suite: Suite) -> None:
    self_test(suite)


def test_a_wrong_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dict(crypto_module._VECTORS[Suite.SM4_GCM], sealed=bytes(80))
    monkeypatch.setitem(crypto_module._VECTORS, Suite.SM4_GCM, wrong)
    with pytest.raises(BadInput, match="self-test of sm4-gcm gave a wrong answer"):
        parse(new_text())


def test_a_library_without_the_suite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some builds of OpenSSL leave SM4 out; the database then holds what nobody can read, or nothing."""
    monkeypatch.setattr(crypto_module, "supported", lambda suite: suite is not Suite.SM4_GCM)
    with pytest.raises(BadInput, match="sm4-gcm is missing from this build of OpenSSL"):
        parse(new_text())
    parse(new_text(Suite.AES_256_GCM), Suite.AES_256_GCM)


@given(suite=_suites, text=st.binary(max_size=300))
def test_what_is_sealed_opens_and_does_not_show(suite: Suite, text: bytes) -> None:
    ring = RINGS[suite]
    record = ring.seal(text, "messages", "1", "body")
    assert ring.open(record, "messages", "1", "body") == text
    assert suite_of(record) is suite
    assert len(text) < 4 or text not in record
    assert record != ring.seal(text, "messages", "1", "body")


@pytest.mark.parametrize("place", [("messages", "2", "body"), ("events", "1", "body"), ("messages", "1", "sender")])
@pytest.mark.parametrize("suite", list(Suite))
def test_a_record_opens_in_no_other_place(suite: Suite, place: tuple[str, str, str]) -> None:
    record = RINGS[suite].seal("一二三".encode(), "messages", "1", "body")
    with pytest.raises(BadInput, match="does not open") as refusal:
        RINGS[suite].open(record, *place)
    assert "一二三" not in str(refusal.value)


@given(suite=_suites, data=st.data())
def test_a_record_changed_anywhere_does_not_open(suite: Suite, data: st.DataObject) -> None:
    record = bytearray(RINGS[suite].seal(b"text", "messages", "1", "body"))
    at = data.draw(st.integers(0, len(record) - 1))
    record[at] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.sampled_from([len(record), at]))
    with pytest.raises(BadInput):
        RINGS[suite].open(bytes(record[:cut]), "messages", "1", "body")


def test_both_suites_open_whatever_new_records_are_sealed_with() -> None:
    text = new_text(Suite.SM4_GCM)
    chinese, other = parse(text, Suite.SM4_GCM), parse(text, Suite.AES_256_GCM)
    assert other.open(chinese.seal(b"old", "t", "1", "c"), "t", "1", "c") == b"old"
    assert chinese.open(other.seal(b"new", "t", "1", "c"), "t", "1", "c") == b"new"
    assert chinese.hash("o-wang") == other.hash("o-wang")


def test_a_hash_tells_equal_from_different_under_one_key_only() -> None:
    ring: KeyRing = RINGS[Suite.SM4_GCM]
    assert ring.hash("ab", "c") == ring.hash("ab", "c")
    assert ring.hash("ab", "c") != ring.hash("a", "bc")
    assert ring.hash("ab", "c") != RINGS[Suite.AES_256_GCM].hash("ab", "c")


def test_the_keyed_hash_is_hmac_sm3() -> None:
    """GM/T 0042-2015 D.3 is not public; the standard library's HMAC over OpenSSL's SM3 shares no code with ours."""
    hashlib = pytest.importorskip("hashlib")
    if "sm3" not in hashlib.algorithms_available:
        return
    import hmac

    mine = KeyedHash(b"key", crypto_module.Digest.SM3).of("abc")
    assert mine == hmac.digest(b"key", b"\0\0\0\3abc", "sm3")
