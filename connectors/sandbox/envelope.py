"""WeChat's signature and AES envelope, written here a second time on purpose.

`connectors/wechat` leans on wechatpy; this side leans on `cryptography` alone, so a mistake on either side shows.
https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# PKCS#7 with 32-byte blocks: a cipher library's own 16-byte padding would fail for half of all messages.
_BLOCK = 32


class Broken(ValueError):
    """What came back is not what the platform accepts; the text says why, for the engineer's log."""


def signature(*parts: str) -> str:
    """SHA-1 over the parts sorted by code unit: the platform's one recipe for all its signatures."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class Envelope:
    """Closes pushes and opens replies for one account and one EncodingAESKey."""

    def __init__(self, token: str, aes_key: str, appid: str) -> None:
        self._token = token
        self._appid = appid.encode()
        self._key = base64.b64decode(aes_key + "=")

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def sign(self, timestamp: str, nonce: str, *sealed: str) -> str:
        return signature(self._token, timestamp, nonce, *sealed)

    def close(self, message: bytes, noise: bytes | None = None) -> str:
        """16 random bytes, the length, the message, the appid; padded, encrypted, base64."""
        noise = noise or secrets.token_hex(8).encode()
        plain = noise + struct.pack("!I", len(message)) + message + self._appid
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> bytes:
        """The message inside; raises Broken naming the first thing that is wrong."""
        try:
            data = base64.b64decode(sealed, validate=True)
        except binascii.Error as e:
            raise Broken("Encrypt is not base64") from e
        if not data or len(data) % _BLOCK:
            raise Broken(f"Encrypt holds {len(data)} bytes, not a multiple of {_BLOCK}")
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(data) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise Broken("wrong padding: another EncodingAESKey, or 16-byte blocks")
        plain = plain[:-pad]
        if len(plain) < 20:
            raise Broken("too short to hold a message")
        (length,) = struct.unpack("!I", plain[16:20])
        message, receiver = plain[20 : 20 + length], plain[20 + length :]
        if len(message) != length:
            raise Broken("the inner length is larger than the message")
        if receiver != self._appid:
            raise Broken("sealed for another appid")
        return message
