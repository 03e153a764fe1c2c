"""Which texts say the same: by what they mean, and a little by the words they use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from feedback.clustering.linkage import Numbers
from feedback.clustering.placing import Corpus
from feedback.clustering.vectors import Row, Rows
from feedback.clustering.wording import Wording, standing_out

AT_ONCE = 256
"""So many are asked about together: enough for speed, and little memory."""
SAMPLE = 1_000
"""So many other texts, evenly taken, tell how common a word is where only a few are asked about."""


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
            near = np.flatnonzero((cosines >= self._corpus.parameters.alike).any(axis=0))
            if not len(near):
                scores = cosines
            elif len(texts) < AT_ONCE:
                scores = self._fused_near(cosines, texts[some], near)
            else:
                scores = self._fused(cosines, texts[some])
            found += [self._near(*each, most) for each in zip(cosines, scores, strict=True)]
        return found

    def _near(self, cosines: Row, scores: Row, most: int) -> list[Near]:
        parameters = self._corpus.parameters
        near = np.flatnonzero(cosines >= parameters.alike)
        return [
            Near(int(each), float(cosines[each]), float(scores[each]), bool(cosines[each] >= parameters.same))
            for each in near[np.argsort(-scores[near], kind="stable")][:most]
        ]

    def _fused_near(self, cosines: Rows, texts: Sequence[str], near: Numbers) -> Rows:
        """As `_fused`, for the near ones: reading thousands of texts takes seconds, and somebody waits for this one."""
        evenly = np.linspace(0, len(self._texts) - 1, min(len(self._texts), SAMPLE)).astype(np.int64)
        read = np.union1d(near, evenly)
        found: Rows = standing_out(cosines)
        worded = Wording([self._texts[row] for row in read]).scores(texts)
        found[:, read] += self._corpus.parameters.wording * worded
        return found

    def _fused(self, cosines: Rows, texts: Sequence[str]) -> Rows:
        found: Rows = standing_out(cosines) + self._corpus.parameters.wording * self._wording.scores(texts)
        return found
