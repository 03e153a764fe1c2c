"""What the grouping is given, and what becomes of its answer. A person's word in between wins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import outbox
from feedback.themes.contents import LONGEST_NAME, ideas_of, open_theme, put, refresh_cards
from models import Idea, Theme

SAME_THEME_OVERLAP = 0.5
"""A group inherits the theme that it shares at least so much of the smaller of the two with."""


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


@dataclass(frozen=True)
class ToGroup:
    """Everything that may be grouped anew, in the order of the ideas' ids."""

    workspace_id: int
    idea_ids: list[int]
    texts: list[str]
    theme_ids: list[int | None]
    """Where each is now."""
    fixed: list[bool]
    """Put there by a person, so it stays."""

    @property
    def together(self) -> list[tuple[int, int]]:
        """Pairs of rows that people put into one theme."""
        return [pair for rows in self._placed.values() for pair in pairwise(rows)]

    @property
    def apart(self) -> list[tuple[int, int]]:
        """Pairs of rows that people put into different themes, one pair for two themes."""
        return list(combinations((rows[0] for rows in self._placed.values()), 2))

    @property
    def _placed(self) -> dict[int, list[int]]:
        """The rows that a person placed, by theme."""
        found: dict[int, list[int]] = {}
        for row, (theme_id, is_fixed) in enumerate(zip(self.theme_ids, self.fixed, strict=True)):
            if is_fixed and theme_id is not None:
                found.setdefault(theme_id, []).append(row)
        return found


def to_place(tx: Session, *, idea_id: int) -> ToPlace | None:
    """None where a person has placed it, or it was withdrawn."""
    idea = tx.get_one(Idea, idea_id)
    if idea.placed_by_id is not None or idea.state == "withdrawn":
        return None
    rows = tx.execute(
        select(Theme.id, Idea.text, Idea.id.label("idea_id"))
        .join(Theme, Theme.id == Idea.theme_id)
        .where(Idea.workspace_id == idea.workspace_id, Idea.id != idea.id, Idea.state != "withdrawn")
        .order_by(Idea.id)
    ).all()
    return ToPlace(
        workspace_id=idea.workspace_id,
        idea_id=idea.id,
        text=idea.text,
        texts=[row.text for row in rows],
        theme_ids=[row.id for row in rows],
        idea_ids=[row.idea_id for row in rows],
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
    """What the grouping found: this theme, or (None) a new one with this name. A person's word in between wins."""
    target = _where_it_went(tx, theme_id) if theme_id is not None else None
    idea = tx.get_one(Idea, idea_id, with_for_update=True)
    if idea.placed_by_id is not None or idea.state == "withdrawn":
        return None
    theme = target or _own_theme(tx, idea=idea, name=name, now=now)
    if idea.theme_id != theme.id:
        put(tx, idea=idea, theme=theme, by=None, now=now)
    return theme


def _where_it_went(tx: Session, theme_id: int) -> Theme:
    """The theme, or the one that took it in, and so on. Locked, so that it is not merged away meanwhile."""
    theme = tx.get_one(Theme, theme_id, with_for_update={"key_share": True})
    while theme.merged_into_id is not None:
        theme = tx.get_one(Theme, theme.merged_into_id, with_for_update={"key_share": True})
    return theme


def _own_theme(tx: Session, *, idea: Idea, name: str, now: datetime) -> Theme:
    """Where nothing fits: the theme that it is alone in already, or a new one."""
    if idea.theme_id is not None and len(ideas_of(tx, theme_id=idea.theme_id)) == 1:
        return tx.get_one(Theme, idea.theme_id)
    return open_theme(tx, workspace_id=idea.workspace_id, name=name, named_by=None, now=now)


def to_name(tx: Session, *, theme_id: int) -> tuple[list[str], list[str]] | None:
    """The texts of a theme and of all others, for finding its name; None where a person has named it."""
    theme = tx.get_one(Theme, theme_id)
    if theme.named_by_id is not None or theme.merged_into_id is not None:
        return None
    own: list[str] = []
    others: list[str] = []
    for other_id, text in tx.execute(
        select(Idea.theme_id, Idea.text)
        .where(Idea.workspace_id == theme.workspace_id, Idea.theme_id.is_not(None), Idea.state != "withdrawn")
        .order_by(Idea.id)
    ):
        (own if other_id == theme.id else others).append(text)
    return (own, others) if own else None


def name_by_words(tx: Session, *, theme_id: int, name: str, now: datetime) -> None:
    """The grouping's own name for it, where no person has given one."""
    theme = tx.get_one(Theme, theme_id, with_for_update={"key_share": True})
    if theme.named_by_id is None and theme.name != name:
        theme.name = name[:LONGEST_NAME]
        refresh_cards(tx, theme=theme, now=now)


def regroup_soon(tx: Session, *, workspace_id: int, now: datetime) -> None:
    outbox.owe_again(tx, workspace_id=workspace_id, kind="theme.regroup", key=f"regroup:{workspace_id}", now=now)


def to_group(tx: Session, *, workspace_id: int) -> ToGroup:
    rows = tx.execute(
        select(Idea.id, Idea.text, Idea.theme_id, Idea.placed_by_id)
        .where(Idea.workspace_id == workspace_id, Idea.state != "withdrawn")
        .order_by(Idea.id)
    ).all()
    return ToGroup(
        workspace_id=workspace_id,
        idea_ids=[row.id for row in rows],
        texts=[row.text for row in rows],
        theme_ids=[row.theme_id for row in rows],
        fixed=[row.placed_by_id is not None for row in rows],
    )


def inherit(before: Sequence[int | None], labels: Sequence[int]) -> dict[int, int]:
    """Which group goes on under which theme's id: label -> theme id. Equal input gives equal output.

    A pair must share half of the smaller of the two; the pairs that share most choose first, the older theme before
    the younger, and no theme is given twice.
    """
    shared = Counter((theme_id, label) for theme_id, label in zip(before, labels, strict=True) if theme_id is not None)
    theme_sizes = Counter(theme_id for theme_id in before if theme_id is not None)
    label_sizes = Counter(labels)
    heirs: dict[int, int] = {}
    for (theme_id, label), count in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
        if label in heirs or theme_id in heirs.values():
            continue
        if count >= SAME_THEME_OVERLAP * min(theme_sizes[theme_id], label_sizes[label]):
            heirs[label] = theme_id
    return heirs


def regroup(tx: Session, *, seen: ToGroup, labels: Sequence[int], names: Mapping[int, str], now: datetime) -> int:
    """Applies a new grouping: themes keep their ids where `inherit` finds them again. Returns how many ideas moved.

    An idea that a person has placed stays, and so does one that changed its place since `seen` was read.
    """
    heirs = inherit(seen.theme_ids, labels)
    opened: dict[int, Theme] = {}
    moved = 0
    for idea_id, was_in, is_fixed, label in zip(seen.idea_ids, seen.theme_ids, seen.fixed, labels, strict=True):
        stays = was_in is not None and heirs.get(label) == was_in
        if is_fixed or stays:
            continue
        idea = tx.get_one(Idea, idea_id, with_for_update=True)
        if idea.placed_by_id is not None or idea.theme_id != was_in:
            continue
        theme = tx.get_one(Theme, heirs[label]) if label in heirs else opened.get(label)
        if theme is None:
            theme = opened[label] = open_theme(
                tx, workspace_id=idea.workspace_id, name=names[label], named_by=None, now=now
            )
        if theme.merged_into_id is None:
            put(tx, idea=idea, theme=theme, by=None, now=now)
            moved += 1
    return moved
