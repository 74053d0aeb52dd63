"""What a large base costs search, in time and in answers found: `python -m bench.large_base FILE [ANSWERS]`.

FILE holds groups of paraphrases (as for `evaluate search`). They are asked three times: with only themselves in the index, beside
the base as it ships, and beside 1,000 answers of 8 wordings each. Those are made of our own: an answer with forty wordings is cut
into seven that overlap, which lie nearer to each other than what an office would write.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from bot.knowledge.entry import ANSWER
from bot.knowledge.evaluate import evaluate_search
from bot.knowledge.files import read_folder
from bot.knowledge.search.encoders import Array, E5Encoder, Encoder, UseEncoder

CONTENT = Path("content")
WORDINGS, STEP = 8, 5


class Once:
    """An encoder that remembers all it was asked: the base is the same for every source."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.name, self.dimension = encoder, encoder.name, encoder.dimension
        self._kept: dict[str, Array] = {}

    def encode(self, texts: list[str]) -> Array:
        if len(texts) == 1:  # a question: its time is what is measured
            return self._encoder.encode(texts)
        if missing := [text for text in texts if text not in self._kept]:
            self._kept |= dict(zip(missing, self._encoder.encode(missing), strict=True))
        return np.stack([self._kept[text] for text in texts])


def base(answers: int) -> list[tuple[str, str]]:
    """Entries and wordings; fewer answers than asked for where the content has no more wordings."""
    return [(entry, text) for entry, texts in islice(_cut(), answers) for text in texts]


def _shipped() -> list[tuple[str, str]]:
    return [(entry, text) for entry, texts in _answers() for text in texts]


def _cut() -> Iterator[tuple[str, list[str]]]:
    for entry, wordings in _answers():
        for start in range(0, len(wordings) - WORDINGS + 1, STEP):
            yield f"{entry}#{start}", wordings[start : start + WORDINGS]


def _answers() -> Iterator[tuple[str, list[str]]]:
    for entry in read_folder(CONTENT).entries:
        if entry.kind == ANSWER:
            yield entry.key, [entry.data["title"], *entry.data["phrasings"]]


def main(file: Path, answers: int) -> None:
    fast, slow = Once(UseEncoder()), Once(E5Encoder())
    for name, beside in (
        ("alone", []),
        ("beside the small base", _shipped()),
        ("beside the large base", base(answers)),
    ):
        entries = len({entry for entry, _ in beside})
        print(f"{name} ({entries} answers, {len(beside)} wordings)", flush=True)
        print("\n".join(evaluate_search(file, fast, slow, beside=beside).lines()), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
