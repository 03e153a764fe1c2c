"""Everyone who raised or backed it is told, once a change, where they said it; and says whether it helped."""

from __future__ import annotations

from feedback.loop.addresses import Address, address_of, thread_of, threads_of
from feedback.loop.answering import LONGEST_WHY, VERDICTS, answer, check_unanswered
from feedback.loop.audience import Hearer, audience
from feedback.loop.configuring import LIMITS, configure
from feedback.loop.refreshing import refresh
from feedback.loop.reminding import get_reminder, is_reminder_owed, remind_soon, reminded
from feedback.loop.reopening import CameBack, came_back
from feedback.loop.telling import follow_deletion, get, is_owed, open_notices, told
from feedback.loop.ways import HEARS, Way, ways

__all__ = [
    "HEARS",
    "LIMITS",
    "LONGEST_WHY",
    "VERDICTS",
    "Address",
    "CameBack",
    "Hearer",
    "Way",
    "address_of",
    "answer",
    "audience",
    "came_back",
    "check_unanswered",
    "configure",
    "follow_deletion",
    "get",
    "get_reminder",
    "is_owed",
    "is_reminder_owed",
    "open_notices",
    "refresh",
    "remind_soon",
    "reminded",
    "thread_of",
    "threads_of",
    "told",
    "ways",
]
