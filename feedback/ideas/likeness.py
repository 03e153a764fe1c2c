"""Others have asked for something like this: shown to whoever reads the receipt, so that they can add their voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from feedback import once
from feedback.ideas import sameness
from feedback.ideas.backing import is_merged, merge_of, shown_as, vote_counts
from feedback.ideas.standing import measure_soon, owe_again
from models import Idea, Likeness, Message, ProposedAnswer

MOST_ALIKE = 5


@dataclass(frozen=True)
class Alike:
    """An idea of somebody else's, as it stands now."""

    idea: Idea
    votes: int


def keep_alike(tx: Session, *, idea_id: int, text: str, closeness: Mapping[int, float], now: datetime) -> None:
    """What the grouping found for this text, by the other ideas' ids. It replaces what was found before; of words that
    are not the idea's any more it is no news."""
    idea = tx.get_one(Idea, idea_id)
    if idea.text != text:
        return
    # Rows that refer to ideas hold them a little; in the order in which people's acts take several of them.
    tx.execute(
        select(Idea.id)
        .where(Idea.id.in_([idea_id, *closeness]))
        .order_by(Idea.id)
        .with_for_update(read=True, key_share=True)
    )
    before = tx.execute(delete(Likeness).where(Likeness.idea_id == idea_id).returning(Likeness.id)).all()
    rows = [{"idea_id": idea_id, "other_id": other, "closeness": close} for other, close in sorted(closeness.items())]
    once.insert_all(tx, Likeness, rows, returning=("id",))
    if before or rows:
        owe_again(tx, "idea.receipt_refresh", idea, now)


def alike(tx: Session, *, idea: Idea, channel_id: str | None) -> list[Alike]:
    """The closest first, for a receipt in this channel: what others said there, which everybody who reads the receipt
    may read. In somebody's own conversation (None) nothing, and nothing where this idea is decided or went into another
    one. Of several that are kept together the closest one stands for all."""
    if idea.state != "new" or channel_id is None or merge_of(tx, idea_id=idea.id):
        return []
    found = tx.execute(
        select(Idea, shown_as())
        .join(Likeness, Likeness.other_id == Idea.id)
        .join(Message, Message.id == Idea.message_id)
        .where(
            Likeness.idea_id == idea.id,
            Idea.state != "withdrawn",
            Idea.author_id != idea.author_id,
            Message.channel_id == channel_id,
            Message.deleted_at.is_(None),
            Message.is_lost.is_(False),
        )
        .order_by(Likeness.closeness.desc(), Idea.id)
    )
    closest: dict[int, Idea] = {}
    for other, shown_id in found:
        if shown_id != idea.id:
            closest.setdefault(shown_id, other)
    others = list(closest.values())[:MOST_ALIKE]
    votes = vote_counts(tx, idea_ids=[other.id for other in others])
    return [Alike(other, votes[other.id]) for other in others]


def nearest(tx: Session, *, idea: Idea) -> list[Idea]:
    """What the team may merge with it, the closest first, whoever found the other. Not what is kept elsewhere."""
    found = (Likeness.idea_id == idea.id) & (Likeness.other_id == Idea.id)
    was_found = (Likeness.other_id == idea.id) & (Likeness.idea_id == Idea.id)
    others = tx.scalars(
        select(Idea)
        .join(Likeness, found | was_found)
        .where(Idea.state.in_(sameness.COMPARED), ~is_merged())
        .options(joinedload(Idea.author))
        .order_by(Likeness.closeness.desc(), Idea.id)
    )
    return list(dict.fromkeys(others))


def words_changed(tx: Session, *, idea: Idea, now: datetime) -> None:
    """Its words are others now, or gone. So is what was alike, what seemed to answer it and what its theme was measured
    by, and others' receipts that quote it are shown anew."""
    sameness.forget_open(tx, idea=idea)
    measure_soon(tx, workspace_id=idea.workspace_id, now=now)
    tx.execute(delete(Likeness).where(Likeness.idea_id == idea.id))
    is_guess = (ProposedAnswer.how == "text") & ProposedAnswer.was_chosen.is_(None)
    tx.execute(delete(ProposedAnswer).where(ProposedAnswer.idea_id == idea.id, is_guess))
    quoting = select(Idea).join(Likeness, Likeness.idea_id == Idea.id).where(Likeness.other_id == idea.id)
    for other in tx.scalars(quoting.where(Idea.state == "new").order_by(Idea.id)):
        owe_again(tx, "idea.receipt_refresh", other, now)
