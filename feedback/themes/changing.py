"""What changes which ideas a theme holds, whoever wants it: each change leaves one event, with what undoing it needs.

Rights are checked and the themes are locked already. `by` None is the grouping.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import audit, ideas
from feedback.themes.contents import LONGEST_NAME, ideas_in, ideas_of, name_soon, record, refresh_cards
from models import Idea, Member, Theme, ThemeEvent


def open_theme(
    tx: Session,
    *,
    workspace_id: int,
    name: str,
    by: Member | None,
    now: datetime,
    is_named: bool = True,
    out_of: Theme | None = None,
    idea_count: int = 1,
) -> Theme:
    """`is_named`: the name is `by`'s own, and stays."""
    theme = Theme(
        workspace_id=workspace_id,
        name=name[:LONGEST_NAME],
        named_by_id=by.id if by and is_named else None,
        created_at=now,
    )
    tx.add(theme)
    tx.flush()  # the rows below speak of its id
    record(tx, theme=theme, by=by, act="opened", now=now, name=theme.name)
    _happened(tx, kind="emerged", theme=theme, other=out_of, idea_count=idea_count, by=by, now=now)
    return theme


def put(tx: Session, *, idea: Idea, theme: Theme, by: Member | None, now: datetime) -> None:
    """One idea, which may have been in no theme yet."""
    before = tx.get_one(Theme, idea.theme_id) if idea.theme_id is not None else None
    if before is None:
        place_in(tx, idea=idea, theme=theme, by=by, now=now)
    else:
        shift(tx, chosen=[idea], theme=before, into=theme, by=by, now=now)


def shift(
    tx: Session, *, chosen: Sequence[Idea], theme: Theme, into: Theme, by: Member | None, now: datetime
) -> ThemeEvent:
    """Some ideas of a theme go to another one. `chosen`: locked."""
    before = _as_they_are(chosen)
    for idea in chosen:
        place_in(tx, idea=idea, theme=into, by=by, now=now)
    is_left = tx.scalars(select(Idea.id).where(Idea.theme_id == theme.id).limit(1)).first() is not None
    kind = "survived" if is_left else "ended"
    name_soon(tx, theme=theme, now=now)
    ids = [idea.id for idea in chosen]
    record(tx, theme=theme, by=by, act="gave", now=now, into_id=into.id, into=into.name, idea_ids=ids)
    record(tx, theme=into, by=by, act="got", now=now, from_id=theme.id, name=theme.name, idea_ids=ids)
    return _happened(tx, kind=kind, theme=theme, other=into, idea_count=len(chosen), by=by, now=now, before=before)


def take_in(tx: Session, *, theme: Theme, into: Theme, by: Member | None, now: datetime) -> ThemeEvent:
    """All ideas of the first go to the second, and so does its address. Where a person wants it, all of them are
    placed there, those that were there already too: the grouping may not part them again."""
    found = ideas_in(tx, theme_ids=[theme.id, into.id])
    moved = [idea for idea in found if idea.theme_id == theme.id]
    moved_ids = [idea.id for idea in moved]
    before = _as_they_are(found if by else moved)
    for idea in moved:
        idea.theme_id = into.id
    _mark(moved, by=by, now=now)
    _mark(_unplaced(found) if by else [], by=by, now=now)
    theme.merged_into_id = into.id
    record(tx, theme=theme, by=by, act="merged", now=now, into_id=into.id, into=into.name, idea_ids=moved_ids)
    record(tx, theme=into, by=by, act="took in", now=now, from_id=theme.id, name=theme.name, idea_ids=moved_ids)
    refresh_cards(tx, shown=found, now=now)
    ideas.measure_soon(tx, workspace_id=into.workspace_id, now=now)
    return _happened(tx, kind="absorbed", theme=theme, other=into, idea_count=len(moved), by=by, now=now, before=before)


def part(
    tx: Session,
    *,
    chosen: Sequence[Idea],
    theme: Theme,
    name: str,
    by: Member | None,
    now: datetime,
    is_named: bool = True,
) -> ThemeEvent:
    """Some ideas of a theme become one of their own. Where a person wants it, those that stay have been placed too:
    the grouping may not bring the two together again."""
    found = ideas_of(tx, theme_id=theme.id)
    before = _as_they_are(found if by else chosen)
    count = len(chosen)
    new = open_theme(
        tx,
        workspace_id=theme.workspace_id,
        name=name,
        by=by,
        now=now,
        is_named=is_named,
        out_of=theme,
        idea_count=count,
    )
    for idea in chosen:
        place_in(tx, idea=idea, theme=new, by=by, now=now)
    _mark(_unplaced(found) if by else [], by=by, now=now)
    name_soon(tx, theme=theme, now=now)
    ids = [idea.id for idea in chosen]
    record(tx, theme=theme, by=by, act="split", now=now, new_id=new.id, new=new.name, idea_ids=ids)
    return _happened(tx, kind="split", theme=theme, other=new, idea_count=count, by=by, now=now, before=before)


def place_in(tx: Session, *, idea: Idea, theme: Theme, by: Member | None, now: datetime) -> None:
    """As `put`, where the event is somebody else's to write."""
    before, idea.theme_id = idea.theme_id, theme.id
    _mark([idea], by=by, now=now)
    audit.record(
        tx,
        workspace_id=idea.workspace_id,
        by=by,
        act="moved" if before else "grouped",
        subject="idea",
        subject_id=idea.id,
        now=now,
        before=before,
        after=theme.id,
        theme=theme.name,
    )
    ideas.refresh_card(tx, idea=idea, now=now)
    ideas.measure_soon(tx, workspace_id=idea.workspace_id, now=now)


def _mark(placed: Sequence[Idea], *, by: Member | None, now: datetime) -> None:
    for idea in placed:
        idea.placed_by_id = by.id if by else None
        idea.placed_at = now if by else None


def _unplaced(found: Sequence[Idea]) -> list[Idea]:
    """Those that stay where they are, and that nobody has placed there yet."""
    return [idea for idea in found if idea.placed_by_id is None]


def _as_they_are(found: Sequence[Idea]) -> dict[str, Any]:
    return {
        "ideas": [
            [idea.id, idea.theme_id, idea.placed_by_id, idea.placed_at.isoformat() if idea.placed_at else None]
            for idea in found
        ]
    }


def _happened(
    tx: Session,
    *,
    kind: str,
    theme: Theme,
    other: Theme | None,
    idea_count: int,
    by: Member | None,
    now: datetime,
    before: dict[str, Any] | None = None,
) -> ThemeEvent:
    event = ThemeEvent(
        workspace_id=theme.workspace_id,
        kind=kind,
        theme_id=theme.id,
        other_id=other.id if other else None,
        idea_count=idea_count,
        member_id=by.id if by else None,
        at=now,
        before=before or {"ideas": []},
    )
    tx.add(event)
    tx.flush()  # a proposal or an answer remembers its id
    return event
