"""When a reward comes to nothing: what it is for does not stand any more, or was rewarded already.

Only before anybody was asked to pay. The other reward stays; and what was cancelled may be proposed again when there is
a new reason for it (feedback.rewards.proposing), which undoing a merge alone is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, select, update
from sqlalchemy.orm import Session

from feedback.database import among
from feedback.rewards import ledger, states
from feedback.rewards.rules import OF_SHIPPED
from feedback.rewards.standing import change_of, refresh_card
from models import Answer, Idea, Member, Notice, Payout, Reward

CANCELLABLE = (*states.OPEN, "approved")
"""From the next state on somebody may have paid."""
STANDS_NO_MORE = {
    "reopened": "What it is for is open again: it did not help yet.",
    "declined": "What it is for was declined.",
    "withdrawn": "What it is for was taken back or deleted.",
    "new": "What it is for is back in the inbox.",
}
"""By the state that an idea comes to."""
REVERTED = "The work that it shipped with was opened again in the tracker."
MERGED = "It was merged into another idea, which was rewarded already."
FORGOTTEN = "Its receiver asked to be forgotten."
ASKED = "forgotten"
"""In place of what the payout service was asked for somebody who was forgotten."""
NOT_YET = "More people said “not yet” than “better now”."


def cancel(tx: Session, *, reward: Reward, why: str, by: Member | None, now: datetime) -> None:
    """`reward` is locked. Of what was only proposed nothing had been put aside; what was approved goes back to its
    budget."""
    if reward.state not in CANCELLABLE:
        return
    if reward.state == "approved":
        ledger.step(tx, "release", reward=reward, by=by, now=now)
    reward.ended_why = why
    states.move(tx, reward=reward, to="cancelled", act="cancelled", by=by, now=now, why=why)


def follow_state(tx: Session, *, ideas: Sequence[Idea], state: str, by: Member | None, now: datetime) -> None:
    """What became of these ideas, which the caller has locked."""
    if state in STANDS_NO_MORE:
        which = Reward.idea_id.in_(among(tx, (idea.id for idea in ideas)))
        for reward in _standing(tx, which, Reward.reason.in_(OF_SHIPPED)):
            cancel(tx, reward=reward, why=STANDS_NO_MORE[state], by=by, now=now)


def follow_revert(tx: Session, *, idea_ids: Sequence[int], theme_ids: Sequence[int], now: datetime) -> None:
    """The work with which these shipped goes on."""
    in_themes = select(Idea.id).where(Idea.theme_id.in_(among(tx, theme_ids)))
    which = Reward.idea_id.in_(among(tx, idea_ids)) | Reward.idea_id.in_(in_themes)
    for reward in _standing(tx, which, Reward.reason.in_(OF_SHIPPED)):
        cancel(tx, reward=reward, why=REVERTED, by=None, now=now)


def follow_merge(tx: Session, *, idea: Idea, into: Idea, by: Member, now: datetime) -> None:
    """One contribution is rewarded once: what shipped by whoever said it first, evidence and the like once a person."""
    theirs = tx.scalars(
        select(Reward).where(Reward.idea_id == into.id, Reward.state.not_in(("declined", "cancelled")))
    ).all()
    is_rewarded = any(reward.reason in OF_SHIPPED for reward in theirs)
    known = {(reward.reason, reward.member_id) for reward in theirs}
    for reward in _standing(tx, Reward.idea_id == idea.id):
        if (reward.reason, reward.member_id) in known or (is_rewarded and reward.reason in OF_SHIPPED):
            cancel(tx, reward=reward, why=MERGED, by=by, now=now)


def forget_receiver(tx: Session, *, member: Member, now: datetime) -> None:
    """What nobody was asked to pay yet comes to nothing; of what was paid stays what the books need."""
    for reward in _standing(tx, Reward.member_id == member.id):
        cancel(tx, reward=reward, why=FORGOTTEN, by=None, now=now)
    forget_payments(tx, member_ids=select(Member.id).where(Member.id == member.id))
    shown = select(Reward.id).where(Reward.member_id == member.id, Reward.card_ts.is_not(None)).order_by(Reward.id)
    for reward_id in tx.scalars(shown):
        refresh_card(tx, reward_id=reward_id, now=now)


def forget_payments(tx: Session, *, member_ids: Select[int]) -> None:
    """The codes and links, and what the service was asked, which names them; that it was asked stays. A payment that is
    not at its end may be asked for again, and then in the same words."""
    theirs = select(Reward.id).where(Reward.member_id.in_(member_ids), Reward.state.in_(states.ENDED))
    asked = case((Payout.body != "", ASKED), else_="")
    tx.execute(update(Payout).where(Payout.reward_id.in_(theirs)).values(gift="", body=asked))


def is_mostly_not_yet(tx: Session, *, reward: Reward) -> bool:
    """Of those who answered to the change that it is for. Never of what somebody gave by hand, which is as good when
    the answer is no."""
    change = change_of(tx, reward=reward) if reward.reason in OF_SHIPPED else None
    if change is None:
        return False
    return mostly_not_yet(tx, change_id=change.id)


def mostly_not_yet(tx: Session, *, change_id: int) -> bool:
    rows = tx.execute(
        select(Answer.verdict, func.count())
        .join(Notice, Notice.id == Answer.notice_id)
        .where(Notice.change_id == change_id)
        .group_by(Answer.verdict)
    )
    said = {row[0]: row[1] for row in rows}
    return said.get("not_yet", 0) > said.get("better", 0)


def ripen(tx: Session, *, reward_id: int, now: datetime) -> None:
    """Its days are over. What most people say by now counts, and not only what they said when the days began."""
    reward = tx.get_one(Reward, reward_id, with_for_update=True)
    if reward.state == "vesting" and is_mostly_not_yet(tx, reward=reward):
        cancel(tx, reward=reward, why=NOT_YET, by=None, now=now)


def _standing(tx: Session, *which: ColumnElement[bool]) -> Sequence[Reward]:
    """Locked, in the order of their ids."""
    return tx.scalars(
        select(Reward).where(*which, Reward.state.in_(CANCELLABLE)).order_by(Reward.id).with_for_update(of=Reward)
    ).all()
