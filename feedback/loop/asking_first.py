"""What did not help once is asked first of those who said so, and of its author; the others hear of it when it did.

Everybody else behind the idea waits until one of them says "better now", or for as many days as the workspace says. If
it did not help again, they are not told of it at all.

Who is first follows from what was answered to the change before, so nothing is written down for it but the time until
which the others wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, joinedload

from feedback import ideas, outbox
from feedback.database import among
from feedback.loop import keys
from feedback.loop.audience import Hearer
from feedback.loop.ways import Way, ways
from models import Answer, Change, ChangeIdea, Idea, Notice, Vote, Workspace

WHY = "those who said “not yet” are asked first"


@dataclass(frozen=True)
class Asked:
    """Who is asked first about what a change answers. Ideas are those that are shown: what went into one is its own."""

    behind: Mapping[int, set[int]]
    """By member: the ideas that they raised or backed."""
    first: Mapping[int, set[int]]
    """By idea that came back: who is first, among those who hear of it. Others have no entry."""

    def waits(self, member_id: int) -> bool:
        """Everything of theirs came back once, and others said so."""
        mine = self.behind.get(member_id, set())
        return bool(mine) and all(self.first.get(each) and member_id not in self.first[each] for each in mine)


def wait(
    tx: Session,
    *,
    workspace_id: int,
    change_id: int | None,
    is_minor: bool,
    answered: Sequence[Idea],
    hearers: Sequence[Hearer],
    way_of: Mapping[int, Way],
    now: datetime,
) -> Mapping[int, Way]:
    """The ways in which people hear of something that ships, later for those who are not asked first. `change_id`: None
    before it is decided."""
    days = tx.get_one(Workspace, workspace_id).ask_first_days
    if days == 0:
        return way_of
    heard = {member_id for member_id, way in way_of.items() if way.how == "now"}
    found = _asked(tx, change_id=change_id, answered=answered, heard=heard)
    waiting = [hearer for hearer in hearers if hearer.member.id in way_of and found.waits(hearer.member.id)]
    until = now + timedelta(days=days)
    by_then = ways(tx, is_minor=is_minor, hearers=waiting, now=until)
    later = {
        hearer.member.id: replace(way_of[hearer.member.id], not_before=_start(by_then, hearer, until), why=WHY)
        for hearer in waiting
    }
    return {**way_of, **later}


def asked(tx: Session, *, change: Change) -> Asked:
    """Of a change that is being told."""
    answered = tx.scalars(
        select(Idea).join(ChangeIdea, ChangeIdea.idea_id == Idea.id).where(ChangeIdea.change_id == change.id)
    ).all()
    heard = tx.scalars(select(Notice.member_id).where(Notice.change_id == change.id, Notice.how == "now")).all()
    return _asked(tx, change_id=change.id, answered=answered, heard=set(heard))


def was_first(tx: Session, *, notice: Notice) -> bool:
    """Whether this person was asked before others were told, where the workspace does that."""
    if tx.get_one(Workspace, notice.workspace_id).ask_first_days == 0:
        return False
    first = asked(tx, change=notice.change).first
    return any(notice.member_id in members for members in first.values())


def follow(tx: Session, *, notice: Notice, verdict: str, now: datetime) -> None:
    """What an answer means for those who wait: "better now" from somebody who was asked first lets them hear; where all
    that they asked for is open again, they do not hear of this at all.

    A notice that is being told in this very moment is left alone: it is locked, and what it waits for came too late.
    """
    waiting = tx.scalars(
        select(Notice)
        .where(
            Notice.change_id == notice.change_id,
            Notice.told_at.is_(None),
            Notice.dropped_at.is_(None),
            Notice.not_before > now,
        )
        .order_by(Notice.id)
        .options(joinedload(Notice.member), joinedload(Notice.idea))
        .with_for_update(of=Notice, skip_locked=True)
    ).all()
    if not waiting or verdict == "partly":
        return
    found = asked(tx, change=notice.change)
    held = [each for each in waiting if found.waits(each.member_id)]
    if verdict == "better":
        mine = {idea_id for idea_id, first in found.first.items() if notice.member_id in first}
        _release(tx, [each for each in held if found.behind[each.member_id] & mine], change=notice.change, now=now)
    else:
        answered = select(ChangeIdea.idea_id).where(ChangeIdea.change_id == notice.change_id)
        is_open = set(tx.scalars(select(Idea.id).where(Idea.id.in_(answered), Idea.state == "reopened")))
        _drop(tx, [each for each in held if found.behind[each.member_id] <= is_open], now=now)


def _release(tx: Session, held: Sequence[Notice], *, change: Change, now: datetime) -> None:
    """As they want to hear by now, and when it suits them."""
    hearers = {each.id: Hearer(each.member, each.idea, each.raised_it) for each in held}
    by_now = ways(tx, is_minor=change.is_minor, hearers=list(hearers.values()), now=now)
    for each in held:
        each.not_before = _start(by_now, hearers[each.id], now)
    outbox.hasten(tx, until=_owed_at({each: each.not_before or now for each in held}))


def _drop(tx: Session, held: Sequence[Notice], *, now: datetime) -> None:
    for each in held:
        each.dropped_at = now
    outbox.hasten(tx, until=_owed_at(dict.fromkeys(held, now)))  # so that nothing is left waiting for nothing


def _owed_at(held: Mapping[Notice, datetime]) -> dict[str, datetime]:
    """By key, when what they are told with is due. Of a post that several share, the first time counts: whoever has to
    wait longer hears alone."""
    found: dict[str, datetime] = {}
    for each, at in held.items():
        key = keys.of_notice(each.id, each.post_id)
        found[key] = min(at, found.get(key, at))
    return found


def _start(way_of: Mapping[int, Way], hearer: Hearer, earliest: datetime) -> datetime:
    way = way_of.get(hearer.member.id)
    return max(earliest, (way.not_before if way else None) or earliest)


def _asked(tx: Session, *, change_id: int | None, answered: Sequence[Idea], heard: set[int]) -> Asked:
    """`heard`: who hears of it by themself; nobody waits for somebody who does not."""
    ids = [idea.id for idea in answered]
    before = _shipped_before(tx, idea_ids=ids, change_id=change_id)
    if not before:
        return Asked({}, {})
    shown = ideas.went_into(tx, idea_ids=ids)
    behind: dict[int, set[int]] = {}
    first: dict[int, set[int]] = {}
    for idea in answered:
        behind.setdefault(idea.author_id, set()).add(shown.get(idea.id, idea.id))
        if idea.id in before:
            first[shown.get(idea.id, idea.id)] = set()
    votes = select(Vote.idea_id, Vote.member_id).where(Vote.idea_id.in_(among(tx, ids)))
    for idea_id, member_id in tx.execute(votes):
        behind.setdefault(member_id, set()).add(shown.get(idea_id, idea_id))
    said = _not_yets(tx, change_ids=set(before.values()))
    for each, last_id in before.items():
        idea_id = shown.get(each, each)
        first[idea_id] |= {member_id for member_id in said.get(last_id, set()) if idea_id in behind.get(member_id, ())}
    for idea in answered:
        if idea.id in first:
            first[idea.id].add(idea.author_id)
    return Asked(behind, {idea_id: members & heard for idea_id, members in first.items()})


def _shipped_before(tx: Session, *, idea_ids: Sequence[int], change_id: int | None) -> dict[int, int]:
    """By idea: the change before this one that shipped for it. It can only ship again because it came back."""
    earlier = true() if change_id is None else Change.id < change_id
    rows = tx.execute(
        select(ChangeIdea.idea_id, func.max(Change.id))
        .join(Change, Change.id == ChangeIdea.change_id)
        .where(ChangeIdea.idea_id.in_(among(tx, idea_ids)), Change.kind == "shipped", earlier)
        .group_by(ChangeIdea.idea_id)
    )
    return {row[0]: row[1] for row in rows}


def _not_yets(tx: Session, *, change_ids: Iterable[int]) -> dict[int, set[int]]:
    """By change: who said that it does not help."""
    said: dict[int, set[int]] = {}
    rows = tx.execute(
        select(Notice.change_id, Notice.member_id)
        .join(Answer, Answer.notice_id == Notice.id)
        .where(Notice.change_id.in_(among(tx, change_ids)), Answer.verdict == "not_yet")
    )
    for change_id, member_id in rows:
        said.setdefault(change_id, set()).add(member_id)
    return said
