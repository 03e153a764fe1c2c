"""Texts that ask for the same thing get the same number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from feedback.clustering.linkage import Numbers, link
from feedback.clustering.parameters import Parameters
from feedback.clustering.space import distinct, measure
from feedback.clustering.vectors import Rows

Pair = tuple[int, int]


def cluster(
    rows: Rows,
    parameters: Parameters,
    *,
    seed: int,
    together: Sequence[Pair] = (),
    apart: Sequence[Pair] = (),
    anchors: Sequence[int] = (),
) -> list[int]:
    """One label a text: 0, 1, ... by first appearance. A text that fits nowhere is a theme of its own.

    The pairs speak of row numbers: people said of two texts that they belong together, or that they do not, and so
    it is, whatever their words; no two of the `anchors` come together, which says of many rows what a pair says of
    two. Raises ValueError where that contradicts itself. But for them, the grouping depends neither on the order of
    the texts nor on how often one is repeated. `seed` matters above `parameters.in_cells`.
    """
    found, which = distinct(rows)
    space = measure(found, parameters)
    begins = _Beginnings(which, together, [*apart, *((row, row) for row in anchors)])
    means, sizes = begins.means(space.centred(found))
    parted = sorted({(min(pair), max(pair)) for pair in ((begins.of[a], begins.of[b]) for a, b in apart)})
    anchored = sorted({int(begins.of[row]) for row in anchors})
    if any(left == right for left, right in parted) or len(anchored) < len(set(anchors)):
        raise ValueError("two texts are both together and apart")
    if not len(means):
        return []
    if len(means) <= parameters.in_cells:
        groups = link(means, sizes, space.cut, parted, anchored)
    else:
        count = round(len(means) / parameters.cell)
        cells = MiniBatchKMeans(count, random_state=seed, n_init=1, max_iter=20, batch_size=2048).fit_predict(means)
        groups = _in_cells(means, sizes, space.cut, cells, apart=parted, anchors=anchored)
    return _by_first_appearance(groups[begins.of].tolist())


class _Beginnings:
    """Where the grouping begins: each different text alone, but for what people put together.

    A row that people spoke of is a beginning of its own even where another says the same: two people's equal words may
    have been put into different themes. Where they were not, whoever else says the same begins there too, so that
    repeating a text weighs nothing.
    """

    def __init__(self, which: Numbers, together: Sequence[Pair], apart: Sequence[Pair]) -> None:
        """`which`: for each row the number of its text among the different ones; -1 without words, which is alone."""
        alone = sorted({row for pair in (*together, *apart) for row in pair} | set(np.flatnonzero(which < 0).tolist()))
        first = which.copy()
        first[alone] = int(which.max(initial=-1)) + 1 + np.arange(len(alone))
        root = np.arange(int(first.max(initial=-1)) + 1)
        for left, right in together:
            a, b = sorted((_root(root, first[left]), _root(root, first[right])))
            root[b] = a
        homes: dict[int, set[int]] = {}
        for row in alone:
            homes.setdefault(int(which[row]), set()).add(_root(root, first[row]))
        for text, roots in homes.items():
            if text >= 0 and len(roots) == 1:
                root[text] = next(iter(roots))
        top = np.array([_root(root, each) for each in first], dtype=np.int64)
        self.of: Numbers = np.unique(top, return_inverse=True)[1].reshape(-1)
        """The beginning of each row."""
        has_words = which >= 0
        pairs = np.stack([self.of[has_words], which[has_words]], axis=1)
        self._pairs: Numbers = np.unique(pairs, axis=0)
        """A beginning, and one of the texts in it."""

    def means(self, rows: Rows) -> tuple[Rows, np.ndarray]:
        """The mean vector and the number of different texts of each beginning. Without words: zeros, near to nobody."""
        count = int(self.of.max(initial=-1)) + 1
        sums = np.zeros((count, rows.shape[1]), dtype=np.float32)
        np.add.at(sums, self._pairs[:, 0], rows[self._pairs[:, 1]])
        sizes = np.maximum(np.bincount(self._pairs[:, 0], minlength=count), 1).astype(np.float32)
        return sums / sizes[:, None], sizes


def _root(root: Numbers, each: int) -> int:
    while root[each] != each:
        each = int(root[each])
    return int(each)


def _in_cells(
    means: Rows, sizes: np.ndarray, cut: float, cells: Numbers, *, apart: Sequence[Pair], anchors: Sequence[int]
) -> Numbers:
    """Within each cell first, and then the groups that came of it with each other."""
    groups = np.zeros(len(means), dtype=np.int64)
    count = 0
    for cell in range(int(cells.max()) + 1):
        rows = np.flatnonzero(cells == cell)
        place = {int(row): number for number, row in enumerate(rows)}
        parted = [(place[a], place[b]) for a, b in apart if a in place and b in place]
        anchored = [place[row] for row in anchors if row in place]
        if len(rows):
            groups[rows] = count + link(means[rows], sizes[rows], cut, parted, anchored)
            count = int(groups[rows].max()) + 1
    weights = np.bincount(groups, sizes).astype(np.float32)
    sums = np.zeros((count, means.shape[1]), dtype=np.float32)
    np.add.at(sums, groups, means * sizes[:, None])
    parted = sorted({(int(min(groups[a], groups[b])), int(max(groups[a], groups[b]))) for a, b in apart})
    return link(sums / weights[:, None], weights, cut, parted, groups[list(anchors)].tolist())[groups]


def _by_first_appearance(groups: Iterable[int]) -> list[int]:
    """Labels 0..k-1 in the order in which the groups are met."""
    seen: dict[int, int] = {}
    return [seen.setdefault(group, len(seen)) for group in groups]
