"""Which texts say the same, and in which words."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from feedback import clustering
from feedback.clustering import Corpus, Sameness, Vectors, in_common
from tests.feedback.clustering.conftest import embedded
from tests.feedback.clustering.sentences import COFFEE, CYCLING

TEXTS = [text for texts in COFFEE.values() for text in texts]


def known(vectors: Vectors, texts: list[str]) -> Sameness:
    return Sameness(Corpus(embedded(vectors, texts), vectors.parameters), texts)


def test_what_others_said_of_it_is_found_the_nearest_first(vectors: Vectors) -> None:
    sameness, asked = known(vectors, TEXTS), "My wifi connection drops every night"
    (found,) = sameness.nearest(embedded(vectors, [asked]), [asked], 5)
    assert TEXTS[found[0].row] == "Wi-Fi connection drops every night and I have to pair again"
    assert found[0].is_same
    assert [near.score for near in found] == sorted((near.score for near in found), reverse=True)
    assert {TEXTS[near.row] for near in found} <= set(COFFEE["cannot connect to wifi"])
    asked = "Greetings from Lisbon"
    assert sameness.nearest(embedded(vectors, [asked]), [asked], 5) == [[]]


def test_of_two_that_mean_as_much_the_one_in_the_same_words_is_nearer(vectors: Vectors) -> None:
    asked = "The E42 error is back after descaling"
    same = "Why does it show E42 after descaling?"
    texts = [*TEXTS, "Why does it show E17 after descaling?", same]
    sameness = known(vectors, texts)
    assert texts[sameness.nearest(embedded(vectors, [asked]), [asked], 5)[0][0].row] == same


@pytest.mark.parametrize(("kind", "bound"), [("minilm", 0.96), ("static", 0.92)])
@pytest.mark.parametrize("groups", [COFFEE, CYCLING])
def test_the_nearest_is_mostly_of_the_same_wish(groups: Mapping[str, Sequence[str]], kind: str, bound: float) -> None:
    vectors = clustering.load(kind)
    texts = [text for of_group in groups.values() for text in of_group]
    group = np.array([number for number, of_group in enumerate(groups.values()) for _ in of_group])
    scores = known(vectors, texts).scores(embedded(vectors, texts), texts)
    np.fill_diagonal(scores, -np.inf)
    has_another = np.bincount(group)[group] > 1
    assert (group[scores.argmax(axis=1)] == group)[has_another].mean() > bound


@pytest.mark.parametrize("texts", [["dark mode"], ["dark mode", "🎉"], ["🎉", ""]])
def test_few_texts_and_such_without_words_are_no_trouble(vectors: Vectors, texts: list[str]) -> None:
    scores = known(vectors, texts).scores(embedded(vectors, ["dark mode", ""]), ["dark mode", ""])
    assert scores.shape == (2, len(texts))
    assert np.isfinite(scores).all()


def test_words_in_common_are_those_that_carry_the_subject_in_all_their_forms() -> None:
    found = in_common("The pump LEAKS, it leaked in my bag", "My bags are wet: pumps are leaking, I can't use them")
    assert found == {"pump": ["pump", "pumps"], "leaks": ["leaked", "leaking", "leaks"], "bag": ["bag", "bags"]}
    assert in_common("It does not work", "I can't do it, please help") == {}
