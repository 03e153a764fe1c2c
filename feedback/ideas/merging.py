"""Two ideas that say the same become one for the team, and two again if that was wrong.

A merge is a row between them; nothing of either is moved or deleted, so ending the row restores everything. While it
stands, one idea is shown, with the other below it; everybody behind either is counted once, and what is decided about
the shown one is decided about both, so that everybody hears of it under their own words.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from feedback import access, audit, once, rewards
from feedback.blocks import shorten
from feedback.errors import Refused
from feedback.ideas.backing import merge_of, merged_into
from feedback.ideas.sameness import settle
from feedback.ideas.standing import measure_soon, refresh
from models import Idea, IdeaMerge, Member, Message

MAY_GO = ("new", "reopened", "planned", "declined")
"""Of the idea that goes. What was declined may be asked for anew; what shipped has been answered, and stays."""
MAY_STAY = ("new", "reopened", "planned")
"""Of the idea that it goes into. Where all is said already, nobody behind the other one would ever hear."""


def merge(tx: Session, *, by: Member, idea_id: int, into_id: int, now: datetime) -> IdeaMerge:
    """The first idea goes into the second. A second time is no news.

    Refused: an idea with itself, what was taken back, what shipped, and chains: neither may the first have taken
    others in, nor the second have gone elsewhere. Both keep their state. What is decided about the second one from now
    on is decided about both, but what it was planned with before is not told again to those who come.
    """
    if idea_id == into_id:
        raise Refused("Choose another idea to merge it with.", "into_id")
    take_turn(tx, workspace_id=by.workspace_id)
    found = {each: access.access_idea(tx, member=by, idea_id=each) for each in sorted((idea_id, into_id))}
    idea, into = found[idea_id], found[into_id]
    before = merge_of(tx, idea_id=idea.id)
    if before is not None and before.into_id == into.id:
        return before
    _check_states(idea, into)
    _check_chain(tx, idea, into, before)
    row = IdeaMerge(workspace_id=by.workspace_id, idea_id=idea.id, into_id=into.id, merged_by_id=by.id, merged_at=now)
    tx.add(row)
    tx.flush()  # what is shown anew below is looked up by it
    settle(tx, idea_id=idea.id, other_id=into.id, decision="merged", by=by, now=now)
    _record(tx, idea, "merged", by, now, into_id=into.id, author=into.author.name)
    _record(tx, into, "took in", by, now, from_id=idea.id, author=idea.author.name)
    rewards.follow_merge(tx, idea=idea, into=into, by=by, now=now)
    refresh(tx, idea=into, now=now)
    rewards.touch_those_of(tx, idea_ids=(idea.id, into.id), now=now)
    measure_soon(tx, workspace_id=by.workspace_id, now=now)
    return row


def take_turn(tx: Session, *, workspace_id: int) -> None:
    """Before any idea is locked, by whoever merges, undoes or decides: what is merged with what stays so until they
    are done, and they can lock all of it in the order of ids."""
    once.take_turn(tx, f"merges:{workspace_id}")


def undo(tx: Session, *, by: Member, merge_id: int, now: datetime) -> IdeaMerge:
    """Both stand for themselves again, with their own votes. What was told or decided meanwhile stays as it is. A
    second time is no news."""
    take_turn(tx, workspace_id=by.workspace_id)
    row = access.access_merge(tx, member=by, merge_id=merge_id)
    for each in sorted((row.idea_id, row.into_id)):
        access.access_idea(tx, member=by, idea_id=each)
    if not _end(tx, IdeaMerge.id == row.id, by, now):
        return row
    _record(tx, row.idea, "taken out", by, now, into_id=row.into_id)
    _record(tx, row.into, "let go", by, now, from_id=row.idea_id)
    for idea in (row.idea, row.into):
        refresh(tx, idea=idea, now=now)
    rewards.touch_those_of(tx, idea_ids=(row.idea_id, row.into_id), now=now)
    measure_soon(tx, workspace_id=by.workspace_id, now=now)
    return row


def let_go(tx: Session, *, idea: Idea, now: datetime) -> None:
    """It was taken back, or is no feedback: what went into it waits for the team by itself again. The caller holds it
    locked."""
    for idea_id in _end(tx, IdeaMerge.into_id == idea.id, None, now):
        other = tx.get_one(Idea, idea_id)
        _record(tx, other, "left alone", None, now, into_id=idea.id)
        refresh(tx, idea=other, now=now)


def seen_with(tx: Session, *, idea: Idea, channel_id: str | None) -> Idea | None:
    """What it went into, for a receipt in this channel: where somebody else said it there, so that everybody who reads
    the receipt may read it too."""
    if channel_id is None:
        return None
    return tx.scalars(
        select(Idea)
        .join(IdeaMerge, IdeaMerge.into_id == Idea.id)
        .join(Message, Message.id == Idea.message_id)
        .where(
            IdeaMerge.idea_id == idea.id,
            IdeaMerge.undone_at.is_(None),
            Idea.state != "withdrawn",
            Idea.author_id != idea.author_id,
            Message.channel_id == channel_id,
            Message.deleted_at.is_(None),
            Message.is_lost.is_(False),
        )
    ).one_or_none()


def _check_states(idea: Idea, into: Idea) -> None:
    if "withdrawn" in (idea.state, into.state):
        raise Refused("One of the two was taken back by its author.", "into_id")
    if idea.state not in MAY_GO:
        raise Refused(f"{_called(idea)} shipped already, and whoever asked for it was told. It stays.", "into_id")
    if into.state not in MAY_STAY:
        was = "was declined" if into.state == "declined" else "shipped"
        raise Refused(f"{_called(into)} {was} already, so nobody behind the other one would hear of it.", "into_id")


def _check_chain(tx: Session, idea: Idea, into: Idea, before: IdeaMerge | None) -> None:
    """`before`: by which the first one went elsewhere."""
    if before is not None:
        raise Refused(f"{_called(idea)} was merged into {_called(before.into)} already. Undo that first.", "into_id")
    onward = merge_of(tx, idea_id=into.id)
    if onward is not None:
        rest = "Undo that first." if onward.into_id == idea.id else "Choose that one."
        raise Refused(f"{_called(into)} was merged into {_called(onward.into)}. {rest}", "into_id")
    for inside in merged_into(tx, idea_ids=[idea.id]).get(idea.id, []):
        raise Refused(f"{_called(inside.idea)} was merged into {_called(idea)}. Undo that first.", "into_id")


def _called(idea: Idea) -> str:
    return f"“{shorten(idea.text, 60)}”"


def _end(tx: Session, which: ColumnElement[bool], by: Member | None, now: datetime) -> list[int]:
    """The ids of the ideas that stand for themselves again."""
    statement = (
        update(IdeaMerge)
        .where(which, IdeaMerge.undone_at.is_(None))
        .values(undone_at=now, undone_by_id=by.id if by else None)
        .returning(IdeaMerge.idea_id)
    )
    return sorted(tx.scalars(statement))


def _record(tx: Session, idea: Idea, act: str, by: Member | None, now: datetime, **detail: object) -> None:
    audit.record(
        tx, workspace_id=idea.workspace_id, by=by, act=act, subject="idea", subject_id=idea.id, now=now, **detail
    )
