"""The same text over and over, by one person or by several, as if somebody had handed it out."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Idea, Likeness, Reward, SamePair

BURST_DAYS = 7
"""Before and after: what is said alike a month later is said because it is still missing."""
BURST_OTHERS = 2
"""One more is a post in two channels, or said again because nobody answered."""
NEAR_EQUAL = 0.95
"""The cosine from which texts say the same but for a number or a name, as the grouping measures it. Two people who
wish for the same in words of their own stay far below."""
FEWEST_WORDS = 5
"""Shorter texts of several people are equal by chance: “dark mode, please”."""
MOST_NAMED = 20
"""So many ideas are named; all are counted."""
WORD = re.compile(r"\w+")


def burst(tx: Session, *, reward: Reward, people: set[int], now: datetime) -> dict[str, Any] | None:
    """At least BURST_OTHERS other ideas within BURST_DAYS that say almost the same as the one that it is for."""
    idea = reward.idea
    own = _words(idea.text)
    if not own:
        return None
    near = _near(tx, idea.id)
    days = timedelta(days=BURST_DAYS)
    around = tx.execute(
        select(Idea.id, Idea.author_id, Idea.text)
        .where(
            Idea.workspace_id == idea.workspace_id,
            Idea.id != idea.id,
            Idea.state != "withdrawn",
            Idea.created_at.between(idea.created_at - days, idea.created_at + days),
        )
        .order_by(Idea.id)
    )
    found = [
        (other_id, author_id)
        for other_id, author_id, text in around
        if (author_id in people or len(own) >= FEWEST_WORDS) and (other_id in near or _says(text, own))
    ]
    if len(found) < BURST_OTHERS:
        return None
    authors = {author_id for _, author_id in found} | people
    return {
        "idea_ids": [other_id for other_id, _ in found[:MOST_NAMED]],
        "others": len(found),
        "people": len(authors - people) + 1,
        "days": BURST_DAYS,
    }


def _says(text: str, words: list[str]) -> bool:
    """Most texts do not hold even the longest word, which is found out faster than all of theirs."""
    plain = _plain(text)
    return max(words, key=len) in plain and sorted(WORD.findall(plain)) == words


def _words(text: str) -> list[str]:
    """In the order of the alphabet, so that the same words in another order are the same."""
    return sorted(WORD.findall(_plain(text)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _near(tx: Session, idea_id: int) -> set[int]:
    """What the grouping found next to equal, whichever of the two came first."""
    pairs = [
        *tx.execute(
            select(Likeness.idea_id, Likeness.other_id).where(
                or_(Likeness.idea_id == idea_id, Likeness.other_id == idea_id), Likeness.closeness >= NEAR_EQUAL
            )
        ),
        *tx.execute(
            select(SamePair.older_id, SamePair.newer_id).where(
                or_(SamePair.older_id == idea_id, SamePair.newer_id == idea_id), SamePair.closeness >= NEAR_EQUAL
            )
        ),
    ]
    return {each for pair in pairs for each in pair} - {idea_id}
