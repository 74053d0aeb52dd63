"""The encrypted envelope of WeChat pushes, the same in official accounts, mini programs and 企业微信.

Own code, not `wechatpy.crypto`: that parses XML before it checks the signature, takes any padding, compares the
receiver with `!=`, lets five kinds of foreign exceptions out and draws its random bytes from `random`. The cipher
itself is `cryptography`'s.
https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.errors import BadInput, Forged

_BLOCK = 32
"""WeChat pads to 32, not to the cipher's 16."""


@dataclass(frozen=True, slots=True)
class Opened:
    content: bytes
    key: int
    """Which of the envelope's keys opened it: the reply must be sealed with the same."""


def aes_key(encoding_aes_key: str) -> bytes:
    """The 32 bytes behind the 43 characters the console shows."""
    if not re.fullmatch(r"[A-Za-z0-9]{43}", encoding_aes_key):
        raise BadInput("an EncodingAESKey is not 43 letters and digits; copy the whole of it from 服务器配置")
    return base64.b64decode(encoding_aes_key + "=")


@dataclass(frozen=True, slots=True)
class Envelope:
    receiver: str
    """The appid (or corpid) every message must end in: it keeps another account's push out."""
    keys: tuple[bytes, ...] = field(repr=False)
    """The current key, then the previous one during a change."""

    @classmethod
    def of(cls, receiver: str, encoding_aes_key: str, previous: str = "") -> Envelope:
        return cls(receiver, tuple(aes_key(key) for key in (encoding_aes_key, previous) if key))

    def open(self, sealed: str) -> Opened:
        """Raises Forged("decrypt") for whatever reason: one that told padding from receiver would be an oracle."""
        try:
            ciphertext = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            ciphertext = b""
        if ciphertext and len(ciphertext) % 16 == 0:
            for number, key in enumerate(self.keys):
                content = self._open(ciphertext, key)
                if content is not None:
                    return Opened(content, number)
        raise Forged("decrypt")

    def seal(self, content: bytes, key: int = 0, randomness: bytes | None = None) -> str:
        """`randomness`: 16 bytes, given only by the published test vectors."""
        start = secrets.token_bytes(16) if randomness is None else randomness
        plain = start + len(content).to_bytes(4, "big") + content + self.receiver.encode()
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = _cipher(self.keys[key]).encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def _open(self, ciphertext: bytes, key: bytes) -> bytes | None:
        decryptor = _cipher(key).decryptor()
        plain = decryptor.update(ciphertext) + decryptor.finalize()
        pad = plain[-1]
        good = 1 <= pad <= _BLOCK and hmac.compare_digest(plain[-pad:], bytes([pad]) * pad)
        body = plain[16:-pad] if good else b""
        length = int.from_bytes(body[:4], "big")
        content, receiver = body[4 : 4 + length], body[4 + length :]
        good &= len(body) >= 4 and len(content) == length
        good &= hmac.compare_digest(receiver, self.receiver.encode())
        return content if good else None


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
