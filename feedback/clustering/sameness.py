"""Which texts say the same: by what they mean, and a little by the words they use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback.clustering.placing import Corpus
from feedback.clustering.vectors import Row, Rows
from feedback.clustering.wording import Wording, standing_out


@dataclass(frozen=True)
class Near:
    """A known text that says nearly the same as the one that was asked about."""

    row: int
    closeness: float
    """Their cosine."""
    score: float
    """By which the nearest ones are found: how far it stands out among all, by meaning and by words."""
    is_same: bool
    """So close that it is probably the same wish."""


class Sameness:
    """Texts that are known, for asking which of them say the same as another one."""

    def __init__(self, corpus: Corpus, texts: Sequence[str]) -> None:
        """`corpus`: of the vectors of these texts, which are as people wrote them."""
        self._corpus = corpus
        self._wording = Wording(texts)

    def scores(self, rows: Rows, texts: Sequence[str]) -> Rows:
        """How near each known text is to each of these, shape (len(texts), known); higher is nearer. `rows`: their
        vectors, shape (len(texts), d)."""
        return self._fused(self._cosines(rows), texts)

    def nearest(self, row: Row, text: str, most: int) -> list[Near]:
        """Up to `most` of the known texts that say nearly the same as this one, the nearest first.

        What counts as close is their cosine alone; which of the close ones are nearest, the words say too.
        """
        cosines = self._cosines(row[None])
        scores = self._fused(cosines, [text])[0]
        parameters = self._corpus.parameters
        near = np.flatnonzero(cosines[0] >= parameters.alike)
        return [
            Near(int(each), float(cosines[0, each]), float(scores[each]), bool(cosines[0, each] >= parameters.same))
            for each in near[np.argsort(-scores[near], kind="stable")][:most]
        ]

    def _cosines(self, rows: Rows) -> Rows:
        return np.stack([self._corpus.cosines(row) for row in rows])

    def _fused(self, cosines: Rows, texts: Sequence[str]) -> Rows:
        found: Rows = standing_out(cosines) + self._corpus.parameters.wording * self._wording.scores(texts)
        return found
