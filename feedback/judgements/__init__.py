"""What a message is taken for: found out when it is said, decided by people, and learned from what they decided."""

from __future__ import annotations

from feedback.judgements.deciding import answer, correct, review, undo, withdraw
from feedback.judgements.learning import ToRefit, in_use, keep_refit, numbers_of, refit_soon, to_refit
from feedback.judgements.listening import FRESH, conversations, follow_deletion, follow_edit, judge_soon
from feedback.judgements.replaying import Told, archive
from feedback.judgements.settling import (
    LEAST_PERCENT,
    MOST_QUESTIONS,
    ToJudge,
    asked,
    get,
    keep,
    leave_to_team,
    question_stands,
    thread_of,
    to_judge,
)

__all__ = [
    "FRESH",
    "LEAST_PERCENT",
    "MOST_QUESTIONS",
    "ToJudge",
    "ToRefit",
    "Told",
    "answer",
    "archive",
    "asked",
    "conversations",
    "correct",
    "follow_deletion",
    "follow_edit",
    "get",
    "in_use",
    "judge_soon",
    "keep",
    "keep_refit",
    "leave_to_team",
    "numbers_of",
    "question_stands",
    "refit_soon",
    "review",
    "thread_of",
    "to_judge",
    "to_refit",
    "undo",
    "withdraw",
]
