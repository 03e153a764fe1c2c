"""Average linkage, exactly, in rounds: memory grows with the number of texts and not with its square.

The mean cosine between the members of two groups is the product of the groups' mean vectors, so a group is its mean.
In each round all pairs join that are each other's nearest. No third group can come nearer to a group by a union of two
than it was to the nearer of them, so this gives what joining the nearest pair of all, one at a time, would give; and a
group whose nearest is too far is finished.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from feedback.clustering.vectors import Rows

Numbers = npt.NDArray[np.int64]
BLOCK = 512
"""So many groups are compared with all others at a time."""
NEVER = np.float32(-4.0)
"""Less than any cosine."""


def link(
    means: Rows,
    sizes: npt.NDArray[np.float32],
    threshold: float,
    apart: Sequence[tuple[int, int]] = (),
    anchors: Sequence[int] = (),
) -> Numbers:
    """Group numbers, shape (n,), for n groups of these mean vectors and sizes: two join while the mean cosine of their
    members exceeds `threshold`. Two that are `apart` never come into one group, and neither do any two of the
    `anchors`. Equal cosines: the first row wins."""
    groups = _Groups(means, sizes, apart, anchors)
    while groups.join(threshold):
        pass
    return groups.numbers()


class _Groups:
    def __init__(
        self,
        means: Rows,
        sizes: npt.NDArray[np.float32],
        apart: Sequence[tuple[int, int]],
        anchors: Sequence[int],
    ) -> None:
        count = len(means)
        self.means, self.sizes = means.copy(), sizes.astype(np.float32)
        self.joined_to = np.arange(count)
        self.open = np.arange(count)
        """Those that may still join another."""
        self.stale = self.open
        """Those whose nearest is to be looked for."""
        self.nearest = np.full(count, -1)
        self.closeness = np.full(count, NEVER, dtype=np.float32)
        self.is_anchored = np.zeros(count, dtype=bool)
        self.is_anchored[list(anchors)] = True
        self.apart: dict[int, set[int]] = {}
        for left, right in apart:
            self._keep_apart(left, right)

    def join(self, threshold: float) -> bool:
        """One round. False where nothing is left to join."""
        self._look_around()
        self.open = self.open[self.closeness[self.open] > threshold]
        if not len(self.open):
            return False
        left = self.open[self.nearest[self.nearest[self.open]] == self.open]
        left = left[left < self.nearest[left]]
        if not len(left):  # only where cosines are equal: a ring of groups, each the next one's nearest
            left = self.open[[np.argmax(self.closeness[self.open])]]
        self._unite(left, self.nearest[left])
        return True

    def _look_around(self) -> None:
        among = self.means[self.open].T
        place = np.full(len(self.means), -1)
        place[self.open] = np.arange(len(self.open))
        for start in range(0, len(self.stale), BLOCK):
            rows = self.stale[start : start + BLOCK]
            cosines = self.means[rows] @ among
            cosines[np.arange(len(rows)), place[rows]] = NEVER
            cosines[np.ix_(self.is_anchored[rows], self.is_anchored[self.open])] = NEVER
            for number, row in enumerate(rows.tolist()):
                if row in self.apart:
                    there = place[list(self.apart[row])]
                    cosines[number, there[there >= 0]] = NEVER
            best = cosines.argmax(axis=1)
            self.nearest[rows] = self.open[best]
            self.closeness[rows] = cosines[np.arange(len(rows)), best]

    def _unite(self, left: Numbers, right: Numbers) -> None:
        """The right ones go into the left ones."""
        sizes = self.sizes[left] + self.sizes[right]
        weights = (self.sizes[left] / sizes)[:, None]
        self.means[left] = self.means[left] * weights + self.means[right] * (1 - weights)
        self.sizes[left], self.joined_to[right] = sizes, left
        self.is_anchored[left] |= self.is_anchored[right]
        for into, gone in zip(left.tolist(), right.tolist(), strict=True):
            for other in self.apart.pop(gone, ()):
                self.apart[other].discard(gone)
                self._keep_apart(into, other)
        has_changed = np.zeros(len(self.means), dtype=bool)
        has_changed[left] = has_changed[right] = True
        self.open = np.setdiff1d(self.open, right, assume_unique=True)
        self.stale = self.open[has_changed[self.open] | has_changed[self.nearest[self.open]]]

    def _keep_apart(self, left: int, right: int) -> None:
        self.apart.setdefault(left, set()).add(right)
        self.apart.setdefault(right, set()).add(left)

    def numbers(self) -> Numbers:
        root = self.joined_to
        while (root[root] != root).any():
            root = root[root]
        return np.unique(root, return_inverse=True)[1].astype(np.int64)
