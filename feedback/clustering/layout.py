"""Groups as points on a plane: near to each other where their texts are alike, and where they were the last time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.manifold import smacof

from feedback.clustering.vectors import Rows

Point = tuple[float, float]
Points = npt.NDArray[np.float64]
MOST_ROUNDS = 300
CLOSEST = 0.05
"""Two groups that say the same are two points all the same."""
BESIDE = 0.03
"""So far from its nearest neighbour a new point begins: two in one place could not part."""
GOLDEN_ANGLE = 2.399963
"""Radians. Points that begin beside the same neighbour go into different directions."""


def lay_out(means: Rows, before: Sequence[Point | None]) -> list[Point]:
    """A point for each group of these mean vectors, shape (k, d). `before`: where each was the last time; None: new.

    Multidimensional scaling by SMACOF (de Leeuw 1977) of the distances between the means' directions. It begins where
    the points were, a new one beside its nearest neighbour, and where hardly any were, on the two principal axes. What
    comes out is turned and mirrored as a whole until it lies on what was as closely as it can (Schönemann 1966), so
    that only what changed moves. Its middle is (0, 0). Equal input gives equal output.
    """
    if len(means) < 2:
        return [(0.0, 0.0)] * len(means)
    directions = means.astype(np.float64)
    directions /= np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-9)
    # Of unit vectors; a group without words is a zero, and equally far from all.
    cosines = directions @ directions.T
    lengths = np.diag(cosines)
    distances = np.sqrt(np.maximum(lengths[:, None] + lengths[None] - 2 * cosines, CLOSEST**2))
    distances = (distances + distances.T) / 2  # which rounding had made unequal by a hair
    np.fill_diagonal(distances, 0)
    points, _ = smacof(
        distances,
        n_components=2,
        init=_start(directions, distances, before),
        n_init=1,
        max_iter=MOST_ROUNDS,
        random_state=0,
        normalized_stress=False,
    )
    return [(round(float(x), 6), round(float(y), 6)) for x, y in _aligned(points, before)]


def _start(directions: Points, distances: Points, before: Sequence[Point | None]) -> Points:
    known = [row for row, point in enumerate(before) if point is not None]
    if len(known) < 2:
        return _on_principal_axes(directions)
    start = np.zeros((len(before), 2))
    start[known] = [before[row] for row in known]
    for number, row in enumerate(row for row, point in enumerate(before) if point is None):
        nearest = known[int(distances[row, known].argmin())]
        angle = GOLDEN_ANGLE * number
        start[row] = start[nearest] + BESIDE * np.array([np.cos(angle), np.sin(angle)])
    return start


def _on_principal_axes(directions: Points) -> Points:
    """The sign of an axis is nobody's to choose, so its largest part is made positive."""
    left, sizes, _ = np.linalg.svd(directions - directions.mean(axis=0), full_matrices=False)
    points = np.zeros((len(directions), 2))
    count = min(2, len(sizes))
    points[:, :count] = left[:, :count] * sizes[:count]
    largest = np.abs(points).argmax(axis=0)
    signs = np.where(points[largest, [0, 1]] < 0, -1.0, 1.0)
    # Equal ones begin a hair apart, in the order that they have.
    angles = GOLDEN_ANGLE * np.arange(len(points))
    return points * signs + 1e-3 * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _aligned(points: Points, before: Sequence[Point | None]) -> Points:
    """As a whole turned and mirrored onto those that were there. Its size stays what the distances say, and it is not
    moved: themes that come on one side, night after night, would carry it away."""
    known = [row for row, point in enumerate(before) if point is not None]
    points = points - points.mean(axis=0)
    if len(known) < 2:
        return points
    there = np.array([before[row] for row in known], dtype=np.float64)
    left, _, right = np.linalg.svd((points[known] - points[known].mean(axis=0)).T @ (there - there.mean(axis=0)))
    aligned: Points = points @ (left @ right)
    return aligned
