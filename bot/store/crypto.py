"""Envelope encryption for what residents say: a random data key for each record, sealed by a key kept elsewhere.

A sealed record is

    version 1 | suite 1 | key id 4 | nonce 12 | data key, sealed | nonce 12 | text, sealed

and both seals are bound to the header and to `table|row|column`, so a record moved to another row does not open.
Destroying the sealed data key destroys the text. Equality ("has this sender been here?") is a keyed hash under a key
of its own, never a bare hash: an identity number has too few possible values to hide behind one.

The ciphers are those of `cryptography` (OpenSSL): software, not a certified module (密评); an office at level 3 puts
its approved device behind `KeyRing`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from enum import StrEnum
from functools import cache

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import BadInput


class Suite(StrEnum):
    """Which cipher new records are sealed with; records of the other one still open."""

    SM4_GCM = "sm4-gcm"
    AES_256_GCM = "aes-256-gcm"


class Digest(StrEnum):
    """The hash under the keyed hash. It is fixed with the key ring: another one would find no sender again."""

    SM3 = "sm3"
    SHA256 = "sha256"


VERSION = 1
_SUITES: dict[Suite, tuple[int, int]] = {Suite.SM4_GCM: (1, 16), Suite.AES_256_GCM: (2, 32)}
"""The number in the header and the key length in bytes."""
_BY_NUMBER = {number: suite for suite, (number, _) in _SUITES.items()}
_NONCE = 12
_TAG = 16
_HEAD = 6


def digest_of(suite: Suite) -> Digest:
    return Digest.SM3 if suite is Suite.SM4_GCM else Digest.SHA256


def _algorithm(digest: Digest) -> hashes.HashAlgorithm:
    return hashes.SM3() if digest is Digest.SM3 else hashes.SHA256()


class _Sm4:
    """SM4-GCM with the interface of AESGCM: the library has it only in two-step form."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, bound_to: bytes) -> bytes:
        encryptor = Cipher(self._key, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, bound_to: bytes) -> bytes:
        if len(data) < _TAG:
            raise InvalidTag
        decryptor = Cipher(self._key, modes.GCM(nonce, data[-_TAG:])).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        return decryptor.update(data[:-_TAG]) + decryptor.finalize()


def _cipher(suite: Suite, key: bytes) -> _Sm4 | AESGCM:
    return _Sm4(key) if suite is Suite.SM4_GCM else AESGCM(key)


def derive(secret: bytes, purpose: str, length: int, digest: Digest = Digest.SHA256) -> bytes:
    """A key for one purpose from a secret, so that no two uses share one."""
    return HKDF(_algorithm(digest), length, None, b"jiuzhutong|" + purpose.encode()).derive(secret)


class SealingKey:
    """One key-encryption key, ready for both suites; known by four bytes that tell nothing about it."""

    def __init__(self, secret: bytes) -> None:
        self.id = derive(secret, "key id", 4)
        self._ciphers = {
            suite: _cipher(suite, derive(secret, f"seal {suite}", length, digest_of(suite)))
            for suite, (_, length) in _SUITES.items()
            if supported(suite)
        }

    def seal(self, suite: Suite, text: bytes, place: str) -> bytes:
        number, length = _SUITES[suite]
        head = bytes((VERSION, number)) + self.id
        bound_to = head + place.encode()
        data_key = os.urandom(length)
        first, second = os.urandom(_NONCE), os.urandom(_NONCE)
        sealed_key = self._ciphers[suite].encrypt(first, data_key, bound_to)
        return head + first + sealed_key + second + _cipher(suite, data_key).encrypt(second, text, bound_to)

    def open(self, record: bytes, place: str) -> bytes:
        """Raises InvalidTag when the record was changed or belongs to another place."""
        suite = suite_of(record)
        bound_to = record[:_HEAD] + place.encode()
        sealed_at = _HEAD + _NONCE
        text_at = sealed_at + _SUITES[suite][1] + _TAG
        if len(record) < text_at + _NONCE + _TAG:
            raise InvalidTag
        data_key = self._ciphers[suite].decrypt(record[_HEAD:sealed_at], record[sealed_at:text_at], bound_to)
        body = text_at + _NONCE
        return _cipher(suite, data_key).decrypt(record[text_at:body], record[body:], bound_to)


def key_id_of(record: bytes) -> bytes:
    return record[2:_HEAD]


def suite_of(record: bytes) -> Suite:
    if len(record) < _HEAD or record[0] != VERSION or record[1] not in _BY_NUMBER:
        raise InvalidTag
    return _BY_NUMBER[record[1]]


class KeyedHash:
    """Tells equal values apart from different ones without keeping them."""

    def __init__(self, key: bytes, digest: Digest) -> None:
        self._blank = HMAC(key, _algorithm(digest))

    def of(self, *parts: str) -> bytes:
        """Each part goes in with its length, so that ("ab", "c") is not ("a", "bc")."""
        work = self._blank.copy()
        for part in parts:
            raw = part.encode("utf-8", "surrogatepass")
            work.update(len(raw).to_bytes(4, "big") + raw)
        return work.finalize()


@cache
def supported(suite: Suite) -> bool:
    """Whether this OpenSSL has the suite at all: some builds leave the Chinese algorithms out."""
    try:
        _cipher(suite, bytes(_SUITES[suite][1])).encrypt(bytes(_NONCE), b"", b"")
        work = hashes.Hash(_algorithm(digest_of(suite)))
        work.finalize()
    except UnsupportedAlgorithm:
        return False
    return True


def self_test(suite: Suite) -> None:
    """Known answers, asked at every start: a library that got one wrong would write what nobody can read.

    SM3 "abc": GB/T 32905-2016 A.1. SM4-GCM: RFC 8998 A.1. SHA-256 "abc": FIPS 180-4. AES-256-GCM: case 16 of the
    GCM specification. HMAC is compared with the standard library's, which shares no code with ours.
    """
    if not supported(suite):
        raise BadInput(
            f"the cipher suite {suite} is missing from this build of OpenSSL, so nothing can be stored; "
            f"install the `cryptography` wheel of the lock file, or choose the other suite in the settings"
        )
    digest = digest_of(suite)
    work = hashes.Hash(_algorithm(digest))
    work.update(b"abc")
    vector = _VECTORS[suite]
    cipher = _cipher(suite, vector["key"])
    right = (
        work.finalize() == vector["abc"]
        and cipher.encrypt(vector["nonce"], vector["text"], vector["bound"]) == vector["sealed"]
        and cipher.decrypt(vector["nonce"], vector["sealed"], vector["bound"]) == vector["text"]
    )
    if digest is Digest.SHA256:
        work_hash = HMAC(b"key", hashes.SHA256())
        work_hash.update(b"text")
        right = right and hmac.compare_digest(work_hash.finalize(), hmac.digest(b"key", b"text", hashlib.sha256))
    if not right:
        raise BadInput(f"the self-test of {suite} gave a wrong answer, so nothing is stored; reinstall `cryptography`")


def _hex(text: str) -> bytes:
    return bytes.fromhex(text)


_VECTORS: dict[Suite, dict[str, bytes]] = {
    Suite.SM4_GCM: {
        "abc": _hex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        "key": _hex("0123456789abcdeffedcba9876543210"),
        "nonce": _hex("00001234567800000000abcd"),
        "bound": _hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        "text": _hex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8),
        "sealed": _hex(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
            "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
            "83de3541e4c2b58177e065a9bf7b62ec"
        ),
    },
    Suite.AES_256_GCM: {
        "abc": _hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        "key": _hex("feffe9928665731c6d6a8f9467308308" * 2),
        "nonce": _hex("cafebabefacedbaddecaf888"),
        "bound": _hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        "text": _hex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        ),
        "sealed": _hex(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
            "76fc6ece0f4e1768cddf8853bb2d551b"
        ),
    },
}
