"""Everyone who raised or backed it is told, once a change, where they said it; and says whether it helped."""

from __future__ import annotations

from feedback.loop.addresses import Address, address_of, thread_of, threads_of
from feedback.loop.answering import LONGEST_WHY, answer, check_unanswered, last_words
from feedback.loop.audience import Hearer, audience
from feedback.loop.owing import set_limits, tell_late_soon, tell_week_soon
from feedback.loop.refreshing import refresh
from feedback.loop.telling import follow_deletion, get, is_owed, open_notices, told
from feedback.loop.ways import HEARS, Way, ways

__all__ = [
    "HEARS",
    "LONGEST_WHY",
    "Address",
    "Hearer",
    "Way",
    "address_of",
    "answer",
    "audience",
    "check_unanswered",
    "follow_deletion",
    "get",
    "is_owed",
    "last_words",
    "open_notices",
    "refresh",
    "set_limits",
    "tell_late_soon",
    "tell_week_soon",
    "thread_of",
    "threads_of",
    "told",
    "ways",
]
