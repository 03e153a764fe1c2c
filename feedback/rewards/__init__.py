"""A thank-you for an idea that shipped and helped: proposed by the product, approved by a manager, paid once."""

from __future__ import annotations

from feedback.rewards import (
    holds,
    taxes,
)
from feedback.rewards.approval import (
    LONGEST_GIFT,
    LONGEST_WHY,
    Stale,
    approve,
    check_approvable,
    check_decidable,
    decline,
    is_nearly_spent,
    kept,
    obstacle,
    takes_two,
    why_nobody,
)
from feedback.rewards.asking import (
    LONGEST_QUESTION,
    answer,
    ask,
    check_answerable,
    check_askable,
    get_question,
)
from feedback.rewards.budgets import LONGEST_NAME as LONGEST_BUDGET_NAME
from feedback.rewards.budgets import (
    LONGEST_NOTE,
    day_of,
    move_money,
    open_budget,
)
from feedback.rewards.budgets import change as change_budget
from feedback.rewards.budgets import close as close_budget
from feedback.rewards.by_hand import LONGEST_NOTE as LONGEST_PRAISE
from feedback.rewards.by_hand import (
    thank,
    those_in,
)
from feedback.rewards.configuring import (
    LIMITS,
    configure,
)
from feedback.rewards.doubting import (
    was_not_paid,
    was_paid,
)
from feedback.rewards.ending import (
    follow_merge,
    follow_revert,
    follow_state,
    ripen,
)
from feedback.rewards.ledger import (
    balances,
    fund,
)
from feedback.rewards.news import (
    News,
    ask_later,
    hear,
    key_to_ask,
)
from feedback.rewards.paying import (
    answered,
    external_id,
    get_payout,
    gift_of,
    gift_told,
    hold,
    keys_of,
    leave_unpaid,
    order_of,
    paid,
    pay_again,
    pay_with_code,
    unpayable,
    why_not_pay,
)
from feedback.rewards.proposing import (
    propose,
    propose_supported,
    propose_tested,
    propose_verified,
)
from feedback.rewards.reconciling import (
    compare,
    compare_now,
    compared,
    last_compared,
    missing_there,
    settle,
    span_to_compare,
    unseen,
)
from feedback.rewards.reconciling import soon as reconcile_soon
from feedback.rewards.rules import (
    BY_HAND,
    LONGEST_LINK,
    LONGEST_WORDS,
    OF_SHIPPED,
    PROPOSERS,
    TRIGGERS,
    for_hand,
    give,
    in_force,
    install,
    stop,
)
from feedback.rewards.standing import (
    card_posted,
    change_of,
    get,
    refresh_card,
)
from feedback.rewards.states import (
    GOING,
    OPEN,
    STATES,
    touch_those_of,
)
from feedback.rewards.thanking import (
    has_replied,
    is_thanks_owed,
    thanked,
)
from feedback.rewards.vesting import (
    check,
    is_ripe,
    why_not,
)

__all__ = [
    "BY_HAND",
    "GOING",
    "LIMITS",
    "LONGEST_BUDGET_NAME",
    "LONGEST_GIFT",
    "LONGEST_LINK",
    "LONGEST_NOTE",
    "LONGEST_PRAISE",
    "LONGEST_QUESTION",
    "LONGEST_WHY",
    "LONGEST_WORDS",
    "OF_SHIPPED",
    "OPEN",
    "PROPOSERS",
    "STATES",
    "TRIGGERS",
    "News",
    "Stale",
    "answer",
    "answered",
    "approve",
    "ask",
    "ask_later",
    "balances",
    "card_posted",
    "change_budget",
    "change_of",
    "check",
    "check_answerable",
    "check_approvable",
    "check_askable",
    "check_decidable",
    "close_budget",
    "compare",
    "compare_now",
    "compared",
    "configure",
    "day_of",
    "decline",
    "external_id",
    "follow_merge",
    "follow_revert",
    "follow_state",
    "for_hand",
    "fund",
    "get",
    "get_payout",
    "get_question",
    "gift_of",
    "gift_told",
    "give",
    "has_replied",
    "hear",
    "hold",
    "holds",
    "in_force",
    "install",
    "is_nearly_spent",
    "is_ripe",
    "is_thanks_owed",
    "kept",
    "key_to_ask",
    "keys_of",
    "last_compared",
    "leave_unpaid",
    "missing_there",
    "move_money",
    "obstacle",
    "open_budget",
    "order_of",
    "paid",
    "pay_again",
    "pay_with_code",
    "propose",
    "propose_supported",
    "propose_tested",
    "propose_verified",
    "reconcile_soon",
    "refresh_card",
    "ripen",
    "settle",
    "span_to_compare",
    "stop",
    "takes_two",
    "taxes",
    "thank",
    "thanked",
    "those_in",
    "touch_those_of",
    "unpayable",
    "unseen",
    "was_not_paid",
    "was_paid",
    "why_nobody",
    "why_not",
    "why_not_pay",
]
