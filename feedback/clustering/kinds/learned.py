"""What is learned from labelled texts: a problem, an idea, or anything else. Only numbers, without a word in them.

Three ways of seeing a text, each with probabilities of its own, and the mean of them: the patterns (how often what they
find was which), the counts of the lexicon, and the text's own words and letters, hashed, with what the sentence model
makes of it. On the talk that the playground invents, fitted to other needs than it was judged on, the mean of equal
parts was best, and macro-F1 was .79 with the sentence model and .71 without. The mean is more cautious than it needs to
be, so it is sharpened by a temperature that is found on texts which the fit has not seen (temperature scaling, as in
scikit-learn's CalibratedClassifierCV; Guo et al. 2017).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import FeatureUnion
from sklearn.utils.class_weight import compute_sample_weight

from feedback.clustering.cleaning import clean
from feedback.clustering.kinds import lexicon, rules
from feedback.clustering.vectors import load

Numbers: TypeAlias = npt.NDArray[np.floating[Any]]

CLASSES = ("problem", "idea", "other")
WORD_FEATURES, LETTER_FEATURES = 2**16, 2**17
DIMENSIONS = 384
"""Of the sentence model's vectors."""
FOLDS = 3
SEED = 7
CELLS = (rules.STRONGEST + 1) ** 2 * 4
"""Of the patterns: how strongly a text speaks of a problem and of an idea, whether it asks, whether it praises."""
PRIOR_TEXTS = 40.0
"""What was set by hand about a cell counts as so many texts."""
TEMPERATURES = np.geomspace(0.3, 3.0, 47)
STRENGTH = np.array([-2.2, 0.3, 1.6, 2.7])
"""Set by hand: the logarithm of the odds against anything else, by strength."""
BY_HAND_PATTERNS = 3
"""Against the lexicon, whose weights are cruder."""
BY_HAND_TEMPERATURE = 0.8
LEAST = 1e-6


@dataclass(frozen=True)
class Learned:
    """`cells` has shape (CELLS, 3); each line of weights begins with what is there anyway."""

    cells: Numbers
    of_lexicon: Numbers
    of_words: Numbers
    rarity: Numbers
    temperature: Numbers

    @property
    def version(self) -> str:
        digest = hashlib.sha256(b"".join(np.ascontiguousarray(each).tobytes() for each in self._arrays().values()))
        return f"learned-{digest.hexdigest()[:12]}-1"

    def probabilities(self, texts: Sequence[str]) -> Numbers:
        """Shape (n, 3), in the order of CLASSES."""
        return sharpened(_mean(self, list(texts)), float(self.temperature[0]))

    def pack(self) -> bytes:
        held = BytesIO()
        np.savez_compressed(held, **self._arrays())
        return held.getvalue()

    def _arrays(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def unpack(packed: bytes) -> Learned:
    with np.load(BytesIO(packed), allow_pickle=False) as held:
        return Learned(**{field.name: held[field.name] for field in fields(Learned)})


def cells_by_hand() -> Numbers:
    """What the patterns say before anything was learned."""
    rows = np.zeros((CELLS, len(CLASSES)))
    for cell in range(CELLS):
        rest, asks, praises = cell // 4, cell % 4 // 2, cell % 2
        problem, idea = divmod(rest, rules.STRONGEST + 1)
        rows[cell] = [STRENGTH[problem] - 0.5 * asks - 0.4 * praises, STRENGTH[idea] - 0.2 * asks - 0.2 * praises, 0.0]
    return lexicon.shares(rows)


def by_hand(texts: Sequence[str]) -> Numbers:
    """The patterns and the lexicon with weights that people chose: what there is without anything learned."""
    found = list(texts)
    of_lexicon = lexicon.probabilities(lexicon.features(found))
    mean = (BY_HAND_PATTERNS * cells_by_hand()[_cells(found)] + of_lexicon) / (BY_HAND_PATTERNS + 1)
    return sharpened(mean, BY_HAND_TEMPERATURE)


def fit(texts: Sequence[str], labels: Sequence[str]) -> Learned:
    """`labels` are of CLASSES, each of them there at least twice. The same text may come several times, to count more.

    Raises ValueError where there is too little to learn from.
    """
    truth = np.array([CLASSES.index(label) for label in labels])
    groups = np.unique(np.array(texts, dtype=object), return_inverse=True)[1]
    kinds_of = [len(np.unique(groups[truth == each])) for each in range(len(CLASSES))]
    if min(kinds_of) < 2:
        raise ValueError(f"Two different texts of each of {', '.join(CLASSES)} are the least.")
    seen = _Seen.of(list(texts))
    unseen = np.zeros((len(truth), len(CLASSES)))
    folds = StratifiedGroupKFold(min(FOLDS, *kinds_of), shuffle=True, random_state=SEED)
    for train, test in folds.split(groups, truth, groups):
        if len(set(truth[train])) == len(CLASSES):
            unseen[test] = _Members.fit(seen.take(train), truth[train]).mean(seen.take(test))
        else:
            unseen[test] = 1 / len(CLASSES)
    return _Members.fit(seen, truth).learned(_best_temperature(unseen, truth))


def sharpened(mean: Numbers, temperature: float) -> Numbers:
    return lexicon.shares(np.log(np.maximum(mean, LEAST)) / temperature)


def hashed(texts: Sequence[str]) -> Any:
    """Whether each word, pair of words and run of three to five letters is there; a sparse matrix of ones."""
    return _HASHING.transform([clean(text).casefold() for text in texts])


def meaning(texts: Sequence[str]) -> Numbers:
    """What the sentence model makes of each, shape (n, 384); zeros where it is not installed, or there are no words."""
    try:
        vectors = load("minilm")
    except ImportError:
        return np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    return vectors.embed([clean(text) for text in texts])


def _joined(words: Any, meaning: Numbers) -> Any:
    return sparse.hstack([words, sparse.csr_matrix(meaning)], format="csr")


WORD = r"(?u)\b\w+\b"
_THERE: dict[str, Any] = {"binary": True, "alternate_sign": False, "norm": None, "dtype": np.float32}
_OF_WORDS = HashingVectorizer(ngram_range=(1, 2), token_pattern=WORD, n_features=WORD_FEATURES, **_THERE)
_OF_LETTERS = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=LETTER_FEATURES, **_THERE)
_HASHING = FeatureUnion([("words", _OF_WORDS), ("letters", _OF_LETTERS)])


@dataclass(frozen=True)
class _Seen:
    """The same texts in each of the three ways; the third is made of words and of meaning."""

    cells: npt.NDArray[np.int64]
    counts: Numbers
    hashes: Any
    meaning: Numbers

    @classmethod
    def of(cls, texts: list[str]) -> _Seen:
        return cls(_cells(texts), lexicon.features(texts), hashed(texts), meaning(texts))

    def take(self, rows: npt.NDArray[Any]) -> _Seen:
        return _Seen(self.cells[rows], self.counts[rows], self.hashes[rows], self.meaning[rows])


@dataclass(frozen=True)
class _Members:
    cells: Numbers
    of_lexicon: LogisticRegression
    rarity: TfidfTransformer
    of_words: LogisticRegression

    @classmethod
    def fit(cls, seen: _Seen, truth: npt.NDArray[Any]) -> _Members:
        # Rare classes count a little more than they come: between what is likely and what is fair to each.
        weight = np.sqrt(compute_sample_weight("balanced", truth))
        counted = PRIOR_TEXTS * cells_by_hand()
        np.add.at(counted, (seen.cells, truth), weight)
        rarity = TfidfTransformer().fit(seen.hashes)
        of_words = LogisticRegression(C=4.0, max_iter=1000, tol=1e-3)
        of_words.fit(_joined(rarity.transform(seen.hashes), seen.meaning), truth, sample_weight=weight)
        of_lexicon = LogisticRegression(max_iter=1000).fit(seen.counts, truth, sample_weight=weight)
        return cls(counted / counted.sum(axis=1, keepdims=True), of_lexicon, rarity, of_words)

    def mean(self, seen: _Seen) -> Numbers:
        of_words = self.of_words.predict_proba(_joined(self.rarity.transform(seen.hashes), seen.meaning))
        return _together(self.cells[seen.cells], self.of_lexicon.predict_proba(seen.counts), of_words)

    def learned(self, temperature: float) -> Learned:
        return Learned(
            cells=self.cells.astype(np.float32),
            of_lexicon=_weights(self.of_lexicon, np.float32),
            of_words=_weights(self.of_words, np.float16),
            rarity=self.rarity.idf_.astype(np.float16),
            temperature=np.array([temperature]),
        )


def _weights(model: LogisticRegression, precision: type[Any]) -> Numbers:
    """Shape (3, 1 + features)."""
    return np.hstack([model.intercept_[:, None], model.coef_]).astype(precision)


def _mean(learned: Learned, texts: list[str]) -> Numbers:
    counts = lexicon.features(texts)
    of_lexicon = lexicon.shares(counts @ learned.of_lexicon[:, 1:].T + learned.of_lexicon[:, 0])
    weights = learned.of_words.astype(np.float32)
    seen = _joined(weighed(hashed(texts), learned.rarity), meaning(texts))
    of_words = lexicon.shares(np.asarray(seen @ weights[:, 1:].T) + weights[:, 0])
    return _together(learned.cells[_cells(texts)], of_lexicon, of_words)


def _together(of_patterns: Numbers, of_lexicon: Numbers, of_words: Numbers) -> Numbers:
    found: Numbers = (of_patterns + of_lexicon + of_words) / 3
    return found


def weighed(hashes: Any, rarity: Numbers) -> Any:
    """Rows of length one, in which what is rare counts more."""
    rows = hashes.multiply(rarity.astype(np.float32)[None, :]).tocsr()
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return rows.multiply((1 / np.where(length == 0, 1, length))[:, None]).tocsr()


def _cells(texts: list[str]) -> npt.NDArray[np.int64]:
    return np.array([_cell(rules.find(text)) for text in texts], dtype=np.int64)


def _cell(found: rules.Found) -> int:
    strengths = found.problem * (rules.STRONGEST + 1) + found.idea
    return strengths * 4 + (found.question >= 2) * 2 + (found.praise >= 2)


def _best_temperature(mean: Numbers, truth: npt.NDArray[Any]) -> float:
    """The one under which what came true was likeliest."""
    rows = np.arange(len(truth))
    losses = [-np.log(np.maximum(sharpened(mean, each)[rows, truth], LEAST)).mean() for each in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])
