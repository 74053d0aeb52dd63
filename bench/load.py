"""Asks both systems the same things and keeps the time; bounded in count and in seconds."""

from __future__ import annotations

import asyncio
import itertools
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import aiohttp

from bench.systems import System

TURNS_A_TALK = 10
"""A resident asks a handful of things; a new conversation begins after these."""


@dataclass
class Timing:
    """Seconds of every turn, and how many turns were done in how long."""

    turns: list[float] = field(default_factory=list)
    seconds: float = 0.0
    silent: int = 0

    def percentile(self, share: float) -> float:
        """Milliseconds that this share of the turns stayed under."""
        ordered = sorted(self.turns)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000

    @property
    def median(self) -> float:
        return statistics.median(self.turns) * 1000

    @property
    def per_second(self) -> float:
        return len(self.turns) / self.seconds


async def one_client(
    systems: Sequence[System], questions: Sequence[str], heard: Callable[[str, int, list[str]], None] | None = None
) -> dict[str, Timing]:
    """Each talk with one system and then with the other, so that a busy minute of the machine hits both, and neither pays for
    what the other left in the processor's caches at every question.

    `heard` is told the system, the question's number and the replies.
    """
    timings = {system.name: Timing() for system in systems}
    async with aiohttp.ClientSession() as session:
        for first in range(0, len(questions), TURNS_A_TALK):
            talk = uuid4().hex
            order = systems if first // TURNS_A_TALK % 2 else list(reversed(systems))
            for system in order:
                for number, question in enumerate(questions[first : first + TURNS_A_TALK], first):
                    replies = await _turn(system, session, talk, question, timings[system.name])
                    if heard:
                        heard(system.name, number, replies)
    for timing in timings.values():
        timing.seconds = sum(timing.turns)
    return timings


async def many_clients(
    systems: Sequence[System], questions: Sequence[str], clients: int, rounds: int, seconds: float
) -> dict[str, Timing]:
    """All clients on one system for some seconds, then on the other, several times."""
    timings = {system.name: Timing() for system in systems}
    for number in range(rounds):
        for system in systems if number % 2 else list(reversed(systems)):
            began = time.perf_counter()
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
                work = (
                    _client(system, session, questions, client, began + seconds, timings[system.name])
                    for client in range(clients)
                )
                await asyncio.gather(*work)
            timings[system.name].seconds += time.perf_counter() - began
    return timings


async def _client(
    system: System, session: aiohttp.ClientSession, questions: Sequence[str], client: int, until: float, timing: Timing
) -> None:
    first = client * 13 % len(questions)
    for number, question in enumerate(itertools.islice(itertools.cycle(questions), first, None)):
        if time.perf_counter() >= until:
            return
        if number % TURNS_A_TALK == 0:
            talk = uuid4().hex
        await _turn(system, session, talk, question, timing)


async def _turn(system: System, session: aiohttp.ClientSession, talk: str, question: str, timing: Timing) -> list[str]:
    began = time.perf_counter()
    replies = await system.ask(session, talk, question)
    timing.turns.append(time.perf_counter() - began)
    timing.silent += not any(replies)
    return replies
