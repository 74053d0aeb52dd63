"""The intent model: multinomial logistic regression on a sentence vector and hashed letter groups.

Trained with scikit-learn, but kept and asked as plain arrays: nothing is unpickled, and one sentence costs a
few thousand multiplications.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.engine.nlu.arrays import packed, unpacked
from bot.engine.nlu.letters import Floats, Letters, grouped

_STRENGTH = 8.0
_FOLDS = 4
# How far rare intents are lifted to common ones (0 not at all, 1 wholly): there are a hundred ways to ask about
# assistance for each way to ask for a person, and without it 人工 is taken for a question.
_LIFT = 0.3


@dataclass(frozen=True, slots=True)
class Softmax:
    """Scores → chances; `temperature` makes a chance of .8 right eight times in ten on sentences not learned from."""

    labels: tuple[str, ...]
    dense: Floats
    sparse: Floats
    """One row a bucket, so that a sentence touches only its own rows."""
    bias: Floats
    temperature: float
    encoder: str
    """The name of the encoder whose vectors it learned from; with another one it would be noise."""

    def chances(self, groups: Letters, vector: Floats) -> Floats:
        """Of each label; `groups` are the sentence's `letters`."""
        where, weights = groups
        scores = self.dense @ vector + weights @ self.sparse[where] + self.bias
        chances: Floats = _softmax(scores / self.temperature)
        return chances

    def to_bytes(self) -> bytes:
        return packed(
            labels=np.array(self.labels),
            dense=self.dense.astype(np.float16),
            sparse=self.sparse.astype(np.float16),
            bias=self.bias,
            temperature=np.float32(self.temperature),
            encoder=np.array(self.encoder),
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Softmax:
        kept = unpacked(data)
        return cls(
            labels=tuple(str(label) for label in kept["labels"]),
            dense=kept["dense"].astype(np.float32),
            sparse=kept["sparse"].astype(np.float32),
            bias=kept["bias"].astype(np.float32),
            temperature=float(kept["temperature"]),
            encoder=str(kept["encoder"]),
        )


def fit(texts: Sequence[str], vectors: Floats, intents: Sequence[str], encoder: str) -> Softmax:
    """Learn from labelled sentences; the temperature comes from folds that were left out."""
    from scipy.sparse import csr_matrix, hstack

    features = hstack([csr_matrix(vectors), grouped(texts)]).tocsr().astype(np.float64)
    labels, answers = np.unique(np.array(intents), return_inverse=True)
    fold_of = np.arange(len(texts)) % _FOLDS
    held_out = np.zeros((len(texts), len(labels)), np.float32)
    for fold in range(_FOLDS):
        away = fold_of == fold
        if len(np.unique(answers[~away])) == len(labels):
            weights, bias = _weights(features[~away], answers[~away], tolerance=1e-2)
            held_out[away] = features[away] @ weights.T + bias
    weights, bias = _weights(features, answers, tolerance=1e-3)
    size = vectors.shape[1]
    return Softmax(
        labels=tuple(str(label) for label in labels),
        dense=weights[:, :size].astype(np.float32),
        sparse=np.ascontiguousarray(weights[:, size:].T, np.float32),
        bias=bias.astype(np.float32),
        temperature=temperature(held_out, answers),
        encoder=encoder,
    )


def _weights(features: object, answers: NDArray[np.int64], tolerance: float) -> tuple[Floats, Floats]:
    from sklearn.linear_model import LogisticRegression

    counts = np.bincount(answers)
    lifted = (counts.max() / np.maximum(counts, 1)) ** _LIFT
    weigh = dict(enumerate(lifted / np.average(lifted, weights=counts)))
    model = LogisticRegression(C=_STRENGTH, max_iter=300, tol=tolerance, random_state=1, class_weight=weigh)
    model.fit(features, answers)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return weights.astype(np.float32), bias.astype(np.float32)


def temperature(scores: Floats, answers: NDArray[np.int64]) -> float:
    """The divisor under which the left-out sentences are likeliest.

    Never below 1: residents ask what is in no file, so nothing may be made surer than it was learned.
    """

    def surprise(temperature: float) -> float:
        chances = _softmax(scores / temperature)
        return float(-np.log(np.maximum(chances[np.arange(len(answers)), answers], 1e-9)).mean())

    return float(min(np.geomspace(1, 4, 25), key=surprise))


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return chances
