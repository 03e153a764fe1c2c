"""Money for a purpose, and out of which of them a reward is paid."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback import access, audit, once
from feedback.errors import Refused
from feedback.rewards import ledger
from feedback.rewards.amounts import CURRENCIES
from models import Budget, Member, Reward

LONGEST_NAME = 80
LONGEST_NOTE = 200


def open_budget(
    tx: Session,
    *,
    workspace_id: int,
    name: str,
    currency: str,
    cents: int,
    by: Member | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    now: datetime,
) -> Budget:
    """A new one, with so much in it. Refused below the field that is wrong."""
    if currency not in CURRENCIES:
        raise Refused("Choose one of the currencies.", "currency")
    _check_dates(starts_on, ends_on)
    if ends_on and ends_on < now.date():
        raise Refused("That day is over already, so nothing could be approved out of it.", "ends_on")
    budget = Budget(
        workspace_id=workspace_id,
        name=_named(tx, workspace_id, name),
        currency=currency,
        starts_on=starts_on,
        ends_on=ends_on,
        made_by_id=by.id if by else None,
        made_at=now,
        available_cents=0,
        reserved_cents=0,
        committed_cents=0,
        spent_cents=0,
    )
    tx.add(budget)
    tx.flush()
    _record(tx, budget, by, "opened", now, name=budget.name, cents=cents, currency=currency)
    if cents:
        ledger.fund(tx, budget=budget, cents=cents, by=by, now=now)
    return budget


def change(
    tx: Session,
    *,
    budget_id: int,
    manager: Member,
    name: str,
    starts_on: date | None,
    ends_on: date | None,
    now: datetime,
) -> Budget:
    """Its name, and from when until when anything new may be approved out of it. As it is already is no news."""
    budget = access.access_budget(tx, member=manager, budget_id=budget_id)
    _check_dates(starts_on, ends_on)
    before = (budget.name, budget.starts_on, budget.ends_on)
    is_kept = " ".join(name.split()) == budget.name
    wanted = (budget.name if is_kept else _named(tx, budget.workspace_id, name), starts_on, ends_on)
    if wanted != before:
        budget.name, budget.starts_on, budget.ends_on = wanted
        days = {"starts_on": _day(starts_on), "ends_on": _day(ends_on)}
        _record(tx, budget, manager, "changed", now, before=before[0], after=budget.name, **days)
    return budget


def move_money(tx: Session, *, budget_id: int, manager: Member, cents: int, note: str, now: datetime) -> Budget:
    """Into it, or, with negative cents, out of it: only what nobody put aside. Refused where there is not so much, and
    into one that is closed."""
    budget = access.access_budget(tx, member=manager, budget_id=budget_id)
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(f"Please keep it under {LONGEST_NOTE} characters.", "note")
    if cents > 0 and budget.closed_at is not None:
        raise Refused(f"“{budget.name}” is closed. What is left in it can be taken out.", "amount")
    if -cents > budget.available_cents:
        raise Refused("There is not so much left that nothing is put aside for.", "amount")
    ledger.fund(tx, budget=budget, cents=cents, by=manager, note=note, now=now)
    _record(tx, budget, manager, "funded" if cents > 0 else "reduced", now, cents=abs(cents), currency=budget.currency)
    return budget


def close(tx: Session, *, budget_id: int, manager: Member, now: datetime) -> Budget:
    """Nothing new is approved out of it. What is put aside or on its way is still paid, and what comes back comes back
    into it. A second time is no news."""
    budget = access.access_budget(tx, member=manager, budget_id=budget_id)
    if budget.closed_at is None:
        budget.closed_at = now
        _record(tx, budget, manager, "closed", now)
    return budget


def choose(tx: Session, *, reward: Reward, now: datetime) -> Budget | None:
    """Out of which it is paid: the one that its rule names, or the workspace's oldest in that currency which is open
    and has enough, or, where none has, the newest, which then says so. None where nothing is paid. Refused where there
    is none."""
    if reward.amount_cents == 0:
        return None
    named = reward.rule.budget if reward.rule else None
    fits = named and (named.workspace_id, named.currency) == (reward.workspace_id, reward.currency)
    found = named if named and fits and _is_open(named, now.date()) else _oldest(tx, reward, now.date())
    if found is None:
        raise Refused(f"There is no open budget in {reward.currency}. A manager can make one under Rewards, Budgets.")
    return found


def _oldest(tx: Session, reward: Reward, today: date) -> Budget | None:
    is_open = (
        Budget.workspace_id == reward.workspace_id,
        Budget.currency == reward.currency,
        Budget.closed_at.is_(None),
        or_(Budget.starts_on.is_(None), Budget.starts_on <= today),
        or_(Budget.ends_on.is_(None), Budget.ends_on >= today),
    )
    has_enough = Budget.available_cents >= reward.amount_cents
    return (
        tx.scalars(select(Budget).where(*is_open, has_enough).order_by(Budget.id)).first()
        or tx.scalars(select(Budget).where(*is_open).order_by(Budget.id.desc())).first()
    )


def _is_open(budget: Budget, today: date) -> bool:
    return (
        budget.closed_at is None
        and (budget.starts_on is None or budget.starts_on <= today)
        and (budget.ends_on is None or budget.ends_on >= today)
    )


def _check_dates(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused("The last day is before the first.", "ends_on")


def _named(tx: Session, workspace_id: int, name: str) -> str:
    """Two open budgets of one name could not be told apart. Whoever else names one waits."""
    name = " ".join(name.split())
    if not name:
        raise Refused("Give it a name.", "name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Please keep it under {LONGEST_NAME} characters.", "name")
    once.take_turn(tx, f"budget names:{workspace_id}")
    others = select(Budget.id).where(
        Budget.workspace_id == workspace_id, Budget.name == name, Budget.closed_at.is_(None)
    )
    if tx.scalars(others).first() is not None:
        raise Refused("There is an open budget of that name already.", "name")
    return name


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def _record(tx: Session, budget: Budget, by: Member | None, act: str, now: datetime, **detail: object) -> None:
    audit.record(
        tx,
        workspace_id=budget.workspace_id,
        by=by,
        act=act,
        subject="budget",
        subject_id=budget.id,
        now=now,
        **detail,
    )
