"""What is owed to the outside world, and to work that can wait.

A row is written in the transaction that makes it owed. A worker claims it (lease and attempt number), says "sending"
and commits, does it with no transaction open, and writes the outcome only while it still holds the newest attempt.
A row that is found in "sending" after its lease has an unknown outcome, which the claim tells.
"""

from __future__ import annotations

from feedback.outbox.claiming import (
    EVERYBODY,
    MOST_TRIES,
    POSTING_SECONDS,
    Claim,
    backoff,
    claim,
    due,
    finish,
    leave_unknown,
    next_due,
    postpone,
    wait_for_turn,
)
from feedback.outbox.kinds import LEASE_SECONDS, LONG, LONG_SECONDS, QUEUE_OF_KIND, QUEUES, lease
from feedback.outbox.owing import (
    ANEW,
    OWED,
    VERSION,
    Ring,
    ended,
    hasten,
    is_in_line,
    owe,
    owe_again,
    owe_each,
    posted_as,
    replace_card,
    unfinished,
    write_anew,
)
from feedback.outbox.undelivered import (
    UNDELIVERED,
    did_not_get_through,
    dismiss,
    got_through,
    is_undelivered,
    try_again,
)

__all__ = [
    "ANEW",
    "EVERYBODY",
    "LEASE_SECONDS",
    "LONG",
    "LONG_SECONDS",
    "MOST_TRIES",
    "OWED",
    "POSTING_SECONDS",
    "QUEUES",
    "QUEUE_OF_KIND",
    "UNDELIVERED",
    "VERSION",
    "Claim",
    "Ring",
    "backoff",
    "claim",
    "did_not_get_through",
    "dismiss",
    "due",
    "ended",
    "finish",
    "got_through",
    "hasten",
    "is_in_line",
    "is_undelivered",
    "lease",
    "leave_unknown",
    "next_due",
    "owe",
    "owe_again",
    "owe_each",
    "posted_as",
    "postpone",
    "replace_card",
    "try_again",
    "unfinished",
    "wait_for_turn",
    "write_anew",
]
