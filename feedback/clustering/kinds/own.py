"""What one team's corrections add to the shipped judgement.

The shipped probabilities are where it starts; each correction pulls the texts that share its words and letters towards
what people said, WEIGHT times as hard as what is shipped holds them. It is a logistic regression whose prior mean is
what is shipped, solved by the corrections themselves (the representer theorem), so that no training text is needed and
a few hundred corrections take a second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from feedback.clustering.kinds.learned import LEAST, LETTER_FEATURES, WORD_FEATURES, Numbers, hashed, weighed
from feedback.clustering.kinds.lexicon import shares

WEIGHT = 8.0
MOST_CORRECTIONS = 2000
ROUNDS = 300
ANYWAY = 0.3
"""By how much any two texts are alike, whatever they say: how far a team's own shares of each kind are followed."""


@dataclass(frozen=True)
class Own:
    """`places` are the hashed features that any correction had; `weights` has shape (1 + places, kinds), and begins
    with what is added anyway."""

    places: npt.NDArray[np.int32]
    weights: Numbers

    @property
    def version(self) -> str:
        return hashlib.sha256(self.places.tobytes() + self.weights.tobytes()).hexdigest()[:12]

    def corrected(self, base: Numbers, texts: Sequence[str], rarity: Numbers | None) -> Numbers:
        """`base`: probabilities of these texts, shape (n, kinds)."""
        rows = _rows(texts, rarity)[:, self.places]
        weights = self.weights.astype(np.float64)
        return shares(np.log(np.maximum(base, LEAST)) + np.asarray(rows @ weights[1:]) + weights[0])

    def pack(self) -> bytes:
        held = BytesIO()
        np.savez_compressed(held, places=self.places, weights=self.weights)
        return held.getvalue()


def unpack(packed: bytes) -> Own:
    with np.load(BytesIO(packed), allow_pickle=False) as held:
        return Own(held["places"], held["weights"])


def fit(base: Numbers, texts: Sequence[str], truth: Sequence[int], rarity: Numbers | None) -> Own:
    """`truth`: for each text the column of `base` that people said it is."""
    rows = _rows(texts, rarity)
    alike = np.asarray((rows @ rows.T).todense(), dtype=np.float64) + ANYWAY**2
    said = np.eye(base.shape[1])[list(truth)]
    start = np.log(np.maximum(base, LEAST))
    pull = np.zeros_like(start)
    # The curvature is at most 1 from the prior and WEIGHT / 2 times the largest row sum of `alike` from the texts.
    step = 1 / (1 + WEIGHT / 2 * np.abs(alike).sum(axis=1).max())
    for _ in range(ROUNDS):
        pull -= step * (pull - WEIGHT * (said - shares(start + alike @ pull)))
    places = np.unique(rows.indices).astype(np.int32)
    weights = np.asarray(rows[:, places].T @ pull)
    return Own(places, np.vstack([ANYWAY**2 * pull.sum(axis=0), weights]).astype(np.float16))


def _rows(texts: Sequence[str], rarity: Numbers | None) -> Any:
    anything = np.ones(WORD_FEATURES + LETTER_FEATURES, dtype=np.float32)
    return weighed(hashed(texts), anything if rarity is None else rarity)
