"""Who is the same person: a manager linked two accounts of theirs, and nobody ended that."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Member, MemberLink


def same_person(tx: Session, *, member_id: int) -> set[int]:
    """All ids of one person, this one among them, in one query, however long the chain of links is."""
    own = select(Member.id.label("id")).where(Member.id == member_id).cte("own", recursive=True)
    link = aliased(MemberLink)
    for one, other in ((link.member_id, link.other_id), (link.other_id, link.member_id)):
        own = own.union(select(other).join(own, one == own.c.id).where(link.ended_at.is_(None)))
    return set(tx.scalars(select(own.c.id)))
