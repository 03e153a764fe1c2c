"""How near two sides of a theme, or two themes, stand to each other: the number behind a proposal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from feedback.clustering.parameters import Parameters
from feedback.clustering.space import distinct, measure
from feedback.clustering.vectors import Rows

Side = Sequence[int]


def margins(rows: Rows, parameters: Parameters, sides: Sequence[tuple[Side, Side]]) -> list[float]:
    """For each two sides, given as row numbers, how far the mean cosine between them lies above the space's cut.

    Below zero: nearer to parting. A text that is repeated counts once on its side; a side without words is near to
    nobody.
    """
    different, which = distinct(rows)
    space = measure(different, parameters)
    centred = space.centred(different)

    def mean(side: Side) -> Rows:
        texts = np.unique(which[list(side)])
        texts = texts[texts >= 0]
        found: Rows = centred[texts].sum(axis=0) / max(1, len(texts))
        return found

    return [round(float(mean(left) @ mean(right)) - space.cut, 6) for left, right in sides]
