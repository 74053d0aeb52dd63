"""Fits the calibration: `python -m bot.knowledge.search.fit`, after the content or the encoders changed much.

Only the project's own words are used: phrasings of the content asked of an index that does not hold them, phrasings of
entries that were taken out altogether (ours, but nothing on file), lines of the intents that are no policy question,
and the open half of the labelled questions. Measuring data of others never comes near it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.knowledge.search.calibrate import Calibration, Evidence
from bot.knowledge.search.candidate import Candidate
from bot.knowledge.search.encoders import E5Encoder, Encoder, UseEncoder
from bot.knowledge.search.fuse import Setting
from bot.knowledge.search.index import Phrasing, SearchIndex
from bot.knowledge.search.vectors import make, matrix, text_hash

FOLDS = 6
SHARES = {"asked": 0.6, "ours but not on file": 0.1, "not ours": 0.3}
"""What residents are thought to send; the chance means nothing without it."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question put to an index, and what it found first."""

    kind: str
    evidence: Evidence
    right: bool


@dataclass(frozen=True, slots=True)
class Material:
    phrasings: tuple[Phrasing, ...]
    labelled: tuple[tuple[str, frozenset[str]], ...]
    """Questions and the entries that answer them."""
    foreign: tuple[str, ...]


def read(root: Path) -> Material:
    """Content, labelled questions and lines of other intents, from the repository's files."""
    answers = [
        answer for path in sorted((root / "content" / "faq").glob("*.yml"))
        for answer in yaml.safe_load(path.read_text("utf-8"))["answers"]
    ]
    phrasings = tuple(
        Phrasing(answer["id"], answer["programme"], text)
        for answer in answers for text in dict.fromkeys([answer["title"], *answer["phrasings"]])
    )
    titled: dict[str, set[str]] = {}
    for answer in answers:
        titled.setdefault(answer["title"], set()).add(answer["id"])
    labelled = []
    for line in (root / "tests" / "samples" / "questions" / "open.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        entries = frozenset(entry for title in [row["title"], *row["also"]] for entry in titled.get(title, ()))
        if row["title"] in titled:
            labelled.append((row["question"], entries))
    return Material(phrasings, tuple(labelled), tuple(_foreign(root / "data" / "nlu")))


def _foreign(folder: Path) -> Iterator[str]:
    for name in ("off_topic", "small_talk", "nearby"):
        for intent in yaml.safe_load((folder / f"{name}.yml").read_text("utf-8"))["nlu"]:
            lines = (line.strip().removeprefix("- ") for line in str(intent["examples"]).splitlines())
            yield from (line for line in lines if line)


class Workbench:
    """Makes indexes over parts of the content without encoding anything twice."""

    def __init__(self, phrasings: Iterable[Phrasing], fast: Encoder, slow: Encoder) -> None:
        self._fast, self._slow = fast, slow
        texts = [one.text for one in phrasings]
        self._stored = {encoder.name: make(encoder, texts) for encoder in (fast, slow)}

    def index(self, phrasings: Sequence[Phrasing], undecided: float) -> SearchIndex:
        texts = [one.text for one in phrasings]
        vectors = {each.name: matrix(each, texts, self._stored[each.name]) for each in (self._fast, self._slow)}
        return SearchIndex.build(
            phrasings, vectors, self._fast, self._slow, setting=Setting(undecided=undecided), calibration=_BLANK
        )


_BLANK = Calibration({}, {})


def examples(material: Material, bench: Workbench, undecided: float) -> Iterator[Example]:
    """Everything the calibration learns from; `undecided` makes the slow encoder read all (large) or nothing (-1)."""
    whole = bench.index(material.phrasings, undecided)
    for question, entries in material.labelled:
        yield from _asked("asked", whole, question, entries)
    for line in material.foreign:
        yield from _asked("not ours", whole, line, frozenset())
    for fold in range(FOLDS):
        # Titles always stay: an entry without one is never published.
        out = {at for at, one in enumerate(material.phrasings) if _fold(one.text) == fold and not _title(material, at)}
        held = [one for at, one in enumerate(material.phrasings) if at in out]
        kept = [one for at, one in enumerate(material.phrasings) if at not in out]
        index = bench.index(kept, undecided)
        for one in held:
            yield from _asked("asked", index, one.text, frozenset({one.entry}))
        index = bench.index([one for one in material.phrasings if _fold(one.entry) != fold], undecided)
        for one in material.phrasings:
            if _fold(one.entry) == fold and _fold(one.text) == fold:
                yield from _asked("ours but not on file", index, one.text, frozenset())


def _title(material: Material, at: int) -> bool:
    return at == 0 or material.phrasings[at].entry != material.phrasings[at - 1].entry


def _fold(text: str) -> int:
    return int(text_hash(text)[:8], 16) % FOLDS


def _asked(kind: str, index: SearchIndex, question: str, entries: frozenset[str]) -> Iterator[Example]:
    found: list[Candidate] = index.search(question, top=3)
    if any("exact" in one.raw for one in found):
        return
    for at, one in enumerate(found):
        if at == 0 or entries:
            yield Example(kind, Evidence.of(one.raw), one.entry in entries)


def fitted(rows: Sequence[Example], strength: float = 1.0) -> dict[str, float]:
    """Logistic coefficients by Newton's method, with a ridge and with each kind of question at its share."""
    names = sorted(rows[0].evidence.features())
    table = np.array([[1.0, *(row.evidence.features()[name] for name in names)] for row in rows])
    right = np.array([row.right for row in rows], float)
    counts = {kind: sum(row.kind == kind for row in rows) for kind in SHARES}
    weights = np.array([SHARES[row.kind] * len(rows) / counts[row.kind] for row in rows])
    ridge = np.full(table.shape[1], strength)
    ridge[0] = 0.0
    solution = np.zeros(table.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(table @ solution, -30, 30)))
        slope = table.T @ (weights * (right - chance)) - ridge * solution
        curve = (table * (weights * chance * (1 - chance))[:, None]).T @ table + np.diag(ridge + 1e-9)
        step = np.linalg.solve(curve, slope)
        solution += step
        if float(np.abs(step).max()) < 1e-8:
            break
    return {name: round(float(value), 4) for name, value in zip(["bias", *names], solution, strict=True)}


def report(rows: Sequence[Example], weights: Mapping[str, float]) -> list[str]:
    """What a bar at each chance would let through, by kind of question."""
    calibration = Calibration(weights, weights)
    lines = []
    for bar in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        told = []
        for kind in SHARES:
            first = [row for row in rows if row.kind == kind and row.evidence.lead >= 0]
            passed = [row.right for row in first if calibration.chance(row.evidence) >= bar]
            wrong = sum(not right for right in passed) / max(len(first), 1)
            told.append(f"{kind} {len(passed) / max(len(first), 1):.3f} given, {wrong:.3f} wrong")
        lines.append(f"bar {bar}: " + "; ".join(told))
    return lines


def main(root: Path) -> None:
    material = read(root)
    bench = Workbench(material.phrasings, UseEncoder(), E5Encoder())
    held: dict[str, Any] = {}
    for name, undecided in (("fast", -1.0), ("slow", float("inf"))):
        rows = list(examples(material, bench, undecided))
        held[name] = fitted(rows)
        sys.stdout.write("\n".join([f"{name}: {len(rows)} examples {held[name]}", *report(rows, held[name])]) + "\n")
    target = Path(__file__).with_name("calibration.json")
    target.write_text(json.dumps(held, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path.cwd())
