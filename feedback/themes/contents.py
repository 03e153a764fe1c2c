"""What a theme holds, and how something is put into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import audit, ideas
from models import Idea, Member, Theme

LONGEST_NAME = 80


def living(tx: Session, *, workspace_id: int) -> Sequence[Theme]:
    """Every theme that was not merged away and holds an idea that is shown there, by name."""
    return tx.scalars(
        select(Theme)
        .where(
            Theme.workspace_id == workspace_id,
            Theme.merged_into_id.is_(None),
            select(Idea.id).where(Idea.theme_id == Theme.id, Idea.state != "withdrawn", ~ideas.is_merged()).exists(),
        )
        .order_by(func.lower(Theme.name), Theme.id)
    ).all()


def latest(tx: Session, *, workspace_id: int) -> Sequence[Theme]:
    """The same, but the one that an idea came into last stands first."""
    came = (
        select(Idea.theme_id, func.max(Idea.captured_at).label("last_at"))
        .where(Idea.workspace_id == workspace_id, Idea.state != "withdrawn", ~ideas.is_merged())
        .group_by(Idea.theme_id)
        .subquery("came")
    )
    return tx.scalars(
        select(Theme)
        .join(came, came.c.theme_id == Theme.id)
        .where(Theme.workspace_id == workspace_id, Theme.merged_into_id.is_(None))
        .order_by(came.c.last_at.desc(), Theme.id.desc())
    ).all()


def shown_in(tx: Session, *, theme_id: int) -> list[Idea]:
    """Its ideas but for those that were taken back, or went into another one."""
    found = ideas_of(tx, theme_id=theme_id)
    elsewhere = ideas.went_into(tx, idea_ids=[idea.id for idea in found])
    return [idea for idea in found if idea.state != "withdrawn" and idea.id not in elsewhere]


def ideas_of(tx: Session, *, theme_id: int) -> list[Idea]:
    """Locked, in the order of their ids; withdrawn ones too."""
    return list(tx.scalars(select(Idea).where(Idea.theme_id == theme_id).order_by(Idea.id).with_for_update()))


def open_theme(tx: Session, *, workspace_id: int, name: str, named_by: Member | None, now: datetime) -> Theme:
    theme = Theme(
        workspace_id=workspace_id,
        name=name[:LONGEST_NAME],
        named_by_id=named_by.id if named_by else None,
        created_at=now,
    )
    tx.add(theme)
    tx.flush()  # the rows below speak of its id
    record(tx, theme=theme, by=named_by, act="opened", now=now, name=theme.name)
    return theme


def put(tx: Session, *, idea: Idea, theme: Theme, by: Member | None, now: datetime) -> None:
    before, idea.theme_id = idea.theme_id, theme.id
    idea.placed_by_id = by.id if by else None
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


def refresh_cards(tx: Session, *, theme: Theme, now: datetime) -> None:
    """Only of ideas that still wait for somebody: a theme may hold hundreds, and Slack takes few updates a minute."""
    for idea in ideas_of(tx, theme_id=theme.id):
        if idea.state in ideas.OPEN_STATES:
            ideas.refresh_card(tx, idea=idea, now=now)


def record(tx: Session, *, theme: Theme, by: Member | None, act: str, now: datetime, **detail: object) -> None:
    audit.record(
        tx, workspace_id=theme.workspace_id, by=by, act=act, subject="theme", subject_id=theme.id, now=now, **detail
    )
