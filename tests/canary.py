"""What a resident might tell us, planted by tests, and the sweep that must find none of it in clear.

Registered for the whole suite: after the last test every file that any test left under pytest's temporary folder
(databases with their logs, exports, logs) is swept, and a hit fails the run. Tests that want their own data swept use
these canaries; `sweep` and `clear_text` serve them too.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

IDENTITY = "420106195803074121"
"""Valid: checksum and a birth date that can be."""
PHONE = "13971538264"
OPENID = "oCanary7Kx2mQvT9wLrB4nYzE1"
NAME = "欧阳绛雪麟"
TOKEN = "89_canaryTokenQ7vXk2mZp0RdWsLtJ4hBnYcUeGfA"
CARD = "6217003320087193549"
"""Valid by Luhn."""
ADDRESS = "关山街道鹊桥坡里弄二十三号"
CANARIES = (IDENTITY, PHONE, OPENID, NAME, TOKEN, CARD, ADDRESS)

CONTROL = "control-not-secret-271828"
"""Planted in clear on purpose: a sweep that does not find it would find nothing."""

_PAGE, _EDGE = 4096, 256


@cache
def clear_forms(secret: str) -> tuple[bytes, ...]:
    """Every way in which text stands in a file without being hidden."""
    raw = secret.encode()
    forms = {
        raw,
        secret.encode("utf-16-le"),
        secret.encode("utf-16-be"),
        raw.hex().encode(),
        raw.hex().upper().encode(),
    }
    forms |= {_base64(raw, skip) for skip in range(3)}
    forms |= {_base64(raw, skip).translate(bytes.maketrans(b"+/", b"-_")) for skip in range(3)}
    escaped = secret.encode("unicode-escape")
    forms |= {quote(secret).encode(), quote(secret).lower().encode(), escaped, escaped.upper().replace(b"\\U", b"\\u")}
    if not secret.isascii():
        forms.add(secret.encode("gb18030"))
    return tuple(sorted(forms))


def _base64(raw: bytes, skip: int) -> bytes:
    """The part of its base64 that does not depend on what stands before and after, `skip` bytes into a group."""
    coded = base64.b64encode(b"\0" * skip + raw)
    return coded[(skip * 8 + 5) // 6 : (skip + len(raw)) * 8 // 6]


def clear_text(data: bytes, secrets: Iterable[str] = CANARIES) -> list[str]:
    """Which secrets stand in these bytes, and in what form."""
    return [f"{secret[:4]}… as {form[:12]!r}…" for secret in secrets for form in clear_forms(secret) if form in data]


def sweep(folder: Path, secrets: Iterable[str] = CANARIES) -> list[str]:
    """The hits in all files below a folder, the logs of databases included."""
    return [f"{path}: {hit}" for path in files(folder) for hit in clear_text(path.read_bytes(), secrets)]


def files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


class Sweep:
    """All files of a suite in seconds: of hundreds of databases made from one template, equal pages are read once."""

    def __init__(self) -> None:
        self.files = self.databases = self.bytes = 0
        self.hits: list[str] = []
        self.control = False
        self._seen: set[bytes] = set()

    def read(self, path: Path) -> None:
        data = path.read_bytes()
        self.files += 1
        self.databases += data.startswith(b"SQLite format 3\0")
        self.bytes += len(data)
        fresh = self._fresh(data)
        self.control = self.control or CONTROL.encode() in fresh
        self.hits += [f"{path}: {hit}" for hit in clear_text(fresh)]

    def _fresh(self, data: bytes) -> bytes:
        """Only the pages not met before, each with the edges of its neighbours."""
        kept = []
        for at in range(0, len(data), _PAGE):
            page = data[at : at + _PAGE]
            if page not in self._seen:
                self._seen.add(page)
                kept.append(data[max(0, at - _EDGE) : at + _PAGE + _EDGE])
        return b"\n".join(kept)


_done: tuple[Sweep, float] | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Before pytest throws the temporary folders away."""
    global _done
    factory = getattr(session.config, "_tmp_path_factory", None)
    base = getattr(factory, "_basetemp", None)  # asking for it would make one
    if base is None or session.config.option.collectonly:
        return
    began, swept = time.monotonic(), Sweep()
    for path in files(Path(base)):
        try:
            swept.read(path)
        except FileNotFoundError:  # of a process that is just ending
            continue
    _done = swept, time.monotonic() - began
    if swept.hits:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _done is None:
        return
    swept, seconds = _done
    said = (
        f"Canary sweep of {swept.files} files ({swept.databases} databases, {swept.bytes / 1e6:.0f} MB) "
        f"after the whole suite: {len(swept.hits)} clear-text hits, {seconds:.1f} s"
    )
    terminalreporter.write_line(said, red=bool(swept.hits))
    for hit in swept.hits[:50]:
        terminalreporter.write_line(f"  {hit}", red=True)
