"""Ideas that ask for the same thing, put together by the grouping and set right by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import access, audit, ideas, outbox
from feedback.errors import Refused
from models import Idea, Member, Theme

LONGEST_NAME = 80
SAME_THEME_OVERLAP = 0.5
"""A group inherits the theme that it shares at least so much of the smaller of the two with."""


@dataclass(frozen=True)
class ToPlace:
    """What the grouping needs to find a place for one idea."""

    idea_id: int
    text: str
    themes: dict[int, list[str]]
    """The texts of each theme's ideas."""


@dataclass(frozen=True)
class ToGroup:
    """Everything that may be grouped anew, in the order of the ideas' ids."""

    idea_ids: list[int]
    texts: list[str]
    theme_ids: list[int | None]
    """Where each is now."""
    fixed: list[bool]
    """Put there by a person, so it stays."""


def rename(tx: Session, *, by: Member, theme_id: int, name: str, now: datetime) -> Theme:
    """A person's name for it, which the grouping never changes again."""
    theme = access.access_theme(tx, member=by, theme_id=theme_id)
    name = _checked_name(name)
    if name != theme.name or theme.named_by_id is None:
        _record(tx, theme=theme, by=by, act="renamed", now=now, before=theme.name, after=name)
        theme.name, theme.named_by_id = name, by.id
        _refresh_cards(tx, theme=theme, now=now)
    return theme


def merge(tx: Session, *, by: Member, theme_id: int, into_id: int, now: datetime) -> Theme:
    """All ideas of the first go to the second, and so does its address. The audit row keeps which ones they were."""
    if theme_id == into_id:
        raise Refused("Choose another theme to merge it into.", "into_id")
    found = {theme.id: theme for theme in access.access_themes(tx, member=by, theme_ids=[theme_id, into_id])}
    theme, into = found[theme_id], found[into_id]
    moved = ideas_of(tx, theme_id=theme.id)
    for idea in moved:
        idea.theme_id, idea.placed_by_id = into.id, by.id
    theme.merged_into_id = into.id
    moved_ids = [idea.id for idea in moved]
    _record(tx, theme=theme, by=by, act="merged", now=now, into_id=into.id, into=into.name, idea_ids=moved_ids)
    _record(tx, theme=into, by=by, act="took in", now=now, from_id=theme.id, name=theme.name, idea_ids=moved_ids)
    _refresh_cards(tx, theme=into, now=now)
    return into


def split(tx: Session, *, by: Member, theme_id: int, idea_ids: Sequence[int], name: str, now: datetime) -> Theme:
    """Some of its ideas become a theme of their own."""
    theme = access.access_theme(tx, member=by, theme_id=theme_id)
    here = {idea.id: idea for idea in ideas_of(tx, theme_id=theme.id)}
    chosen = [here[idea_id] for idea_id in sorted(set(idea_ids)) if idea_id in here]
    if not chosen:
        raise Refused("Choose the ideas that belong together.", "idea_ids")
    if len(chosen) == len(here):
        raise Refused("That would leave nothing behind. Rename the theme instead.", "idea_ids")
    new = _open(tx, workspace_id=theme.workspace_id, name=_checked_name(name), named_by=by, now=now)
    for idea in chosen:
        _put(tx, idea=idea, theme=new, by=by, now=now)
    _record(tx, theme=theme, by=by, act="split", now=now, new_id=new.id, new=new.name, idea_ids=[i.id for i in chosen])
    return new


def move(tx: Session, *, by: Member, idea_id: int, theme_id: int | None, name: str = "", now: datetime) -> Idea:
    """Puts one idea into that theme, or (None) into the one of this name, which is opened if there is none."""
    access.check_review(by)
    theme_id = theme_id or called(tx, workspace_id=by.workspace_id, name=_checked_name(name))
    # The theme is locked before the idea, as a merge does it.
    theme = access.access_theme(tx, member=by, theme_id=theme_id) if theme_id else None
    idea = access.access_idea(tx, member=by, idea_id=idea_id)
    if theme is None:
        theme = _open(tx, workspace_id=idea.workspace_id, name=_checked_name(name), named_by=by, now=now)
    if idea.theme_id != theme.id:
        _put(tx, idea=idea, theme=theme, by=by, now=now)
    return idea


def to_place(tx: Session, *, idea_id: int) -> ToPlace | None:
    """None where a person has placed it, or it was withdrawn."""
    idea = tx.get_one(Idea, idea_id)
    if idea.placed_by_id is not None or idea.state == "withdrawn":
        return None
    groups: dict[int, list[str]] = {}
    for theme_id, text in tx.execute(
        select(Theme.id, Idea.text)
        .join(Theme, Theme.id == Idea.theme_id)
        .where(
            Idea.workspace_id == idea.workspace_id,
            Idea.id != idea.id,
            Idea.state != "withdrawn",
        )
        .order_by(Idea.id)
    ):
        groups.setdefault(theme_id, []).append(text)
    return ToPlace(idea.id, idea.text, groups)


def place(tx: Session, *, idea_id: int, theme_id: int | None, name: str, now: datetime) -> Theme | None:
    """What the grouping found: this theme, or (None) a new one with this name. A person's word in between wins."""
    target = _where_it_went(tx, theme_id) if theme_id is not None else None
    idea = tx.get_one(Idea, idea_id, with_for_update=True)
    if idea.placed_by_id is not None or idea.state == "withdrawn":
        return None
    theme = target or _own_theme(tx, idea=idea, name=name, now=now)
    if idea.theme_id != theme.id:
        _put(tx, idea=idea, theme=theme, by=None, now=now)
    return theme


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
        _refresh_cards(tx, theme=theme, now=now)


def to_group(tx: Session, *, workspace_id: int) -> ToGroup:
    rows = tx.execute(
        select(Idea.id, Idea.text, Idea.theme_id, Idea.placed_by_id)
        .where(Idea.workspace_id == workspace_id, Idea.state != "withdrawn")
        .order_by(Idea.id)
    ).all()
    return ToGroup(
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
            theme = opened[label] = _open(tx, workspace_id=idea.workspace_id, name=names[label], named_by=None, now=now)
        if theme.merged_into_id is None:
            _put(tx, idea=idea, theme=theme, by=None, now=now)
            moved += 1
    return moved


def shown_in(tx: Session, *, theme_id: int) -> list[Idea]:
    """Its ideas but for those that were taken back."""
    return [idea for idea in ideas_of(tx, theme_id=theme_id) if idea.state != "withdrawn"]


def regroup_soon(tx: Session, *, workspace_id: int, now: datetime) -> None:
    outbox.owe_again(tx, workspace_id=workspace_id, kind="theme.regroup", key=f"regroup:{workspace_id}", now=now)


def living(tx: Session, *, workspace_id: int) -> Sequence[Theme]:
    """Every theme that was not merged away and holds an idea, by name."""
    return tx.scalars(
        select(Theme)
        .where(
            Theme.workspace_id == workspace_id,
            Theme.merged_into_id.is_(None),
            select(Idea.id).where(Idea.theme_id == Theme.id, Idea.state != "withdrawn").exists(),
        )
        .order_by(func.lower(Theme.name), Theme.id)
    ).all()


def ideas_of(tx: Session, *, theme_id: int) -> list[Idea]:
    """Locked, in the order of their ids; withdrawn ones too."""
    return list(tx.scalars(select(Idea).where(Idea.theme_id == theme_id).order_by(Idea.id).with_for_update()))


def called(tx: Session, *, workspace_id: int, name: str) -> int | None:
    """The theme that somebody means who types its name; None where there is none, so that a new one is wanted."""
    living = select(Theme.id, Theme.name).where(Theme.workspace_id == workspace_id, Theme.merged_into_id.is_(None))
    # Compared here: a database's own lower() knows only some alphabets.
    names = tx.execute(living.order_by(Theme.id))
    return next((theme_id for theme_id, other in names if other.lower() == name.lower()), None)


def _where_it_went(tx: Session, theme_id: int) -> Theme:
    """The theme, or the one that took it in, and so on. Locked, so that it is not merged away meanwhile."""
    theme = tx.get_one(Theme, theme_id, with_for_update={"key_share": True})
    while theme.merged_into_id is not None:
        theme = tx.get_one(Theme, theme.merged_into_id, with_for_update={"key_share": True})
    return theme


def _open(tx: Session, *, workspace_id: int, name: str, named_by: Member | None, now: datetime) -> Theme:
    theme = Theme(
        workspace_id=workspace_id,
        name=name[:LONGEST_NAME],
        named_by_id=named_by.id if named_by else None,
        created_at=now,
    )
    tx.add(theme)
    tx.flush()  # the rows below speak of its id
    _record(tx, theme=theme, by=named_by, act="opened", now=now, name=theme.name)
    return theme


def _own_theme(tx: Session, *, idea: Idea, name: str, now: datetime) -> Theme:
    """Where nothing fits: the theme that it is alone in already, or a new one."""
    if idea.theme_id is not None and len(ideas_of(tx, theme_id=idea.theme_id)) == 1:
        return tx.get_one(Theme, idea.theme_id)
    return _open(tx, workspace_id=idea.workspace_id, name=name, named_by=None, now=now)


def _put(tx: Session, *, idea: Idea, theme: Theme, by: Member | None, now: datetime) -> None:
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


def _refresh_cards(tx: Session, *, theme: Theme, now: datetime) -> None:
    """Only of ideas that still wait for somebody: a theme may hold hundreds, and Slack takes few updates a minute."""
    for idea in ideas_of(tx, theme_id=theme.id):
        if idea.state in ideas.OPEN_STATES:
            ideas.refresh_card(tx, idea=idea, now=now)


def _record(tx: Session, *, theme: Theme, by: Member | None, act: str, now: datetime, **detail: object) -> None:
    audit.record(
        tx, workspace_id=theme.workspace_id, by=by, act=act, subject="theme", subject_id=theme.id, now=now, **detail
    )


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("Give it a name.", "name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Please keep the name under {LONGEST_NAME} characters.", "name")
    return name
