"""Writes a calculation down for ONNX Runtime, in its own format: the few kinds of messages this needs, not the 45 MB of `onnx`.

Field numbers are those of onnx.proto (IR version 8).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_IR, _OPSET = 8, 17
_FLOAT, _UINT8 = 1, 2
_KINDS: dict[type[np.generic], int] = {np.float32: _FLOAT, np.uint8: _UINT8, np.int8: 3, np.int64: 7}
_OWN = "com.microsoft"
"""Operators of ONNX Runtime itself; they are named with this before a colon."""
_REAL, _INT, _INTS = 1, 2, 7
_QUIET = np.float32(1e-9)
_ZERO = 128
"""The byte that stands for zero, in the middle."""

LOUDEST = 63
"""The largest number of a right side. Processors before 2019 (AVX2) add two products of bytes in sixteen bits and cut off what does
not fit: 2 * 255 * 63 does, 2 * 255 * 127 does not. So every processor gives the same vectors."""

_Given = str | NDArray[Any] | np.generic
"""What goes into an operator: what came out of another, or a constant."""
_Attribute = float | Sequence[int]
Run = Callable[[Mapping[str, NDArray[Any]]], NDArray[np.float32]]


class Graph:
    """A calculation under way: call it with an operator and what goes in, and get the name of what comes out."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._inputs: list[bytes] = []

    def input(self, name: str, dtype: type[np.generic], *shape: int | str) -> str:
        """`shape`: numbers, or names for what differs from run to run."""
        self._inputs.append(_value(name, dtype, shape))
        return name

    def __call__(self, operator: str, *given: _Given, **attributes: _Attribute) -> str:
        """One operator's only output; an empty name is an input left out."""
        return self.several(1, operator, *given, **attributes)[0]

    def several(self, outputs: int, operator: str, *given: _Given, **attributes: _Attribute) -> list[str]:
        names = [one if isinstance(one, str) else self._constant(one) for one in given]
        domain, _, operator = operator.rpartition(":")
        made = [f"{operator}_{len(self._nodes)}_{at}" for at in range(outputs)]
        self._nodes.append(
            b"".join(
                [
                    *(_text(1, name) for name in names),
                    *(_text(2, name) for name in made),
                    _text(4, operator),
                    *(_block(5, _attribute(name, value)) for name, value in attributes.items()),
                    _text(7, domain),
                ]
            )
        )
        return made

    def by_bytes(self, given: str, numbers: NDArray[np.int8], scale: NDArray[np.float32]) -> str:
        """A product whose right side is kept in bytes, `scale` for each of its columns; the left side is brought to bytes row by
        row, because one scale for all would be that of the loudest."""
        loudest = self("Max", self("ReduceMax", self("Abs", given), axes=[-1]), _QUIET)
        unit = self("Mul", loudest, np.float32(1 / 127))
        rows = self("Cast", self("Add", self("Round", self("Div", given, unit)), np.float32(_ZERO)), to=_UINT8)
        product = self("Cast", self("MatMulInteger", rows, numbers, np.uint8(_ZERO)), to=_FLOAT)
        return self("Mul", self("Mul", product, unit), scale)

    def model(self, output: str) -> bytes:
        """The whole file; `output` is what a run gives."""
        graph = b"".join(
            [
                *(_block(1, node) for node in self._nodes),
                _text(2, "graph"),
                *(_block(5, constant) for constant in self._constants),
                *(_block(11, value) for value in self._inputs),
                _block(12, _value(output, np.float32, ())),
            ]
        )
        sets = (_text(1, domain) + _number(2, version) for domain, version in (("", _OPSET), (_OWN, 1)))
        return _number(1, _IR) + _block(7, graph) + b"".join(_block(8, one) for one in sets)

    def _constant(self, value: NDArray[Any] | np.generic) -> str:
        name = f"constant_{len(self._constants)}"
        shape = b"".join(_number(1, size) for size in value.shape)
        raw = np.ascontiguousarray(value).tobytes()
        self._constants.append(shape + _number(2, _KINDS[value.dtype.type]) + _text(8, name) + _block(9, raw))
        return name


def in_bytes(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows as the columns of `Graph.by_bytes`: the numbers, shape (wide, rows), and a scale for each."""
    scale = (np.abs(rows).max(axis=1, initial=1e-9) / LOUDEST).astype(np.float32)
    return np.ascontiguousarray(np.rint(rows / scale[:, None]).astype(np.int8).T), scale


def opened(graph: Graph, output: str) -> Run:
    """Ready to be run in one thread, which lets the others go on meanwhile; safe in a process that divides afterwards."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Kept memory would be that of the longest text ever read.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 3
    # From a file: a session made from bytes keeps them beside what it made of them.
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        file.write(graph.model(output))
        file.flush()
        session = onnxruntime.InferenceSession(file.name, options, ["CPUExecutionProvider"])
    return lambda given: np.asarray(session.run([output], dict(given))[0], np.float32)


def _value(name: str, dtype: type[np.generic], shape: tuple[int | str, ...]) -> bytes:
    sizes = b"".join(_block(1, _number(1, one) if isinstance(one, int) else _text(2, one)) for one in shape)
    tensor = _number(1, _KINDS[dtype]) + (_block(2, sizes) if shape else b"")
    return _text(1, name) + _block(2, _block(1, tensor))


def _attribute(name: str, value: _Attribute) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INT)
    if isinstance(value, float):
        return _text(1, name) + b"\x15" + np.float32(value).tobytes() + _number(20, _REAL)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, _INTS)


def _block(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _text(field: int, content: str) -> bytes:
    return _block(field, content.encode())


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; negative numbers as 64-bit two's complement."""
    value &= (1 << 64) - 1
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])
