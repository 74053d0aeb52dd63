"""Fits what search learnt: `python -m bot.knowledge.search.fit`, after content or encoders changed much (five minutes).

Only the project's own words are used: phrasings of the content asked of an index that does not hold them, phrasings of
entries that were taken out altogether (ours, but nothing on file), lines of the intents that are no policy question,
and the labelled questions that development may see. The closed ones and measuring data of others never come near it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.knowledge.search.calibrate import Calibration, Evidence
from bot.knowledge.search.encoders import Array, E5Encoder, Encoder, UseEncoder
from bot.knowledge.search.fuse import Setting
from bot.knowledge.search.index import Phrasing, SearchIndex
from bot.knowledge.search.lexical import grams
from bot.knowledge.search.ours import Ours
from bot.knowledge.search.reading import readable
from bot.knowledge.search.vectors import make, matrix, text_hash

DEVELOPMENT = ("open.jsonl", "opened.jsonl")
"""In tests/samples/questions; see the README there."""
FOLDS = 6
SHARES = {"labelled": 0.45, "phrasing": 0.2, "nothing on file": 0.05, "not ours": 0.3}
"""What residents are thought to send; a chance means nothing without it."""
_BLANK = Calibration({}, {})
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Example:
    """One question put to an index, and one entry it found."""

    kind: str
    question: str
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
        answer
        for path in sorted((root / "content" / "faq").glob("*.yml"))
        for answer in yaml.safe_load(path.read_text("utf-8"))["answers"]
    ]
    phrasings = tuple(
        Phrasing(answer["id"], answer["programme"], text)
        for answer in answers
        for text in dict.fromkeys([answer["title"], *answer["phrasings"]])
    )
    titled: dict[str, set[str]] = {}
    for answer in answers:
        titled.setdefault(answer["title"], set()).add(answer["id"])
    labelled = []
    samples = root / "tests" / "samples" / "questions"
    for line in (line for name in DEVELOPMENT for line in (samples / name).read_text("utf-8").splitlines()):
        row = json.loads(line)
        entries = frozenset(entry for title in [row["title"], *row["also"]] for entry in titled.get(title, ()))
        if row["title"] in titled:
            labelled.append((row["question"], entries))
    foreign = [
        *_foreign(root / "data" / "nlu"),
        *(Path(__file__).with_name("foreign.txt").read_text("utf-8").splitlines()),
    ]
    return Material(phrasings, tuple(labelled), tuple(dict.fromkeys(foreign)))


def _foreign(folder: Path) -> Iterator[str]:
    for name in ("off_topic", "small_talk", "nearby"):
        for intent in yaml.safe_load((folder / f"{name}.yml").read_text("utf-8"))["nlu"]:
            lines = (line.strip().removeprefix("- ") for line in str(intent["examples"]).splitlines())
            yield from (line for line in lines if line)


class Workbench:
    """Makes indexes over parts of the content, and reads questions, without encoding anything twice."""

    def __init__(self, phrasings: Iterable[Phrasing], fast: Encoder, slow: Encoder) -> None:
        self.fast, self.slow = fast, slow
        texts = [one.text for one in phrasings]
        self._stored = {encoder.name: make(encoder, texts) for encoder in (fast, slow)}
        self._read: dict[tuple[str, str], Array] = {}

    def encode(self, encoder: Encoder, texts: Sequence[str]) -> Array:
        missing = [text for text in dict.fromkeys(texts) if (encoder.name, text) not in self._read]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            self._read.update(zip(((encoder.name, text) for text in batch), encoder.encode(batch), strict=True))
        return np.stack([self._read[encoder.name, text] for text in texts])

    def index(self, phrasings: Sequence[Phrasing], undecided: float) -> SearchIndex:
        texts = [one.text for one in phrasings]
        vectors = {each.name: matrix(each, texts, self._stored[each.name]) for each in (self.fast, self.slow)}
        return SearchIndex.build(
            phrasings,
            vectors,
            self.fast,
            self.slow,
            setting=Setting(undecided=undecided),
            calibration=_BLANK,
            ours=Ours.silent(),
        )


# Ours or not


def fitted_ours(material: Material, bench: Workbench, without: int = -1) -> Ours:
    """The line between our questions and others'; `without` leaves one fold of them out."""
    ours = [*(one.text for one in material.phrasings), *(question for question, _ in material.labelled)]
    texts = [*ours, *material.foreign]
    is_ours = np.arange(len(texts)) < len(ours)
    kept = np.array([_fold(text) != without for text in texts])
    read_ = [readable(text) for text, keep in zip(texts, kept, strict=True) if keep]
    fast, slow = bench.encode(bench.fast, read_), bench.encode(bench.slow, read_)
    blank = Ours(
        slow.mean(axis=0), np.zeros(0, np.float32), np.zeros(0, np.float32), (bench.fast.name, bench.slow.name)
    )
    alone = np.stack([blank.features(grams(text), vector, None) for text, vector in zip(read_, fast, strict=True)])
    both = np.stack([blank.features(grams(text), a, b) for text, a, b in zip(read_, fast, slow, strict=True)])
    return replace(blank, fast=_line(alone, is_ours[kept]), slow=_line(both, is_ours[kept]))


def _line(features: Array, is_ours: NDArray[np.bool_]) -> Array:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=500)
    model.fit(features[:, 1:], is_ours)
    line: Array = np.concatenate([model.intercept_, model.coef_[0]]).astype(np.float32)
    return line


def with_ours(rows: Sequence[Example], bench: Workbench, lines: Sequence[Ours], slow: bool) -> list[Example]:
    """The examples with the leaning of a line that never saw their question."""
    texts = {row.question: readable(row.question) for row in rows}
    order = list(texts)
    fast = dict(zip(order, bench.encode(bench.fast, [texts[one] for one in order]), strict=True))
    second = dict(zip(order, bench.encode(bench.slow, [texts[one] for one in order]), strict=True)) if slow else {}
    leaning = {one: lines[_fold(one)].leaning(grams(texts[one]), fast[one], second.get(one)) for one in order}
    return [replace(row, evidence=replace(row.evidence, ours=leaning[row.question])) for row in rows]


# Right or not


def examples(material: Material, bench: Workbench, undecided: float) -> Iterator[Example]:
    """Everything the calibration learns from; `undecided` makes the slow encoder read all (large) or nothing (-1)."""
    whole = bench.index(material.phrasings, undecided)
    for question, entries in material.labelled:
        yield from _asked("labelled", whole, question, entries)
    for line in material.foreign:
        yield from _asked("not ours", whole, line, frozenset())
    for fold in range(FOLDS):
        # Titles always stay: an entry without one is never published.
        out = {at for at, one in enumerate(material.phrasings) if _fold(one.text) == fold and not _title(material, at)}
        index = bench.index([one for at, one in enumerate(material.phrasings) if at not in out], undecided)
        for at in sorted(out):
            one = material.phrasings[at]
            yield from _asked("phrasing", index, one.text, frozenset({one.entry}))
        index = bench.index([one for one in material.phrasings if _fold(one.entry) != fold], undecided)
        for one in material.phrasings:
            if _fold(one.entry) == fold and _fold(one.text) == fold:
                yield from _asked("nothing on file", index, one.text, frozenset())


def _title(material: Material, at: int) -> bool:
    return at == 0 or material.phrasings[at].entry != material.phrasings[at - 1].entry


def _fold(text: str) -> int:
    return int(text_hash(text)[:8], 16) % FOLDS


def _asked(kind: str, index: SearchIndex, question: str, entries: frozenset[str]) -> Iterator[Example]:
    found = index.search(question, top=3)
    if any("exact" in one.raw for one in found):
        return
    for at, one in enumerate(found):
        if at == 0 or entries:
            yield Example(kind, question, Evidence.of(one.raw), one.entry in entries)


def fitted(rows: Sequence[Example]) -> dict[str, float]:
    """Logistic coefficients, each kind of question weighing as its share."""
    from sklearn.linear_model import LogisticRegression

    names = sorted(rows[0].evidence.features())
    table = np.array([[row.evidence.features()[name] for name in names] for row in rows])
    counts = {kind: sum(row.kind == kind for row in rows) for kind in SHARES}
    weights = np.array([SHARES[row.kind] * len(rows) / counts[row.kind] for row in rows])
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(table, np.array([row.right for row in rows]), sample_weight=weights)
    values = [model.intercept_[0], *model.coef_[0]]
    return {name: round(float(value), 4) for name, value in zip(["bias", *names], values, strict=True)}


def report(rows: Sequence[Example], weights: Mapping[str, float]) -> list[str]:
    """What a bar at each chance would let through, by kind of question."""
    calibration = Calibration(weights, weights)
    lines = []
    for bar in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        told = []
        for kind in SHARES:
            first = [row for row in rows if row.kind == kind and row.evidence.lead >= 0]
            passed = [row.right for row in first if calibration.chance(row.evidence) >= bar]
            wrong = sum(not right for right in passed) / max(len(first), 1)
            told.append(f"{kind} {len(passed) / max(len(first), 1):.3f} given, {wrong:.3f} wrong")
        lines.append(f"bar {bar}: " + "; ".join(told))
    return lines


def main(root: Path, fast: Encoder, slow: Encoder) -> None:
    material = read(root)
    bench = Workbench(material.phrasings, fast, slow)
    whole = fitted_ours(material, bench)
    lines = [fitted_ours(material, bench, fold) for fold in range(FOLDS)]
    held: dict[str, dict[str, float]] = {}
    for name, undecided in (("fast", -1.0), ("slow", float("inf"))):
        rows = with_ours(list(examples(material, bench, undecided)), bench, lines, name == "slow")
        held[name] = fitted(rows)
        sys.stdout.write("\n".join([f"{name}: {len(rows)} examples {held[name]}", *report(rows, held[name])]) + "\n")
    here = Path(__file__).parent
    (here / "calibration.json").write_text(json.dumps(held, indent=1, sort_keys=True) + "\n", "utf-8")
    (here / "ours.json").write_text(json.dumps(whole.dump(), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path.cwd(), UseEncoder(), E5Encoder())
