"""What a resident sees: bubbles, their tappable lines and links, read from what the account sent. Pure."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

# The service-account wording differs by one word; this one is the brief's and the older accounts'.
FAULT = "该公众号提供的服务出现故障，请稍后再试"

_LINK = re.compile(r"<a\s([^>]*)>(.*?)</a>", re.S | re.I)
_HREF = re.compile(r"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)


@dataclass(frozen=True, slots=True)
class Option:
    """A line that can be tapped: the client then sends `label` as a text that carries `id`."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: plain, a link to a page (`url`), or an in-text menu link (`option`)."""

    text: str
    url: str = ""
    option: Option | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One bubble. `who` is resident, account or notice; `via` is how an account's bubble came: passive or service."""

    who: str
    kind: str
    text: str = ""
    """The words as they read on the screen, links by their label."""
    pieces: tuple[Piece, ...] = ()
    options: tuple[Option, ...] = ()
    """Every line that can be tapped, of a menu or in the text."""
    tail: str = ""
    """A menu's last line."""
    url: str = ""
    media: str = ""
    via: str = ""
    reply_to: str = ""
    """The MsgId or event key a passive reply answers."""
    seq: int = 0
    at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "at": self.at.isoformat() if self.at else "",
            "who": self.who,
            "kind": self.kind,
            "text": self.text,
            "pieces": [
                {"text": p.text, "url": p.url, "option": _option(p.option) if p.option else None} for p in self.pieces
            ],
            "options": [_option(o) for o in self.options],
            "tail": self.tail,
            "url": self.url,
            "media": self.media,
            "via": self.via,
        }


def _option(option: Option) -> dict[str, str]:
    return {"id": option.id, "label": option.label}


def placed(shown: Shown, seq: int, at: datetime) -> Shown:
    return replace(shown, seq=seq, at=at)


def text_bubble(text: str) -> Shown:
    """A text from the account, its links found as the client finds them."""
    pieces = tuple(split(text))
    return Shown(
        who="account",
        kind="text",
        text="".join(p.text for p in pieces),
        pieces=pieces,
        options=tuple(p.option for p in pieces if p.option),
    )


def split(text: str) -> list[Piece]:
    """Plain stretches and links. Anything that is not a whole link stays as it was written."""
    pieces: list[Piece] = []
    done = 0
    for match in _LINK.finditer(text):
        href = _HREF.search(match[1])
        if href is None:
            continue
        if match.start() > done:
            pieces.append(Piece(text[done : match.start()]))
        pieces.append(_link(html.unescape(href[1] or href[2] or ""), match[2]))
        done = match.end()
    if done < len(text):
        pieces.append(Piece(text[done:]))
    return pieces


def _link(href: str, label: str) -> Piece:
    try:
        parts = urlsplit(href)
    except ValueError:
        return Piece(label)
    if parts.scheme == "weixin" and parts.netloc == "bizmsgmenu":
        # `+` is a plus sign here: the client decodes percent signs only.
        query = dict(pair.partition("=")[::2] for pair in parts.query.split("&"))
        content = unquote(query.get("msgmenucontent", "")) or label
        return Piece(label, option=Option(unquote(query.get("msgmenuid", "")), content))
    return Piece(label, url=href if parts.scheme in ("http", "https", "tel") else "")


def menu_bubble(head: str, rows: tuple[Option, ...], tail: str) -> Shown:
    return Shown(who="account", kind="menu", text=head, pieces=tuple(split(head)), options=rows, tail=tail)


def notice() -> Shown:
    """The platform's own line when the account gave no usable answer."""
    return Shown(who="notice", kind="notice", text=FAULT)
