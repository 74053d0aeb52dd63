"""How small models are kept: as plain arrays in one file of bytes. Nothing in it is code, and nothing is unpickled."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray


def packed(**arrays: Any) -> bytes:
    """Numbers and texts by name; what is no array becomes one."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def unpacked(data: bytes) -> dict[str, NDArray[Any]]:
    """Raises ValueError where an object would have to be unpickled."""
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}
