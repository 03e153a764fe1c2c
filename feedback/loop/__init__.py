"""Everyone who raised or backed it is told, once a change, where they said it; and says whether it helped."""

from __future__ import annotations

from feedback.loop import words
from feedback.loop.addresses import ALONE, Address, address_of, address_of_notice, addresses, thread_of, threads_of
from feedback.loop.answering import LONGEST_WHY, answer, check_unanswered, last_words
from feedback.loop.asking import LONGEST_REPLY, check_open, reply
from feedback.loop.audience import Hearer, audience
from feedback.loop.planning import MOST_TOGETHER, Planned, plan
from feedback.loop.refreshing import refresh, refresh_post
from feedback.loop.rehearsing import get_rehearsal, rehearse, rehearsed
from feedback.loop.stopping import is_stopped, take_turn
from feedback.loop.telling import (
    AFTER_THE_OLDER,
    announce,
    announced,
    announcement_of,
    comes_first,
    follow_deletion,
    get,
    is_owed,
    not_announced,
    not_told,
    open_notices,
    owe_rest,
    stopped,
    told,
)
from feedback.loop.together import get_post, not_told_together, notices_of, told_together, who_hears_there
from feedback.loop.ways import HEARS, Way, ways

__all__ = [
    "AFTER_THE_OLDER",
    "ALONE",
    "HEARS",
    "LONGEST_REPLY",
    "LONGEST_WHY",
    "MOST_TOGETHER",
    "Address",
    "Hearer",
    "Planned",
    "Way",
    "address_of",
    "address_of_notice",
    "addresses",
    "announce",
    "announced",
    "announcement_of",
    "answer",
    "audience",
    "check_open",
    "check_unanswered",
    "comes_first",
    "follow_deletion",
    "get",
    "get_post",
    "get_rehearsal",
    "is_owed",
    "is_stopped",
    "last_words",
    "not_announced",
    "not_told",
    "not_told_together",
    "notices_of",
    "open_notices",
    "owe_rest",
    "plan",
    "refresh",
    "refresh_post",
    "rehearse",
    "rehearsed",
    "reply",
    "stopped",
    "take_turn",
    "thread_of",
    "threads_of",
    "told",
    "told_together",
    "ways",
    "who_hears_there",
    "words",
]
