"""Reading what a client sends: no longer than it may be, no slower, and only as the description says."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from connectors.app.problems import Problem

SMALL_BYTES = 64 * 1024
READ_SECONDS = 10.0
"""A phone on a slow line; who takes longer is holding a connection open."""
KEY_HEADER = "Idempotency-Key"
_KEY = re.compile(r"[A-Za-z0-9._:-]{8,128}")
_NUMBER = re.compile(r"[0-9]{1,9}")


@cache
def description() -> Mapping[str, Any]:
    """`openapi.yml`: what clients are told, and what their bodies are held against."""
    return dict(yaml.safe_load(Path(__file__).with_name("openapi.yml").read_text(encoding="utf-8")))


async def read(request: web.Request, most: int = SMALL_BYTES, seconds: float = READ_SECONDS) -> bytes:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("wrong_type")
    if request.content_length is not None and request.content_length > most:
        raise Problem("too_large")
    try:
        async with asyncio.timeout(seconds):
            body = bytearray()
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > most:
                    raise Problem("too_large")
            return bytes(body)
    except TimeoutError as late:
        raise Problem("too_slow") from late


def document(request: web.Request, body: bytes, operation: str) -> dict[str, Any]:
    """The JSON of a body that is as the description of this operation says."""
    if request.content_type != "application/json":
        raise Problem("wrong_type")
    data = parsed(body)
    if not _validator(operation).is_valid(data):
        raise Problem("bad_request")
    return dict(data)


def parsed(body: bytes) -> Any:
    try:
        return _whole(json.loads(body.decode("utf-8"), parse_constant=_refuse))
    except (ValueError, RecursionError) as error:
        raise Problem("bad_request") from error


def key_of(request: web.Request) -> str:
    """The client's own id of the call."""
    given = request.headers.getall(KEY_HEADER, [])
    if len(given) != 1 or not _KEY.fullmatch(given[0]):
        raise Problem("bad_request")
    return given[0]


def number(text: str | None, low: int = 0, high: int = 999_999_999) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and _NUMBER.fullmatch(text) and low <= int(text) <= high):
        raise Problem("bad_request")
    return int(text)


def query(request: web.Request, *names: str) -> dict[str, str]:
    """Each name once, and no other."""
    given = list(request.query.items())
    told = dict(given)
    if len(told) != len(given) or set(told) - set(names):
        raise Problem("bad_request")
    return told


@cache
def _validator(operation: str) -> Any:
    (body,) = (
        one["requestBody"]["content"]["application/json"]["schema"]
        for path in description()["paths"].values()
        for one in path.values()
        if one.get("operationId") == operation
    )
    exact = extend(Draft202012Validator, {"pattern": _pattern})
    return exact({**body, "components": description()["components"]})


def _pattern(validator: Any, wanted: str, text: Any, schema: Any) -> Any:
    """As in JSON Schema, but `$` is the end and not the line before it; all patterns of ours are of whole texts."""
    if isinstance(text, str) and not re.fullmatch(wanted, text):
        yield ValidationError("pattern")


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _whole(value: Any) -> Any:
    """Half characters, which broken phones send, become the sign for one that cannot be read."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole(name): _whole(one) for name, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list) else value
