"""The wordings' vectors as files that every process of a machine maps: they lie in memory once, and a start reads nothing twice.

Read from the database, 12,000 vectors cost each process 50 MB besides the 22 they are. What stands in these files is made of published
wordings alone and can be deleted at any time: it is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.knowledge.search.encoders import Array, Encoder

_log = logging.getLogger(__name__)


class SharedRows:
    """One matrix for each encoder, of the newest edition that was built here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rows(self, encoder: Encoder, hashes: Sequence[str]) -> Array | None:
        """The vectors of the texts with these hashes, one row each in this order; None where nobody kept them."""
        return self._mapped(self._path(encoder, hashes), (len(hashes), encoder.dimension))

    def keep(self, encoder: Encoder, hashes: Sequence[str], rows: Array) -> Array:
        """The same rows, mapped; where the disk takes no more, as they are."""
        path = self._path(encoder, hashes)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".new", delete=False) as file:
                try:
                    np.save(file, rows)
                    file.flush()
                    os.replace(file.name, path)
                except BaseException:
                    os.unlink(file.name)
                    raise
            for older in self._folder.glob(f"{encoder.name}.*.npy"):
                if older != path:  # whoever still maps it keeps it
                    older.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("vectors are not shared between processes, each keeps its own: %s", error)
        kept = self._mapped(path, rows.shape)
        return rows if kept is None else kept

    def _path(self, encoder: Encoder, hashes: Sequence[str]) -> Path:
        digest = hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:32]
        return self._folder / f"{encoder.name}.{digest}.npy"

    def _mapped(self, path: Path, shape: tuple[int, ...]) -> Array | None:
        """None too where something else stands there; an empty matrix cannot be mapped."""
        with contextlib.suppress(OSError, ValueError, EOFError):
            found = np.load(path, mmap_mode="r")
            if found.shape == shape and found.dtype == np.float32:
                mapped: Array = np.asarray(found)
                return mapped
        return None
