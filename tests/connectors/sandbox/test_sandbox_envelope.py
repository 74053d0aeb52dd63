"""The simulator's own crypto gives what the platform's published examples give, and what `connectors.wechat` reads."""

from __future__ import annotations

import base64
import struct

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from connectors.sandbox.envelope import Broken, Envelope, signature
from connectors.sandbox.settings import new_aes_key
from connectors.wechat.crypto import Envelope as OtherEnvelope
from connectors.wechat.crypto import aes_key

ZEROS = "A" * 43
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def test_the_signature_of_the_platforms_example_comes_out() -> None:
    assert signature("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert signature("789", "456", "123") == "f7c3bc1d808e04732adf679965ccc34ca7ae3441"


def test_the_platforms_outbound_example_is_sealed_byte_for_byte() -> None:
    envelope = Envelope("AAAAA", ZEROS, "wxba5fad812f8e6fb9")
    sealed = envelope.close(b'{"demo_resp":"good luck"}', noise=b"707722b803182950")
    assert sealed == "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    assert envelope.sign("1713424427", "415670741", sealed) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


def test_characters_of_several_bytes_are_counted_in_bytes() -> None:
    envelope = Envelope("pamtest", LETTERS, "wxb11529c136998cb6")
    sealed = envelope.close("我是中文abcd123".encode(), noise=b"aaaabbbbccccdddd")
    assert sealed == "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="


@given(st.binary(max_size=300))
def test_both_sides_read_each_other(message: bytes) -> None:
    key = new_aes_key()
    ours, theirs = Envelope("token", key, "wxsandbox"), OtherEnvelope.of("wxsandbox", key)
    assert theirs.open(ours.close(message)).content == message
    assert ours.open(theirs.seal(message)) == message


def _sealed(plain: bytes) -> str:
    key = aes_key(ZEROS)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def _padded(plain: bytes) -> bytes:
    pad = 32 - len(plain) % 32
    return plain + bytes([pad]) * pad


@pytest.mark.parametrize(
    ("sealed", "words"),
    [
        ("not base64!", "not base64"),
        ("", "0 bytes"),
        (base64.b64encode(bytes(16)).decode(), "not a multiple of 32"),
        (_sealed(bytes(31) + b"\x00"), "padding"),
        (_sealed(bytes(31) + b"\x21"), "padding"),
        (_sealed(_padded(b"short")), "too short"),
        (_sealed(_padded(bytes(16) + struct.pack("!I", 999) + b"message")), "inner length"),
        (_sealed(_padded(bytes(16) + struct.pack("!I", 7) + b"messagewx_other")), "another appid"),
    ],
)
def test_a_broken_envelope_is_named(sealed: str, words: str) -> None:
    with pytest.raises(Broken, match=words):
        Envelope("AAAAA", ZEROS, "wx_mine").open(sealed)
