"""A sentence's letter groups, hashed: what every small model reads beside its vector."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

Floats: TypeAlias = NDArray[np.float32]
Letters: TypeAlias = tuple[NDArray[np.int64], Floats]
"""Which buckets a text's letter groups fall into, and how heavily."""

BUCKETS = 4096
_GROUPS = (1, 2, 3)
# Letter groups separate what sounds alike to the encoder (领低保 and 领驾照), the vector what is spelt differently.
_LETTERS_WEIGH = 1.0
_ON_MESSAGE = "letters"


def letters(text: str) -> Letters:
    """Length 1 in all."""
    framed = f"^{text}$"
    counts: Counter[int] = Counter()
    for size in _GROUPS:
        for at in range(len(framed) - size + 1):
            counts[zlib.crc32(framed[at : at + size].encode("utf-8", "surrogatepass")) % BUCKETS] += 1
    where = np.fromiter(counts.keys(), np.int64, len(counts))
    weights = np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))
    return where, (weights * (_LETTERS_WEIGH / max(float(np.linalg.norm(weights)), 1e-9))).astype(np.float32)


def letters_of(message: Message) -> Letters:
    """Of a message's text, kept on it: every model of a turn reads the same."""
    groups: Letters | None = message.get(_ON_MESSAGE)
    if groups is None:
        message.set(_ON_MESSAGE, groups := letters(message.get(TEXT) or ""))
    return groups


def grouped(texts: Sequence[str]) -> Any:
    """The letter groups of many texts as one sparse matrix, a row a text."""
    from scipy.sparse import csr_matrix

    rows = [letters(text) for text in texts]
    pointers = np.cumsum([0, *(len(where) for where, _ in rows)])
    weights, where = np.concatenate([w for _, w in rows]), np.concatenate([at for at, _ in rows])
    return csr_matrix((weights, where, pointers), (len(rows), BUCKETS))
