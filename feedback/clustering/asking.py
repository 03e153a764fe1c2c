"""Which two texts to ask a person about, "do these ask for the same?": where the answer helps most."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from feedback.clustering.linkage import Numbers
from feedback.clustering.parameters import Parameters
from feedback.clustering.space import distinct, measure
from feedback.clustering.vectors import Rows

Pair = tuple[int, int]
REACH = 0.2
"""Two sides whose mean cosine lies so far from the cut are no question any more."""
NEIGHBOURS = 4
"""Of each group so many others are looked at, the nearest."""
LARGEST = 400
"""A group of more texts is not looked into: it takes the square of their number."""
OF_ONE_GROUP = 2
"""So many questions at once are about one group at most, because one answer may settle the others."""


@dataclass(frozen=True)
class Question:
    """Two rows, and how much their answer would help: how many texts it would join or part, the less the clearer the
    case is. Squared doubt and the mean size of the sides found most per answer in the tests' sentences: without them
    it is mostly large groups that are asked about, whose answer is plain."""

    left: int
    right: int
    weight: float


@dataclass(frozen=True)
class _Case:
    """Two sides that an answer would join or part: the texts of each, by their numbers."""

    groups: Pair
    left: Numbers
    right: Numbers
    doubt: float

    @property
    def weight(self) -> float:
        return round(self.doubt**2 * math.sqrt(len(self.left) * len(self.right)), 6)


def questions(
    rows: Rows,
    labels: Sequence[int],
    parameters: Parameters,
    *,
    most: int,
    together: Sequence[Pair] = (),
    apart: Sequence[Pair] = (),
    anchors: Sequence[int] = (),
    asked: Collection[Pair] = (),
) -> list[Question]:
    """Up to `most`, the most helpful first: two groups that nearly became one, or two halves that nearly did not.

    `labels`, `together`, `apart` and `anchors` as `cluster` gave and took them: a pair that follows from what people
    said is not asked, nor one of `asked`. Each side is asked about by its most central text. Equal input gives equal
    questions; the order of the rows matters only for who of several with equal words is asked about.
    """
    found, which = distinct(rows)
    space = measure(found, parameters)
    centred = space.centred(found)
    said = _Said(len(rows), together, apart, anchors)
    never = {frozenset(pair) for pair in asked}
    members = _members(which, labels)
    row_of = {(group, int(text)): row for group, its in members.items() for text, row in its.items()}
    texts = {group: np.array(sorted(its), dtype=np.int64) for group, its in members.items()}
    cases = [*_between(centred, texts, space.cut), *_within(centred, texts, space.cut)]
    chosen: list[Question] = []
    uses: dict[int, int] = {}
    for case in sorted(cases, key=lambda case: (-case.weight, case.left.tolist(), case.right.tolist())):
        left = row_of[case.groups[0], _central(centred, case.left)]
        right = row_of[case.groups[1], _central(centred, case.right)]
        groups = set(case.groups)
        if frozenset((left, right)) in never or said.follows(left, right):
            continue
        if any(uses.get(group, 0) >= OF_ONE_GROUP for group in groups):
            continue
        chosen.append(Question(min(left, right), max(left, right), case.weight))
        uses.update((group, uses.get(group, 0) + 1) for group in groups)
        if len(chosen) == most:
            break
    return chosen


def _members(which: Numbers, labels: Sequence[int]) -> dict[int, dict[int, int]]:
    """Of each group its texts, and one row that says each. Rows without words are nobody's to ask about."""
    found: dict[int, dict[int, int]] = {}
    for row, (text, label) in enumerate(zip(which.tolist(), labels, strict=True)):
        if text >= 0:
            found.setdefault(label, {}).setdefault(text, row)
    return found


def _between(centred: Rows, texts: dict[int, Numbers], cut: float) -> Iterator[_Case]:
    """Two groups that a yes would join."""
    groups = sorted(texts, key=lambda group: texts[group].tolist())
    if len(groups) < 2:
        return
    means = np.stack([centred[texts[group]].mean(axis=0) for group in groups])
    nearest: dict[Pair, float] = {}
    for number, mean in enumerate(means):
        cosines = means @ mean
        cosines[number] = -4.0
        for other in np.argsort(-cosines, kind="stable")[: min(NEIGHBOURS, len(groups) - 1)].tolist():
            nearest[min(number, other), max(number, other)] = float(cosines[other])
    for (first, second), cosine in sorted(nearest.items()):
        doubt = 1.0 - abs(cosine - cut) / REACH
        if doubt > 0:
            yield _Case((groups[first], groups[second]), texts[groups[first]], texts[groups[second]], doubt)


def _within(centred: Rows, texts: dict[int, Numbers], cut: float) -> Iterator[_Case]:
    """Two halves of a group that a no would part."""
    for group, its in texts.items():
        if not 2 <= len(its) <= LARGEST:
            continue
        model = AgglomerativeClustering(n_clusters=2, metric="cosine", linkage="average")
        half = model.fit_predict(centred[its])
        left, right = its[half == half[0]], its[half != half[0]]
        cosine = float(centred[left].mean(axis=0) @ centred[right].mean(axis=0))
        doubt = 1.0 - abs(cosine - cut) / REACH
        if doubt > 0:
            yield _Case((group, group), left, right, doubt)


def _central(centred: Rows, texts: Numbers) -> int:
    """Of these texts the one nearest to their mean."""
    return int(texts[(centred[texts] @ centred[texts].mean(axis=0)).argmax()])


class _Said:
    """What follows from what people said."""

    def __init__(self, count: int, together: Sequence[Pair], apart: Sequence[Pair], anchors: Sequence[int]) -> None:
        self._root = list(range(count))
        for left, right in together:
            self._root[self._top(left)] = self._top(right)
        self._apart = {frozenset((self._top(left), self._top(right))) for left, right in apart}
        self._anchored = {self._top(row) for row in anchors}

    def follows(self, left: int, right: int) -> bool:
        tops = frozenset((self._top(left), self._top(right)))
        return len(tops) == 1 or tops in self._apart or tops <= self._anchored

    def _top(self, row: int) -> int:
        while self._root[row] != row:
            row = self._root[row]
        return row
