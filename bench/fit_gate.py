"""`python -m bench.fit_gate`: fit the gate (bot/desk/gate.json) on our own sets, and print what it lets through.

Positives are the labelled questions whose best candidate is right; negatives are those where it is wrong and our own
lines about other things. Every figure comes from ten folds that were left out. Run it after training, and whenever
search or its calibration changed. `--check FILE` also prints what the gate lets through of another off-topic file;
that file is never learned from.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.desk import gate
from bot.desk.gate import Gate, evidence
from bot.knowledge.search.candidate import Candidate
from bot.knowledge.search.fit import DEVELOPMENT

SAMPLES = Path("tests/samples/questions")
FITTED = Path(gate.__file__).with_name("gate.json")
HARD = "nearby_hard"
"""Lines made of our own words about other things: learned from, shown apart, and left out where bars are set, because
hardly anybody writes them."""

# Of the usual lines about other things: how many may be answered, and how many asked back about. At most 3 in 100 are
# allowed to get an answer; a set of this size cannot tell 2 from 3, and a guess at
# a vague question harms more than asking back, so the bar stands lower: at half
# of one per cent 99 of 100 of our own questions still pass.
_ANSWERED, _ASKED_BACK = 0.005, 0.05
_VERY_SURE = 0.8
_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One line, what search found first for it, and what the classifier thought."""

    kind: str
    best: Candidate
    ranking: dict[str, float]
    right: bool
    other: bool
    """Whether it is about other things."""


def fit(rows: Sequence[Row]) -> tuple[Gate, NDArray[np.float64]]:
    """The gate, and the chance it gives each row when it has not learned from it."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    features = np.array([evidence(row.best, row.ranking) for row in rows])
    right = np.array([row.right for row in rows])
    model = LogisticRegression()
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=1)
    unseen: NDArray[np.float64] = cross_val_predict(model, features, right, cv=folds, method="predict_proba")[:, 1]
    model.fit(features, right)
    usual = np.sort([chance for row, chance in zip(rows, unseen, strict=True) if row.other and row.kind != HARD])[::-1]
    # One thousandth more: the line that stands on the bar is not let through.
    sure, maybe = (round(float(usual[int(share * len(usual))]) + 0.001, 3) for share in (_ANSWERED, _ASKED_BACK))
    bias, (search, intent) = (
        round(float(model.intercept_[0]), 3),
        (round(float(weight), 3) for weight in model.coef_[0]),
    )
    return Gate(bias, search, intent, sure=sure, maybe=maybe, very_sure=_VERY_SURE), unseen


def lines(rows: Sequence[Row], chances: Sequence[float], bar: float) -> list[str]:
    """How much passes the bar, by kind."""
    told = []
    for kind in dict.fromkeys(row.kind for row in rows):
        here = [(row, chance) for row, chance in zip(rows, chances, strict=True) if row.kind == kind]
        passed = [row for row, chance in here if chance >= bar]
        right = sum(row.right for row in passed)
        told.append(f"  {kind:16} {len(passed):4} of {len(here):4} pass ({len(passed) / len(here):.3f}), {right} right")
    return told


async def collect(*files: Path) -> list[list[Row]]:
    """Every line through the trained model and search over the edition in force."""
    from bot.cli.engine import open_engine
    from bot.settings import Settings

    async with open_engine(Settings()) as (agent, desk):
        return [[await _row(agent, desk, line) for line in _read(file)] for file in files]


async def _row(agent: Any, desk: Any, line: dict[str, Any]) -> Row:
    parsed = await agent.parse_message(line.get("question") or line["text"])
    found = desk.finder.find(parsed["text"]) or [Candidate("", 0.0)]
    ranking = {one["name"]: float(one["confidence"]) for one in parsed["intent_ranking"]}
    other = "question" not in line
    right = not other and _is_right(desk.edition.answers, found[0].entry, {line["title"], *line.get("also", ())})
    return Row(line["kind"] if other else "ours", found[0], ranking, right, other)


def _is_right(answers: Mapping[str, Any], entry: str, titles: set[str]) -> bool:
    """A city's standard is the one entry on standards, asked for that city."""
    of_city = entry == "dibao-standard" and any(title.endswith("低保标准是多少") for title in titles)
    return of_city or (entry in answers and answers[entry].title in titles)


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--check", type=Path, help="another off-topic file, measured only")
    asked.add_argument("--dry", action="store_true", help="write nothing")
    options = asked.parse_args()
    files = [SAMPLES / name for name in (*DEVELOPMENT, "off_topic.jsonl")]
    found = asyncio.run(collect(*files, *([options.check] if options.check else [])))
    rows = [row for file in found[: len(files)] for row in file]
    checked = found[len(files) :]
    made, unseen = fit(rows)
    print(json.dumps(asdict(made)))
    print(f"from {made.sure} on an answer is given (left-out folds):", *lines(rows, list(unseen), made.sure), sep="\n")
    for extra in checked:
        chances = [made.chance(row.best, row.ranking) for row in extra]
        print(
            f"not learned from: {np.mean(np.array(chances) >= made.sure):.3f} pass",
            *lines(extra, chances, made.sure),
            sep="\n",
        )
    if not options.dry:
        FITTED.write_text(json.dumps(asdict(made), indent=1) + "\n", "utf-8")
        print(f"written: {FITTED}")


if __name__ == "__main__":
    main()
