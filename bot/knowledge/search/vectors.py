"""Vectors as the store keeps them: made once for an encoder and a text, so publishing encodes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from bot.errors import BadInput
from bot.knowledge.search.encoders import Array, Encoder
from bot.knowledge.search.onnx import Graph, in_bytes, opened
from bot.knowledge.search.reading import FORM, readable_phrasing


def text_hash(text: str) -> str:
    """The key of a text beside the encoder's name. Texts that read alike share a vector."""
    return hashlib.sha256(f"{FORM}\n{readable_phrasing(text)}".encode("utf-8", "ignore")).hexdigest()


class Compared:
    """Vectors that questions are compared with, in bytes: a quarter of the memory that a comparison has to read. Cosines are
    exact to .003, where neighbouring answers lie .05 apart."""

    def __init__(self, vectors: Array) -> None:
        self._size = len(vectors)
        if self._size:
            graph = Graph()
            asked = graph.input("asked", np.float32, "asked", vectors.shape[1])
            self._run = opened(graph, graph.by_bytes(asked, *in_bytes(vectors)))

    def cosines(self, asked: Array) -> Array:
        """How near each of `asked` is to each vector, all of length 1; shape (asked, vectors)."""
        return self._run({"asked": asked}) if self._size else np.zeros((len(asked), 0), np.float32)


def to_bytes(vector: Array) -> bytes:
    """float32, little-endian, the same on every machine."""
    return np.ascontiguousarray(vector, "<f4").tobytes()


def from_bytes(raw: bytes, dimension: int) -> Array:
    if len(raw) != dimension * 4:
        raise BadInput(
            f"a stored vector has {len(raw) // 4} numbers and the encoder makes {dimension}: "
            "the encoder changed under the same name; give it a new name and load the content again"
        )
    return np.frombuffer(raw, "<f4").astype(np.float32)


def make(encoder: Encoder, texts: Iterable[str], have: Iterable[str] = (), batch: int = 64) -> dict[str, bytes]:
    """Vectors by text hash for the texts that have none yet. The slow part of saving a phrasing."""
    known = set(have)
    wanted: dict[str, str] = {}
    for text in texts:
        if (key := text_hash(text)) not in known:
            wanted.setdefault(key, readable_phrasing(text))
    keys = list(wanted)
    made: dict[str, bytes] = {}
    for start in range(0, len(keys), batch):
        chunk = keys[start : start + batch]
        rows = encoder.encode([wanted[key] for key in chunk])
        made.update((key, to_bytes(row)) for key, row in zip(chunk, rows, strict=True))
    return made


def matrix(
    encoder: Encoder, texts: Sequence[str], stored: Mapping[str, bytes], have: Mapping[str, Array] | None = None
) -> Array:
    """The vectors of these texts, one row each: those read before (`have`, by text hash), else from what is stored."""
    rows = have or {}
    keys = [text_hash(text) for text in texts]
    if missing := sum(key not in stored and key not in rows for key in keys):
        raise BadInput(
            f"{missing} of {len(keys)} phrasings have no vector of encoder {encoder.name}: "
            "run `python -m bot content load` again, which makes the missing ones"
        )
    if not keys:
        return np.zeros((0, encoder.dimension), np.float32)
    return np.stack([rows[key] if key in rows else from_bytes(stored[key], encoder.dimension) for key in keys])
