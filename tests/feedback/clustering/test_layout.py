"""The map of groups: near is alike, and what did not change does not move."""

from __future__ import annotations

import numpy as np
import pytest

from feedback.clustering import Grouped, Point, Rows, lay_out
from feedback.clustering.parameters import MINILM


def made_up(seed: int = 0) -> tuple[Rows, np.ndarray]:
    """Four hundred texts of thirty themes, which are of five kinds."""
    chance = np.random.default_rng(seed)
    kinds = chance.normal(size=(5, 48))
    themes = np.repeat(kinds, 6, axis=0) + 0.7 * chance.normal(size=(30, 48))
    gold = np.concatenate([np.arange(30), chance.integers(30, size=370)])
    rows = themes[gold] + 0.7 * chance.normal(size=(400, 48))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), gold


def means_of(rows: Rows, groups: np.ndarray) -> Rows:
    return Grouped(rows, groups.tolist(), MINILM).means


def moved(before: list[Point], after: list[Point]) -> float:
    """The mean way that a point went, as a share of the map's width."""
    there, here = np.array(before), np.array(after)
    return float(np.linalg.norm(here - there, axis=1).mean() / np.ptp(there, axis=0).max())


@pytest.fixture(scope="module")
def first() -> list[Point]:
    rows, groups = made_up()
    return lay_out(means_of(rows[:380], groups[:380]), [None] * 30)


def test_groups_of_one_kind_are_neighbours(first: list[Point]) -> None:
    points = np.array(first)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    kinds = np.arange(30) // 6
    same = kinds[:, None] == kinds[None]
    assert distances[same & ~np.eye(30, dtype=bool)].mean() < 0.5 * distances[~same].mean()  # seen: .27


def test_the_same_again_moves_nothing_and_a_twentieth_more_hardly_anything(first: list[Point]) -> None:
    rows, groups = made_up()
    assert moved(first, lay_out(means_of(rows[:380], groups[:380]), list(first))) < 0.01
    assert moved(first, lay_out(means_of(rows, groups), list(first))) < 0.05


@pytest.mark.parametrize("mirror", [-1.0, 1.0])
@pytest.mark.parametrize("degrees", [0, 130])
def test_whichever_way_round_it_was_it_stays(first: list[Point], mirror: float, degrees: float) -> None:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    before = [(float(x), float(y)) for x, y in (np.array(first) * [mirror, 1.0]) @ turn]
    rows, groups = made_up()
    assert moved(before, lay_out(means_of(rows, groups), list(before))) < 0.05


def test_a_new_group_comes_beside_what_is_like_it_and_the_others_stay(first: list[Point]) -> None:
    rows, groups = made_up()
    before: list[Point | None] = [*first[:7], None, *first[8:]]
    after = lay_out(means_of(rows, groups), before)
    nearest = min((row for row in range(30) if row != 7), key=lambda row: np.hypot(*np.subtract(after[row], after[7])))
    assert nearest // 6 == 7 // 6
    known = [row for row in range(30) if row != 7]
    assert moved([first[row] for row in known], [after[row] for row in known]) < 0.05


def test_equal_input_gives_equal_output() -> None:
    rows, groups = made_up(1)
    means = means_of(rows, groups)
    assert lay_out(means, [None] * 30) == lay_out(means, [None] * 30)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_groups_have_places_too(count: int) -> None:
    means = np.eye(3, dtype=np.float32)[:count]
    points = lay_out(means, [None] * count)
    assert len(set(points)) == count
    assert np.abs(np.array(points).sum(axis=0)).max() < 1e-4


def test_groups_that_say_the_same_stand_side_by_side() -> None:
    points = lay_out(np.ones((4, 3), dtype=np.float32), [None] * 4)
    assert len(set(points)) == 4
    assert np.abs(points).max() < 0.1
