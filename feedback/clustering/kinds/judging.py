"""One message, and what it holds: the five probabilities that everything else goes by."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from feedback.clustering.kinds import learned, rules
from feedback.clustering.kinds.language import is_english
from feedback.clustering.kinds.learned import Learned, Numbers
from feedback.clustering.kinds.own import Own

KINDS = ("idea", "problem", "question", "praise", "nothing")
NUMBERS = Path(__file__).parent / "data" / "kinds.npz"
"""Made by train.py. Where it is missing, the patterns and the lexicon judge alone."""
BY_HAND = "rules-1"
ASKS = np.array([0.0, 0.5, 1.1, 1.6])
PRAISES = np.array([0.0, 0.4, 1.8, 3.0])
"""Of what is no problem and no idea: how much likelier than nothing a question and praise are, by strength. By hand."""


@dataclass(frozen=True)
class Verdict:
    """The likeliest of KINDS but "nothing", and how likely it is."""

    kind: str
    probability: float


class Judge:
    """Equal texts get equal verdicts, whatever comes with them."""

    def __init__(self, base: Learned | None, own: Own | None = None) -> None:
        """`own`: what one team's corrections add to it."""
        self._base, self._own = base, own
        self.version = (base.version if base else BY_HAND) + (f"+{own.version}" if own else "")

    @property
    def rarity(self) -> Numbers | None:
        return self._base.rarity if self._base else None

    def probabilities(self, texts: Sequence[str]) -> Numbers:
        """Shape (n, 5), in the order of KINDS; what language a text is in does not matter here."""
        three = self._base.probabilities(texts) if self._base else learned.by_hand(texts)
        five = np.zeros((len(texts), len(KINDS)))
        five[:, 0], five[:, 1] = three[:, 1], three[:, 0]
        for row, text in enumerate(texts):
            found = rules.find(text)
            rest = np.array([ASKS[found.question], PRAISES[found.praise], 1.0])
            five[row, 2:] = three[row, 2] * rest / rest.sum()
        return self._own.corrected(five, texts, self.rarity) if self._own else five

    def judge(self, texts: Sequence[str]) -> list[Verdict | None]:
        """None where it abstains: the text is not English, or holds no words."""
        return [
            Verdict(KINDS[int(row[:-1].argmax())], float(row[:-1].max())) if is_english(text) else None
            for text, row in zip(texts, self.probabilities(texts), strict=True)
        ]


@functools.cache
def shipped() -> Learned | None:
    """What was learned before anybody here corrected anything."""
    return learned.unpack(NUMBERS.read_bytes()) if NUMBERS.exists() else None
