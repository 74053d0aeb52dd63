"""The description and the code are one: every route is described, every answer is as described, whatever is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bot.desk.ports import Store
from bot.errors import BadInput
from bot.papers.card import Read
from bot.papers.picture import Picture
from connectors.app import bodies, limits
from connectors.app.mounting import API
from connectors.app.problems import STATUS
from tests.connectors.app.town import Town, a_town
from tests.databases import sqlite_first
from tests.in_force import real

SHOWN = schemathesis.openapi.from_dict(dict(bodies.description()))
OPERATIONS = [one.ok() for one in SHOWN.get_all_operations()]
NEGATIVE = schemathesis.GenerationMode.NEGATIVE


async def test_every_route_is_described_and_every_description_has_a_route(town: Town) -> None:
    app = town.gate.runner.app
    served = {
        (route.method, (route.resource.canonical if route.resource else "").removeprefix(API))
        for route in app.router.routes()
        if route.resource and route.resource.canonical.startswith(f"{API}/") and route.method != "*"
    }
    told = {(method.upper(), path) for path, ways in bodies.description()["paths"].items() for method in ways}
    assert served == told


async def test_it_is_served_as_it_stands(town: Town) -> None:
    status, told = await town.client().get("/openapi.json")
    assert status == 200
    assert told == json.loads(json.dumps(bodies.description()))
    assert told["openapi"] == "3.1.0"
    Draft202012Validator.check_schema(told["components"]["schemas"]["Message"])


def test_every_problem_has_its_line_in_chinese() -> None:
    words = {entry.key: entry.data["text"] for entry in real() if entry.kind == "words"}
    for code in STATUS:
        line = words[f"app_{code}"].strip()
        assert "\n" not in line, code
        assert 0 < len(line) <= 25, code
        assert not line.isascii(), code


def fuzz(operation: Any, url: str, token: str, examples: int, seen: dict[str, set[int]]) -> None:
    """What Schemathesis makes up for one operation, right and wrong, each answer held against the description."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=NEGATIVE)))
    def check(case: schemathesis.Case) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = case.call(base_url=url + API, headers=headers, timeout=20)
        seen.setdefault(operation.label, set()).add(response.status_code)
        # What is right in form may still name an option that was never offered: 422, as described.
        case.validate_response(response, headers=headers, excluded_checks=[positive_data_acceptance])

    check()


@pytest.mark.parametrize("known", [False, True], ids=["without a token", "with a token"])
@sqlite_first
async def test_whatever_is_sent_the_answer_is_as_described(
    store: Store, quick: None, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fuzzed(store, known, 8 if known else 3, monkeypatch)


@pytest.mark.proof
@pytest.mark.parametrize("known", [False, True], ids=["without a token", "with a token"])
async def test_whatever_is_sent_a_hundred_times(
    store: Store, quick: None, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fuzzed(store, known, 100, monkeypatch)


async def fuzzed(store: Store, known: bool, examples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.Limits, "wait", lambda self, key, per_minute: 0)
    async with a_town(store, pictures=Unseen()) as town:
        town.gate.channel.watch._closed.set()  # a stream ends after its first words
        who = await town.resident("resident-17" if known else "")
        seen: dict[str, set[int]] = {}
        for operation in OPERATIONS:
            token = who.token if known else ""
            # What is made up depends on which modules the process knows: often enough for some of it to be right.
            times = 5 if operation.label == "POST /messages" else 1
            await asyncio.to_thread(fuzz, operation, town.gate.url, token, examples * times, seen)
        assert set(seen) == {operation.label for operation in OPERATIONS}
        assert all(status < 500 for statuses in seen.values() for status in statuses), seen
        if known:
            assert 202 in seen["POST /messages"], "some of it was right"


class Unseen:
    """Nothing that is made up is a picture; what a real room makes of files is tests/papers."""

    async def settle(self, content: bytes) -> Picture:
        raise BadInput("no picture")

    async def read(self, picture: bytes, today: date) -> Sequence[Read]:
        return ()
