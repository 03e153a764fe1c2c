"""What a person has to look at before a reward is decided: raised by the product, in sight of all managers, and lifted
by one of them with a reason. Then another one decides, so that two people looked.

Whoever receives it learns nothing of why: for them it is under review.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from feedback import access, identities, once, outbox
from feedback.blocks import money
from feedback.errors import Noted, Refused
from feedback.rewards import states
from feedback.rewards.detecting import DETECTORS
from feedback.rewards.standing import record
from models import Approval, Hold, Member, Reward

LONGEST_WHY = 500
KINDS = {
    "burst": "several texts that say almost the same",
    "praise": "two people who speak for each other",
    "accounts": "another account of the same person",
    "often": "several thank-yous within a few days",
    "share": "most of the money goes to three people",
    "tax_near": "close to the year’s tax line",
    "tax_over": "above the year’s tax line",
}
"""Each as a manager reads it."""


def look(tx: Session, *, reward: Reward, now: datetime) -> list[Hold]:
    """Has every detector look at a reward that is locked, or new, and holds it where one finds something. What was
    found before is no news, and what was lifted stays lifted. Returns what is new; nothing of what is decided."""
    if reward.state not in states.OPEN:
        return []
    known = {hold.kind for hold in of(tx, reward=reward)}
    people = identities.same_person(tx, member_id=reward.member_id)
    for kind, detect in DETECTORS.items():
        detail = detect(tx, reward=reward, people=people, now=now) if kind not in known else None
        if detail is not None:
            once.insert(tx, Hold, reward_id=reward.id, kind=kind, detail=detail, raised_at=now)
    new = [hold for hold in of(tx, reward=reward) if hold.kind not in known]
    for hold in new:
        record(tx, reward=reward, by=None, act="held", now=now, kind=hold.kind, seen=hold.detail)
    if new:
        states.touch(tx, reward=reward, now=now)
        outbox.owe(
            tx,
            workspace_id=reward.workspace_id,
            kind="reward.held",
            key=f"reward.held:{new[0].id}",
            now=now,
            reward_id=reward.id,
        )
    return new


def of(tx: Session, *, reward: Reward) -> Sequence[Hold]:
    """All that were raised, the first first, with whoever lifted them."""
    return tx.scalars(
        select(Hold).where(Hold.reward_id == reward.id).options(joinedload(Hold.lifted_by)).order_by(Hold.id)
    ).all()


def is_held(reward: Reward) -> bool:
    """Whether somebody has to look first: of one that is not decided."""
    return reward.state in states.OPEN and any(hold.lifted_at is None for hold in reward.holds)


def is_standing() -> ColumnElement[bool]:
    """For queries: the same."""
    standing = select(Hold.id).where(Hold.reward_id == Reward.id, Hold.lifted_at.is_(None)).exists()
    return Reward.state.in_(states.OPEN) & standing


def check(tx: Session, *, reward: Reward, manager: Member, now: datetime) -> None:
    """Refuses to have it approved while it is held, and by nobody but whoever lifted what held it. `look` comes before;
    what that found is kept."""
    found = of(tx, reward=reward)
    standing = [KINDS[hold.kind] for hold in found if hold.lifted_at is None]
    if standing:
        raise Noted(f"It is held: {', '.join(standing)}. A manager has to look at it and say why it may go on.")
    lifted_by = {hold.lifted_by_id for hold in found if hold.lifted_by_id is not None}
    mine = identities.same_person(tx, member_id=manager.id)
    if not lifted_by & mine:
        return
    approved = tx.scalars(
        select(Approval)
        .where(
            Approval.reward_id == reward.id,
            Approval.verdict == "approved",
            Approval.version == reward.version - 1,  # as it stands: a yes to what was before the hold has seen none
        )
        .options(joinedload(Approval.manager))
    ).all()
    if lifted_by | {each.manager_id for each in approved if access.may_manage(each.manager)} <= mine:
        raise Refused("You lifted what held it, so another manager has to approve it first.")


def check_liftable(tx: Session, *, hold_id: int, manager: Member) -> Hold:
    """Before a form is shown, too. Locks the reward, and then the hold."""
    hold = access.access_hold(tx, member=manager, hold_id=hold_id)
    mine = identities.same_person(tx, member_id=manager.id)
    if hold.reward.member_id in mine:
        raise Refused("This one is for you, so another manager has to look at it.")
    if hold.reward.proposed_by_id in mine:
        raise Refused("You proposed it, or recorded the change it is for, so another manager has to look at it.")
    return hold


def lift(tx: Session, *, hold_id: int, manager: Member, why: str, now: datetime) -> Hold:
    """A manager who neither receives nor proposed it looked, and says why it may go on. A second time is no news."""
    hold = check_liftable(tx, hold_id=hold_id, manager=manager)
    if hold.lifted_at is not None:
        return hold
    if hold.reward.state not in states.OPEN:
        raise Refused(f"This was decided already: {states.STATES[hold.reward.state]}.")
    why = why.strip()
    if not why:
        raise Refused("Say why it may go on, for the other managers.", "why")
    if len(why) > LONGEST_WHY:
        raise Refused(f"Please keep it under {LONGEST_WHY} characters.", "why")
    hold.lifted_by_id, hold.lifted_at, hold.why = manager.id, now, why
    record(tx, reward=hold.reward, by=manager, act="hold lifted", now=now, kind=hold.kind, why=why)
    states.touch(tx, reward=hold.reward, now=now)
    return hold


def said(hold: Hold) -> str:
    """What was seen, in a sentence of numbers."""
    return SEEN[hold.kind](hold.detail)


def _praised(seen: dict[str, Any]) -> str:
    if "votes" not in seen:
        return "Only people whose own thank-yous this person spoke for say that it works."
    return (
        f"One person gave {seen['votes']} of the {seen['of']} votes on this person’s ideas, "
        f"and got {seen['back']} votes back."
    )


def _taxed(seen: dict[str, Any]) -> str:
    cents, line = (money(seen[name], seen["currency"]) for name in ("cents", "line_cents"))
    return f"With this one they have had {cents} in {seen['year']}. The line is {line} ({seen['country']})."


def _burst(seen: dict[str, Any]) -> str:
    by = "all by one person" if seen["people"] == 1 else f"by {seen['people']} people together"
    return f"{seen['others']} other ideas within {seen['days']} days say almost the same, {by}."


SEEN: dict[str, Callable[[dict[str, Any]], str]] = {
    "burst": _burst,
    "praise": _praised,
    "accounts": lambda seen: "Another account of theirs has a thank-you for the same change or theme.",
    "often": lambda seen: f"{seen['rewards']} thank-yous with money for them within {seen['days']} days.",
    "share": lambda seen: (
        f"Of what {seen['people']} people received in {seen['days']} days, three have {seen['percent']} of 100, "
        "and this is one of the three."
    ),
    "tax_near": _taxed,
    "tax_over": _taxed,
}
