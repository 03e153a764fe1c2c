"""One person with several accounts. A manager says so, with a reason; whoever is linked to somebody who is linked to a
third is the same person as the third too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, or_, select
from sqlalchemy.orm import Session, joinedload

from feedback import access, audit, once
from feedback.errors import Refused
from feedback.rewards import states
from models import Member, MemberLink, Reward

LONGEST_WHY = 300


@dataclass(frozen=True)
class Persons:
    """Who is who in a workspace, as it was looked up."""

    pairs: Sequence[tuple[int, int]]
    """Of accounts that are linked."""

    def of(self, member_id: int) -> set[int]:
        """All ids of one person, itself among them."""
        beside: dict[int, set[int]] = {}
        for one, other in self.pairs:
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
        found, ahead = {member_id}, [member_id]
        while ahead:
            new = beside.get(ahead.pop(), set()) - found
            found |= new
            ahead += new
        return found

    def first(self) -> dict[int, int]:
        """Of everybody who has several accounts: the smallest id of that person."""
        return {each: min(self.of(each)) for pair in self.pairs for each in pair}


def same_person(tx: Session, *, member_id: int) -> set[int]:
    """All ids of one person, itself among them."""
    return _persons(tx, select(Member.workspace_id).where(Member.id == member_id).scalar_subquery()).of(member_id)


def persons(tx: Session, *, workspace_id: int) -> Persons:
    """For whoever asks of several, in one query."""
    return _persons(tx, workspace_id)


def _persons(tx: Session, workspace_id: int | ScalarSelect[int]) -> Persons:
    rows = tx.execute(
        select(MemberLink.member_id, MemberLink.other_id).where(
            MemberLink.workspace_id == workspace_id, MemberLink.ended_at.is_(None)
        )
    )
    return Persons([(row.member_id, row.other_id) for row in rows])


def link(tx: Session, *, manager: Member, who: str, other: str, why: str, now: datetime) -> MemberLink:
    """`who` and `other`: @name or Slack id. A second time is no news."""
    access.check_manage(manager)
    one, two = (_find(tx, manager, each, field) for each, field in ((who, "who"), (other, "other")))
    if one.id == two.id:
        raise Refused("That is the same account twice.", "other")
    why = why.strip()
    if not why:
        raise Refused("Say how you know, for the other managers.", "why")
    if len(why) > LONGEST_WHY:
        raise Refused(f"Please keep it under {LONGEST_WHY} characters.", "why")
    _take_turn(tx, manager.workspace_id)
    smaller, larger = sorted((one.id, two.id))
    before = tx.scalars(
        select(MemberLink).where(
            MemberLink.member_id == smaller, MemberLink.other_id == larger, MemberLink.ended_at.is_(None)
        )
    ).first()
    if before is not None:
        return before
    found = MemberLink(
        workspace_id=manager.workspace_id,
        member_id=smaller,
        other_id=larger,
        why=why,
        linked_by_id=manager.id,
        linked_at=now,
    )
    tx.add(found)
    tx.flush()  # whoever is shown anew below is looked up with it
    _record(tx, found, "linked", manager, now, why=why)
    _show(tx, same_person(tx, member_id=smaller), manager, now)
    return found


def unlink(tx: Session, *, manager: Member, link_id: int, now: datetime) -> MemberLink:
    """They are two again. What was decided meanwhile stays as it is. A second time is no news. Not by whoever they are:
    with that they could decide about their own thank-yous."""
    access.check_manage(manager)
    _take_turn(tx, manager.workspace_id)
    found = tx.scalars(
        select(MemberLink).where(MemberLink.id == link_id, MemberLink.workspace_id == manager.workspace_id)
    ).one_or_none()
    if found is None:
        raise Refused("That is not here.")
    if found.ended_at is not None:
        return found
    were = same_person(tx, member_id=found.member_id)
    if manager.id in were:
        raise Refused("These accounts are yours, so another manager has to say that they are not.")
    found.ended_by_id, found.ended_at = manager.id, now
    _record(tx, found, "unlinked", manager, now)
    _show(tx, were, manager, now)
    return found


def standing(tx: Session, *, workspace_id: int) -> Sequence[MemberLink]:
    """The newest first."""
    return tx.scalars(
        select(MemberLink)
        .where(MemberLink.workspace_id == workspace_id, MemberLink.ended_at.is_(None))
        .options(joinedload(MemberLink.member), joinedload(MemberLink.other), joinedload(MemberLink.linked_by))
        .order_by(MemberLink.id.desc())
    ).all()


def _find(tx: Session, manager: Member, handle: str, field: str) -> Member:
    name = handle.strip().removeprefix("@")
    found = tx.scalars(
        select(Member).where(
            Member.workspace_id == manager.workspace_id,
            Member.is_bot.is_(False),
            or_(Member.handle == name, Member.slack_id == name),
        )
    ).all()
    if not name or not found:
        raise Refused("Nobody here is called so. Write their name in Slack, like @ana.", field)
    if len(found) > 1:
        raise Refused(f"{len(found)} people are called so. Use the Slack id instead.", field)
    return found[0]


def _take_turn(tx: Session, workspace_id: int) -> None:
    """Two managers who link the same two at once; and before any reward is locked. A lock on the workspace would keep
    whoever decides a reward waiting for whoever waits for that reward."""
    once.take_turn(tx, f"identities:{workspace_id}")


def _show(tx: Session, member_ids: set[int], by: Member, now: datetime) -> None:
    """What is undecided and concerns one of them reads otherwise now; and what nobody but its receiver vouched for, as
    is known by now, waits for somebody else. In the order of ids, as everybody locks them."""
    concerned = (
        select(Reward)
        .where(
            Reward.state.in_(states.OPEN),
            or_(Reward.member_id.in_(member_ids), Reward.proposed_by_id.in_(member_ids)),
        )
        .order_by(Reward.id)
        .with_for_update()
    )
    for reward in tx.scalars(concerned).all():
        vouchers = {vouch.member_id for vouch in reward.vouches}
        if reward.state == "vesting" and vouchers and vouchers <= same_person(tx, member_id=reward.member_id):
            reward.vests_at = None
            states.move(tx, reward=reward, to="proposed", act="not verified", by=by, now=now)
        else:
            states.touch(tx, reward=reward, now=now)


def _record(tx: Session, found: MemberLink, act: str, by: Member, now: datetime, **detail: str) -> None:
    for one, other in ((found.member, found.other), (found.other, found.member)):
        audit.record(
            tx,
            workspace_id=found.workspace_id,
            by=by,
            act=act,
            subject="member",
            subject_id=one.id,
            now=now,
            other_id=other.id,
            name=other.name,
            **detail,
        )
