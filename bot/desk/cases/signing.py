"""How the office's own system and we prove ourselves to each other: keys with names, and keyed hashes over what is sent.

`docs/office-exchange.md` is the same in words for the other side, with test vectors.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from bot.errors import BadInput, Forged

TOLERANCE = 300
"""Seconds a request may be old, or early: clocks differ."""
SHORTEST = 32
"""Bytes of a key: as long as the hash, so that guessing it is no way in."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_TIMESTAMP = re.compile(r"[0-9]{10}")
IDEMPOTENCY = re.compile(r"[A-Za-z0-9._:-]{8,128}")
_HEX = re.compile(r"[0-9a-f]{64}")
_NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """One secret shared with one office system. Two entries of the same name: the key and the one before it."""

    name: str
    digest: str
    """sm3 or sha256."""
    secret: bytes = field(repr=False)
    region: str = ""
    """The division whose cases it may see, with those below it; empty: all of this installation."""

    def sign(self, data: bytes) -> str:
        return _keyed(self.digest, self.secret, data).hex()


def read_keys(text: str, setting: str = "JIUZHUTONG_OFFICE_KEY") -> tuple[OfficeKey, ...]:
    """The keys of a setting: entries `name sm3|sha256 hex [region]`, parted by `;`. The first
    of a name signs, all of that name are accepted. Raises BadInput, which never repeats a key."""
    keys = []
    for number, entry in enumerate(filter(None, map(str.strip, text.split(";"))), 1):
        parts = entry.split()
        well = len(parts) in (3, 4) and _NAME.fullmatch(parts[0]) and parts[1] in ("sm3", "sha256")
        if not well or not re.fullmatch(r"(?:[0-9a-fA-F]{2})+", parts[2]) or not _region(parts[3:]):
            raise BadInput(f"entry {number} of {setting} is not `name sm3|sha256 hex [six-digit region]`; mend it")
        secret = bytes.fromhex(parts[2])
        if len(secret) < SHORTEST:
            raise BadInput(f"entry {number} of {setting} has {len(secret)} bytes; make it {SHORTEST} or more")
        keys.append(OfficeKey(parts[0], parts[1], secret, "".join(parts[3:])))
    if len({(key.name, key.secret) for key in keys}) < len(keys):
        raise BadInput(f"{setting} holds the same key twice; leave one")
    return tuple(keys)


def _region(parts: Sequence[str]) -> bool:
    return all(re.fullmatch(r"[0-9]{6}", part) for part in parts)


def request_text(method: str, path: str, timestamp: str, idempotency: str, body: bytes, digest: str) -> bytes:
    """What a request's signature is over: every part that decides what it does, one a line."""
    return "\n".join(("jzt1", method, path, timestamp, idempotency, plain_hash(digest, body))).encode()


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as it came, before anything of it is believed. `path` includes the query."""

    method: str
    path: str
    key: str
    timestamp: str
    signature: str
    idempotency: str
    body: bytes


def prove(keys: Sequence[OfficeKey], request: Signed, now: datetime) -> OfficeKey:
    """The key that signed this request. Raises Forged, with the same work for an unknown name as for a wrong
    signature; the reason is for our counters alone."""
    named = [key for key in keys if key.name == request.key] or [OfficeKey(_NOBODY, "sha256", bytes(SHORTEST))]
    known = named[0].name != _NOBODY
    proved: OfficeKey | None = None
    for key in named:
        text = request_text(
            request.method, request.path, request.timestamp, request.idempotency, request.body, key.digest
        )
        if hmac.compare_digest(key.sign(text).encode(), request.signature.encode("utf-8", "replace")):
            proved = key
    if proved is None or not known:
        raise Forged("the signature does not hold")
    if not _TIMESTAMP.fullmatch(request.timestamp) or abs(now.timestamp() - int(request.timestamp)) > TOLERANCE:
        raise Forged("the timestamp is not within five minutes")
    if not _HEX.fullmatch(request.signature):
        raise Forged("the signature is not lower-case hex")
    return proved


def plain_hash(digest: str, data: bytes) -> str:
    """The unkeyed hash in hex: SHA-256, or SM3 (GB/T 32905)."""
    if digest == "sha256":
        return hashlib.sha256(data).hexdigest()
    work = hashes.Hash(hashes.SM3())
    work.update(data)
    return work.finalize().hex()


def _keyed(digest: str, secret: bytes, data: bytes) -> bytes:
    if digest == "sha256":
        return hmac.digest(secret, data, "sha256")
    try:
        work = HMAC(secret, hashes.SM3())
    except UnsupportedAlgorithm as error:
        raise BadInput(
            "this build of OpenSSL has no SM3; install the `cryptography` wheel of the lock file, or use a sha256 key"
        ) from error
    work.update(data)
    return work.finalize()
