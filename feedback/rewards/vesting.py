"""From when on a reward may be approved: some days after somebody other than its receiver saw that it works."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from feedback import access, identities, once, outbox
from feedback.errors import Refused
from feedback.rewards import ending, holds, rules, states, thanking
from feedback.rewards.standing import record
from models import Member, Reward, Vouch


def check(tx: Session, *, reward_id: int, by: Member, now: datetime) -> Reward:
    """Somebody of the team tried it, and it works; or knows of the call or the evidence. Twice is no news."""
    reward = access.access_vouch(tx, member=by, reward_id=reward_id)
    mine = identities.same_person(tx, member_id=by.id)
    if reward.member_id in mine:
        raise Refused("This one is for you, so somebody else has to try it.")
    if reward.proposed_by_id in mine:
        raise Refused("You proposed it, or shipped what it is for, so somebody else has to say so.")
    if reward.state not in states.OPEN:
        raise Refused(f"Nobody has to say so any more: it is {states.STATES[reward.state]}.")
    vouch(tx, reward=reward, member=by, said_with="check", now=now)
    return reward


def vouch(tx: Session, *, reward: Reward, member: Member, said_with: str, now: datetime) -> None:
    """What its receiver says of it counts for nothing here. From the first vouch on its days are counted, unless most
    people say that it does not help. `reward` is locked, or new."""
    if reward.state not in states.OPEN:
        return
    if member.id in identities.same_person(tx, member_id=reward.member_id):
        return
    row_id = once.insert(tx, Vouch, reward_id=reward.id, member_id=member.id, said_with=said_with, given_at=now)
    if row_id is None:
        return
    record(tx, reward=reward, by=member, act="verified", now=now)
    if reward.state != "proposed":
        return
    if ending.is_mostly_not_yet(tx, reward=reward):
        ending.cancel(tx, reward=reward, why=ending.NOT_YET, by=None, now=now)
        return
    reward.vests_at = now + timedelta(days=reward.rule.vesting_days if reward.rule else 0)
    states.move(tx, reward=reward, to="vesting", act="vesting", by=None, now=now)
    thanking.thank_soon(tx, reward=reward, now=now)
    key = f"reward.card:{reward.id}:{reward.version}"  # one that was proposed again gets a card again
    outbox.owe_each(
        tx,
        workspace_id=reward.workspace_id,
        kind="reward.card",
        ids_of={key: {"reward_id": reward.id}},
        not_before={key: reward.vests_at},
        now=now,
    )
    holds.look(tx, reward=reward, now=now)


def is_ripe(reward: Reward, now: datetime) -> bool:
    """Whether it may be decided. What was proposed before anything vested may be at once."""
    if reward.state == "proposed":
        return reward.rule_id is None
    return reward.state == "vesting" and reward.vests_at is not None and reward.vests_at <= now


def why_not(reward: Reward) -> str:
    """Of one that is open and not ripe, as a manager reads it."""
    if reward.state == "proposed" and reward.reason not in rules.OF_SHIPPED:
        return f"Nobody but {reward.proposed_by.name} has confirmed it yet."
    if reward.state == "proposed":
        return f"Nobody but {reward.member.name} has said yet that it works."
    assert reward.vests_at is not None
    return f"It may be approved from {reward.vests_at.day} {reward.vests_at:%B %Y, %H:%M} UTC on."
