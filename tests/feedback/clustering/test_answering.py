"""Which ideas a change answers, on changes written by hand for ideas written by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from feedback import clustering
from feedback.clustering import Corpus, Vectors, answered, parts
from tests.feedback.clustering.conftest import embedded
from tests.feedback.clustering.sentences import COFFEE, CYCLING
from tests.feedback.clustering.shipped import COFFEE_SHIPPED, CYCLING_SHIPPED, NOTES

BOTH = ((COFFEE, COFFEE_SHIPPED), (CYCLING, CYCLING_SHIPPED))


def found_for(vectors: Vectors, corpus: Corpus, title: str, text: str, among: Sequence[int]) -> dict[int, str]:
    """The rows, each with the part that it reads like."""
    said = parts(title, text)
    if not said:
        return {}
    return {each.row: said[each.part] for each in answered(corpus, embedded(vectors, said), among)}


@pytest.mark.parametrize(("kind", "precision", "recall"), [("minilm", 0.92, 0.82), ("static", 0.84, 0.79)])
def test_what_is_found_is_mostly_right_and_mostly_all(kind: str, precision: float, recall: float) -> None:
    vectors = clustering.load(kind)
    right = found = wanted = 0
    for groups, shipped in BOTH:
        texts = [text for of_group in groups.values() for text in of_group]
        gold = [name for name, of_group in groups.items() for _ in of_group]
        corpus = Corpus(embedded(vectors, texts), vectors.parameters)
        for title, answers in shipped:
            rows = found_for(vectors, corpus, title, "", range(len(texts)))
            right += sum(gold[row] in answers for row in rows)
            found += len(rows)
            wanted += sum(name in answers for name in gold)
    assert right / found > precision
    assert right / wanted > recall


def test_of_a_release_the_best_item_counts_and_is_told(vectors: Vectors) -> None:
    texts = [text for of_group in COFFEE.values() for text in of_group]
    corpus = Corpus(embedded(vectors, texts), vectors.parameters)
    found = found_for(vectors, corpus, "v2.3.0", NOTES, range(len(texts)))
    assert found[texts.index("the app needs a dark mode")] == "dark mode"
    assert found[texts.index("recipe sharing please")] == "Recipes can be shared with friends"
    assert texts.index("Does the warranty cover a cracked lid?") not in found
    only = found_for(vectors, corpus, "v2.3.0", NOTES, [texts.index("recipe sharing please")])
    assert len(only) == 1, "the others do not wait"


@pytest.mark.parametrize("texts", [["dark mode"], ["🎉", ""], ["dark mode", "🎉"]])
def test_few_ideas_and_such_without_words_are_no_trouble(vectors: Vectors, texts: list[str]) -> None:
    corpus = Corpus(embedded(vectors, texts), vectors.parameters)
    found = answered(corpus, embedded(vectors, ["Dark mode", ""]), range(len(texts)))
    assert [each.row for each in found] == [row for row, text in enumerate(texts) if text == "dark mode"]
    assert answered(corpus, embedded(vectors, ["Dark mode"]), []) == []
