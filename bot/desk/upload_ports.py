"""What importing needs from outside, as Protocols: a workbook that was sent, kept while its editor looks at the dry run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class UploadState(StrEnum):
    OPEN = "open"
    """Looked at; nothing has changed yet."""
    DONE = "done"
    """All its rows became proposals."""
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Upload:
    """One workbook. `source` is what its proposals name as where they came from."""

    id: str
    staff: str
    name: str
    """As the file was called by who sent it."""
    size: int
    state: UploadState
    changed: int
    """How many proposals it made."""
    created_at: datetime
    updated_at: datetime

    @property
    def source(self) -> str:
        return f"import:{self.id}"


class Uploads(Protocol):
    async def add(self, staff: str, name: str, content: bytes, now: datetime) -> Upload: ...

    async def get(self, upload: str) -> Upload:
        """Raises BadInput if there is none."""

    async def content(self, upload: str) -> bytes:
        """The file; empty once it is done or dropped."""

    async def list(self, limit: int = 50) -> Sequence[Upload]:
        """The newest first."""

    async def close(self, upload: str, state: UploadState, changed: int, now: datetime) -> bool:
        """From open to `state`, and the file is forgotten; False when somebody was faster."""

    async def forget(self, before: datetime) -> int:
        """Drop what nobody went on with since then."""
