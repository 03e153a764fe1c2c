"""Capturing a piece of feedback, following it, counting who is behind it, and merging what says the same."""

from __future__ import annotations

from feedback.ideas.backing import (
    counted,
    is_merged,
    kept_in,
    merge_of,
    merged_into,
    people,
    shown_as,
    vote_count,
    vote_counts,
    went_into,
)
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
from feedback.ideas.likeness import MOST_ALIKE, Alike, alike, keep_alike, nearest
from feedback.ideas.meaning import forget_vectors, keep_vectors, known_vectors
from feedback.ideas.merging import MAY_GO, MAY_STAY, merge, seen_with, take_turn, undo
from feedback.ideas.sameness import Resemblance, propose, say_they_differ, to_compare
from feedback.ideas.standing import OPEN_STATES, card_posted, get, lose_thread, refresh, refresh_card, review, set_state
from feedback.ideas.voting import (
    DOUBLE_CLICK_SECONDS,
    VOTE_REACTION,
    count_reaction,
    receipt_posted,
    vote,
    votes,
)

__all__ = [
    "CAPTURE_REACTION",
    "DOUBLE_CLICK_SECONDS",
    "KINDS",
    "LONGEST_TEXT",
    "MAY_GO",
    "MAY_STAY",
    "MOST_ALIKE",
    "OPEN_STATES",
    "VOTE_REACTION",
    "Alike",
    "Resemblance",
    "alike",
    "capture",
    "card_posted",
    "count_reaction",
    "counted",
    "follow_deletion",
    "follow_edit",
    "forget_vectors",
    "get",
    "is_merged",
    "keep_alike",
    "keep_vectors",
    "kept_in",
    "known_vectors",
    "lose_thread",
    "merge",
    "merge_of",
    "merged_into",
    "nearest",
    "people",
    "propose",
    "receipt_posted",
    "refresh",
    "refresh_card",
    "review",
    "say_they_differ",
    "seen_with",
    "set_state",
    "share",
    "shown_as",
    "take_turn",
    "to_compare",
    "undo",
    "vote",
    "vote_count",
    "vote_counts",
    "votes",
    "went_into",
    "withdraw",
    "words_of",
]
