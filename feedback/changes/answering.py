"""Which ideas a change answers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from feedback import access, ideas
from feedback.database import among
from feedback.errors import Refused
from models import Idea, Member

ANSWERABLE = {
    "planned": ("new", "reopened", "declined"),
    "declined": ("new", "reopened", "planned"),
    "shipped": ("new", "reopened", "planned", "declined"),
    "asked": ("new", "reopened", "planned"),
}
"""Which states of an idea each kind of change can answer."""
Meant = aliased(Idea)


def answered(tx: Session, *, by: Member, kind: str, idea_ids: Sequence[int], theme_ids: Sequence[int]) -> list[Idea]:
    """The chosen ideas and those of the chosen themes that this can answer, locked in the order of their ids; and with
    each what was merged into it, wherever that was grouped, so that everybody behind it is told under their own words.

    Refused where an idea that was chosen by itself cannot be answered so, or nothing is left.
    """
    themes = [theme.id for theme in access.access_themes(tx, member=by, theme_ids=theme_ids)]
    chosen = set(idea_ids)
    if not chosen and not themes:
        raise Refused("Choose the ideas or themes that this answers.", "ideas")
    meant = select(Meant.id).where(Meant.id.in_(among(tx, chosen)) | Meant.theme_id.in_(themes))
    found = tx.scalars(
        select(Idea)
        .where(Idea.workspace_id == by.workspace_id, ideas.kept_in(meant))
        .order_by(Idea.id)
        .with_for_update()
    ).all()
    if chosen - {idea.id for idea in found}:
        raise Refused("One of those ideas is not here any more.", "ideas")
    went_into = ideas.went_into(tx, idea_ids=[idea.id for idea in found])
    for idea in found:
        if idea.id in chosen and idea.id in went_into:
            raise Refused(f"“{idea.text[:60]}” was merged into another idea. Decide about that one.", "ideas")
        if idea.id in chosen and idea.state not in ANSWERABLE[kind]:
            raise Refused(f"“{idea.text[:60]}” is {idea.state} already.", "ideas")
    can = {idea.id for idea in found if idea.state in ANSWERABLE[kind]}
    shown = {idea.id for idea in found if idea.id in chosen or idea.theme_id in themes} & can - went_into.keys()
    if not shown:
        raise Refused("Nothing there is waiting for this.", "ideas")
    return [idea for idea in found if idea.id in can and went_into.get(idea.id, idea.id) in shown]
