"""When an idea that shipped is open again, and what the team reads then.

Its author's "not yet" is enough; of those who only backed it, it takes as many as the workspace says. Fewer are kept,
and the team reads them, but nothing is undone for one of a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import ideas, outbox
from feedback.loop import asking_first
from models import Answer, Change, ChangeIdea, Idea, Member, Notice, Workspace

STANDS = ("shipped", "verified")
"""Said to be done. What was decided anew since is left alone."""


@dataclass(frozen=True)
class CameBack:
    """Why an idea is open again, and who is to know."""

    owner: Member
    """Who made the change that did not help."""
    answers: Sequence[Answer]
    """Every "not yet" of those behind the idea, the first one first."""


def reopen(tx: Session, *, notice: Notice, kept: Sequence[Idea], answer: Answer, now: datetime) -> None:
    """What one "not yet" does. `kept`: what it is about, locked, so that of two who answer at once the second one
    counts the first."""
    went_into = ideas.went_into(tx, idea_ids=[idea.id for idea in kept])
    groups: dict[int, list[Idea]] = {}
    for idea in kept:
        groups.setdefault(went_into.get(idea.id, idea.id), []).append(idea)
    for group in groups.values():
        said = _not_yets(tx, change_id=notice.change_id, idea_ids=[idea.id for idea in group])
        is_author = any(idea.author_id == notice.member_id for idea in group)
        if not is_author and len(said) < _needed(tx, notice, group):
            continue
        why = " / ".join(each.why for each in said)
        for idea in [idea for idea in group if idea.state in STANDS]:
            ideas.set_state(tx, idea=idea, state="reopened", act="reopened", by=notice.member, now=now, why=why)
            if idea.id not in went_into:  # the card of one that went elsewhere shows no more than where
                key = f"idea.card:{idea.id}:answer:{answer.id}"
                outbox.owe(tx, workspace_id=idea.workspace_id, kind="idea.card", key=key, now=now, idea_id=idea.id)


def _needed(tx: Session, notice: Notice, group: Sequence[Idea]) -> int:
    """Where only a few were asked first, it takes no more than all of them."""
    most = tx.get_one(Workspace, notice.workspace_id).reopen_after
    asked = asking_first.asked(tx, change=notice.change)
    firsts = [len(asked.first[idea.id]) for idea in group if asked.first.get(idea.id)]
    return min([most, *firsts])


def _not_yets(tx: Session, *, change_id: int, idea_ids: Sequence[int]) -> Sequence[Answer]:
    """Of those behind any of these, the first one first."""
    behind = ideas.people(Idea.id.in_(idea_ids)).subquery()
    return tx.scalars(
        select(Answer)
        .join(Notice, Notice.id == Answer.notice_id)
        .where(
            Notice.change_id == change_id,
            Answer.verdict == "not_yet",
            Notice.member_id.in_(select(behind.c.member_id)),
        )
        .options(joinedload(Answer.notice).joinedload(Notice.member))
        .order_by(Answer.id)
    ).all()


def came_back(tx: Session, *, idea: Idea) -> CameBack | None:
    """None where it is not open again."""
    if idea.state != "reopened":
        return None
    change = tx.scalars(
        select(Change)
        .join(ChangeIdea, ChangeIdea.change_id == Change.id)
        .where(ChangeIdea.idea_id == idea.id, Change.kind == "shipped")
        .order_by(Change.id.desc())
        .limit(1)
    ).first()
    if change is None:
        return None
    kept = tx.scalars(select(Idea.id).where(ideas.kept_in([idea.id]))).all()
    return CameBack(change.made_by, _not_yets(tx, change_id=change.id, idea_ids=kept))
