"""One idea with everything around it: what its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import ideas
from feedback.appeals import supporters
from feedback.overview import hearing, promises
from feedback.overview.history import Line, lines
from models import Appeal, ChangeIdea, Idea, IdeaMerge, Member, Message, Notice, Promise, Reward, Vote

EARLIER_MESSAGES = 8


@dataclass(frozen=True)
class Backer:
    """Somebody behind an idea, or behind what is kept together with it. Each person once."""

    member: Member
    at: datetime
    said_it: bool
    """In an idea of their own, which is kept together with this one."""


@dataclass(frozen=True)
class Whole:
    """One idea with everything around it."""

    idea: Idea
    earlier: Sequence[Message]
    """What was said before it in the same thread, as far as it was heard."""
    merge: IdeaMerge | None
    """By which it went into another one."""
    merged: Sequence[IdeaMerge]
    """What went into it."""
    backers: Sequence[Backer]
    notices: Sequence[Notice]
    rewards: Sequence[Reward]
    appeal: Appeal | None
    supporters: int
    """New people who back it since it was declined, where somebody asked again."""
    promises: Sequence[Promise]
    """What the team promised about it."""
    history: Sequence[Line]


def one(tx: Session, *, workspace_id: int, idea_id: int) -> Whole | None:
    """None where it is not in this workspace."""
    idea = tx.scalars(
        select(Idea)
        .where(Idea.id == idea_id, Idea.workspace_id == workspace_id)
        .options(
            joinedload(Idea.author), joinedload(Idea.captured_by), joinedload(Idea.message), joinedload(Idea.theme)
        )
    ).one_or_none()
    if idea is None:
        return None
    merge = ideas.merge_of(tx, idea_id=idea.id)
    merged = ideas.merged_into(tx, idea_ids=[idea.id]).get(idea.id, [])
    rewards = tx.scalars(
        select(Reward).where(Reward.idea_id == idea.id).options(joinedload(Reward.member)).order_by(Reward.id)
    ).all()
    history = lines(tx, workspace_id=workspace_id, subject="idea", subject_id=idea.id)
    backers = _backers(tx, idea, merge.into_id if merge else idea.id)
    notices = _notices(tx, idea, merge.into_id if merge else idea.id)
    appeal = hearing.appeals(tx, idea_ids=[idea.id]).get(idea.id)
    count = supporters(tx, appeal=appeal) if appeal else 0
    promised = promises.of_idea(tx, idea_id=idea.id)
    return Whole(idea, _earlier(tx, idea), merge, merged, backers, notices, rewards, appeal, count, promised, history)


def _backers(tx: Session, idea: Idea, shown_id: int) -> Sequence[Backer]:
    """The first one first; whoever said it too, before they voted, as `ideas.vote_counts` counts them."""
    counts = ideas.kept_in([shown_id]) & ((Idea.id == idea.id) | (Idea.state != "withdrawn"))
    said = tx.scalars(select(Idea).where(counts).options(joinedload(Idea.author)).order_by(Idea.created_at, Idea.id))
    found = [Backer(each.author, each.created_at, said_it=True) for each in said]
    votes = tx.scalars(
        select(Vote)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(counts)
        .options(joinedload(Vote.member))
        .order_by(Vote.id)
    )
    found += [Backer(vote.member, vote.cast_at, said_it=False) for vote in votes]
    first: dict[int, Backer] = {}
    for backer in found:
        first.setdefault(backer.member.id, backer)
    return [backer for backer in first.values() if backer.member.id != idea.author_id]


def _earlier(tx: Session, idea: Idea) -> Sequence[Message]:
    message = idea.message
    if message is None:
        return []
    # A message that begins its thread is compared with no thread at all: the same query, and nothing before it.
    start = message.thread_ts or message.ts
    newest_first = tx.scalars(
        select(Message)
        .where(
            Message.workspace_id == idea.workspace_id,
            Message.channel_id == message.channel_id,
            (Message.ts == start) | (Message.thread_ts == start),
            Message.posted_at < message.posted_at,
            Message.deleted_at.is_(None),
        )
        .options(joinedload(Message.author))
        .order_by(Message.posted_at.desc(), Message.id.desc())
        .limit(EARLIER_MESSAGES)
    ).all()
    return newest_first[::-1]


def _notices(tx: Session, idea: Idea, shown_id: int) -> Sequence[Notice]:
    """Whoever raised or backed this idea, or what is kept together with it, and heard of a change that answers it,
    whichever words were quoted."""
    answering = select(ChangeIdea.change_id).where(ChangeIdea.idea_id == idea.id)
    behind = ideas.people(ideas.kept_in([shown_id])).subquery()
    return tx.scalars(
        select(Notice)
        .where(Notice.change_id.in_(answering), Notice.member_id.in_(select(behind.c.member_id)))
        .options(
            joinedload(Notice.member),
            joinedload(Notice.change),
            joinedload(Notice.idea),
            joinedload(Notice.answer),
            joinedload(Notice.reply),
            joinedload(Notice.reminder),
        )
        .order_by(Notice.id)
    ).all()
