"""Which ideas share words with something that was written. The process that shows pages loads no sentence model, so
this asks only for the words; what is proposed by itself is compared by meaning, elsewhere."""

from __future__ import annotations

import math
import re
from collections import Counter

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Idea

MOST_SHARING = 20
WORD = re.compile(r"\w+")
ENDING = re.compile(r"(?:ings?|ed|es|s)$")
SHORTEST_STEM = 3
LEAST_WEIGHT = 0.5
"""What is shared has to tell more than a word that three of five ideas hold."""
LENGTH = 4
"""So many words are added to each idea's, lest one word alone outweighs a sentence."""


def sharing_words(tx: Session, said: str, *which: ColumnElement[bool]) -> list[int]:
    """The ids of up to MOST_SHARING of these ideas that share words with what was said, the most telling first. A word
    tells the more the fewer ideas hold it."""
    texts = {row.id: _words(row.text) for row in tx.execute(select(Idea.id, Idea.text).where(*which))}
    held_by = Counter(word for words in texts.values() for word in words)
    weights = {word: math.log((len(texts) + 1) / held_by[word]) for word in _words(said) if held_by[word]}
    scores = {
        idea_id: sum(weights[word] for word in words & weights.keys()) / math.sqrt(len(words) + LENGTH)
        for idea_id, words in texts.items()
        if sum(weights[word] for word in words & weights.keys()) >= LEAST_WEIGHT
    }
    return sorted(scores, key=lambda idea_id: (-scores[idea_id], -idea_id))[:MOST_SHARING]


def _words(text: str) -> set[str]:
    """In one form for leak, leaks, leaked, leaking; crude, and the same for both sides."""
    return {_stem(word) for word in WORD.findall(text.casefold()) if len(word) >= SHORTEST_STEM}


def _stem(word: str) -> str:
    found = ENDING.search(word)
    return word[: found.start()] if found and found.start() >= SHORTEST_STEM else word
