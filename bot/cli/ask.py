"""Questions in, one JSON line each out: through the engine and its actions, as a resident's message goes."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, TextIO
from uuid import uuid4

from bot import people
from bot.cli.engine import InProcessEngine, open_engine
from bot.desk.danger import spoken
from bot.desk.desk import Desk
from bot.desk.ports import Turn
from bot.errors import BadInput
from bot.messages import Choice, Outcome, Reply
from bot.settings import Settings


async def ask(settings: Settings, region: str, on: date | None, limit: int) -> None:
    """One conversation for each question: no question knows the one before."""
    async with open_engine(settings, on=on) as (agent, desk):
        if region:
            desk.regions.get(region)
        for line in questions(sys.stdin):
            print(json.dumps(await answer_one(agent, desk, line, region, on, limit), ensure_ascii=False), flush=True)


def questions(lines: TextIO) -> Iterator[dict[str, Any]]:
    """Plain lines, or JSON lines with `question` and perhaps `region` and `on` of their own."""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if not text.startswith("{"):
            yield {"question": text}
            continue
        try:
            row = json.loads(text)
        except ValueError:
            yield {"question": text}
            continue
        if not isinstance(row, dict) or not isinstance(row.get("question"), str):
            raise BadInput(f'line {number} of the questions is JSON without "question"; write {{"question": "…"}}')
        yield row


async def answer_one(
    agent: Any, desk: Desk, row: dict[str, Any], region: str, on: date | None, limit: int = 600
) -> dict[str, Any]:
    """What a resident would be told, as data; `before` in a row is what they said earlier in the same talk."""
    question, place = str(row["question"]), str(row.get("region") or region)
    day = date.fromisoformat(row["on"]) if row.get("on") else on
    started = time.perf_counter()
    said, ended = spoken(desk, question, place)
    if not ended:
        engine, conversation = InProcessEngine(agent), uuid4().hex
        for text in (*map(str, row.get("before") or ()), question):
            turn = Turn(conversation, uuid4().hex, people.mask(text)[0][:limit], None, "ask", place, day)
            answers = await engine.turn(turn)
        said += [reply for reply in answers if not said or reply.outcome is Outcome.ANSWERED]
    ms = (time.perf_counter() - started) * 1000
    return _told(question, said, (day or desk.today()).isoformat(), ms)


def _offered(replies: Sequence[Reply]) -> Sequence[Choice]:
    return next((reply.choices for reply in reversed(replies) if reply.choices), ())


def _told(question: str, replies: Sequence[Reply], day: str, ms: float) -> dict[str, Any]:
    first = next((reply for reply in replies if reply.outcome is not Outcome.SMALLTALK), replies[0])
    return {
        "question": question,
        "outcome": first.outcome.value,
        "entry": first.entry,
        "title": first.title,
        "text": "\n".join(reply.text for reply in replies),
        "sources": [asdict(source) for source in first.sources],
        "region": first.region,
        "as_of": first.as_of or day,
        "score": first.score,
        "ms": round(ms, 1),
        "choices": [choice.label for choice in _offered(replies)],
        "reason": first.reason,
        "entries": [reply.entry for reply in replies if reply.entry],
    }
