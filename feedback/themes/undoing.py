"""Undoing what was done to a theme: each idea that still stands where that put it goes back to how it stood before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from feedback import access, ideas
from feedback.errors import Refused
from feedback.themes.changing import place_in
from feedback.themes.contents import name_soon, record, refresh_cards
from models import Idea, Member, Theme, ThemeEvent, ThemeProposal, ThemeQuestion

UNDO_DAYS = 30
MOST_OFFERED = 5
OFFERED = ("absorbed", "split")
"""On a theme's own page; one idea that was moved is moved back by hand as quickly."""
NOTHING_LEFT = "Its ideas were moved on since, so there is nothing left to undo."


def offered(tx: Session, *, theme: Theme, now: datetime) -> Sequence[ThemeEvent]:
    """What became of this theme lately and can be undone, the newest first."""
    return tx.scalars(
        select(ThemeEvent)
        .where(
            or_(ThemeEvent.other_id == theme.id, ThemeEvent.theme_id == theme.id),
            ThemeEvent.kind.in_(OFFERED),
            ThemeEvent.undone_at.is_(None),
            ThemeEvent.at > now - timedelta(days=UNDO_DAYS),
        )
        .options(joinedload(ThemeEvent.theme), joinedload(ThemeEvent.other), joinedload(ThemeEvent.member))
        .order_by(ThemeEvent.at.desc(), ThemeEvent.id.desc())
        .limit(MOST_OFFERED)
    ).all()


def undo(tx: Session, *, by: Member, event_id: int, now: datetime) -> ThemeEvent:
    """A theme that was merged away lives again; one that was split off leads back to where it came from, unless it
    has ideas of its own by now. Ideas that somebody has moved on since stay there. Where it came of an answer that two
    ideas ask for the same, that waits to be asked again. A second time is no news."""
    access.check_review(by)
    # Locked before the event, as whoever takes the answer back does it.
    mine = (ThemeQuestion.event_id == event_id, ThemeQuestion.workspace_id == by.workspace_id)
    asked = tx.scalars(select(ThemeQuestion).where(*mine).with_for_update()).all()
    event = tx.scalars(
        select(ThemeEvent)
        .where(ThemeEvent.id == event_id, ThemeEvent.workspace_id == by.workspace_id)
        .with_for_update()
    ).one_or_none()
    if event is None or event.other_id is None or event.kind == "emerged":
        raise Refused("That is not here any more.")
    if event.undone_at is not None:
        return event
    theme, other = _both(tx, event)
    back = _restore(tx, event=event, by=by, now=now)
    if not back and event.idea_count:
        raise Refused(NOTHING_LEFT)
    if event.kind == "absorbed":
        theme.merged_into_id = None
    if event.kind == "split" and tx.scalars(select(Idea.id).where(Idea.theme_id == other.id).limit(1)).first() is None:
        other.merged_into_id = theme.id
    event.undone_at, event.undone_by_id = now, by.id
    tx.execute(
        update(ThemeProposal)
        .where(ThemeProposal.event_id == event.id)
        .values(decision="undone", decided_at=now, decided_by_id=by.id)
    )
    for question in asked:
        question.verdict = question.answered_at = question.answered_by_id = question.event_id = None
    for page in (theme, other):
        name_soon(tx, theme=page, now=now)
        record(tx, theme=page, by=by, act="undone", now=now, what=event.kind, one=theme.name, other=other.name)
    return event


def _both(tx: Session, event: ThemeEvent) -> tuple[Theme, Theme]:
    """Locked in the order of their ids, and refused where one of them has been merged away since."""
    wanted = select(Theme).where(Theme.id.in_([event.theme_id, event.other_id])).order_by(Theme.id)
    found = {theme.id: theme for theme in tx.scalars(wanted.with_for_update(key_share=True))}
    theme, other = found[event.theme_id], found[event.other_id or 0]
    expected = other.id if event.kind == "absorbed" else None
    if theme.merged_into_id != expected or other.merged_into_id is not None:
        gone = theme if theme.merged_into_id != expected else other
        raise Refused(f"“{gone.name}” was merged into another theme since. Undo that first.")
    return theme, other


def _restore(tx: Session, *, event: ThemeEvent, by: Member, now: datetime) -> int:
    """How many ideas changed their theme again."""
    before = {row[0]: row[1:] for row in event.before["ideas"]}
    found = tx.scalars(select(Idea).where(Idea.id.in_(before)).order_by(Idea.id).with_for_update()).all()
    stand = [idea for idea in found if _stands_as_left(idea, event)]
    back = [idea for idea in stand if idea.theme_id != before[idea.id][0]]
    for idea in back:
        home = tx.get_one(Theme, before[idea.id][0])
        if event.kind == "absorbed":  # which left no line with each idea either
            idea.theme_id = home.id
        else:
            place_in(tx, idea=idea, theme=home, by=by, now=now)
    for idea in stand:
        _, idea.placed_by_id, placed_at = before[idea.id]
        idea.placed_at = datetime.fromisoformat(placed_at) if placed_at else None
    refresh_cards(tx, shown=stand, now=now)
    ideas.measure_soon(tx, workspace_id=event.workspace_id, now=now)
    return len(back)


def _stands_as_left(idea: Idea, event: ThemeEvent) -> bool:
    """Nobody has said anything else about it since."""
    return (
        idea.theme_id in (event.theme_id, event.other_id)
        and idea.placed_by_id == event.member_id
        and (event.member_id is None or idea.placed_at == event.at)
    )
