"""What the team works on, as the trackers tell of it; what it is for; and what follows from it."""

from __future__ import annotations

from feedback.work.accounts import (
    API_URLS,
    Account,
    account_of,
    find_account,
    remove_account,
    set_account,
    tested,
)
from feedback.work.addresses import LONGEST_URL, Address, parse
from feedback.work.catching_up import Position, position, soon, take_page, unreadable
from feedback.work.closing import closes, named
from feedback.work.commenting import comment_on
from feedback.work.completing import Hint, InPart, Moved, Told, complete
from feedback.work.facts import KINDS, SOURCES, STATES, Fact
from feedback.work.linking import UNHEARD, link, unlink
from feedback.work.ordering import (
    LONGEST_BODY,
    LONGEST_TITLE,
    Draft,
    draft,
    made,
    mark_of,
    not_made,
    order,
    to_make,
)
from feedback.work.rules import OUTCOMES, configure, rules_of, statuses_in
from feedback.work.taking import get, hear

__all__ = [
    "API_URLS",
    "KINDS",
    "LONGEST_BODY",
    "LONGEST_TITLE",
    "LONGEST_URL",
    "OUTCOMES",
    "SOURCES",
    "STATES",
    "UNHEARD",
    "Account",
    "Address",
    "Draft",
    "Fact",
    "Hint",
    "InPart",
    "Moved",
    "Position",
    "Told",
    "account_of",
    "closes",
    "comment_on",
    "complete",
    "configure",
    "draft",
    "find_account",
    "get",
    "hear",
    "link",
    "made",
    "mark_of",
    "named",
    "not_made",
    "order",
    "parse",
    "position",
    "remove_account",
    "rules_of",
    "set_account",
    "soon",
    "statuses_in",
    "take_page",
    "tested",
    "to_make",
    "unlink",
    "unreadable",
]
