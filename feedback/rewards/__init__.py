"""A thank-you for an idea that shipped and helped: proposed by the product, approved by a manager, paid once."""

from __future__ import annotations

from feedback.rewards import holds, taxes
from feedback.rewards.approval import LONGEST_GIFT, LONGEST_WHY, approve, check_decidable, decline
from feedback.rewards.budgets import open_budget
from feedback.rewards.ledger import balances, fund
from feedback.rewards.paying import (
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
    unpayable,
)
from feedback.rewards.proposing import propose, propose_verified
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
    "approve",
    "balances",
    "card_posted",
    "change_of",
    "check",
    "check_decidable",
    "decline",
    "external_id",
    "fund",
    "get",
    "get_payout",
    "gift_of",
    "gift_told",
    "give_usual",
    "hold",
    "holds",
    "in_force",
    "install",
    "is_ripe",
    "keys_of",
    "leave_unpaid",
    "open_budget",
    "order_of",
    "paid",
    "pay_again",
    "propose",
    "propose_verified",
    "refresh_card",
    "refresh_cards_of",
    "taxes",
    "unpayable",
    "why_not",
]
