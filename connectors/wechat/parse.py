"""XML and JSON pushes as plain nested dicts, within narrow bounds. What does not fit is refused with Forged.

Not `wechatpy.parse_message`: it cannot read JSON, takes a doubled element as a list and stumbles over it with
AttributeError, and leaves half of today's events unread.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from bot.errors import Forged
from connectors.pushed import DEEPEST, ELEMENTS, cleaned, json_of

_SEALED_XML = re.compile(r"<Encrypt>(?:<!\[CDATA\[([A-Za-z0-9+/=\s]*)\]\]>|([A-Za-z0-9+/=\s]*))</Encrypt>")
_SEALED_JSON = re.compile(r'"Encrypt"\s*:\s*"([A-Za-z0-9+/=\\]*)"')
_DECLARATION = re.compile(r"<!(?!\[CDATA\[)|<\?(?!xml )")


def is_json(text: str) -> bool:
    return text.startswith("{")


def sealed_in(text: str, *, bare: bool) -> str:
    """The encrypted text, found without a parser: until its signature is checked, nobody has vouched for the body.

    `bare`: the body holds nothing else of weight (secure mode); more than that is refused.
    """
    if is_json(text):
        found, marks = _SEALED_JSON.findall(text), text.count('"Encrypt"')
        whole = text.endswith("}")
    else:
        found = [cdata or plain for cdata, plain in _SEALED_XML.findall(text)]
        marks = text.count("<Encrypt")
        whole = re.match(r"(<\?xml [^<>]*\?>\s*)?<xml>", text) is not None and text.endswith("</xml>")
        whole &= not bare or (text.count("<") <= 24 and not _DECLARATION.search(text))
    if not whole or len(found) != 1 or marks != 1:
        raise Forged("body")
    return re.sub(r"[\s\\]", "", found[0])


def fields_of(text: str) -> dict[str, Any]:
    """The push as a dict: text stays text, nested elements are dicts, repeated ones below the top are lists."""
    fields = cleaned(json_of(text) if is_json(text) else _from_xml(text))
    assert isinstance(fields, dict)
    return fields


def _from_xml(text: str) -> dict[str, Any]:
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        # Text, not bytes: a declared encoding cannot make us read other words than were signed.
        parser.feed(text)
        parser.close()
    except (ParseError, DefusedXmlException, ValueError):
        raise Forged("body") from None
    if not isinstance(builder.root, dict):
        raise Forged("body")
    return builder.root


class _Builder:
    """Builds while expat reads, so that a bomb is refused at the first element too many."""

    def __init__(self) -> None:
        self.root: dict[str, Any] | str = ""
        self._open: list[tuple[str, dict[str, Any], list[str]]] = []
        self._elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._open) >= DEEPEST or self._elements > ELEMENTS or (not self._open and tag != "xml"):
            raise Forged("body")
        if attributes:
            # A real push has none.
            raise Forged("body")
        self._open.append((tag, {}, []))

    def data(self, text: str) -> None:
        self._open[-1][2].append(text)

    def end(self, tag: str) -> None:
        name, children, words = self._open.pop()
        value: dict[str, Any] | str = children or "".join(words)
        if not self._open:
            self.root = value
            return
        siblings = self._open[-1][1]
        if name not in siblings:
            siblings[name] = value
        elif len(self._open) == 1:
            raise Forged("body")
        elif isinstance(siblings[name], list):
            siblings[name].append(value)
        else:
            siblings[name] = [siblings[name], value]

    def close(self) -> None:
        return None
