"""Does a message hold feedback, and of which kind: an idea, a problem, a question, praise, or nothing?

Patterns and a lexicon judge, and numbers learned from labelled texts where those are shipped; what a team corrects is
added to it. Pure functions of texts; of a language that is not English it says nothing.
"""

from __future__ import annotations

from feedback.clustering.kinds import own
from feedback.clustering.kinds.judging import KINDS, Judge, Verdict, shipped
from feedback.clustering.kinds.language import is_english
from feedback.clustering.kinds.refitting import Refit, refit

__all__ = ["KINDS", "Judge", "Refit", "Verdict", "is_english", "load", "refit", "shipped"]


def load(packed: bytes | None = None) -> Judge:
    """`packed`: what a team's corrections came to, as `Refit.packed` holds it."""
    return Judge(shipped(), own.unpack(packed) if packed else None)
