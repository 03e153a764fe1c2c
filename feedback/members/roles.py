"""What somebody may do, and who gave them that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import access, audit
from feedback.errors import Refused
from feedback.members.presence import show_home
from models import Member, Workspace


def set_role(tx: Session, *, manager: Member, member_id: int, role: str, now: datetime) -> Member:
    access.check_manage(manager)
    member = access.find_member(tx, workspace_id=manager.workspace_id, member_id=member_id)
    _check_role(role)
    if role != "manager":
        check_managers_left(tx, member=member)
    give_role(tx, member=member, role=role, by=manager, now=now)
    return member


def check_managers_left(tx: Session, *, member: Member) -> None:
    """Refused where there would be no manager without them."""
    # Two managers who make each other something else at the same moment take turns here.
    tx.execute(select(Workspace.id).where(Workspace.id == member.workspace_id).with_for_update())
    if managers(tx, member.workspace_id) == [member.id]:
        raise Refused("There has to be at least one manager. Make somebody else a manager first.")


def set_role_from_terminal(tx: Session, *, handle: str, role: str, now: datetime) -> Member:
    """`handle`: @name or a Slack id. For the person who runs the processes, who needs no role of their own."""
    _check_role(role)
    member = find_from_terminal(tx, handle=handle)
    give_role(tx, member=member, role=role, by=None, now=now)
    return member


def find_from_terminal(tx: Session, *, handle: str) -> Member:
    """`handle`: @name or a Slack id."""
    name = handle.removeprefix("@")
    found = tx.scalars(
        select(Member).where((Member.handle == name) | (Member.slack_id == name), Member.is_bot.is_(False))
    ).all()
    if not found:
        raise Refused(f"Nobody here is called {handle}. People are known once the worker has read them from Slack.")
    if len(found) > 1:
        raise Refused(f"{len(found)} people are called {handle}. Use the Slack id instead.")
    return found[0]


def _check_role(role: str) -> None:
    if role not in access.ROLES:
        raise Refused(f"A role is one of: {', '.join(access.ROLES)}.", "role")


def give_role(tx: Session, *, member: Member, role: str, by: Member | None, now: datetime) -> None:
    if member.role == role:
        return
    audit.record(
        tx,
        workspace_id=member.workspace_id,
        by=by,
        act="given a role",
        subject="member",
        subject_id=member.id,
        now=now,
        before=member.role,
        after=role,
    )
    member.role = role
    show_home(tx, member=member, now=now)


def managers(tx: Session, workspace_id: int) -> Sequence[int]:
    return tx.scalars(
        select(Member.id).where(Member.workspace_id == workspace_id, Member.role == "manager", Member.left_at.is_(None))
    ).all()


def people(tx: Session, *, workspace_id: int, like: str = "", limit: int = 200) -> Sequence[Member]:
    """The team first, then by name; `like` finds part of a name."""
    statement = select(Member).where(
        Member.workspace_id == workspace_id, Member.is_bot.is_(False), Member.left_at.is_(None)
    )
    if like:
        wanted = f"%{like.lower()}%"
        statement = statement.where(func.lower(Member.name).like(wanted) | func.lower(Member.handle).like(wanted))
    is_customer = (Member.role == "customer").label("is_customer")
    return tx.scalars(statement.order_by(is_customer, func.lower(Member.name)).limit(limit)).all()
