"""The process in which strangers' photos are decoded and read: `python -m bot.papers.child`, spoken to by `room`.

A decoder that a file makes crash, hang or swell takes this process with it and nothing else. It holds no key, opens no
connection, and may write no file. One frame in (a letter, a length, bytes), one frame out, until the input ends.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from datetime import date
from io import BytesIO
from typing import Any, BinaryIO

from bot.errors import BadInput

SETTLE, READ = b"s", b"r"
HEADER = struct.Struct("!cI")
MOST_MEMORY = 4 * 2**30
"""Address space, of which most is mapped and never touched; a bomb that slipped through ends here, not in the machine."""


def main() -> None:
    _limits()
    # Whatever a library prints must not become part of a frame.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    reader: Any = None
    while frame := _frame(sys.stdin.buffer):
        what, content = frame
        try:
            if what == READ:
                reader = reader or _reader()
                told, body = _read(reader, content), b""
            else:
                told, body = _settled(content)
        except BadInput as error:
            told, body = {"refused": str(error)}, b""
        _answer(answers, told, body)


def _limits() -> None:
    os.nice(5)
    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


def _frame(source: BinaryIO) -> tuple[bytes, bytes] | None:
    header = source.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    what, length = HEADER.unpack(header)
    content = source.read(length)
    return (what, content) if len(content) == length else None


def _answer(out: BinaryIO, told: dict[str, Any], body: bytes) -> None:
    head = json.dumps(told, ensure_ascii=False).encode()
    out.write(HEADER.pack(b"j", len(head)) + head + HEADER.pack(b"b", len(body)) + body)
    out.flush()


def _settled(content: bytes) -> tuple[dict[str, Any], bytes]:
    from bot.papers.picture import settle

    picture = settle(content)
    return {"width": picture.width, "height": picture.height, "blurred": picture.blurred}, picture.content


def _reader() -> Any:
    from bot.papers.reading import Reader

    return Reader()


def _read(reader: Any, content: bytes) -> dict[str, Any]:
    """`content`: the day as YYYY-MM-DD, then a picture that `settle` made."""
    from PIL import Image

    from bot.papers.card import people_in

    today = date.fromisoformat(content[:10].decode("ascii"))
    lines = reader.lines(Image.open(BytesIO(content[10:]), formats=("JPEG",)))
    return {"people": [{"name": one.name, "identity": one.identity} for one in people_in(lines, today)]}


if __name__ == "__main__":
    main()
