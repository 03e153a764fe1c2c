"""The grouping as benchmarks on labelled texts call it: the real code, and nothing of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from feedback.clustering.answering import answered
from feedback.clustering.cleaning import clean
from feedback.clustering.grouping import cluster
from feedback.clustering.kinds import is_english, learned
from feedback.clustering.kinds.train import LABELS
from feedback.clustering.naming import Naming
from feedback.clustering.parameters import SEED
from feedback.clustering.parts import parts
from feedback.clustering.placing import Corpus
from feedback.clustering.sameness import Sameness
from feedback.clustering.vectors import Rows, load

ABSTAINED = (0.2, 0.2, 0.6)


def themes_minilm(texts: Sequence[str]) -> list[int]:
    return _themes("minilm", texts)


def themes_static(texts: Sequence[str]) -> list[int]:
    return _themes("static", texts)


def _themes(kind: str, texts: Sequence[str]) -> list[int]:
    vectors = load(kind)
    return cluster(vectors.embed([clean(text) for text in texts]), vectors.parameters, seed=SEED)


PHRASES = 3


def names(groups: Sequence[Sequence[str]]) -> list[str]:
    """What the list of themes shows of each group, told from all others: its name, and what people also call it."""
    naming = Naming([text for group in groups for text in group])
    shown = [(naming.name(group), naming.phrases(group, PHRASES)) for group in groups]
    return [" · ".join(dict.fromkeys([name, *phrases])) for name, phrases in shown]


Search = Callable[[Sequence[int]], Rows]


def duplicates_minilm(texts: Sequence[str]) -> Search:
    return _duplicates("minilm", texts)


def duplicates_static(texts: Sequence[str]) -> Search:
    return _duplicates("static", texts)


def _duplicates(kind: str, texts: Sequence[str]) -> Search:
    """For row numbers how near every text is to each of them, shape (len(rows), len(texts)); higher is nearer."""
    vectors = load(kind)
    rows = vectors.embed([clean(text) for text in texts])
    sameness = Sameness(Corpus(rows, vectors.parameters), texts)
    return lambda asked: sameness.scores(rows[list(asked)], [texts[each] for each in asked])


def answers_minilm(texts: Sequence[str], changes: Sequence[str]) -> list[list[int]]:
    return _answers("minilm", texts, changes)


def answers_static(texts: Sequence[str], changes: Sequence[str]) -> list[list[int]]:
    return _answers("static", texts, changes)


def _answers(kind: str, texts: Sequence[str], changes: Sequence[str]) -> list[list[int]]:
    """For each change the row numbers of the texts that it is said to answer, the closest first."""
    vectors = load(kind)
    corpus = Corpus(vectors.embed([clean(text) for text in texts]), vectors.parameters)
    said = [[clean(part) for part in parts(change, "")] for change in changes]
    everything = range(len(texts))
    return [[each.row for each in answered(corpus, vectors.embed(own), everything)] if own else [] for own in said]


Predict = Callable[[Sequence[str]], list[dict[str, float]]]


def capture(texts: Sequence[str], labels: Sequence[str]) -> Predict:
    """Labels are bug, idea and other. Of what is not English nothing is known but that most talk is no feedback."""
    judge = learned.fit(texts, [LABELS[label] for label in labels])

    def predict(texts: Sequence[str]) -> list[dict[str, float]]:
        found = judge.probabilities(texts)
        found[[not is_english(text) for text in texts]] = ABSTAINED
        return [dict(zip(LABELS, map(float, row), strict=True)) for row in found]

    return predict
