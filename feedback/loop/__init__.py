"""Everyone who raised or backed it is told, once a change, where they said it; and says whether it helped."""

from __future__ import annotations

from feedback.loop.addresses import Address, address_of, thread_of, threads_of
from feedback.loop.answering import LONGEST_WHY, answer, check_unanswered, last_words
from feedback.loop.audience import Hearer, audience
from feedback.loop.digests import digest_told, get_digest, items, open_digests, refresh_digest
from feedback.loop.hours import zone
from feedback.loop.levels import HEARS, choose
from feedback.loop.pacing import MOST_A_WEEK, WEEKDAYS, Pacing, clock_of, minutes_of, number_of, pace, weekday_of
from feedback.loop.refreshing import refresh
from feedback.loop.telling import follow_deletion, get, is_owed, open_notices, told
from feedback.loop.ways import Way, ask_again, for_now, quiet_until, ways

__all__ = [
    "HEARS",
    "LONGEST_WHY",
    "MOST_A_WEEK",
    "WEEKDAYS",
    "Address",
    "Hearer",
    "Pacing",
    "Way",
    "address_of",
    "answer",
    "ask_again",
    "audience",
    "check_unanswered",
    "choose",
    "clock_of",
    "digest_told",
    "follow_deletion",
    "for_now",
    "get",
    "get_digest",
    "is_owed",
    "items",
    "last_words",
    "minutes_of",
    "number_of",
    "open_digests",
    "open_notices",
    "pace",
    "quiet_until",
    "refresh",
    "refresh_digest",
    "thread_of",
    "threads_of",
    "told",
    "ways",
    "weekday_of",
    "zone",
]
