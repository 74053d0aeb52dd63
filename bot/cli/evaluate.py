"""How good it is, measured: search on paraphrases, answers on labelled questions, silence on what is not ours."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.desk.desk import Desk
from bot.errors import BadInput
from bot.language.normalise import match_key
from bot.settings import Settings


@dataclass
class Tally:
    """What became of the questions of one kind."""

    right: int = 0
    total: int = 0
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, right: bool, question: str, wanted: str, got: str) -> None:
        self.total += 1
        self.right += right
        if not right:
            self.wrong.append((question, wanted, got))

    @property
    def share(self) -> float:
        return self.right / self.total if self.total else 0.0


async def answers(settings: Settings, file: Path, off_topic: Path | None) -> None:
    """Through the engine and its actions, each question a conversation of its own."""
    from bot.cli.ask import answer_one
    from bot.cli.engine import open_engine

    async with open_engine(settings) as (agent, desk):
        rows = _rows(file)
        tallies, outcomes, times = {"": Tally()}, Counter[str](), []
        for row in rows:
            told = await answer_one(agent, desk, row, str(row.get("region", "")), None)
            wanted = _entries(desk, row)
            right = told["entry"] in wanted or bool(wanted & set(told["entries"]))
            got = told["title"] or f"{told['outcome']}: {' / '.join(told['choices'])}"
            for kind in ("", str(row.get("style", ""))):
                tallies.setdefault(kind, Tally()).add(right, str(row["question"]), str(row["title"]), got)
            outcomes[told["outcome"]] += 1
            times.append(told["ms"])
        _report(tallies, outcomes, sorted(times))
        known = {match_key(text) for answer in desk.edition.answers.values() for text in (answer.title, *answer.phrasings)}
        same = sum(match_key(str(row["question"])) in known for row in rows)
        print(f"overlap with phrasings {same / max(1, len(rows)):.3f} ({same} of {len(rows)})")
        if off_topic:
            await _off_topic(agent, desk, off_topic)


async def _off_topic(agent: Any, desk: Desk, file: Path) -> None:
    from bot.cli.ask import answer_one

    rows, false = _rows(file, "text"), []
    for row in rows:
        told = await answer_one(agent, desk, {"question": row["text"]}, "", None)
        if told["entry"]:
            false.append((row["text"], told["title"], told["score"]))
    print(f"off-topic answered {len(false) / max(1, len(rows)):.3f} ({len(false)} of {len(rows)})")
    for text, title, score in false:
        print(f"  {score:.2f}  {text}  →  {title}")


def _entries(desk: Desk, row: dict[str, Any]) -> set[str]:
    """The entries that are right: by title; a city's standard is the standard's entry asked for that city."""
    titles = {str(row["title"]), *map(str, row.get("also") or ())}
    known = {answer.title: answer.id for answer in desk.edition.answers.values()}
    return {known.get(title, "dibao-standard" if title.endswith("低保标准是多少") else "") for title in titles} - {""}


def _report(tallies: dict[str, Tally], outcomes: Counter[str], times: list[float]) -> None:
    whole = tallies.pop("")
    print(f"right {whole.share:.3f} ({whole.right} of {whole.total})")
    for style, tally in sorted(tallies.items()):
        print(f"  {style:14} {tally.share:.3f} ({tally.right} of {tally.total})")
    print("outcomes " + ", ".join(f"{name} {count}" for name, count in outcomes.most_common()))
    print(f"ms p50 {times[len(times) // 2]:.1f}, p95 {times[int(len(times) * 0.95)]:.1f}")
    for question, wanted, got in whole.wrong:
        print(f"  {question}  wanted {wanted}  got {got}")


def _rows(file: Path, needed: str = "question") -> list[dict[str, Any]]:
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} cannot be read as JSON lines: {error}") from error
    if any(not isinstance(row, dict) or needed not in row for row in rows):
        raise BadInput(f"every line of {file} needs {needed!r}")
    return rows


def search(file: Path) -> None:
    from bot.knowledge.evaluate import evaluate_search

    _print(evaluate_search(file))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
