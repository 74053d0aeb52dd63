"""How good is search, in numbers: on groups of paraphrases, and on the project's own labelled questions.

Pure: the command line reads the files, hands over encoders or a way to ask, and prints `lines()`.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import BadInput
from bot.knowledge.search.encoders import Encoder
from bot.knowledge.search.fuse import Setting
from bot.knowledge.search.index import SearchIndex
from bot.knowledge.search.ours import Ours
from bot.knowledge.search.vectors import make, matrix
from bot.language.normalise import match_key

_ROLES = ("standard", "variant", "hard_negative")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What search did on one source."""

    name: str
    asked: int
    first: int
    """How often the right group came first."""
    third: int
    """How often it was among the first three."""
    milliseconds: tuple[float, ...]
    slow: int
    """How often the slow encoder was asked."""
    positives: int
    """Variants of groups that have hard negatives."""
    above: int
    """How many of them lie nearer to their standard wording than every hard negative of the group."""

    def line(self) -> str:
        asked = max(self.asked, 1)
        p50, p95 = _percentiles(self.milliseconds)
        hard = (
            f", above every hard negative {self.above / self.positives:.3f} of {self.positives}"
            if self.positives
            else ""
        )
        return (
            f"{self.name}: recall@1 {self.first / asked:.3f}, recall@3 {self.third / asked:.3f} of {self.asked}, "
            f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, slow encoder asked {self.slow / asked:.3f}{hard}"
        )


@dataclass(frozen=True, slots=True)
class SearchFigures:
    sources: tuple[SourceFigures, ...]

    @property
    def pooled(self) -> SourceFigures:
        each = self.sources
        return SourceFigures(
            "pooled",
            sum(s.asked for s in each),
            sum(s.first for s in each),
            sum(s.third for s in each),
            tuple(ms for s in each for ms in s.milliseconds),
            sum(s.slow for s in each),
            sum(s.positives for s in each),
            sum(s.above for s in each),
        )

    @property
    def recall(self) -> float:
        """Recall@1 over all questions."""
        return self.pooled.first / max(self.pooled.asked, 1)

    def lines(self) -> list[str]:
        """First the one number, then every source, then all together."""
        return [f"recall@1 {self.recall:.3f}", *(source.line() for source in self.sources), self.pooled.line()]


def evaluate_search(
    path: Path,
    fast: Encoder,
    slow: Encoder | None = None,
    *,
    setting: Setting | None = None,
    beside: Sequence[tuple[str, str]] = (),
    say: Say = lambda line: None,
) -> SearchFigures:
    """Index the standard wording of every group and ask the others, source by source, one setting for all.

    `beside`: entries and wordings of another base that stand in the same index and are never right.
    """
    sources: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            row = _row(path, number, line)
            roles = sources.setdefault(row["source"], {role: [] for role in _ROLES})
            roles[row["role"]].append((row["group_id"], row["text"]))
    if not sources:
        raise BadInput(f"{path} holds no rows; it should have one JSON object a line with group_id, role, text, source")
    return SearchFigures(
        tuple(_source(name, roles, fast, slow, setting, beside, say) for name, roles in sorted(sources.items()))
    )


def _source(
    name: str,
    roles: Mapping[str, Sequence[tuple[str, str]]],
    fast: Encoder,
    slow: Encoder | None,
    setting: Setting | None,
    beside: Sequence[tuple[str, str]],
    say: Say,
) -> SourceFigures:
    indexed = [*roles["standard"], *beside]
    index = _index(indexed, fast, slow, setting)
    say(f"{name}: {len(indexed)} wordings indexed, {len(roles['variant'])} to ask")
    first = third = asked_slow = 0
    taken: list[float] = []
    for number, (group, text) in enumerate(roles["variant"], 1):
        started = time.perf_counter()
        found = index.search(text, top=3)
        taken.append((time.perf_counter() - started) * 1000)
        entries = [one.entry for one in found]
        first += entries[:1] == [group]
        third += group in entries
        asked_slow += any("slow" in one.raw for one in found)
        if number % 500 == 0:
            say(f"{name}: {number} asked")
    positives, above = _above_negatives(roles, index)
    return SourceFigures(name, len(roles["variant"]), first, third, tuple(taken), asked_slow, positives, above)


def _index(
    wordings: Sequence[tuple[str, str]], fast: Encoder, slow: Encoder | None, setting: Setting | None
) -> SearchIndex:
    texts = [text for _, text in wordings]
    encoders = [fast] if slow is None else [fast, slow]
    vectors = {encoder.name: matrix(encoder, texts, make(encoder, texts)) for encoder in encoders}
    rows = [(group, "", text) for group, text in wordings]
    # The questions of a measuring file are nobody's: what sounds like ours plays no part.
    return SearchIndex.build(rows, vectors, fast, slow, setting=setting, ours=Ours.silent())


def _above_negatives(roles: Mapping[str, Sequence[tuple[str, str]]], index: SearchIndex) -> tuple[int, int]:
    """Variants of groups with hard negatives, and how many are nearer to the standard than all of these."""
    worst: dict[str, float] = {}
    for group, text in roles["hard_negative"]:
        worst[group] = max(worst.get(group, -np.inf), index.nearness(text, group))
    near = [(index.nearness(text, group), worst[group]) for group, text in roles["variant"] if group in worst]
    return len(near), sum(mine > other for mine, other in near)


def _row(path: Path, number: int, line: str) -> dict[str, str]:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise BadInput(f"{path} line {number} is not JSON ({error}); write one object a line") from error
    wanted = ("group_id", "role", "text", "source")
    if (
        not isinstance(row, dict)
        or any(not isinstance(row.get(key), str) for key in wanted)
        or row["role"] not in _ROLES
    ):
        raise BadInput(
            f"{path} line {number} needs text under group_id, role, text and source, "
            f"with role one of {', '.join(_ROLES)}"
        )
    return {key: row[key] for key in wanted}


def _percentiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    return (
        (float(np.percentile(milliseconds, 50)), float(np.percentile(milliseconds, 95))) if milliseconds else (0.0, 0.0)
    )


@dataclass(frozen=True, slots=True)
class Miss:
    question: str
    wanted: str
    got: str
    outcome: str


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """How the labelled questions were answered."""

    asked: int
    right: int
    styles: Mapping[str, tuple[int, int]]
    """Right and asked, by style."""
    outcomes: Mapping[str, int]
    misses: tuple[Miss, ...]
    overlap: float
    """The share of questions that are, but for decoration, a phrasing of the content."""

    @property
    def accuracy(self) -> float:
        return self.right / max(self.asked, 1)

    def lines(self) -> list[str]:
        styles = ", ".join(
            f"{style} {right / asked:.3f} of {asked}" for style, (right, asked) in sorted(self.styles.items())
        )
        outcomes = ", ".join(f"{outcome} {count}" for outcome, count in Counter(self.outcomes).most_common())
        return [
            f"accuracy {self.accuracy:.3f} ({self.right} of {self.asked})",
            f"by style: {styles}",
            f"outcomes: {outcomes}",
            f"overlap with phrasings {self.overlap:.3f}",
            *(f"missed: {miss.question} | wanted {miss.wanted} | {miss.outcome} {miss.got}" for miss in self.misses),
        ]


def evaluate_answers(
    given: Iterable[tuple[Mapping[str, Any], str, str]], phrasings: Iterable[str] = ()
) -> AnswerFigures:
    """How labelled questions were met: of each its row, the outcome, and the title of the answer given.

    Right is: answered, with the title of the row or one in `also`; or met as the row's `outcome` says (distress).
    """
    known = {match_key(text) for text in phrasings}
    styles: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    outcomes: Counter[str] = Counter()
    misses: list[Miss] = []
    right = asked = overlapping = 0
    for row, outcome, title in given:
        question, titles = str(row["question"]), {str(row["title"]), *map(str, row.get("also") or ())}
        good = outcome == row.get("outcome", "answered") and (title in titles or outcome == "distress")
        asked, right = asked + 1, right + good
        # What was said before makes 收费吗 a question of its own.
        overlapping += not row.get("before") and match_key(question) in known
        outcomes[outcome] += 1
        style = styles[str(row.get("style") or "-")]
        style[0], style[1] = style[0] + good, style[1] + 1
        if not good:
            misses.append(Miss(question, str(row["title"]), title, outcome))
    by_style = {style: (good, all_) for style, (good, all_) in styles.items()}
    return AnswerFigures(asked, right, by_style, outcomes, tuple(misses), overlapping / max(asked, 1))
