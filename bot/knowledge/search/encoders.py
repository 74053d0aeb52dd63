"""Sentence encoders: a text becomes a direction, and near directions mean near meanings.

Both models come inside their wheels, so nothing is fetched at run time. A bureau with a model of its own writes one
class with these three members and hands it to the finder.
"""

from __future__ import annotations

import hashlib
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float32]

# How many single texts stay encoded: a turn asks for the same sentence several times (intent, search, follow-up).
_FEW = 16
"""Up to so many texts are a question and its readings, which come again in one turn; more are phrasings."""
_REMEMBERED = 512
_CLOSELY = 100
"""Characters the slow encoder reads: calibration and the second ear learned from so many, and what is longer is searched clause by
clause anyway."""


class Encoder(Protocol):
    """What search and intent need from a model. `name` is in the key of every stored vector: new model, new name."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: list[str]) -> Array:
        """One row of length 1 per text, shape (len(texts), dimension)."""


@runtime_checkable
class Peaked(Encoder, Protocol):
    """An encoder that says too what stands out in a sentence."""

    def peaked(self, texts: list[str]) -> Array:
        """Each text's vector, and the most that any of its words says in each direction: in the vector, their mean, one word is
        lost. Both of length 1; shape (texts, 2, dimension)."""


class _Packaged(ABC):
    """Loads its model at the first text, runs it for any number of threads, and remembers what it was just asked.

    What is remembered is keyed by a hash, so that no resident's words lie about in memory.
    """

    name: str
    dimension: int

    def __init__(self) -> None:
        self._loading, self._looking = threading.Lock(), threading.Lock()
        self._model: Callable[[list[str]], Any] | None = None
        self._remembered: OrderedDict[bytes, Array] = OrderedDict()

    @abstractmethod
    def _load(self) -> Callable[[list[str]], Any]:
        """Import and open the model (a tenth of a second to two seconds)."""

    def encode(self, texts: list[str]) -> Array:
        return _unit(self._rows(texts)[:, : self.dimension])

    def _rows(self, texts: list[str]) -> Array:
        """What the model gives, a row for each text; what stands behind the vector is for who knows of it."""
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
        with self._loading:
            if self._model is None:
                self._model = self._load()
        return np.asarray(self._model(texts), np.float32)


class UseEncoder(_Packaged):
    """Universal Sentence Encoder multilingual v3: a millisecond a sentence, asked for every question."""

    name, dimension = "use-m3-0.2", 512

    def _load(self) -> Callable[[list[str]], Any]:
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        from bot.knowledge.search import use

        # One BLAS thread for the whole process: a single sentence gains nothing from more, and on busy cores threads
        # waiting for each other made one comparison of 2,700 phrasings cost 4 ms instead of 0.5.
        threadpool_limits(1, user_api="blas")
        return use.load()


class E5Encoder(_Packaged):
    """multilingual-e5-small: 3 ms a sentence, finer, asked where the first encoder is undecided."""

    name, dimension = "e5-small-q4-0.3", 384

    def _load(self) -> Callable[[list[str]], Any]:
        from bot.knowledge.search import e5

        encode = e5.load()
        return lambda texts: encode([text[:_CLOSELY] for text in texts])

    def peaked(self, texts: list[str]) -> Array:
        return _unit(self._rows(texts).reshape(len(texts), 2, self.dimension))


def _unit(rows: Array) -> Array:
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    vectors: Array = (rows / np.maximum(length, 1e-12)).astype(np.float32)
    return vectors


def _key(text: str) -> bytes:
    """No sentence of a resident's lies about in memory for the sake of speed."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _sendable(text: str) -> str:
    """Without what a C string or UTF-8 cannot carry: NUL ends a C string early, a lone surrogate raises."""
    return text.replace("\0", " ").encode("utf-8", "ignore").decode()
