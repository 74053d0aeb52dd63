"""A calculation written down for ONNX Runtime gives what numpy gives."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.knowledge.search.onnx import Graph, in_bytes, opened

FLOATS = st.floats(-100, 100, width=32)


def test_constants_attributes_and_several_outputs() -> None:
    graph = Graph()
    rows = graph.input("rows", np.float32, "rows", 4)
    left, right = graph.several(2, "Split", rows, np.array([1, 3], np.int64), axis=-1)
    joined = graph("Concat", right, left, axis=1)
    run = opened(graph, graph("LeakyRelu", joined, alpha=0.5))
    given_ = np.array([[1, -2, 3, -4], [-5, 6, -7, 8]], np.float32)
    assert run({"rows": given_}).tolist() == [[-1, 3, -2, 1], [6, -3.5, 8, -2.5]]


@given(st.data(), st.integers(1, 5), st.integers(1, 200), st.integers(1, 5))
def test_products_are_numpys(data: st.DataObject, few: int, inner: int, many: int) -> None:
    weights = data.draw(arrays.arrays(np.float32, (inner, many), elements=FLOATS))
    asked = data.draw(arrays.arrays(np.float32, (few, inner), elements=FLOATS))
    graph = Graph()
    run = opened(graph, graph("MatMul", graph.input("asked", np.float32, "few", inner), weights))
    np.testing.assert_allclose(run({"asked": asked}), asked @ weights, rtol=1e-4, atol=1e-1)


@pytest.mark.parametrize("inner", [2, 64, 512, 1536])
def test_products_in_bytes_are_exact_on_every_processor(inner: int) -> None:
    """The loudest there can be: what AVX2 adds in sixteen bits must fit there."""
    signs = np.random.default_rng(inner).choice([-1.0, 1.0], (40, inner)).astype(np.float32)
    signs[:4] = 1
    numbers, scale = in_bytes(signs)
    graph = Graph()
    run = opened(graph, graph.by_bytes(graph.input("asked", np.float32, "few", inner), numbers, scale))
    np.testing.assert_allclose(run({"asked": signs}), signs @ signs.T, atol=1e-3)


def test_it_runs_on_in_a_process_that_divided() -> None:
    graph = Graph()
    run = opened(graph, graph("MatMul", graph.input("asked", np.float32, 1, 2), np.eye(2, dtype=np.float32)))
    one = {"asked": np.array([[3, 4]], np.float32)}
    assert run(one).tolist() == [[3, 4]]
    child = os.fork()
    if not child:
        os._exit(int(run(one).tolist() != [[3, 4]]))
    assert os.waitpid(child, 0)[1] == 0


def test_what_the_runtime_does_not_know_is_refused_at_once() -> None:
    graph = Graph()
    with pytest.raises(Exception, match="Guess"):
        opened(graph, graph("Guess", graph.input("asked", np.float32, 1)))
