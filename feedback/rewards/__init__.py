"""A thank-you for an idea that shipped and helped: proposed by the product, approved by a manager, paid once."""

from __future__ import annotations

from feedback.rewards import holds, taxes
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
from feedback.rewards.asking import LONGEST_QUESTION, answer, ask, check_answerable, check_askable, get_question
from feedback.rewards.budgets import LONGEST_NAME as LONGEST_BUDGET_NAME
from feedback.rewards.budgets import LONGEST_NOTE, day_of, move_money, open_budget
from feedback.rewards.budgets import change as change_budget
from feedback.rewards.budgets import close as close_budget
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
from feedback.rewards.standing import card_posted, change_of, get, refresh_card
from feedback.rewards.states import GOING, OPEN, STATES, touch_those_of
from feedback.rewards.vesting import check, is_ripe, why_not

__all__ = [
    "GOING",
    "LONGEST_BUDGET_NAME",
    "LONGEST_GIFT",
    "LONGEST_NOTE",
    "LONGEST_QUESTION",
    "LONGEST_WHY",
    "OPEN",
    "STATES",
    "TRIGGERS",
    "Stale",
    "answer",
    "approve",
    "ask",
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
    "day_of",
    "decline",
    "external_id",
    "fund",
    "get",
    "get_payout",
    "get_question",
    "gift_of",
    "gift_told",
    "give_usual",
    "hold",
    "holds",
    "in_force",
    "install",
    "is_nearly_spent",
    "is_ripe",
    "kept",
    "keys_of",
    "leave_unpaid",
    "move_money",
    "obstacle",
    "open_budget",
    "order_of",
    "paid",
    "pay_again",
    "propose",
    "propose_verified",
    "refresh_card",
    "takes_two",
    "taxes",
    "touch_those_of",
    "unpayable",
    "why_nobody",
    "why_not",
]
