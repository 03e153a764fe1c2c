"""Who is the same person: a manager linked two accounts of theirs, and nobody ended that."""

from __future__ import annotations

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session, aliased

from models import Member, MemberLink


def same_person(tx: Session, *, member_id: int) -> set[int]:
    """All ids of one person, this one among them, in one query, however long the chain of links is."""
    own = select(Member.id.label("id")).where(Member.id == member_id).cte("own", recursive=True)
    link = aliased(MemberLink)
    is_linked = or_(link.member_id == own.c.id, link.other_id == own.c.id) & link.ended_at.is_(None)
    other = case((link.member_id == own.c.id, link.other_id), else_=link.member_id)
    own = own.union(select(other).select_from(link).join(own, is_linked))
    return set(tx.scalars(select(own.c.id)))
