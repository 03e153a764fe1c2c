"""Which ideas a change probably answers: those that one of its items reads like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback.clustering.placing import Corpus
from feedback.clustering.vectors import Rows


@dataclass(frozen=True)
class Answered:
    """A known text, and the item of the change that is closest to it."""

    row: int
    closeness: float
    """Their cosine."""
    part: int


def answered(corpus: Corpus, rows: Rows, among: Sequence[int]) -> list[Answered]:
    """Those of the known texts numbered `among` that the change probably answers, the closest first.

    `rows`: the vectors of the change's items, shape (n, d). Whatever else a release holds, the best item counts. What
    the words say beyond their meaning was tried and told nothing more.
    """
    asked = np.array(sorted(among), dtype=np.int64)
    if not len(asked) or not len(rows):
        return []
    cosines = corpus.cosines(rows)[:, asked]
    best, part = cosines.max(axis=0), cosines.argmax(axis=0)
    near = np.flatnonzero(best >= corpus.parameters.answers)
    order = near[np.argsort(-best[near].round(6), kind="stable")]
    return [Answered(int(asked[each]), round(float(best[each]), 6), int(part[each])) for each in order]
