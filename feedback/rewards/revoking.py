"""An approval that was a mistake, or that nobody can carry out: taken back by hand while nobody was asked to pay.

It is a correction with a reversal: both yeses stay on record, and the money is in its budget again. For the same
contribution it is not proposed again, because managers have decided about it; whoever still wants to thank that person
does so for something else that they did.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from feedback import access, identities, outbox
from feedback.errors import Refused
from feedback.rewards import adopting, ledger, paying, states
from models import Member, Reward

LONGEST_REVOKE_WHY = 300
TOO_LATE = ("paying", "human", "paid")
"""Somebody was asked to pay, or has paid."""


def revoke(tx: Session, *, reward_id: int, manager: Member, why: str, now: datetime) -> Reward:
    """Any manager but its receiver: also one who approved or proposed it, since nobody gains by it. `why` is for its
    receiver too. Refused once anybody was asked to pay; of one that came to nothing already it is no news."""
    reward = access.access_reward(tx, member=manager, reward_id=reward_id)
    if reward.member_id in identities.same_person(tx, member_id=manager.id):
        raise Refused("This one is for you, so another manager has to decide.")
    if reward.state == "cancelled":
        return reward
    if reward.state in TOO_LATE:
        raise Refused(f"It is too late for that: it is {states.STATES[reward.state]}.")
    if reward.state != "approved":
        raise Refused(f"There is no approval to take back: it is {states.STATES[reward.state]}.")
    why = why.strip()
    if not why:
        raise Refused(f"Say why. {reward.member.name} reads it too.", "why")
    if len(why) > LONGEST_REVOKE_WHY:
        raise Refused(f"Please keep it under {LONGEST_REVOKE_WHY} characters.", "why")
    adopting.adopt(tx, reward=reward, now=now)
    ledger.step(tx, "release", reward=reward, by=manager, now=now)
    reward.ended_why = why
    states.move(tx, reward=reward, to="cancelled", act="approval taken back", by=manager, now=now, why=why)
    if reward.payout is not None:
        key = paying.keys_of(reward.payout)[0]
        outbox.got_through(tx, key=key, now=now)  # nobody has to see to the payment any more
        outbox.hasten(tx, until={key: now})  # it finds nothing to do, and does not wait for codes
    return reward
