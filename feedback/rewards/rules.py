"""What is given for what, in each workspace. A rule is never changed: another row takes over from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import access, audit
from feedback.errors import Refused
from feedback.rewards import amounts, products
from feedback.typed import number_of
from models import Budget, Member, RewardRule, TaxLine, Workspace

TRIGGERS = {
    "verified": "an idea that shipped and was verified",
    "first_report": "the first clear report of a confirmed problem",
    "evidence": "evidence that changed a decision",
    "supported": "a theme that enough people backed, and that shipped",
    "call": "a call",
    "tested": "an answer from somebody who tried it first",
}
"""Each is a contribution that shipped or changed a decision, or help that was asked for: never a message, a reaction, a
vote, or what somebody thought of us."""
BY_HAND = ("evidence", "call", "tested")
"""What somebody of the team can say of a person. The others follow from what happened."""
OF_SHIPPED = ("confirmed", "verified", "first_report", "supported")
"""Reasons that stand and fall with what shipped. Whoever gave evidence, a call or their time has given it."""
PROVIDERS = ("manual", "codes", "tremendous", "booking")
PROPOSERS = ("moderator", "product", "manager")
"""Roles that may propose by hand, each less than the next."""
MOST_CENTS = 50_000
LONGEST_WORDS = 500
LONGEST_LINK = 1000
NUMBERS = {
    "points": (0, 1000),
    "vesting_days": (0, 365),
    "most_a_year": (0, 365),
    "supporters": (2, 10_000),
    "most_a_quarter": (0, 1000),
}
"""By field: the least and the most."""
US_LINES = ((2025, 60_000), (2026, 200_000))
"""From which sum on rewards of a year are reported: Public Law 119-21, section 70433, for payments after 2025."""
Facts = dict[str, Any]


def install(tx: Session, *, workspace: Workspace, now: datetime) -> None:
    """What a new workspace begins with."""
    tx.add(
        RewardRule(
            workspace_id=workspace.id,
            trigger="verified",
            points=10,
            amount_cents=2500,
            currency="USD",
            provider="manual",
            made_at=now,
        )
    )
    for year, cents in US_LINES:
        tx.add(
            TaxLine(workspace_id=workspace.id, country="US", year=year, line_cents=cents, currency="USD", set_at=now)
        )


def in_force(tx: Session, *, workspace_id: int) -> Sequence[RewardRule]:
    """The oldest first."""
    return tx.scalars(
        select(RewardRule)
        .where(RewardRule.workspace_id == workspace_id, RewardRule.ended_at.is_(None))
        .options(joinedload(RewardRule.made_by))
        .order_by(RewardRule.id)
    ).all()


def of_trigger(tx: Session, *, workspace_id: int, trigger: str) -> RewardRule | None:
    """None where nothing is given for it."""
    return next((rule for rule in in_force(tx, workspace_id=workspace_id) if rule.trigger == trigger), None)


def for_hand(tx: Session, *, by: Member) -> list[RewardRule]:
    """What this person of the team may thank somebody for."""
    rules = in_force(tx, workspace_id=by.workspace_id)
    return [rule for rule in rules if rule.trigger in BY_HAND and may_propose(by, rule)]


def may_propose(by: Member, rule: RewardRule) -> bool:
    is_known = by.role in PROPOSERS and rule.proposed_by in PROPOSERS
    return access.may_review(by) and is_known and PROPOSERS.index(by.role) >= PROPOSERS.index(rule.proposed_by)


def give(
    tx: Session, *, manager: Member, trigger: str, typed: Mapping[str, str], has_service: bool, now: datetime
) -> RewardRule:
    """From now on this is given for that. `typed`: each field of a rule as somebody wrote it; `has_service`: whether a
    payout service is connected. What was proposed keeps what it was proposed with. The same again is no news."""
    access.check_manage(manager)
    _hold(tx, manager)
    facts = _facts(tx, manager, trigger, typed, has_service)
    old = of_trigger(tx, workspace_id=manager.workspace_id, trigger=trigger)
    if old is not None and all(getattr(old, name) == value for name, value in facts.items()):
        return old
    if old is not None:
        old.ended_at = now
    rule = RewardRule(workspace_id=manager.workspace_id, trigger=trigger, made_by_id=manager.id, made_at=now, **facts)
    tx.add(rule)
    tx.flush()
    _record(tx, rule, "set", manager, now, **facts)
    return rule


def stop(tx: Session, *, manager: Member, trigger: str, now: datetime) -> None:
    """Nothing is given for that any more. What was proposed goes on. A second time is no news."""
    access.check_manage(manager)
    _hold(tx, manager)
    rule = of_trigger(tx, workspace_id=manager.workspace_id, trigger=trigger)
    if rule is not None:
        rule.ended_at = now
        _record(tx, rule, "switched off", manager, now)


def _hold(tx: Session, manager: Member) -> None:
    """Two managers who save at once take turns, so that one rule is in force."""
    tx.scalars(select(Workspace).where(Workspace.id == manager.workspace_id).with_for_update()).one()


def _facts(tx: Session, manager: Member, trigger: str, typed: Mapping[str, str], has_service: bool) -> Facts:
    if trigger not in TRIGGERS:
        raise Refused("There is no such rule.")
    said = {name: text.strip() for name, text in typed.items()}
    counts = trigger == "supported"
    facts: Facts = {name: _number(said, name) for name in ("points", "most_a_year", "vesting_days")}
    facts |= {"supporters": 0, "most_a_quarter": 0, "proposed_by": "product"}
    if counts:
        facts |= {name: _number(said, name) for name in ("supporters", "most_a_quarter")}
    if trigger in BY_HAND:
        facts["proposed_by"] = said.get("proposed_by", "")
        if facts["proposed_by"] not in PROPOSERS:
            raise Refused("Choose who may propose it.", "proposed_by")
    facts["words"] = said.get("words", "")
    if len(facts["words"]) > LONGEST_WORDS:
        raise Refused(f"Please keep it under {LONGEST_WORDS} characters.", "words")
    return facts | _gift(tx, manager, said, facts, has_service)


def _gift(tx: Session, manager: Member, said: Mapping[str, str], facts: Facts, has_service: bool) -> Facts:
    """What they get beside points, and how."""
    provider, amount = said.get("provider", ""), said.get("amount", "")
    currency = amounts.currency_of(said.get("currency", ""))
    cents = amounts.cents_of(amount, "amount") if amount else 0
    if cents > MOST_CENTS:
        raise Refused(f"At most {MOST_CENTS / 100:.2f}.", "amount")
    if provider and provider not in PROVIDERS:
        raise Refused("Choose one of the ways in the list.", "provider")
    if provider == "tremendous" and not has_service:
        raise Refused("No payout service is connected here.", "provider")
    if cents and provider in ("", "booking"):
        raise Refused("Choose how the money gets to them, or leave the amount empty.", "provider")
    if not cents and provider in ("codes", "tremendous"):
        raise Refused("How much is it? Without an amount, choose another way.", "amount")
    if not cents and provider == "manual" and not facts["words"]:
        raise Refused("Say what they get: early access, a role. They read it.", "words")
    if provider == "tremendous":
        products.check(tx, workspace_id=manager.workspace_id, cents=cents, currency=currency)
    if not provider and not facts["points"]:
        raise Refused("That would be nothing. Give points, money or something else.", "points")
    return {
        "amount_cents": cents,
        "currency": currency,
        "provider": provider,
        "link": _link(said.get("link", "")) if provider == "booking" else "",
        "budget_id": _budget_id(tx, manager, said.get("budget_id", ""), currency) if cents else None,
    }


def _link(link: str) -> str:
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    is_one = not any(sign.isspace() or sign in "<>|" for sign in link)
    if parts.scheme != "https" or not parts.netloc or not is_one or len(link) > LONGEST_LINK:
        raise Refused("Where do they choose a time? A link begins with https://, without spaces.", "link")
    return link


def _budget_id(tx: Session, manager: Member, typed: str, currency: str) -> int | None:
    if not typed:
        return None
    is_id = typed.isascii() and typed.isdigit() and len(typed) < 19
    budget = tx.get(Budget, int(typed)) if is_id else None
    if budget is None or budget.workspace_id != manager.workspace_id or budget.closed_at is not None:
        raise Refused("That budget is not open here.", "budget_id")
    if budget.currency != currency:
        raise Refused(f"“{budget.name}” is in {budget.currency}.", "budget_id")
    return budget.id


def _number(said: Mapping[str, str], name: str) -> int:
    least, most = NUMBERS[name]
    return number_of(said.get(name, ""), name, least=least, most=most)


def _record(tx: Session, rule: RewardRule, act: str, manager: Member, now: datetime, **detail: object) -> None:
    audit.record(
        tx,
        workspace_id=rule.workspace_id,
        by=manager,
        act=act,
        subject="rule",
        subject_id=rule.id,
        now=now,
        trigger=rule.trigger,
        **detail,
    )
