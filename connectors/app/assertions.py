"""Who the bureau's own app says somebody is: a JWT it signed a moment ago, for us, used once (RFC 7519)."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from bot.desk.ports import Store
from bot.errors import BadInput, Forged

AUDIENCE = "jiuzhutong"
LONGEST_SECONDS = 300
"""How far ahead it may end."""
CLOCKS_DIFFER = 30
_ALGORITHMS = ("HS256", "RS256", "ES256")
_KID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SHORTEST = 32
"""Bytes of a shared secret: as long as the hash (RFC 7518 3.2)."""
_RSA_BITS = 2048
OTHERS = "mini:"
"""How those are called whom a mini program's login vouches for; nobody's own name begins so."""
_SUB = re.compile(r"[\x21-\x7e]{1,128}")
_JTI = re.compile(r"[\x21-\x7e]{8,128}")


@dataclass(frozen=True, slots=True)
class AppKey:
    kid: str
    algorithm: str
    key: bytes | RSAPublicKey | EllipticCurvePublicKey = field(repr=False)


def read_app_keys(text: str) -> tuple[AppKey, ...]:
    """The setting JIUZHUTONG_APP_KEYS: entries `kid HS256 hex` or `kid RS256|ES256 base64` (the public key as DER), parted by
    `;`. Raises BadInput, which never repeats a key."""
    keys: dict[str, AppKey] = {}
    for number, entry in enumerate(filter(None, map(str.strip, text.split(";"))), 1):
        where = f"entry {number} of JIUZHUTONG_APP_KEYS"
        parts = entry.split()
        if len(parts) != 3 or not _KID.fullmatch(parts[0]) or parts[1] not in _ALGORITHMS:
            raise BadInput(f"{where} is not `kid HS256 hex` or `kid RS256|ES256 base64`; mend it")
        if parts[0] in keys:
            raise BadInput(f"{where} has a kid that stands there before; give each key its own")
        keys[parts[0]] = AppKey(parts[0], parts[1], _key(parts[1], parts[2], where))
    return tuple(keys.values())


def prove(token: str, keys: Sequence[AppKey], now: datetime) -> tuple[str, str]:
    """(whose it is, its one-time id). Raises Forged, and nothing else, whatever the text is."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = next((one for one in keys if one.kid == kid), None)
        if key is None:
            raise Forged("kid")
        claims = jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm],
            audience=AUDIENCE,
            # The times are held against the house's own clock.
            options={
                "require": ["exp", "sub", "jti", "aud"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise Forged("assertion") from error
    ends, seconds = claims["exp"], now.timestamp()
    if not isinstance(ends, int) or not seconds < ends + CLOCKS_DIFFER:
        raise Forged("assertion is over")
    if ends > seconds + LONGEST_SECONDS + CLOCKS_DIFFER:
        raise Forged("assertion lasts too long")
    sub, jti = claims["sub"], claims["jti"]
    if not (
        isinstance(sub, str)
        and _SUB.fullmatch(sub)
        and not sub.startswith(OTHERS)
        and isinstance(jti, str)
        and _JTI.fullmatch(jti)
    ):
        raise Forged("claims")
    return sub, f"{kid}:{jti}"


async def use_up(store: Store, jti: str, now: datetime) -> None:
    """Raises Forged when it was used before, on whichever gateway."""
    async with store.writing() as work:
        # Another body each time: the first one stands, every further one is seen.
        if not await work.signatures.first_seen(f"app-jti:{jti}", secrets.token_hex(16), now):
            raise Forged("assertion was used")
        await work.commit()


def _key(algorithm: str, text: str, where: str) -> bytes | RSAPublicKey | EllipticCurvePublicKey:
    if algorithm == "HS256":
        if not re.fullmatch(r"(?:[0-9a-fA-F]{2})+", text) or len(text) < 2 * _SHORTEST:
            raise BadInput(f"{where} needs a secret of at least {_SHORTEST} bytes in hex; make a new one")
        return bytes.fromhex(text)
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadInput(f"{where} holds no public key in base64 (DER); take the lines between BEGIN and END") from error
    if algorithm == "RS256" and isinstance(key, RSAPublicKey) and key.key_size >= _RSA_BITS:
        return key
    if algorithm == "ES256" and isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    raise BadInput(f"{where} holds a key that is not for {algorithm} (RSA of {_RSA_BITS} bits, or P-256); mend it")
