"""What a corpus has in common, and what counts as close in it: measured once, for grouping and for placing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback.clustering.parameters import Parameters
from feedback.clustering.vectors import Rows

BLOCK = 512


@dataclass(frozen=True)
class Space:
    common: Rows
    """What is taken out of every vector, shape (d,)."""
    cut: float
    """The mean cosine that a theme has to exceed."""

    def centred(self, rows: Rows) -> Rows:
        """Unit rows again, shape (n, d). A row of zeros stays one."""
        has_words = rows.any(axis=1, keepdims=True)
        found = (rows - self.common) * has_words
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), np.float32(1e-9))
        return found


def measure(rows: Rows, parameters: Parameters) -> Space:
    """The space of these texts: different rows, none of zeros, in an order of their own (as `distinct` gives them)."""
    if not len(rows):
        return Space(np.zeros(rows.shape[1], dtype=np.float32), parameters.floor)
    different = _different(_evenly(rows, parameters.sample), parameters.equal)
    count = len(different)
    common = different.mean(axis=0) * np.float32(count / (count + parameters.few))
    space = Space(common, parameters.floor)
    if count == 1:
        return space
    nearest = _nearest(space.centred(different))
    floor = parameters.floor + parameters.strange * parameters.few / (count + parameters.few)
    return Space(common, max(floor, round(parameters.closeness * nearest, 6)))


def distinct(rows: Rows) -> tuple[Rows, np.ndarray]:
    """The different rows that are not zeros, sorted; and for each row which of them it is, -1 for a row of zeros."""
    found, which = np.unique(rows, axis=0, return_inverse=True)
    which = which.reshape(-1)
    empty = np.flatnonzero(~found.any(axis=1))
    if not len(empty):
        return found, which
    kept = np.delete(found, empty, axis=0)
    return kept, np.where(which == empty[0], -1, which - (which > empty[0]))


def _evenly(rows: Rows, most: int) -> Rows:
    return rows[np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(np.int64)]


def _different(rows: Rows, equal: float) -> Rows:
    """Those that are not nearly the same as one before them: a thousand copies of one sentence with other numbers in
    it would be all that the corpus seems to have in common."""
    kept, seen = list[int](), np.zeros(len(rows), dtype=bool)
    for row in range(len(rows)):
        if not seen[row]:
            kept.append(row)
            seen |= rows @ rows[row] >= equal
    return rows[kept]


def _nearest(rows: Rows) -> float:
    """The mean cosine of a text with its nearest other one."""
    total = 0.0
    for start in range(0, len(rows), BLOCK):
        cosines = rows[start : start + BLOCK] @ rows.T
        some = np.arange(len(cosines))
        cosines[some, start + some] = -1.0
        total += float(cosines.max(axis=1).astype(np.float64).sum())
    return total / len(rows)
