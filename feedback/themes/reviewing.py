"""What people do with themes: rename, pin, merge, split, move. Their word stands against the grouping's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, ideas
from feedback.errors import Refused
from feedback.themes.changing import open_theme, part, put, take_in
from feedback.themes.contents import LONGEST_NAME, ideas_of, record, refresh_cards
from models import Idea, Member, Theme


def rename(tx: Session, *, by: Member, theme_id: int, name: str, now: datetime) -> Theme:
    """A person's name for it, which the grouping never changes again."""
    theme = access.access_theme(tx, member=by, theme_id=theme_id)
    name = _checked_name(name)
    if name != theme.name or theme.named_by_id is None:
        record(tx, theme=theme, by=by, act="renamed", now=now, before=theme.name, after=name)
        theme.name, theme.named_by_id = name, by.id
        refresh_cards(tx, shown=ideas_of(tx, theme_id=theme.id), now=now)
    return theme


def pin(tx: Session, *, by: Member, theme_id: int, now: datetime) -> Theme:
    """From now on it only gains ideas. A second time is no news."""
    theme = access.access_theme(tx, member=by, theme_id=theme_id)
    if theme.pinned_at is None:
        theme.pinned_at, theme.pinned_by_id = now, by.id
        record(tx, theme=theme, by=by, act="pinned", now=now)
    return theme


def unpin(tx: Session, *, by: Member, theme_id: int, now: datetime) -> Theme:
    theme = access.access_theme(tx, member=by, theme_id=theme_id)
    if theme.pinned_at is not None:
        theme.pinned_at = theme.pinned_by_id = None
        record(tx, theme=theme, by=by, act="unpinned", now=now)
    return theme


def merge(tx: Session, *, by: Member, theme_id: int, into_id: int, now: datetime) -> Theme:
    """All ideas of the first go to the second, and so does its address. They stay together until a person parts
    them."""
    if theme_id == into_id:
        raise Refused("Choose another theme to merge it into.", "into_id")
    found = {theme.id: theme for theme in access.access_themes(tx, member=by, theme_ids=[theme_id, into_id])}
    take_in(tx, theme=found[theme_id], into=found[into_id], by=by, now=now)
    return found[into_id]


def split(tx: Session, *, by: Member, theme_id: int, idea_ids: Sequence[int], name: str, now: datetime) -> Theme:
    """Some of its ideas become a theme of their own. Those that stay have been placed too: the grouping may not bring
    the two together again."""
    theme = access.access_theme(tx, member=by, theme_id=theme_id)
    here = {idea.id: idea for idea in ideas_of(tx, theme_id=theme.id)}
    for idea_id in ideas.went_into(tx, idea_ids=list(here)):  # they are shown elsewhere, and nobody chose about them
        del here[idea_id]
    chosen = [here[idea_id] for idea_id in sorted(set(idea_ids)) if idea_id in here]
    if not chosen:
        raise Refused("Choose the ideas that belong together.", "idea_ids")
    if len(chosen) == len(here):
        raise Refused("That would leave nothing behind. Rename the theme instead.", "idea_ids")
    event = part(tx, chosen=chosen, theme=theme, name=_checked_name(name), by=by, now=now)
    return tx.get_one(Theme, event.other_id)


def move(tx: Session, *, by: Member, idea_id: int, theme_id: int | None, name: str = "", now: datetime) -> Idea:
    """Puts one idea into that theme, or (None) into the one of this name, which is opened if there is none."""
    access.check_review(by)
    theme_id = theme_id or called(tx, workspace_id=by.workspace_id, name=_checked_name(name))
    # The theme is locked before the idea, as a merge does it.
    theme = access.access_theme(tx, member=by, theme_id=theme_id) if theme_id else None
    idea = access.access_idea(tx, member=by, idea_id=idea_id)
    if theme is None:
        theme = open_theme(tx, workspace_id=idea.workspace_id, name=_checked_name(name), by=by, now=now)
    if idea.theme_id != theme.id:
        put(tx, idea=idea, theme=theme, by=by, now=now)
    return idea


def called(tx: Session, *, workspace_id: int, name: str) -> int | None:
    """The theme that somebody means who types its name; None where there is none, so that a new one is wanted."""
    living = select(Theme.id, Theme.name).where(Theme.workspace_id == workspace_id, Theme.merged_into_id.is_(None))
    # Compared here: a database's own lower() knows only some alphabets.
    names = tx.execute(living.order_by(Theme.id))
    return next((theme_id for theme_id, other in names if other.lower() == name.lower()), None)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("Give it a name.", "name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Please keep the name under {LONGEST_NAME} characters.", "name")
    return name
