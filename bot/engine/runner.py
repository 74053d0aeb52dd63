"""Runs Rasa's prediction graph without a scheduler: the same nodes in the same order, planned once.

Dask plans anew for every message and every prediction; that was a third of a lean turn (see engine-facts, section 2).
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner


class StraightRunner(DaskGraphRunner):
    """A graph whose components are instantiated as Rasa does it and called one after the other."""

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        results = dict(inputs or {})
        for name, needs in self._plan(wanted):
            arguments = [(need, results[need]) if need in results else need for need in needs]
            results[name] = self._instantiated_nodes[name](*arguments)[1]
        return {name: results[name] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        plans: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = self.__dict__.setdefault("_plans", {})
        if targets not in plans:
            plans[targets] = _ordered(self._graph_schema.minimal_graph_schema(list(targets)))
        return plans[targets]


def _ordered(schema: GraphSchema) -> list[tuple[str, tuple[str, ...]]]:
    """Every node after those it needs; placeholders for inputs are no nodes."""
    order: dict[str, tuple[str, ...]] = {}

    def place(name: str) -> None:
        if name in order or name not in schema.nodes:
            return
        needs = tuple(schema.nodes[name].needs.values())
        for need in needs:
            place(need)
        order[name] = needs

    for name in schema.nodes:
        place(name)
    return list(order.items())
