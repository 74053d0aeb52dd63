"""No module needs itself to be imported: where one does, it depends on who comes first whether the service starts."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.house import ROOT, ours

HOUSE = ("bot", "connectors", "actions", "console")


def modules(files: Mapping[str, str]) -> dict[str, set[str]]:
    """What each module (name → text) needs of the others when it is imported."""
    return {name: set(_needed(name, text, files)) for name, text in files.items()}


def _needed(name: str, text: str, known: Mapping[str, str]) -> Iterator[str]:
    own = {name, *_above(name)}  # a package is begun before what lies in it
    for node in _at_import(ast.parse(text)):
        if isinstance(node, ast.Import):
            named = [one.name for one in node.names]
        else:
            inside = [f"{node.module}.{one.name}" for one in node.names]
            named = [one if one in known else str(node.module) for one in inside]
        for one in named:
            yield from {one, *_above(one)} & known.keys() - own


def _at_import(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Not what a function imports later, nor what only types need."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def _above(name: str) -> Iterator[str]:
    while name := name.rpartition(".")[0]:
        yield name


def circle(files: Mapping[str, str]) -> list[str]:
    try:
        TopologicalSorter(modules(files)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_needs_itself() -> None:
    paths = [path.relative_to(ROOT) for path in ours() if path.suffix == ".py"]
    named = {_name(path): (ROOT / path).read_text("utf-8") for path in paths if path.parts[0] in HOUSE}
    assert len(named) > 500
    assert circle(named) == []


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("from b import two", True),
        ("import b", True),
        ("from b.c import three", True),
        ("def later():\n    import b", False),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import b", False),
    ],
)
def test_a_circle_is_found(text: str, around: bool) -> None:
    assert bool(circle({"a": text, "b": "from a import one", "b.c": ""})) is around
