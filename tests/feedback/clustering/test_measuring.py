"""How alike groups are, which texts show it, and whether they would be found again."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from feedback import clustering
from feedback.clustering import Grouped, Rows, Vectors, cluster, try_out
from feedback.clustering.parameters import MINILM
from tests.feedback.clustering.conftest import embedded
from tests.feedback.clustering.sentences import COFFEE

TEXTS = [text for texts in COFFEE.values() for text in texts]
GOLD = [number for number, texts in enumerate(COFFEE.values()) for _ in texts]


def directions(*degrees: float) -> Rows:
    """Unit rows on a circle, far enough from everything else in eight more dimensions not to be turned about much."""
    angles = np.radians(np.array(degrees))
    rows = np.zeros((len(degrees), 10), dtype=np.float32)
    rows[:, 0], rows[:, 1] = np.cos(angles), np.sin(angles)
    return rows


@pytest.fixture(scope="module")
def coffee() -> Grouped:
    vectors = clustering.load("static")
    return Grouped(embedded(vectors, TEXTS), GOLD, vectors.parameters)


def test_cohesion_is_the_mean_cosine_of_each_two(coffee: Grouped) -> None:
    for group, cohesion in zip(coffee.groups, coffee.cohesions(), strict=True):
        rows = coffee.rows[np.array(GOLD) == group]
        cosines = [float(a @ b) for a, b in combinations(rows, 2)]
        assert cohesion == (pytest.approx(float(np.mean(cosines)), abs=1e-4) if cosines else None)


def test_the_same_said_twice_holds_together_wholly_and_one_text_has_nothing_to_hold_to() -> None:
    found = Grouped(directions(0, 0, 120), [5, 5, 9], MINILM).cohesions()
    assert found == [pytest.approx(1.0), None]


def test_a_text_without_words_is_near_to_nobody() -> None:
    rows = np.concatenate([directions(0, 10), np.zeros((1, 10), dtype=np.float32)])
    found = Grouped(rows, [1, 1, 1], MINILM)
    pair = float(found.rows[0] @ found.rows[1])
    assert found.cohesions() == [pytest.approx(pair / 3, abs=1e-5)]
    assert [trials.runs for trials in try_out(Grouped(rows[2:], [1], MINILM), seed=1)] == [0]


def test_central_texts_are_in_the_middle_and_borderline_ones_near_another_group() -> None:
    rows = directions(0, 2, 4, 60, -4, 0, 150, 152, 154)
    [(central, borderline), _] = Grouped(rows, [1, 1, 1, 1, 1, 1, 2, 2, 2], MINILM).quotes(2)
    assert 3 not in central
    assert borderline[0] == 3
    assert not set(central) & set(borderline)
    assert not {0, 5} <= {*central}  # they say the same


def test_quotes_are_of_their_own_group_and_no_more_than_asked_for(coffee: Grouped) -> None:
    for group, (central, borderline) in zip(coffee.groups, coffee.quotes(3), strict=True):
        assert len(central) == min(3, GOLD.count(group))
        assert len(borderline) <= 3
        assert {GOLD[row] for row in (*central, *borderline)} == {group}


def test_groups_that_the_words_make_are_found_again_and_groups_by_chance_are_not(vectors: Vectors) -> None:
    rows = embedded(vectors, TEXTS)
    found = cluster(rows, vectors.parameters, seed=7)
    by_words = try_out(Grouped(rows, found, vectors.parameters), seed=7, runs=8)
    by_chance = try_out(Grouped(rows, [row % 12 for row in range(len(TEXTS))], vectors.parameters), seed=7, runs=8)
    same, runs = sum(each.same for each in by_words), sum(each.runs for each in by_words)
    assert same > 0.6 * runs  # seen: .8 and .9
    assert sum(each.same for each in by_chance) == 0
    together = [each.together for each in by_words if each.together is not None]
    assert np.mean(together) > 0.7
    assert max(each.together or 0 for each in by_chance) < 0.5


def test_two_clear_groups_come_out_in_every_run_in_which_they_take_part() -> None:
    chance = np.random.default_rng(3)
    rows = np.concatenate([chance.normal(size=(20, 32)) * 0.1 + axis * 3 for axis in np.eye(32)[:2]])
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    grouped = Grouped(rows, [1] * 20 + [2] * 20, MINILM)
    assert [(each.runs, each.same, each.together) for each in try_out(grouped, seed=7)] == [(20, 20, 1.0)] * 2
    assert try_out(grouped, seed=7) == try_out(grouped, seed=7)
    smaller = try_out(grouped, seed=7, most_texts=8)
    assert all(each.same == each.runs for each in smaller)


def test_nothing_is_measured_of_nothing() -> None:
    nothing = Grouped(np.zeros((0, 4), dtype=np.float32), [], MINILM)
    assert (nothing.cohesions(), nothing.quotes(3), try_out(nothing, seed=7)) == ([], [], [])
