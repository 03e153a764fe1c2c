"""The grouping as benchmarks on labelled texts call it: the real code, and nothing of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from feedback.clustering.cleaning import clean
from feedback.clustering.grouping import cluster
from feedback.clustering.naming import name
from feedback.clustering.parameters import SEED
from feedback.clustering.placing import Corpus
from feedback.clustering.vectors import Rows, load


def themes_minilm(texts: Sequence[str]) -> list[int]:
    return _themes("minilm", texts)


def themes_static(texts: Sequence[str]) -> list[int]:
    return _themes("static", texts)


def _themes(kind: str, texts: Sequence[str]) -> list[int]:
    vectors = load(kind)
    return cluster(vectors.embed([clean(text) for text in texts]), vectors.parameters, seed=SEED)


def names(groups: Sequence[Sequence[str]]) -> list[str]:
    """One name a group, each told from all the others."""
    texts = [text for group in groups for text in group]
    return [name(group, texts) for group in groups]


Search = Callable[[Sequence[int]], Rows]


def duplicates_minilm(texts: Sequence[str]) -> Search:
    return _duplicates("minilm", texts)


def duplicates_static(texts: Sequence[str]) -> Search:
    return _duplicates("static", texts)


def _duplicates(kind: str, texts: Sequence[str]) -> Search:
    """For row numbers the closeness of every text to each of them, shape (len(rows), len(texts))."""
    vectors = load(kind)
    rows = vectors.embed([clean(text) for text in texts])
    corpus = Corpus(rows, vectors.parameters)
    return lambda asked: np.stack([corpus.cosines(rows[each]) for each in asked])
