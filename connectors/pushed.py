"""The body of a callback as plain nested dicts of text, within narrow bounds. What does not fit is refused with Forged."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.errors import Forged

LARGEST = 64 * 1024
"""Bytes; real pushes are under 10 KB. The gateway refuses more before reading it."""
DEEPEST = 6
ELEMENTS = 400

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def text_of(body: bytes) -> str:
    if not body or len(body) > LARGEST:
        raise Forged("size")
    try:
        return body.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise Forged("body") from None


def check_uncompressed(headers: Mapping[str, str]) -> None:
    if any(name.lower() == "content-encoding" and value.lower() != "identity" for name, value in headers.items()):
        raise Forged("body")


def json_of(text: str) -> dict[str, Any]:
    """A JSON object without doubled names; numbers stay as they were written, since a platform's ids have 19 digits."""
    try:
        fields = json.loads(text, object_pairs_hook=_unrepeated, parse_constant=_refuse, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise Forged("body") from None
    if not isinstance(fields, dict):
        raise Forged("body")
    return fields


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Forged("body")
    return fields


def _refuse(name: str) -> None:
    raise Forged("body")


def cleaned(value: Any, depth: int = 1) -> Any:
    """Text stays text, nested elements are dicts, repeated ones lists; anything else is written as text."""
    if depth > DEEPEST:
        raise Forged("body")
    if isinstance(value, dict):
        return {clean(key): cleaned(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [cleaned(inner, depth + 1) for inner in value[:ELEMENTS]]
    if value is None:
        return ""
    return clean(value if isinstance(value, str) else json.dumps(value))


def clean(text: str) -> str:
    """Without control characters and lone surrogates: neither XML nor a database takes them."""
    return _UNPRINTABLE.sub("", text)
