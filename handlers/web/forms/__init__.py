"""The hub's forms: what each field is called and what was typed into it. What is allowed is the domain's to say."""

from __future__ import annotations

from handlers.web.forms.books import BudgetMoney, ChangeBudget, OpenBudget, Settle, TaxLine
from handlers.web.forms.changes import Ask, Changelog, Decline, Plan, Ship
from handlers.web.forms.codes import Codes, SealedCodes, WithdrawCodes
from handlers.web.forms.earning import RewardLimits, Rule, Score, Share, Thank, Wants
from handlers.web.forms.form import Form, Post
from handlers.web.forms.ideas import Answer, Kind, Move, Same
from handlers.web.forms.loop import Hearing, Limits, Telling, Words
from handlers.web.forms.members import Continue, Hears, LinkAccounts, Role
from handlers.web.forms.rewards import (
    AnswerReward,
    Approve,
    AskReward,
    DeclineReward,
    LiftHold,
    Revoke,
    Seen,
    TakeBack,
    WasNotPaid,
    WasPaid,
)
from handlers.web.forms.themes import Merge, Rename, Split, Undo
from handlers.web.forms.work import LinkWork, OrderWork, TrackerAccount, TrackerRules
from handlers.web.forms.workspaces import HookSecret, Settings, Undelivered

__all__ = [
    "Answer",
    "AnswerReward",
    "Approve",
    "Ask",
    "AskReward",
    "BudgetMoney",
    "ChangeBudget",
    "Changelog",
    "Codes",
    "Continue",
    "Decline",
    "DeclineReward",
    "Form",
    "Hearing",
    "Hears",
    "HookSecret",
    "Kind",
    "LiftHold",
    "Limits",
    "LinkAccounts",
    "LinkWork",
    "Merge",
    "Move",
    "OpenBudget",
    "OrderWork",
    "Plan",
    "Post",
    "Rename",
    "Revoke",
    "RewardLimits",
    "Role",
    "Rule",
    "Same",
    "Score",
    "SealedCodes",
    "Seen",
    "Settings",
    "Settle",
    "Share",
    "Ship",
    "Split",
    "TakeBack",
    "TaxLine",
    "Telling",
    "Thank",
    "TrackerAccount",
    "TrackerRules",
    "Undelivered",
    "Undo",
    "Wants",
    "WasNotPaid",
    "WasPaid",
    "WithdrawCodes",
    "Words",
]
