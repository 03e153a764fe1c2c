"""A thank-you for an idea that shipped and helped: proposed by the product, approved by a manager, paid once."""

from __future__ import annotations

from feedback.rewards.approval import LONGEST_GIFT, LONGEST_WHY, approve, check_decidable, decline
from feedback.rewards.budgets import open_budget
from feedback.rewards.by_hand import LONGEST_NOTE, thank, those_in
from feedback.rewards.configuring import LIMITS, configure
from feedback.rewards.ending import follow_merge, follow_revert, follow_state, ripen
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
from feedback.rewards.proposing import propose, propose_supported, propose_tested, propose_verified
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
    refresh_cards_of,
)
from feedback.rewards.states import OPEN, STATES
from feedback.rewards.thanking import has_replied, is_thanks_owed, thanked
from feedback.rewards.vesting import check, is_ripe, why_not

__all__ = [
    "BY_HAND",
    "LIMITS",
    "LONGEST_GIFT",
    "LONGEST_LINK",
    "LONGEST_NOTE",
    "LONGEST_WHY",
    "LONGEST_WORDS",
    "OF_SHIPPED",
    "OPEN",
    "PROPOSERS",
    "STATES",
    "TRIGGERS",
    "approve",
    "balances",
    "card_posted",
    "change_of",
    "check",
    "check_decidable",
    "configure",
    "decline",
    "external_id",
    "follow_merge",
    "follow_revert",
    "follow_state",
    "for_hand",
    "fund",
    "get",
    "get_payout",
    "gift_of",
    "gift_told",
    "give",
    "has_replied",
    "hold",
    "in_force",
    "install",
    "is_ripe",
    "is_thanks_owed",
    "keys_of",
    "leave_unpaid",
    "open_budget",
    "order_of",
    "paid",
    "pay_again",
    "propose",
    "propose_supported",
    "propose_tested",
    "propose_verified",
    "refresh_card",
    "refresh_cards_of",
    "ripen",
    "stop",
    "thank",
    "thanked",
    "those_in",
    "unpayable",
    "why_not",
]
