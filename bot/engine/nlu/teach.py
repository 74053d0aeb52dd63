"""Teaches the second ear: `python -m bot.engine.nlu.teach`, after sentences were added to data/danger (some minutes).

What is ordinary it learns from data/danger too, from all sentences of data/nlu and from the wordings of the answers. The held-out
sets in tests/samples never come near it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import yaml
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rich.console import Console

from bot.desk import here
from bot.engine.nlu import ear
from bot.engine.nlu.encoding import closely, encoded
from bot.engine.nlu.letters import Floats
from bot.engine.nlu.normaliser import read
from bot.engine.phrasings import wordings
from bot.errors import BadInput
from bot.knowledge.search.encoders import Encoder
from bot.language import distress, tonight

DATA = Path("data/danger")
DANGER, ORDINARY = "danger", "ordinary"
_AT_ONCE = 256


def sentences(folder: Path, kind: str) -> list[str]:
    """What data/danger holds of `danger` or `ordinary`, whatever its finer kind."""
    file = folder / f"{kind}.yml"
    try:
        kinds = yaml.safe_load(file.read_text("utf-8"))
        return [str(text) for texts in kinds.values() for text in texts]
    except (OSError, yaml.YAMLError, AttributeError, TypeError) as error:
        raise BadInput(
            f"{file} is not readable as kinds of sentences ({type(error).__name__}); mend or restore it"
        ) from error


def digest(folder: Path = DATA) -> str:
    """Of the sentences; the shipped ear says from which it learned."""
    told = "\n".join(text for kind in (DANGER, ORDINARY) for text in sentences(folder, kind))
    return hashlib.sha256(told.encode()).hexdigest()


def usual() -> Iterable[str]:
    """What is said to us anyway, less what tells of danger: of what is ordinary that is no example."""
    said = [str(example.get(TEXT) or "") for example in load_data("data/nlu").intent_examples]
    for text in dict.fromkeys([*said, *wordings(Path("content"))]):
        if text and distress.listen(text) is None and not tonight.needs_help_now(text):
            yield text


def main(out: Console) -> None:
    told = [(text, kind == DANGER) for kind in (DANGER, ORDINARY) for text in sentences(DATA, kind)]
    told += [(text, False) for text in usual()]
    texts, is_danger = [read(text) for text, _ in told], [danger for _, danger in told]
    out.print(f"{sum(is_danger)} sentences of danger, {len(told) - sum(is_danger)} others")

    def look(how: Callable[[Sequence[str], Encoder], Floats], encoder: Encoder, some: Sequence[str]) -> Floats:
        rows = []
        for start in range(0, len(some), _AT_ONCE):
            rows.append(how(some[start : start + _AT_ONCE], encoder))
            out.print(f"{encoder.name}: {min(start + _AT_ONCE, len(some))} of {len(some)}", end="\r")
        out.print()
        return np.concatenate(rows)

    fast, slow = here.encoder(), here.slow_encoder()
    vectors, closer = look(encoded, fast, texts), lambda some: look(closely, slow, some)
    taught = ear.fit(texts, vectors, is_danger, fast.name, slow.name, closer, digest())
    kept = taught.to_bytes()
    ear.SHIPPED.write_bytes(kept)
    out.print(f"{ear.SHIPPED.name}: {len(kept) / 1024:.0f} KB; now measure: python -m bot evaluate distress FILE")


if __name__ == "__main__":
    main(Console(highlight=False))
