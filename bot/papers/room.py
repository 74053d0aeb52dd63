"""Photos are decoded and read in a process of their own, one at a time, with a deadline: see `child`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.errors import BadInput, TryAgain
from bot.papers.card import Read
from bot.papers.child import HEADER, READ, SETTLE
from bot.papers.picture import Picture

SETTLE_SECONDS, READ_SECONDS = 6.0, 8.0
"""Far beyond what a photo takes (about 0.2 and 1 to 2 seconds on two cores); then the process is ended."""
PATIENCE = 5.0
"""How long a photo waits for its turn to be read: reading saves typing, it is not owed."""
FIRST_SECONDS = 12.0
"""The first reading opens the models."""

_log = logging.getLogger(__name__)


class PictureRoom:
    """Starts its process with the first photo. `close` ends it."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._warm = False

    async def settle(self, content: bytes) -> Picture:
        """As `picture.settle`. Raises TryAgain when the process died over it: the photo is not kept."""
        async with self._turn:
            told, body = await self._ask(SETTLE, content, SETTLE_SECONDS)
        return Picture(body, int(told["width"]), int(told["height"]), bool(told["blurred"]))

    async def read(self, picture: bytes, today: date) -> tuple[Read, ...]:
        """Whose card or page this is, as a proposal; nobody when it cannot be read, or not in time."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turn.acquire()
        except TimeoutError:
            return ()
        try:
            seconds = READ_SECONDS if self._warm else FIRST_SECONDS
            told, _ = await self._ask(READ, today.isoformat().encode() + picture, seconds)
            self._warm = True
        except (BadInput, TryAgain):
            return ()
        finally:
            self._turn.release()
        return tuple(Read(str(one["name"]), str(one["identity"])) for one in told["people"])

    async def close(self) -> None:
        process, self._process, self._warm = self._process, None, False
        if process and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _ask(self, what: bytes, content: bytes, seconds: float) -> tuple[Mapping[str, Any], bytes]:
        process = await self._started()
        try:
            async with asyncio.timeout(seconds):
                told, body = await _exchange(process, what, content)
        except (TimeoutError, OSError, EOFError) as error:
            _log.warning("the process that reads pictures is ended: %s", type(error).__name__)
            await self.close()
            raise TryAgain("a picture could not be worked on; it is asked for again") from error
        except BaseException:
            # Left in the middle of a frame, the process would answer the next photo with this one.
            await self.close()
            raise
        if "refused" in told:
            raise BadInput(str(told["refused"]))
        return told, body

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._warm = False
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot.papers.child",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                # It may write no file, and a log may be one.
                stderr=asyncio.subprocess.DEVNULL,
                env=_bare(),
            )
        return self._process


def _bare() -> dict[str, str]:
    """Nothing of ours: no key, no address, no secret."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "OMP_NUM_THREADS": "2"}


async def _exchange(process: asyncio.subprocess.Process, what: bytes, content: bytes) -> tuple[dict[str, Any], bytes]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(HEADER.pack(what, len(content)) + content)
    await process.stdin.drain()
    _, length = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
    told = json.loads(await process.stdout.readexactly(length))
    _, length = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
    return told, await process.stdout.readexactly(length)
