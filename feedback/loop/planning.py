"""Who hears of a change how and where: what a preview shows, and what then happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.database import in_pieces
from feedback.loop import asking_first
from feedback.loop.addresses import Address, addresses
from feedback.loop.audience import Hearer, audience
from feedback.loop.ways import Way, ways
from models import Idea

MOST_TOGETHER = 12
"""Named in one post; what is said to more is said in several."""


@dataclass(frozen=True)
class Planned:
    """How one of those who could hear of it hears of it."""

    hearer: Hearer
    way: Way | None
    """None: they do not want to hear of it."""
    address: Address
    group: int | None
    """The number of the post that they share with others; None where they hear by themself."""


def plan(
    tx: Session,
    *,
    workspace_id: int,
    answered: Sequence[Idea],
    made_by_id: int,
    kind: str,
    is_minor: bool,
    tell_at: datetime,
    change_id: int | None = None,
) -> list[Planned]:
    """Everybody, in the order in which they are told. As many queries for a thousand as for one. `change_id`: None
    while nothing is decided yet."""
    hearers = audience(tx, answered=answered, made_by_id=made_by_id)
    way_of: Mapping[int, Way] = ways(tx, is_minor=is_minor, hearers=hearers, now=tell_at)
    if kind == "shipped":
        way_of = asking_first.wait(
            tx,
            workspace_id=workspace_id,
            change_id=change_id,
            is_minor=is_minor,
            answered=answered,
            hearers=hearers,
            way_of=way_of,
            now=tell_at,
        )
    address_of = addresses(tx, workspace_id=workspace_id, hearers=hearers)
    group_of = _groups(hearers, way_of, address_of)
    return [
        Planned(hearer, way_of.get(hearer.member.id), address_of[hearer.member.id], group_of.get(hearer.member.id))
        for hearer in hearers
    ]


def _groups(hearers: Sequence[Hearer], way_of: Mapping[int, Way], address_of: dict[int, Address]) -> dict[int, int]:
    """By member, of those who hear in the same thread at the same time: which of the posts is theirs."""
    together: dict[tuple[Address, datetime | None], list[int]] = {}
    for hearer in hearers:
        way, address = way_of.get(hearer.member.id), address_of[hearer.member.id]
        if way is not None and way.how == "now" and address.channel_id is not None:
            together.setdefault((address, way.not_before), []).append(hearer.member.id)
    posts = [some for member_ids in together.values() for some in in_pieces(member_ids, MOST_TOGETHER)]
    return {member_id: number for number, post in enumerate(posts) if len(post) > 1 for member_id in post}
