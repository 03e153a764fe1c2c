"""Whether a team's corrections make a better judge: fitted on most of them, measured on the others."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from feedback.clustering.kinds import own
from feedback.clustering.kinds.judging import KINDS, Judge, shipped
from feedback.clustering.kinds.learned import Numbers

HELD_OUT = 4
"""One of so many corrections is never fitted to."""
LEAST_HELD_OUT = 8
"""Fewer tell nothing."""


@dataclass(frozen=True)
class Scores:
    """Of the same texts: macro-F1 over the kinds that are among them, and Brier (0 is best, 2 the worst)."""

    macro_f1: float
    brier: float


@dataclass(frozen=True)
class Refit:
    version: str
    packed: bytes
    fitted: int
    """Corrections that it was made of."""
    held_out: int
    before: Scores
    after: Scores

    @property
    def is_better(self) -> bool:
        return self.after.macro_f1 > self.before.macro_f1 and self.after.brier <= self.before.brier


def refit(now: Judge, texts: Sequence[str], kinds: Sequence[str], message_ids: Sequence[int]) -> Refit | None:
    """`now` judges at present. None where there are too few corrections to tell."""
    newest = np.argsort(message_ids, kind="stable")[-own.MOST_CORRECTIONS :]
    texts, kinds, message_ids = ([each[row] for row in newest] for each in (texts, kinds, message_ids))
    is_held = np.array([is_held_out(message_id) for message_id in message_ids], dtype=bool)
    truth = np.array([KINDS.index(kind) for kind in kinds], dtype=np.int64)
    held = np.flatnonzero(is_held)
    if len(held) < LEAST_HELD_OUT or len(held) == len(truth):
        return None
    base = Judge(shipped())
    fitted_to = [texts[row] for row in np.flatnonzero(~is_held)]
    made = own.fit(base.probabilities(fitted_to), fitted_to, truth[~is_held].tolist(), base.rarity)
    new = Judge(shipped(), made)
    unseen = [texts[row] for row in held]
    before, after = (_scores(judge.probabilities(unseen), truth[held]) for judge in (now, new))
    return Refit(new.version, made.pack(), len(fitted_to), len(held), before, after)


def is_held_out(message_id: int) -> bool:
    """The same for ever, whatever else there is."""
    return zlib.crc32(str(message_id).encode()) % HELD_OUT == 0


def _scores(found: Numbers, truth: npt.NDArray[np.int64]) -> Scores:
    there = sorted(set(truth.tolist()))
    macro_f1 = f1_score(truth, found.argmax(axis=1), labels=there, average="macro", zero_division=0)
    return Scores(float(macro_f1), float(((found - np.eye(len(KINDS))[truth]) ** 2).sum(axis=1).mean()))
