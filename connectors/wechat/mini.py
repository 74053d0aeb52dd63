"""What a mini program hands over about its user: signed or encrypted under a session key only the two servers know.

https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from bot.errors import Forged


def check_raw_data(raw_data: str, session_key: str, signature: str) -> None:
    right = hashlib.sha1((raw_data + session_key).encode()).hexdigest()  # noqa: S324  the platform's own recipe
    if not hmac.compare_digest(signature.encode(), right.encode()):
        raise Forged("signature")


def user_data(appid: str, session_key: str, iv: str, encrypted: str) -> Mapping[str, Any]:
    """The decrypted data, only if its watermark names our appid; every failure is the same Forged."""
    try:
        key, start, ciphertext = (base64.b64decode(part, validate=True) for part in (session_key, iv, encrypted))
        if len(key) != 16:
            raise ValueError("a session key has 16 bytes")
        decryptor = Cipher(algorithms.AES(key), modes.CBC(start)).decryptor()
        padded = decryptor.update(ciphertext) + decryptor.finalize()
        unpadder = PKCS7(128).unpadder()
        data = json.loads(unpadder.update(padded) + unpadder.finalize())
        marked = str(data["watermark"]["appid"])
    except (ValueError, binascii.Error, KeyError, TypeError, RecursionError):
        raise Forged("decrypt") from None
    if not isinstance(data, dict) or not hmac.compare_digest(marked.encode(), appid.encode()):
        raise Forged("decrypt")
    return data
