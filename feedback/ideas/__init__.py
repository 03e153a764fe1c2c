"""Capturing a piece of feedback, following it, and counting who is behind it."""

from __future__ import annotations

from feedback.ideas.capturing import (
    CAPTURE_REACTION,
    KINDS,
    LONGEST_TEXT,
    capture,
    follow_deletion,
    follow_edit,
    share,
    withdraw,
    words_of,
)
from feedback.ideas.likeness import MOST_ALIKE, Alike, alike, keep_alike
from feedback.ideas.meaning import forget_vectors, keep_vectors, known_vectors
from feedback.ideas.standing import (
    OPEN_STATES,
    card_posted,
    get,
    lose_thread,
    measure_soon,
    refresh,
    refresh_card,
    review,
    set_state,
)
from feedback.ideas.voting import (
    DOUBLE_CLICK_SECONDS,
    VOTE_REACTION,
    count_reaction,
    receipt_posted,
    vote,
    vote_count,
    votes,
)

__all__ = [
    "CAPTURE_REACTION",
    "DOUBLE_CLICK_SECONDS",
    "KINDS",
    "LONGEST_TEXT",
    "MOST_ALIKE",
    "OPEN_STATES",
    "VOTE_REACTION",
    "Alike",
    "alike",
    "capture",
    "card_posted",
    "count_reaction",
    "follow_deletion",
    "follow_edit",
    "forget_vectors",
    "get",
    "keep_alike",
    "keep_vectors",
    "known_vectors",
    "lose_thread",
    "measure_soon",
    "receipt_posted",
    "refresh",
    "refresh_card",
    "review",
    "set_state",
    "share",
    "vote",
    "vote_count",
    "votes",
    "withdraw",
    "words_of",
]
