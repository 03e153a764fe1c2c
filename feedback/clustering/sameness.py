"""Which texts say the same: by what they mean, and a little by the words they use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from feedback.clustering.placing import Corpus
from feedback.clustering.vectors import Row, Rows
from feedback.clustering.wording import Wording, standing_out

AT_ONCE = 256
"""So many are asked about together: enough for speed, and little memory."""


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
        self._texts = texts

    @cached_property
    def _wording(self) -> Wording:
        """Made when it is first needed: of a text that nothing comes close to nobody asks how it is worded."""
        return Wording(self._texts)

    def scores(self, rows: Rows, texts: Sequence[str]) -> Rows:
        """How near each known text is to each of these, shape (len(texts), known); higher is nearer. `rows`: their
        vectors, shape (len(texts), d)."""
        return self._fused(self._corpus.cosines(rows), texts)

    def nearest(self, rows: Rows, texts: Sequence[str], most: int) -> list[list[Near]]:
        """For each of these up to `most` of the known texts that say nearly the same, the nearest first.

        What counts as close is their cosine alone; which of the close ones are nearest, the words say too.
        """
        found: list[list[Near]] = []
        for start in range(0, len(texts), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            cosines = self._corpus.cosines(rows[some])
            is_near = bool((cosines >= self._corpus.parameters.alike).any())
            scores = self._fused(cosines, texts[some]) if is_near else cosines
            found += [self._near(*each, most) for each in zip(cosines, scores, strict=True)]
        return found

    def _near(self, cosines: Row, scores: Row, most: int) -> list[Near]:
        parameters = self._corpus.parameters
        near = np.flatnonzero(cosines >= parameters.alike)
        return [
            Near(int(each), float(cosines[each]), float(scores[each]), bool(cosines[each] >= parameters.same))
            for each in near[np.argsort(-scores[near], kind="stable")][:most]
        ]

    def _fused(self, cosines: Rows, texts: Sequence[str]) -> Rows:
        found: Rows = standing_out(cosines) + self._corpus.parameters.wording * self._wording.scores(texts)
        return found
