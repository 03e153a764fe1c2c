"""Who somebody is: met here first, then known as Slack describes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import once, outbox
from feedback.members.roles import give_role, managers
from models import Member, Workspace

PROFILES_AT_ONCE = 200
"""In one transaction: nobody else writes meanwhile, or changes one of these people."""


def meet(tx: Session, *, workspace: Workspace, slack_id: str, now: datetime) -> Member:
    """The person behind a Slack id. Somebody new is a customer until told otherwise; their profile is read by a job."""
    member = _find(tx, workspace.id, slack_id)
    if member is not None:
        return member
    row_id = once.insert(
        tx,
        Member,
        workspace_id=workspace.id,
        slack_id=slack_id,
        name=slack_id,
        handle="",
        role="customer",
        is_bot=slack_id == workspace.bot_user_id,
        joined_at=now,
    )
    if row_id is not None:
        outbox.owe(
            tx, workspace_id=workspace.id, kind="member.profile", key=f"profile:{row_id}", now=now, member_id=row_id
        )
    found = _find(tx, workspace.id, slack_id)
    assert found is not None
    return found


def get(tx: Session, *, member_id: int) -> Member:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Member, member_id)


def _find(tx: Session, workspace_id: int, slack_id: str) -> Member | None:
    return tx.scalars(
        select(Member).where(Member.workspace_id == workspace_id, Member.slack_id == slack_id)
    ).one_or_none()


def store_profiles(tx: Session, *, workspace: Workspace, found: Sequence[dict[str, Any]], now: datetime) -> None:
    """`found` as users.list gives them, at most PROFILES_AT_ONCE. Those that are stored already, nobody waits for.
    Where nobody is a manager yet, the primary owner becomes the first one."""
    known = _profile_times(tx, workspace.id, [facts["id"] for facts in found])
    for facts in found:
        changed_at, known_at = _changed_at(facts), known.get(facts["id"])
        if not (changed_at and known_at and changed_at <= known_at):
            store_profile(tx, workspace=workspace, facts=facts, now=now)
    if not managers(tx, workspace.id):
        owner = next((facts for facts in found if facts.get("is_primary_owner")), None)
        if owner is not None:
            member = meet(tx, workspace=workspace, slack_id=owner["id"], now=now)
            give_role(tx, member=member, role="manager", by=None, now=now)


def _profile_times(tx: Session, workspace_id: int, slack_ids: Sequence[str]) -> dict[str, datetime | None]:
    rows = tx.execute(
        select(Member.slack_id, Member.profile_at).where(
            Member.workspace_id == workspace_id, Member.slack_id.in_(slack_ids)
        )
    )
    return {row.slack_id: row.profile_at for row in rows}


def store_profile(tx: Session, *, workspace: Workspace, facts: dict[str, Any], now: datetime) -> Member:
    """`facts` as users.info and the events team_join and user_change give them, which arrive in any order. A profile
    that was changed before the one that is stored is no news; one that does not say when is taken as it comes."""
    member = _hold(tx, workspace.id, facts["id"])
    if member is None:
        once.insert(
            tx,
            Member,
            workspace_id=workspace.id,
            slack_id=facts["id"],
            name=facts["id"],
            handle="",
            role="customer",
            is_bot=False,
            joined_at=now,
        )
        member = _hold(tx, workspace.id, facts["id"])
        assert member is not None
    changed_at = _changed_at(facts)
    is_older = changed_at and member.profile_at and changed_at < member.profile_at
    if is_older or member.erased_at:
        return member
    member.profile_at = changed_at or member.profile_at
    profile = facts.get("profile") or {}
    member.handle = facts.get("name", "")
    member.name = profile.get("display_name") or profile.get("real_name") or facts.get("real_name") or member.handle
    member.tz = facts.get("tz")
    member.is_bot = bool(facts.get("is_bot")) or facts["id"] == "USLACKBOT"
    member.is_guest = bool(facts.get("is_restricted") or facts.get("is_ultra_restricted"))
    if facts.get("deleted"):
        member.left_at = member.left_at or now
    else:
        member.left_at = None
    return member


def _changed_at(facts: dict[str, Any]) -> datetime | None:
    return datetime.fromtimestamp(facts["updated"], UTC) if facts.get("updated") else None


def _hold(tx: Session, workspace_id: int, slack_id: str) -> Member | None:
    """As the row is now, and nobody else changes it until the transaction ends. Others may speak of it meanwhile."""
    return tx.scalars(
        select(Member)
        .where(Member.workspace_id == workspace_id, Member.slack_id == slack_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
