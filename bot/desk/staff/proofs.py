"""What proves somebody who works here: a password (argon2id), a code of their phone (TOTP), or a recovery code.

Libraries: argon2-cffi and pyotp (docs/decisions/0020). Parameters are above OWASP's
least (46 MiB): a check takes about a tenth of a second and is done in a thread.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

STEP_SECONDS = 30
RECOVERY_CODES = 10
_HASHER = PasswordHasher(time_cost=2, memory_cost=65_536, parallelism=1, type=Type.ID)
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is misread: no 0 and o, no 1, i and l."""


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(_HASHER.hash, password)


async def password_fits(kept: str, password: str) -> bool:
    """As long for an account that does not exist (`kept` empty) as for a wrong password."""
    return await asyncio.to_thread(_fits, kept, password)


def outdated(kept: str) -> bool:
    """Whether a password should be hashed anew, because the parameters rose since."""
    return _HASHER.check_needs_rehash(kept)


def new_key() -> str:
    """A TOTP key: 160 bits, in base32 as phones read it."""
    return pyotp.random_base32()


def is_key(key: str) -> bool:
    """Whether a text is such a key: it comes back from a browser."""
    return re.fullmatch("[A-Z2-7]{32}", key) is not None


def key_uri(key: str, login: str, issuer: str = "救助通") -> str:
    """What the QR code of the set-up page says."""
    return pyotp.TOTP(key).provisioning_uri(name=login, issuer_name=issuer)


def code_step(key: str, code: str, now: datetime, newest_used: int) -> int | None:
    """The 30-second step a code belongs to: the present one, the one before or the one after, and newer than any that was
    used; None when it fits none. Constant-time in the code."""
    if not key or len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    totp, present = pyotp.TOTP(key), int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (present - 1, present, present + 1):
        fits = hmac.compare_digest(totp.generate_otp(step), code)
        if fits and step > newest_used:
            found = step
    return found


def new_token() -> str:
    """256 random bits for a session or an invitation."""
    return secrets.token_urlsafe(32)


def new_recovery_codes() -> list[str]:
    """Ten codes, each good once, for somebody whose phone is lost: 10 signs of 31, about 49 bits."""
    return ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]


def recovery_hash(staff: str, code: str) -> str:
    """How a recovery code is kept, whatever blanks and capitals it is typed with. It has 49 random bits, so that a plain
    hash, bound to its owner, tells nothing."""
    plain = code.replace("-", "").replace(" ", "").lower()
    return hashlib.sha256(f"recovery|{staff}|{plain}".encode()).hexdigest()


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept or _nobody(), password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """A hash no password fits."""
    return _HASHER.hash(secrets.token_hex(16))
