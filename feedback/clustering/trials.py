"""Would the same groups be found again? The grouping is tried on parts of the texts, and the answers compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback.clustering.linkage import Numbers, link
from feedback.clustering.measuring import Grouped
from feedback.clustering.space import distinct

RUNS = 20
MOST_TEXTS = 3_000
"""In one run. A run's time grows with the square: twenty of them take 3 seconds of one core, whatever there is."""
DISSOLVED = 0.5
"""More than this share of a group and of what was found in its place, taken together, has to be in both; else it is
gone (Hennig 2007)."""


@dataclass(frozen=True)
class Trials:
    """How a group fared in the runs in which at least two of its texts took part."""

    runs: int
    same: int
    """In so many of them the grouping found it again, give or take a few texts."""
    together: float | None
    """How often two of its texts came into one group, over all pairs and runs; None where no two took part."""


def try_out(grouped: Grouped, *, seed: int, runs: int = RUNS, most_texts: int = MOST_TEXTS) -> list[Trials]:
    """For each of the groups, in their order.

    The bootstrap of C. Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis
    52 (2007): as many texts as there are are drawn with replacement, which leaves out about a third, and grouped by
    their words alone, without what people said of them. Beyond `most_texts` the draw goes without the rest. What counts
    as close stays as it is among all texts, so that a smaller draw has no coarser groups.

    A high share says that the group does not hang on single texts. It does not say that the group is a good one.
    """
    chance = np.random.default_rng(seed)
    has_words = np.flatnonzero(grouped.rows.any(axis=1))
    count = len(grouped.groups)
    took_part, same, pairs, together = (np.zeros(count, dtype=np.int64) for _ in range(4))
    for _ in range(runs if len(has_words) else 0):
        drawn = np.unique(chance.choice(has_words, len(has_words)))
        if len(drawn) > most_texts:
            drawn = np.sort(chance.choice(drawn, most_texts, replace=False))
        found = _grouped_anew(grouped, drawn)
        some, again, all_pairs, pairs_together = _compare(grouped.of[drawn], found, count)
        took_part += some
        same += again
        pairs += all_pairs
        together += pairs_together
    return [
        Trials(int(took_part[row]), int(same[row]), float(together[row] / pairs[row]) if pairs[row] else None)
        for row in range(count)
    ]


def _grouped_anew(grouped: Grouped, drawn: Numbers) -> Numbers:
    """The group that each of these texts comes into. Who says the same is grouped once, as ever."""
    texts, which = distinct(grouped.rows[drawn])
    found: Numbers = link(texts, np.ones(len(texts), dtype=np.float32), grouped.least)[which]
    return found


def _compare(of: Numbers, found: Numbers, count: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Of each of `count` groups: whether two of its texts took part, whether it was found again, how many pairs it
    has, and how many of these came together."""
    width = int(found.max()) + 1
    cells, shared = np.unique(of * width + found, return_counts=True)
    group, label = cells // width, cells % width
    sizes, found_sizes = np.bincount(of, minlength=count), np.bincount(found, minlength=width)
    overlap = np.zeros(count)
    np.maximum.at(overlap, group, shared / (sizes[group] + found_sizes[label] - shared))
    took_part = sizes > 1
    pairs_together = np.bincount(group, shared * (shared - 1) // 2, minlength=count).astype(np.int64)
    return (
        took_part.astype(np.int64),
        (took_part & (overlap > DISSOLVED)).astype(np.int64),
        sizes * (sizes - 1) // 2,
        pairs_together,
    )
