"""How much two texts are worded alike: rare words that both use, and pieces of words where a form or a typo differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from feedback.clustering.cleaning import clean, words
from feedback.clustering.phrases import read
from feedback.clustering.vectors import Rows
from feedback.clustering.words import content, stem

SATURATION, LENGTH = 1.2, 0.75
"""BM25's own: how soon a repeated word stops counting, and how much a long text has to say it more often."""
PIECES = (3, 5)
"""So many characters, within a word."""


class Wording:
    """Texts that are known, for asking how alike another one is worded."""

    def __init__(self, texts: Sequence[str]) -> None:
        """`texts`: as people wrote them, at least one."""
        cleaned = [clean(text) for text in texts]
        self._words = CountVectorizer(analyzer=_stems, dtype=np.float32)
        self._pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=PIECES, sublinear_tf=True, dtype=np.float32)
        # One more that has a word: an empty vocabulary is refused.
        self._weights = _bm25(self._words.fit_transform([*cleaned, "a"])[:-1])
        self._known = self._pieces.fit_transform([*cleaned, "a"])[:-1].T.tocsr()

    def scores(self, texts: Sequence[str]) -> Rows:
        """How far each known text stands out for each of these, shape (len(texts), known): by words and by pieces, in
        standard deviations."""
        cleaned = [clean(text) for text in texts]
        by_words = (self._words.transform(cleaned).sign() @ self._weights.T).toarray()
        by_pieces = (self._pieces.transform(cleaned) @ self._known).toarray()
        return standing_out(standing_out(by_words) + standing_out(by_pieces))


def standing_out(scores: Rows) -> Rows:
    """Each row less its mean, in its standard deviations. Where all are the same nobody stands out."""
    spread = scores.std(axis=1, keepdims=True)
    found: Rows = (scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)
    return found


def in_common(one: str, other: str) -> dict[str, list[str]]:
    """The words of content that both use, in the order of the first: each as it stands there first -> every form of it
    in either of the two, in small letters."""
    forms: dict[str, dict[str, list[str]]] = {"one": {}, "other": {}}
    for side, text in (("one", one), ("other", other)):
        for word in read(clean(text)):
            if word.key and word.key != "not":
                forms[side].setdefault(word.key, []).append(word.shown.casefold())
    return {
        here[0]: sorted({*here, *forms["other"][key]}) for key, here in forms["one"].items() if key in forms["other"]
    }


def _stems(cleaned: str) -> Iterator[str]:
    return (stem(word) for word in content(words(cleaned)))


def _bm25(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """What each word of each text is worth to whoever asks with it, shape (texts, words)."""
    texts, used_by = counts.shape[0], np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log1p((texts - used_by + 0.5) / (used_by + 0.5)).astype(np.float32)
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    longer = lengths / max(float(lengths.mean()), 1e-9)
    of_text = np.repeat(SATURATION * (1 - LENGTH + LENGTH * longer), np.diff(counts.indptr)).astype(np.float32)
    found = counts.copy()
    found.data = rarity[counts.indices] * counts.data * (SATURATION + 1) / (counts.data + of_text)
    return found
