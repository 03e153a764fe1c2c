"""What there is to know about groups of texts that stand: how alike each is, and which of its texts show it best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from feedback.clustering.linkage import Numbers
from feedback.clustering.parameters import Parameters
from feedback.clustering.placing import SAME
from feedback.clustering.space import distinct, measure
from feedback.clustering.vectors import Rows

BLOCK = 512
"""So many texts are compared with all groups at a time."""


class Grouped:
    """Texts in the groups that they are in, whoever put them there, in the space that the grouping sees them in."""

    def __init__(self, rows: Rows, groups: Sequence[int], parameters: Parameters) -> None:
        """`rows`: shape (n, d); `groups`: of each of them."""
        space = measure(distinct(rows)[0], parameters)
        self.least = space.cut
        """The mean cosine with each other that the grouping asks of texts which it puts together."""
        self.rows = space.centred(rows)
        known, self.of = np.unique(np.array(groups, dtype=np.int64), return_inverse=True)
        self.groups: list[int] = known.tolist()
        """Sorted; what follows is in this order."""
        self.sizes: Numbers = np.bincount(self.of, minlength=len(known))
        sums = np.zeros((len(known), rows.shape[1]), dtype=np.float32)
        np.add.at(sums, self.of, self.rows)
        self.means: Rows = sums / self.sizes.astype(np.float32)[:, None]
        """Shape (k, d). Of no fixed length: the more alike the texts, the longer."""

    def cohesions(self) -> list[float | None]:
        """The mean cosine of each two different texts of a group; None where there are no two.

        All pairs of n unit rows sum to n² times the square of their mean's length, and n of these pairs are a row with
        itself.
        """
        with_itself = np.bincount(self.of, (self.rows.astype(np.float64) ** 2).sum(axis=1), minlength=len(self.groups))
        sizes = self.sizes.astype(np.float64)
        all_pairs = sizes**2 * (self.means.astype(np.float64) ** 2).sum(axis=1)
        found = (all_pairs - with_itself) / np.maximum(sizes * (sizes - 1), 1)
        return [round(float(each), 6) if size > 1 else None for each, size in zip(found, self.sizes, strict=True)]

    def quotes(self, most: int) -> list[tuple[list[int], list[int]]]:
        """The row numbers of up to `most` texts of each group that are nearest to its mean, the nearest first; and of
        up to `most` others that might as well be elsewhere, the most doubtful first.

        Doubtful is a text by how little more it has in common with the others of its own group, on average, than with
        those of the next best (Rousseeuw 1987, on which his silhouettes rest). No two of one list say the same.
        """
        own, other = self._closeness()
        lead = own - other if len(self.groups) > 1 else own
        lengths = np.maximum(np.linalg.norm(self.means, axis=1), 1e-9)
        central = np.einsum("nd,nd->n", self.rows, self.means[self.of]) / lengths[self.of]
        found = []
        for rows in self._members():
            first = self._different(rows[np.argsort(-central[rows].round(6), kind="stable")], most)
            rest = rows[~np.isin(rows, first)]
            found.append((first, self._different(rest[np.argsort(lead[rest].round(6), kind="stable")], most)))
        return found

    def _closeness(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Of each text the mean cosine with the others of its group (0 where there are none), and the highest of its
        mean cosines with another group."""
        own = np.zeros(len(self.rows), dtype=np.float32)
        other = np.zeros(len(self.rows), dtype=np.float32)
        for start in range(0, len(self.rows), BLOCK):
            some = np.arange(start, min(start + BLOCK, len(self.rows)))
            cosines = self.rows[some] @ self.means.T
            here, sizes = cosines[np.arange(len(some)), self.of[some]], self.sizes[self.of[some]]
            with_itself = (self.rows[some] ** 2).sum(axis=1)
            own[some] = np.where(sizes > 1, (here * sizes - with_itself) / np.maximum(sizes - 1, 1), 0)
            cosines[np.arange(len(some)), self.of[some]] = -np.inf
            other[some] = cosines.max(axis=1)
        return own, other

    def _members(self) -> list[Numbers]:
        """The row numbers of each group, in their order."""
        order = np.argsort(self.of, kind="stable")
        return np.split(order, np.cumsum(self.sizes)[:-1]) if len(self.groups) else []

    def _different(self, rows: Numbers, most: int) -> list[int]:
        """The first `most` of them that do not say what one before them says."""
        found: list[int] = []
        for row in rows.tolist():
            if len(found) == most:
                break
            if not found or float((self.rows[found] @ self.rows[row]).max()) < SAME:
                found.append(row)
        return found
