"""Pictures and voices the platform keeps for three days."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT = timedelta(days=3)
# Enough for a demonstration; the oldest go first so that a long run does not fill the memory.
_ROOM = 200

LIMITS = {"image": 10 * 2**20, "voice": 2 * 2**20, "video": 10 * 2**20, "thumb": 64 * 2**10}
KINDS = {
    "image": {"image/png", "image/jpeg", "image/gif"},
    "voice": {"audio/amr", "audio/mpeg", "audio/mp3"},
    "video": {"video/mp4"},
    "thumb": {"image/jpeg"},
}
# The AMR file mark and one frame of silence: what a voice message without words looks like.
SILENCE = b"#!AMR\n" + b"\x3c" + bytes(31)


@dataclass(frozen=True, slots=True)
class Medium:
    kind: str
    content_type: str
    content: bytes
    at: datetime


class Shelf:
    def __init__(self) -> None:
        self._kept: OrderedDict[str, Medium] = OrderedDict()

    def keep(self, kind: str, content_type: str, content: bytes, at: datetime, *, numbered: bool = False) -> str:
        """`numbered`: by a number, as Weibo does."""
        media_id = str(secrets.randbelow(9 * 10**17) + 10**17) if numbered else secrets.token_urlsafe(48)
        self._kept[media_id] = Medium(kind, content_type, content, at)
        while len(self._kept) > _ROOM:
            self._kept.popitem(last=False)
        return media_id

    def get(self, media_id: str, now: datetime) -> Medium | None:
        medium = self._kept.get(media_id.removesuffix("-16k"))
        return medium if medium and now - medium.at < KEPT else None


def looks_like(content: bytes) -> str:
    """The content type by the first bytes; empty when it is none the platform takes."""
    for mark, content_type in (
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"#!AMR", "audio/amr"),
        (b"ID3", "audio/mpeg"),
    ):
        if content.startswith(mark):
            return content_type
    return "video/mp4" if content[4:8] == b"ftyp" else ""
