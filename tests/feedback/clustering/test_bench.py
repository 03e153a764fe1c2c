"""What a benchmark asks of the grouping."""

import pytest

from feedback.clustering import bench
from tests.feedback.clustering.sentences import COFFEE

TEXTS = [text for texts in COFFEE.values() for text in texts]


@pytest.mark.parametrize("themes", [bench.themes_minilm, bench.themes_static])
def test_every_text_gets_a_theme(themes: object) -> None:
    assert callable(themes)
    labels = themes(TEXTS)
    assert len(labels) == len(TEXTS)
    assert min(labels) == 0


@pytest.mark.parametrize("index", [bench.duplicates_minilm, bench.duplicates_static])
def test_every_text_is_closest_to_itself(index: object) -> None:
    assert callable(index)
    scores = index(TEXTS)([0, 5, 9])
    assert scores.shape == (3, len(TEXTS))
    assert scores.argmax(axis=1).tolist() == [0, 5, 9]


def test_every_group_gets_a_name() -> None:
    assert all(bench.names(list(COFFEE.values())))
