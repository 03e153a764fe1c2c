"""Several members that are one person, as a manager found."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import MemberLink


def same_person(tx: Session, *, member_id: int) -> set[int]:
    """The ids of everybody who is the same person, also by way of a third one; themself among them."""
    found: set[int] = set()
    new = {member_id}
    while new:
        found |= new
        links = tx.execute(
            select(MemberLink.member_id, MemberLink.other_id).where(
                MemberLink.ended_at.is_(None), MemberLink.member_id.in_(new) | MemberLink.other_id.in_(new)
            )
        )
        new = {each for link in links for each in link} - found
    return found
