"""What the grouping is given, and what becomes of its answer. A person's word in between wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import ideas, outbox
from feedback.themes.answers import DECIDING, answers, said_of
from feedback.themes.changing import open_theme, put
from feedback.themes.contents import LONGEST_NAME, ideas_of, is_held, refresh_cards, where_it_went
from feedback.themes.settling import Answered, Placed, Settled, settle
from models import Idea, Theme


@dataclass(frozen=True)
class ToPlace:
    """What the grouping needs to find a place for one idea."""

    workspace_id: int
    idea_id: int
    text: str
    texts: list[str]
    """Those of the ideas that have a theme, in the order of their ids."""
    theme_ids: list[int]
    idea_ids: list[int]
    belongs_in: int | None
    """Where a person's answer puts it, whatever its words."""
    barred: frozenset[int]
    """Where a person's answer says that it does not belong."""


@dataclass(frozen=True)
class ToGroup:
    """Everything that may be grouped anew, in the order of the ideas' ids."""

    workspace_id: int
    idea_ids: list[int]
    texts: list[str]
    theme_ids: list[int | None]
    """Where each is now."""
    settled: Settled
    """What people said of them, by row."""
    held: frozenset[int]
    """Themes that only gain."""
    asked: list[tuple[int, int]]
    """Pairs of rows that somebody was asked about and answered."""


def to_place(tx: Session, *, idea_id: int) -> ToPlace | None:
    """None where a person has placed it, or holds the theme that it is in, or it was withdrawn."""
    idea = tx.get_one(Idea, idea_id)
    if idea.placed_by_id is not None or idea.state == "withdrawn" or (idea.theme and is_held(idea.theme)):
        return None
    rows = tx.execute(
        select(Theme.id, Idea.text, Idea.id.label("idea_id"))
        .join(Theme, Theme.id == Idea.theme_id)
        .where(Idea.workspace_id == idea.workspace_id, Idea.id != idea.id, Idea.state != "withdrawn")
        .order_by(Idea.id)
    ).all()
    belongs_in, barred = said_of(tx, idea_id=idea.id)
    return ToPlace(
        workspace_id=idea.workspace_id,
        idea_id=idea.id,
        text=idea.text,
        texts=[row.text for row in rows],
        theme_ids=[row.id for row in rows],
        idea_ids=[row.idea_id for row in rows],
        belongs_in=belongs_in,
        barred=barred,
    )


def place_soon(tx: Session, *, idea_id: int, now: datetime) -> None:
    """Owes it anew: there was too much to do before it."""
    outbox.owe_again(
        tx,
        workspace_id=tx.get_one(Idea, idea_id).workspace_id,
        kind="idea.place",
        key=f"idea.place:{idea_id}",
        now=now,
        idea_id=idea_id,
    )


def place(tx: Session, *, idea_id: int, theme_id: int | None, name: str, now: datetime) -> Theme | None:
    """What the grouping found: this theme, or (None) a new one with this name. A person's word in between wins, about
    the idea or the theme that it would leave: then None."""
    target = where_it_went(tx, theme_id) if theme_id is not None else None
    idea = tx.get_one(Idea, idea_id, with_for_update=True)
    if idea.placed_by_id is not None or idea.state == "withdrawn" or (idea.theme and is_held(idea.theme)):
        return None
    theme = target or _own_theme(tx, idea=idea, name=name, now=now)
    if idea.theme_id != theme.id:
        put(tx, idea=idea, theme=theme, by=None, now=now)
    return theme


def _own_theme(tx: Session, *, idea: Idea, name: str, now: datetime) -> Theme:
    """Where nothing fits: the theme that it is alone in already, or a new one. Locks no other idea: it is locked
    itself, and whoever takes several does so in the order of their ids."""
    others = select(Idea.id).where(Idea.theme_id == idea.theme_id, Idea.id != idea.id)
    if idea.theme_id is not None and tx.scalars(others.limit(1)).first() is None:
        return tx.get_one(Theme, idea.theme_id)
    return open_theme(tx, workspace_id=idea.workspace_id, name=name, by=None, now=now)


def to_name(tx: Session, *, theme_id: int) -> tuple[list[str], list[str]] | None:
    """The texts of a theme and of all others, for finding its name; none of its own where all were taken back. None
    where a person has named it, or all went elsewhere."""
    theme = tx.get_one(Theme, theme_id)
    has_ideas = tx.scalars(select(Idea.id).where(Idea.theme_id == theme.id).limit(1)).first() is not None
    if theme.named_by_id is not None or theme.merged_into_id is not None or not has_ideas:
        return None
    own: list[str] = []
    others: list[str] = []
    for other_id, text in tx.execute(
        select(Idea.theme_id, Idea.text)
        .where(Idea.workspace_id == theme.workspace_id, Idea.theme_id.is_not(None), Idea.state != "withdrawn")
        .order_by(Idea.id)
    ):
        (own if other_id == theme.id else others).append(text)
    return own, others


def name_by_words(tx: Session, *, theme_id: int, name: str, now: datetime) -> None:
    """The grouping's own name for it, where no person has given one."""
    theme = tx.get_one(Theme, theme_id, with_for_update={"key_share": True})
    if theme.named_by_id is None and theme.name != name:
        theme.name = name[:LONGEST_NAME]
        refresh_cards(tx, shown=ideas_of(tx, theme_id=theme.id), now=now)


def regroup_soon(tx: Session, *, workspace_id: int, now: datetime) -> None:
    outbox.owe_again(tx, workspace_id=workspace_id, kind="theme.regroup", key=f"regroup:{workspace_id}", now=now)


def to_group(tx: Session, *, workspace_id: int) -> ToGroup:
    """Without ideas that went into another one: they are wherever that one is."""
    rows = tx.execute(
        select(Idea.id, Idea.text, Idea.theme_id, Idea.placed_by_id, Idea.placed_at)
        .where(Idea.workspace_id == workspace_id, Idea.state != "withdrawn", ~ideas.is_merged())
        .order_by(Idea.id)
    ).all()
    row_of = {row.id: number for number, row in enumerate(rows)}
    placed = [Placed(row.theme_id, row.placed_by_id is not None, row.placed_at) for row in rows]
    held = frozenset(theme.id for theme in _of_workspace(tx, workspace_id) if is_held(theme))
    given = answers(tx, workspace_id=workspace_id)
    known = [each for each in given if each.idea_id in row_of and each.other_id in row_of]
    said = [
        Answered(row_of[each.idea_id], row_of[each.other_id], each.verdict == "yes", each.answered_at)
        for each in known
        if each.verdict in DECIDING and each.answered_at is not None
    ]
    return ToGroup(
        workspace_id=workspace_id,
        idea_ids=[row.id for row in rows],
        texts=[row.text for row in rows],
        theme_ids=[row.theme_id for row in rows],
        settled=settle(placed, said, held),
        held=held,
        asked=[(row_of[each.idea_id], row_of[each.other_id]) for each in known],
    )


def _of_workspace(tx: Session, workspace_id: int) -> Sequence[Theme]:
    return tx.scalars(select(Theme).where(Theme.workspace_id == workspace_id, Theme.merged_into_id.is_(None))).all()


def without_theme(seen: ToGroup, labels: Sequence[int]) -> dict[int, list[int]]:
    """The rows that had no theme when `seen` was read, by their group."""
    found: dict[int, list[int]] = {}
    for row, (theme_id, label) in enumerate(zip(seen.theme_ids, labels, strict=True)):
        if theme_id is None:
            found.setdefault(label, []).append(row)
    return found


def place_together(
    tx: Session, *, workspace_id: int, idea_ids: Sequence[int], theme_id: int | None, name: str, now: datetime
) -> int:
    """Ideas of one group that have no theme go into this one, or (None) into a new one with this name. Returns how
    many still had none."""
    theme = where_it_went(tx, theme_id) if theme_id is not None else None
    still = (Idea.id.in_(idea_ids), Idea.theme_id.is_(None), Idea.state != "withdrawn")
    found = tx.scalars(select(Idea).where(*still).order_by(Idea.id).with_for_update()).all()
    for idea in found:
        if theme is None:
            theme = open_theme(tx, workspace_id=workspace_id, name=name, by=None, now=now, idea_count=len(found))
        put(tx, idea=idea, theme=theme, by=None, now=now)
    return len(found)
