"""Texts that ask for the same thing get the same number."""

from collections.abc import Hashable, Iterable, Sequence
from typing import cast

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from feedback.clustering.parameters import DEFAULT, Parameters
from feedback.clustering.vectors import Cosines, Rows, Vectors, blocks, cosines, cut, embed, means, spoken


def cluster(texts: Sequence[str], seed: int = 0, parameters: Parameters = DEFAULT) -> list[int]:
    """One label a text: 0, 1, ... by first appearance. A text that fits nowhere is a theme of its own.

    The grouping depends neither on the order of the texts nor on how often one is repeated: what is compared are the
    different texts, sorted. Texts without words (only emoji, links or code) are together only if they are the same.
    `seed` matters above `parameters.all_pairs` different texts, where it chooses the batches.
    """
    said = [spoken(text, parameters) for text in texts]
    distinct = sorted(set(said) - {""})
    group_of = dict(zip(distinct, _groups(distinct, seed, parameters).tolist(), strict=True))
    # A text without words is its own group's key, which no number equals.
    return _by_first_appearance(
        group_of[each] if each else text.strip() for each, text in zip(said, texts, strict=True)
    )


def _by_first_appearance(groups: Iterable[Hashable]) -> list[int]:
    """Labels 0..k-1 in the order in which the groups are met."""
    seen: dict[Hashable, int] = {}
    return [seen.setdefault(group, len(seen)) for group in groups]


def _groups(distinct: Sequence[str], seed: int, parameters: Parameters) -> Rows:
    """Group numbers, shape (len(distinct),), of different texts that have words."""
    if not distinct:
        return np.zeros(0, dtype=np.int64)
    vectors = embed(distinct, parameters)
    threshold = cut(vectors, parameters)
    if len(distinct) <= parameters.all_pairs:
        return _linked(cosines(vectors, vectors), threshold)
    return _in_batches(vectors, threshold, seed, parameters)


def _linked(similarities: Cosines, threshold: float) -> Rows:
    """Average linkage by cosines of shape (n, n), which are overwritten: two groups join while the mean cosine
    between their members exceeds the threshold."""
    if len(similarities) < 2:
        return np.zeros(len(similarities), dtype=np.int64)
    distances = np.subtract(1.0, similarities, out=similarities)
    np.clip(distances, 0.0, None, out=distances)
    model = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1.0 - threshold
    )
    return cast(Rows, model.fit_predict(distances))


def _in_batches(vectors: Vectors, threshold: float, seed: int, parameters: Parameters) -> Rows:
    """Group numbers, shape (n,), in memory that grows with n and not with n * n.

    A batch is compared pair by pair; of the other texts those that fit join its groups; the rest gives the next batch.
    """
    labels = np.full(vectors.shape[0], -1, dtype=np.int64)
    rest = np.random.default_rng(seed).permutation(vectors.shape[0])
    while len(rest):
        first_free = labels.max() + 1
        batch, rest = rest[: parameters.batch], rest[parameters.batch :]
        found = _linked(cosines(vectors[batch], vectors[batch]), threshold)
        labels[batch] = first_free + found
        sizes = np.bincount(found)
        weights = sizes / (sizes + parameters.doubt)
        fits = _fitting(vectors[rest], means(vectors[batch], found), weights, threshold)
        labels[rest[fits >= 0]] = first_free + fits[fits >= 0]
        rest = rest[fits < 0]
    return labels


def _fitting(vectors: Vectors, group_means: Vectors, weights: Cosines, threshold: float) -> Rows:
    """For each row the group that fits it best, as in `place`, or -1; shape (n,). The weights are the groups'."""
    found = np.full(vectors.shape[0], -1, dtype=np.int64)
    for rows in blocks(np.arange(vectors.shape[0])):
        close = cosines(vectors[rows], group_means)
        weighed = np.where(close > threshold, close * weights, 0.0)
        found[rows] = np.where(weighed.max(axis=1) > 0.0, weighed.argmax(axis=1), -1)
    return found
