"""A thank-you for an idea that shipped and helped: proposed by the product, approved by a manager, paid once."""

from __future__ import annotations

from feedback.rewards.approval import LONGEST_GIFT, LONGEST_WHY, approve, check_decidable, decline
from feedback.rewards.budgets import open_budget
from feedback.rewards.delivering import (
    LONGEST_RETURN_WHY,
    UNOPENED_DAYS,
    gift_of,
    gift_told,
    is_reminder_owed,
    link_renewed,
    not_taken_back,
    remind_soon,
    reminded,
    returned,
    send_again,
    send_me_again,
    sent_again,
    take_back,
    why_not_again,
    why_not_back,
)
from feedback.rewards.ledger import balances, fund
from feedback.rewards.paying import (
    external_id,
    get_payout,
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
from feedback.rewards.wishes import (
    LONGEST_CONTACT,
    asks_for_contact,
    asks_for_country,
    contact_of,
    forget_contact,
    wish,
)

__all__ = [
    "LONGEST_CONTACT",
    "LONGEST_GIFT",
    "LONGEST_RETURN_WHY",
    "LONGEST_WHY",
    "OPEN",
    "STATES",
    "TRIGGERS",
    "UNOPENED_DAYS",
    "approve",
    "asks_for_contact",
    "asks_for_country",
    "balances",
    "card_posted",
    "change_of",
    "check",
    "check_decidable",
    "contact_of",
    "decline",
    "external_id",
    "forget_contact",
    "fund",
    "get",
    "get_payout",
    "gift_of",
    "gift_told",
    "give_usual",
    "hold",
    "in_force",
    "install",
    "is_reminder_owed",
    "is_ripe",
    "keys_of",
    "leave_unpaid",
    "link_renewed",
    "not_taken_back",
    "open_budget",
    "order_of",
    "paid",
    "pay_again",
    "propose",
    "propose_verified",
    "refresh_card",
    "refresh_cards_of",
    "remind_soon",
    "reminded",
    "returned",
    "send_again",
    "send_me_again",
    "sent_again",
    "take_back",
    "unpayable",
    "why_not",
    "why_not_again",
    "why_not_back",
    "wish",
]
