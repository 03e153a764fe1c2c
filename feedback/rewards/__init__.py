"""A thank-you for an idea that shipped and helped: proposed by the product, approved by a manager, paid once."""

from __future__ import annotations

from feedback.rewards.approval import LONGEST_GIFT, LONGEST_WHY, approve, check_decidable, decline
from feedback.rewards.ledger import balances
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
from feedback.rewards.proposing import propose
from feedback.rewards.standing import (
    card_posted,
    change_of,
    get,
    refresh_card,
    refresh_cards_of,
    refresh_waiting_cards,
)

__all__ = [
    "LONGEST_GIFT",
    "LONGEST_WHY",
    "approve",
    "balances",
    "card_posted",
    "change_of",
    "check_decidable",
    "decline",
    "external_id",
    "get",
    "get_payout",
    "gift_of",
    "gift_told",
    "hold",
    "keys_of",
    "leave_unpaid",
    "order_of",
    "paid",
    "pay_again",
    "propose",
    "refresh_card",
    "refresh_cards_of",
    "refresh_waiting_cards",
    "unpayable",
]
