"""A new text finds the theme it belongs to, or shows that it needs a new one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from feedback.clustering.parameters import Parameters
from feedback.clustering.space import distinct, measure
from feedback.clustering.vectors import Row, Rows

SAME = 0.999
"""The cosine of two texts that say the same but for the last digits."""


class Corpus:
    """Texts that are known, for asking where another one belongs among them, and how close each is to it."""

    def __init__(self, rows: Rows, parameters: Parameters) -> None:
        """`rows`: shape (n, d). What is close is what is close among them, as for `cluster`."""
        self.parameters = parameters
        self._space = measure(distinct(rows)[0], parameters)
        self._rows = self._space.centred(rows)

    def place(self, row: Row, groups: Sequence[int], *, barred: Collection[int] = ()) -> int | None:
        """The group whose texts have the highest mean cosine with this one, if that exceeds the space's cut; None
        where a new one is to be opened.

        `row`: shape (d,); `groups`: of each of the rows; `barred`: those that it does not belong in. Who says the same
        as somebody else belongs there, whatever else is in the group. Of equals the smallest is taken.
        """
        cosines = self.cosines(row[None])[0]
        known, numbers = np.unique(np.array(groups, dtype=np.int64), return_inverse=True)
        if not len(known) or not row.any():
            return None
        may_be = ~np.isin(known, list(barred))
        same = numbers[(cosines >= SAME) & may_be[numbers]]
        if len(same):
            return int(known[same.min()])
        means = np.where(may_be, np.bincount(numbers, cosines) / np.bincount(numbers), -1.0)
        best = int(means.argmax())
        return int(known[best]) if means[best] > self._space.cut else None

    def cosines(self, rows: Rows) -> Rows:
        """How close each of the known rows is to each of these, shape (m, n). `rows`: shape (m, d)."""
        found: Rows = self._space.centred(rows) @ self._rows.T
        return found
