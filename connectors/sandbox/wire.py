"""XML and JSON as the platform writes and reads them: CDATA going out, one strict reading coming back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from connectors.sandbox.envelope import Broken
from connectors.sandbox.settings import Form


@dataclass(frozen=True, slots=True)
class Sealed:
    """One delivery as it goes over the line; a test may replay it, or bend it."""

    query: dict[str, str]
    body: bytes
    content_type: str


_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(fields: Mapping[str, Any], form: Form) -> bytes:
    """A push or its envelope in the notation the account has chosen."""
    if form is Form.JSON:
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    return f"<xml>{_inner(fields)}</xml>".encode()


def _inner(fields: Mapping[str, Any]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _inner(value)
    if isinstance(value, int | float):
        return str(value)
    text = _UNWRITABLE.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"


def read(body: bytes, form: Form) -> dict[str, Any]:
    """The fields of a reply; lists only under `item`. Raises Broken where the platform would show its fault notice."""
    if form is Form.JSON:
        return _read_json(body)
    # The platform's own list of faults names "多余空格": nothing may stand before the root.
    if not body.startswith(b"<xml>"):
        raise Broken("does not begin with <xml>")
    try:
        root = fromstring(body.decode("utf-8"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, UnicodeDecodeError) as e:
        raise Broken(f"not well-formed XML: {e}") from e
    fields = _tree(root)
    if not isinstance(fields, dict):
        raise Broken("holds no fields")
    return fields


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body.decode("utf-8"))
    except ValueError as e:
        raise Broken("not JSON, though the account is set to JSON") from e
    if not isinstance(fields, dict):
        raise Broken("not a JSON object")
    return fields


def _tree(node: Element) -> Any:
    if not len(node):
        return node.text or ""
    fields: dict[str, Any] = {}
    for child in node:
        if child.tag == "item":
            fields.setdefault("item", []).append(_tree(child))
        elif child.tag in fields:
            raise Broken(f"{child.tag} stands twice")
        else:
            fields[child.tag] = _tree(child)
    return fields
