"""Everyone who raised or backed it is told, once a change, where they said it; and says whether it helped."""

from __future__ import annotations

from feedback.loop import words
from feedback.loop.addresses import ALONE, Address, address_of, address_of_notice, addresses, thread_of, threads_of
from feedback.loop.answering import LONGEST_WHY, VERDICTS, answer, check_unanswered, may_say_how
from feedback.loop.asking import LONGEST_REPLY, check_open, reply
from feedback.loop.audience import Hearer, audience
from feedback.loop.configuring import LIMITS, configure
from feedback.loop.crediting import MOST_NAMED, allow, helped
from feedback.loop.digests import digest_told, get_digest, items, open_digests, refresh_digest, set_stopped_aside
from feedback.loop.hours import zone
from feedback.loop.levels import HEARS, choose
from feedback.loop.owing import set_limits, tell_late_soon, tell_week_soon
from feedback.loop.pacing import MOST_A_WEEK, WEEKDAYS, Pacing, clock_of, minutes_of, pace, weekday_of
from feedback.loop.planning import MOST_TOGETHER, Planned, plan
from feedback.loop.refreshing import refresh, refresh_announcement, refresh_post
from feedback.loop.rehearsing import get_rehearsal, rehearse, rehearsed
from feedback.loop.reminding import address_of_reminder, get_reminder, is_reminder_owed, remind_soon, reminded
from feedback.loop.reopening import CameBack, came_back
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
from feedback.loop.together import (
    get_post,
    not_told_together,
    notices_of,
    told_together,
    who_hears_there,
    who_still_hears_there,
)
from feedback.loop.ways import Way, ask_again, for_now, quiet_until, ways

__all__ = [
    "AFTER_THE_OLDER",
    "ALONE",
    "HEARS",
    "LIMITS",
    "LONGEST_REPLY",
    "LONGEST_WHY",
    "MOST_A_WEEK",
    "MOST_NAMED",
    "MOST_TOGETHER",
    "VERDICTS",
    "WEEKDAYS",
    "Address",
    "CameBack",
    "Hearer",
    "Pacing",
    "Planned",
    "Way",
    "address_of",
    "address_of_notice",
    "address_of_reminder",
    "addresses",
    "allow",
    "announce",
    "announced",
    "announcement_of",
    "answer",
    "ask_again",
    "audience",
    "came_back",
    "check_open",
    "check_unanswered",
    "choose",
    "clock_of",
    "comes_first",
    "configure",
    "digest_told",
    "follow_deletion",
    "for_now",
    "get",
    "get_digest",
    "get_post",
    "get_rehearsal",
    "get_reminder",
    "helped",
    "is_owed",
    "is_reminder_owed",
    "is_stopped",
    "items",
    "may_say_how",
    "minutes_of",
    "not_announced",
    "not_told",
    "not_told_together",
    "notices_of",
    "open_digests",
    "open_notices",
    "owe_rest",
    "pace",
    "plan",
    "quiet_until",
    "refresh",
    "refresh_announcement",
    "refresh_digest",
    "refresh_post",
    "rehearse",
    "rehearsed",
    "remind_soon",
    "reminded",
    "reply",
    "set_limits",
    "set_stopped_aside",
    "stopped",
    "take_turn",
    "tell_late_soon",
    "tell_week_soon",
    "thread_of",
    "threads_of",
    "told",
    "told_together",
    "ways",
    "weekday_of",
    "who_hears_there",
    "who_still_hears_there",
    "words",
    "zone",
]
