"""A thank-you for an idea that shipped and helped: proposed by the product, approved by a manager, paid once."""

from __future__ import annotations

from feedback.rewards.approval import LONGEST_GIFT, LONGEST_WHY, approve, check_decidable, decline
from feedback.rewards.asking import News, ask_later, hear, key_to_ask
from feedback.rewards.budgets import open_budget
from feedback.rewards.doubting import was_not_paid, was_paid
from feedback.rewards.ledger import balances, fund
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
from feedback.rewards.proposing import propose, propose_verified
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
from feedback.rewards.rules import TRIGGERS, give_usual, in_force, install
from feedback.rewards.standing import (
    card_posted,
    change_of,
    get,
    refresh_card,
    refresh_cards_of,
)
from feedback.rewards.states import OPEN, STATES
from feedback.rewards.vesting import check, is_ripe, why_not

__all__ = [
    "LONGEST_GIFT",
    "LONGEST_WHY",
    "OPEN",
    "STATES",
    "TRIGGERS",
    "News",
    "answered",
    "approve",
    "ask_later",
    "balances",
    "card_posted",
    "change_of",
    "check",
    "check_decidable",
    "compare",
    "compare_now",
    "compared",
    "decline",
    "external_id",
    "fund",
    "get",
    "get_payout",
    "gift_of",
    "gift_told",
    "give_usual",
    "hear",
    "hold",
    "in_force",
    "install",
    "is_ripe",
    "key_to_ask",
    "keys_of",
    "last_compared",
    "leave_unpaid",
    "missing_there",
    "open_budget",
    "order_of",
    "paid",
    "pay_again",
    "pay_with_code",
    "propose",
    "propose_verified",
    "reconcile_soon",
    "refresh_card",
    "refresh_cards_of",
    "settle",
    "span_to_compare",
    "unpayable",
    "unseen",
    "was_not_paid",
    "was_paid",
    "why_not",
    "why_not_pay",
]
