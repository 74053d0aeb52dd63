"""How good it is, measured: search on paraphrases, answers on labelled questions, silence on what is not ours."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.desk.desk import Desk
from bot.errors import BadInput
from bot.knowledge.evaluate import evaluate_answers, evaluate_search
from bot.settings import Settings

_CITY_TITLE = "低保标准是多少"
"""北京低保标准是多少 and its like are one entry, asked for a place."""


def search(file: Path) -> None:
    from bot.knowledge.search.encoders import E5Encoder, UseEncoder

    figures = evaluate_search(file, UseEncoder(), E5Encoder(), say=lambda line: print(line, file=sys.stderr))
    print("\n".join(figures.lines()))


async def answers(settings: Settings, file: Path, off_topic: Path | None) -> None:
    """Through the engine and its actions, each question a conversation of its own."""
    from bot.cli.ask import answer_one
    from bot.cli.engine import open_engine

    async with open_engine(settings) as (agent, desk):
        rows = [_with_entry_titles(desk, row) for row in _rows(file, "question")]
        told = [await answer_one(agent, desk, row, "", None) for row in rows]
        phrasings = [text for answer in desk.edition.answers.values() for text in (answer.title, *answer.phrasings)]
        titles = {answer.id: answer.title for answer in desk.edition.answers.values()}
        given = ((row, *_given(one, titles)) for row, one in zip(rows, told, strict=True))
        figures = evaluate_answers(given, phrasings)
        times = sorted(one["ms"] for one in told)
        print("\n".join(figures.lines()))
        print(f"ms p50 {times[len(times) // 2]:.1f}, p95 {times[int(len(times) * 0.95)]:.1f}")
        if off_topic:
            asked = [
                await answer_one(agent, desk, {"question": row["text"]}, "", None) for row in _rows(off_topic, "text")
            ]
            _report_off_topic(asked)


def _given(told: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[str, str]:
    """An answer that needs the place first, or says that this place has no figure, is the right answer's first half.
    Hardship that sounds of despair is met with kind words, and then answered: the answer is judged."""
    if told["outcome"] == "distress" and told["entries"]:
        return "answered", titles.get(told["entries"][0], "")
    half = told["reason"] in ("ask_place", "no_rule_here")
    return ("answered" if half else str(told["outcome"])), str(told["title"])


def _with_entry_titles(desk: Desk, row: dict[str, Any]) -> dict[str, Any]:
    titles = {answer.title: answer for answer in desk.edition.answers.values()}
    standard = desk.edition.answers["dibao-standard"].title

    def entry_title(title: str) -> str:
        return title if title in titles or not title.endswith(_CITY_TITLE) else standard

    also = [entry_title(str(title)) for title in row.get("also") or ()]
    return {**row, "title": entry_title(str(row["title"])), "also": also}


def _report_off_topic(asked: list[dict[str, Any]]) -> None:
    false = [told for told in asked if told["entry"]]
    print(f"off-topic answered {len(false) / max(1, len(asked)):.3f} ({len(false)} of {len(asked)})")
    for told in false:
        print(f"  {told['outcome']} {told['score']:.2f}  {told['question']}  |  {told['title']}")


def _rows(file: Path, needed: str) -> list[dict[str, Any]]:
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} cannot be read as JSON lines: {error}") from error
    if any(not isinstance(row, dict) or needed not in row for row in rows):
        raise BadInput(f"every line of {file} needs {needed!r}")
    return rows
