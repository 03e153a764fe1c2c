"""What counts as one contribution: an idea that is shown, with everything that was merged into it.

For having shipped it earns one thing: one reward, or one pot, whose parts several have. That goes to whoever said it
first, of those who may be given anything and whose words still stand; which of the two ideas is shown is the team's
choice, and says nothing of who was first. Where two that were merged had earned something each, before anybody knew
that they say the same, what has come further stays, or else what was for the first one; what was paid stays paid. What
somebody gave besides (evidence, a call, their time as a tester) is thanked for once a person.

An undo makes two contributions of it again: what stands stays where it is, and the other one may earn its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from feedback import ideas, identities
from feedback.database import among
from feedback.rewards import eligibility, rules, states
from models import Change, ChangeIdea, Idea, Reward

COME_TO_NOTHING = ("declined", "cancelled")


def first_said(tx: Session, *, idea: Idea, change: Change, now: datetime) -> Idea:
    """Of what is kept in `idea`, which is shown, and what the change answers. The shown one where nobody may be given
    anything."""
    said = tx.scalars(
        select(Idea)
        .join(ChangeIdea, ChangeIdea.idea_id == Idea.id)
        .where(ChangeIdea.change_id == change.id, ideas.kept_in([idea.id]), Idea.state != "withdrawn")
        .order_by(Idea.created_at, Idea.id)
    )
    return next((each for each in said if not eligibility.why_not(tx, member=each.author, now=now)), idea)


def is_earned(tx: Session, *, idea: Idea, member_id: int, reasons: Collection[str] = ()) -> bool:
    """Whether somebody else has something for it, or this person for one of these reasons."""
    person = identities.same_person(tx, member_id=member_id)
    found = tx.scalars(select(Reward).where(_of(idea), Reward.state.not_in(COME_TO_NOTHING))).all()
    return any(reward.member_id not in person or reward.reason in reasons for reward in found)


def undecided(tx: Session, *, idea: Idea) -> Sequence[Reward]:
    """Of what was proposed because it shipped. Locked, in the order of their ids."""
    open_ones = select(Reward).where(_of(idea), Reward.state.in_(states.OPEN))
    return tx.scalars(open_ones.order_by(Reward.id).with_for_update(of=Reward)).all()


def _of(idea: Idea) -> ColumnElement[bool]:
    kept = select(Idea.id).where(ideas.kept_in([idea.id]))
    return Reward.idea_id.in_(kept) & Reward.reason.in_(rules.OF_SHIPPED)


def earned_among(tx: Session, *, said: Sequence[Idea]) -> set[int]:
    """Ids of those ideas that say the same as one which earned something of its own, outside of any pot."""
    shown = tx.scalars(select(ideas.shown_as()).where(Idea.id.in_(among(tx, (idea.id for idea in said))))).all()
    rewarded = select(ideas.shown_as()).join(Reward, Reward.idea_id == Idea.id)
    stands = (Reward.reason.in_(rules.OF_SHIPPED), Reward.state.not_in(COME_TO_NOTHING), Reward.pot_id.is_(None))
    found = tx.scalars(rewarded.where(*stands, ideas.shown_as().in_(among(tx, shown)))).all()
    return set(tx.scalars(select(Idea.id).where(ideas.kept_in(among(tx, found)))))


def to_give_up(idea: Idea, into: Idea, standing: Sequence[Reward]) -> list[Reward]:
    """Of two ideas that become one: which of what they earned by shipping goes, so that one of both has it. Parts of
    one pot are one thing."""
    ones = {each.id: [reward for reward in standing if reward.idea_id == each.id] for each in (idea, into)}
    if not all(ones.values()):
        return []
    later, first = sorted((idea, into), key=lambda each: (each.created_at, each.id), reverse=True)
    if _how_far(ones[later.id]) > _how_far(ones[first.id]):
        later, first = first, later
    pots = {reward.pot_id for reward in ones[first.id]} - {None}
    return [reward for reward in ones[later.id] if reward.pot_id not in pots]


def _how_far(some: Sequence[Reward]) -> int:
    """Nobody can take back what somebody may have paid; and what managers approved goes before what they have not."""
    return max(0 if each.state in states.OPEN else 1 if each.state == "approved" else 2 for each in some)
