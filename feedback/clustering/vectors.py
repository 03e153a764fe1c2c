"""Where texts become vectors: `embed` is the one function to change when better vectors come.

The rest of the package asks of its answer only unit rows that can be multiplied, sparse or dense.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, cast

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import linear_kernel
from sklearn.pipeline import FeatureUnion
from sklearn.preprocessing import OneHotEncoder, normalize

from feedback.clustering.cleaning import clean, words
from feedback.clustering.parameters import Parameters
from feedback.clustering.words import content

# Unit rows, shape (n, d): a scipy.sparse matrix now (which has no types of its own), a NumPy array would do.
Vectors: TypeAlias = Any
Cosines: TypeAlias = npt.NDArray[np.float64]
Rows: TypeAlias = npt.NDArray[np.int64]


def spoken(text: str, parameters: Parameters) -> str:
    """What `embed` is given: the words of the subject, stemmed, one space between; "" for a text without words.

    Texts that are equal here are the same to us, whatever their case, punctuation, markup and politeness.
    """
    return " ".join(content(words(clean(text)[: parameters.characters])))


def embed(texts: Sequence[str], parameters: Parameters) -> Vectors:
    """TF-IDF of words and of letter sequences, of equal weight: unit rows, shape (len(texts), d).

    `texts` are results of `spoken`, at least one, none empty. Letter sequences see what stems miss: wi-fi and wifi, a
    typing error, languages that put no spaces between words. The document frequencies are those of these very texts.
    """
    by_word = TfidfVectorizer(analyzer=str.split, sublinear_tf=True)
    by_letters = TfidfVectorizer(analyzer="char_wb", ngram_range=parameters.letters, sublinear_tf=True)
    return normalize(FeatureUnion([("words", by_word), ("letters", by_letters)]).fit_transform(texts))


def cosines(left: Vectors, right: Vectors) -> Cosines:
    """All products of the rows of two sets of vectors, shape (n, m)."""
    # The last digits depend on the order in which a processor sums; without them equal distances stay equal.
    return cast(Cosines, np.round(linear_kernel(left, right), 9))


def means(vectors: Vectors, labels: Rows) -> Vectors:
    """The mean of each group's rows, shape (k, d), for labels 0..k-1 of shape (n,).

    Its product with a vector is the mean of that vector's products with the members: what average linkage asks for.
    """
    member = OneHotEncoder().fit_transform(labels.reshape(-1, 1))
    return normalize(member.T, norm="l1") @ vectors


def cut(vectors: Vectors, parameters: Parameters) -> float:
    """The mean cosine that a theme of this corpus has to exceed."""
    count = vectors.shape[0]
    if count < 2:
        return parameters.floor
    chosen = np.unique(np.linspace(0, count - 1, min(count, parameters.sample)).astype(np.int64))
    nearest = np.concatenate([_nearest(vectors, rows) for rows in blocks(chosen)])
    return max(parameters.floor, parameters.closeness * float(nearest.mean()))


def blocks(rows: Rows, size: int = 250) -> Iterator[Rows]:
    """A few rows at a time, so that their cosines with all texts fit into memory however many there are."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _nearest(vectors: Vectors, rows: Rows) -> Cosines:
    """For each of these rows the cosine of its nearest other row, shape (len(rows),)."""
    found = cosines(vectors[rows], vectors)
    found[np.arange(len(rows)), rows] = -1.0
    return cast(Cosines, found.max(axis=1))
