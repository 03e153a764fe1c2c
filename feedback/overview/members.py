"""Who could be who in the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Member

CAST = (("product", "Cy"), ("manager", "Di"), ("customer", "Ana"))


@dataclass(frozen=True)
class Company:
    cast: Sequence[Member]
    """One of each role, called as the README calls them where there is somebody of that name."""
    everybody: Sequence[Member]


def company(tx: Session) -> Company:
    """Everybody who could be chosen, in one query; the team first. The demo has one workspace."""
    people = tx.scalars(
        select(Member).where(Member.is_bot.is_(False), Member.left_at.is_(None)).order_by(Member.id)
    ).all()
    cast = []
    for role, name in CAST:
        of_role = [person for person in people if person.role == role]
        called_so = [person for person in of_role if person.name.split()[:1] == [name]]
        cast += (called_so or of_role)[:1]
    return Company(cast, sorted(people, key=lambda person: (person.role == "customer", person.name.lower())))
