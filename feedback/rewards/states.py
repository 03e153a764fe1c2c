"""What becomes of a reward. It only goes forward; going back is a correction, which has a name and posts a reversal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback.errors import Refused
from feedback.rewards.standing import record, refresh_card, show
from models import Member, Reward

STATES = {
    "proposed": "not verified yet",
    "vesting": "waits until it may be approved",
    "approved": "approved",
    "paying": "on its way",
    "paid": "paid",
    "failed": "refused by whoever pays",
    "human": "needs a person",
    "declined": "declined",
    "cancelled": "cancelled",
}
"""Each as a manager reads it."""
FORWARD = {
    "proposed": {"vesting", "approved", "declined", "cancelled"},
    "vesting": {"approved", "declined", "cancelled"},
    "approved": {"paying", "cancelled"},
    "paying": {"paid", "failed", "human"},
    "human": {"paid"},
    "failed": {"cancelled"},
}
""" "proposed" to "approved" is for what was proposed before anything vested."""
CORRECTIONS = {
    "not verified": ("vesting", "proposed"),
    "tried again": ("failed", "approved"),
    "asked again": ("human", "paying"),
    "paid after all": ("failed", "paid"),
    "not paid after all": ("human", "failed"),
    "returned": ("paid", "cancelled"),
    "proposed again": ("cancelled", "proposed"),
}
"""Its name, from where, and to where."""
OPEN = ("proposed", "vesting")
"""Nobody has decided."""
ENDED = ("paid", "declined", "cancelled")
"""Nobody is asked for it again."""
GOING = ("approved", "paying", "human")
"""Money is put aside for it, and nobody knows yet that it arrived or will not."""


def move(tx: Session, *, reward: Reward, to: str, act: str, by: Member | None, now: datetime, **detail: object) -> None:
    """Takes a reward that is locked from its state to a later one, or, where `act` is the name of a correction, to the
    one that it leads to. `act` is what its history says. Refused where it does not lead there from here."""
    if to not in FORWARD.get(reward.state, set()) and CORRECTIONS.get(act) != (reward.state, to):
        raise Refused(f"That is not possible any more: it is {STATES[reward.state]}.")
    won = tx.execute(
        update(Reward)
        .where(Reward.id == reward.id, Reward.state == reward.state)
        .values(state=to, version=Reward.version + 1)
        .returning(Reward.id)
    ).first()
    if won is None:
        raise Refused("Somebody else was faster.")
    tx.refresh(reward, ["state", "version"])
    record(tx, reward=reward, by=by, act=act, now=now, **detail)
    show(tx, reward=reward, now=now)


def touch(tx: Session, *, reward: Reward, now: datetime) -> None:
    """Something that whoever decides has to know has changed: what they see now is out of date, and is shown anew."""
    tx.execute(update(Reward).where(Reward.id == reward.id).values(version=Reward.version + 1))
    tx.refresh(reward, ["version"])
    show(tx, reward=reward, now=now)


def touch_those_of(tx: Session, *, idea_ids: Iterable[int], now: datetime) -> None:
    """The words of these ideas changed or are gone, or they stand together with others: what is undecided about them is
    looked at anew, and what was decided shows how it stands. In the order of ids, after the ideas."""
    for reward in tx.scalars(select(Reward).where(Reward.idea_id.in_(idea_ids)).order_by(Reward.id)).all():
        if reward.state in OPEN:
            touch(tx, reward=reward, now=now)
        else:
            refresh_card(tx, reward_id=reward.id, now=now)
