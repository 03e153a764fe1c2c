"""The thank-yous that wait: for a manager, for whoever pays, or for their time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from feedback import rewards
from feedback.overview import Page, paged
from models import Approval, Member, Reward

STUCK = ("human", "failed")
ON_ITS_WAY = ("approved", "paying", *STUCK)
OVER = ("paid", "declined", "cancelled")
GROUPS = {"decide": "For a manager to decide", "going": "On the way, or stuck", "later": "Not yet", "over": "Over"}


@dataclass(frozen=True)
class Sieve:
    """What is looked for. Empty, and without a budget: everything that is not over."""

    state: str = ""
    """A key of GROUPS, or a state."""
    name: str = ""
    """Part of the receiver's name."""
    budget_id: int = 0


@dataclass(frozen=True)
class Waiting:
    reward: Reward
    group: str
    """A key of GROUPS."""
    says: str
    """What it waits for; empty where its state says it."""


def listed(tx: Session, *, workspace_id: int, sieve: Sieve, number: int, now: datetime) -> Page[Waiting]:
    """What a manager decides first, the oldest first; then what is stuck or on its way; then what has time. What is
    over, the newest first."""
    group = case(
        (_is_ripe(now), "decide"), (Reward.state.in_(ON_ITS_WAY), "going"), (Reward.state.in_(OVER), "over")
    ).label("in_group")
    statement = (
        select(Reward, func.coalesce(group, "later").label("in_group"))
        .where(Reward.workspace_id == workspace_id, _wanted(sieve, now))
        .options(
            joinedload(Reward.member),
            joinedload(Reward.idea),
            joinedload(Reward.proposed_by),
            joinedload(Reward.rule),
            joinedload(Reward.budget),
            selectinload(Reward.approvals).joinedload(Approval.manager),
            selectinload(Reward.holds),
            selectinload(Reward.questions),
        )
    )
    if sieve.state in ("over", *OVER):  # of which there are many, so that nothing is put in order
        statement = statement.order_by(Reward.id.desc())
    else:
        statement = statement.order_by(
            case((_is_ripe(now), 0), (Reward.state.in_(ON_ITS_WAY), 1), else_=2),
            case((Reward.state.in_(STUCK), 0), else_=1),
            case((Reward.vests_at.is_(None), 1), else_=0),
            Reward.vests_at,
            Reward.id,
        )
    if sieve.name:
        statement = statement.join(Member, Member.id == Reward.member_id).where(
            Member.name.icontains(sieve.name, autoescape=True)
        )
    page = paged(tx, statement, number=number)
    rows = [Waiting(row.Reward, row.in_group, _says(row.Reward, row.in_group)) for row in page.rows]
    return Page(rows, page.number, page.total, page.size)


def _is_ripe(now: datetime) -> ColumnElement[bool]:
    """As feedback.rewards.is_ripe says it of one."""
    return or_(
        and_(Reward.state == "vesting", Reward.vests_at <= now),
        and_(Reward.state == "proposed", Reward.rule_id.is_(None)),
    )


def _wanted(sieve: Sieve, now: datetime) -> ColumnElement[bool]:
    which: dict[str, ColumnElement[bool]] = {
        "decide": _is_ripe(now),
        "going": Reward.state.in_(ON_ITS_WAY),
        "later": Reward.state.in_(rewards.OPEN) & ~_is_ripe(now),
        "over": Reward.state.in_(OVER),
    }
    usual = Reward.state.in_((*rewards.OPEN, *ON_ITS_WAY))
    wanted = which.get(sieve.state, Reward.state == sieve.state if sieve.state in rewards.STATES else usual)
    return wanted & (Reward.budget_id == sieve.budget_id) if sieve.budget_id else wanted


def _says(reward: Reward, group: str) -> str:
    if group == "later":
        return rewards.why_not(reward)
    if group != "decide":
        return ""
    if any(hold.lifted_at is None for hold in reward.holds):
        return "Held until somebody has looked at it."
    if any(question.answered_at is None for question in reward.questions):
        return "A question about it is open."
    given = [each.manager.name for each in reward.approvals if each.verdict == "approved"]
    return f"{given[-1]} said yes. It needs one more manager." if given else ""


def waiting_cents(tx: Session, *, workspace_id: int) -> dict[str, int]:
    """What nobody has decided about adds up to, by currency."""
    rows = tx.execute(
        select(Reward.currency, func.sum(Reward.amount_cents))
        .where(Reward.workspace_id == workspace_id, Reward.state.in_(rewards.OPEN))
        .group_by(Reward.currency)
    )
    return {currency: int(cents) for currency, cents in rows if cents}
