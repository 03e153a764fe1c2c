"""People: who they are, what role they have, whether they are still here, and how they get into the hub."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from feedback import access, audit, once, outbox
from feedback.errors import Refused
from models import Absence, Member, SignInLink, WebSession, Workspace

LINK_MINUTES = 5
SESSION_DAYS = 14
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


def take_part(tx: Session, *, member: Member, now: datetime) -> None:
    """They did something here. Whoever was forgotten is known again from then on, and no more than their name comes
    back."""
    if member.erased_at is None:
        return
    member.erased_at = member.left_at = None
    member.name, member.hears, member.takes_rewards, member.joined_at = member.slack_id, "everything", True, now
    key = f"profile:{member.id}"
    outbox.owe_again(tx, workspace_id=member.workspace_id, kind="member.profile", key=key, now=now, member_id=member.id)


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
    if not _managers(tx, workspace.id):
        owner = next((facts for facts in found if facts.get("is_primary_owner")), None)
        if owner is not None:
            member = meet(tx, workspace=workspace, slack_id=owner["id"], now=now)
            _give_role(tx, member=member, role="manager", by=None, now=now)


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


def left_channel(
    tx: Session, *, workspace: Workspace, member: Member, channel_id: str, at: datetime, is_back: bool
) -> None:
    """A person left a channel, or came (back). The newest of the two events counts, in whatever order they arrive."""
    new_id = once.insert(
        tx,
        Absence,
        workspace_id=workspace.id,
        channel_id=channel_id,
        member_id=member.id,
        left_at=at,
        is_back=is_back,
    )
    if new_id is None:
        tx.execute(
            update(Absence)
            .where(Absence.channel_id == channel_id, Absence.member_id == member.id, Absence.left_at < at)
            .values(left_at=at, is_back=is_back)
        )


def is_in_channel(tx: Session, *, member: Member, channel_id: str) -> bool:
    """For somebody who spoke there once: have they left since?"""
    gone = tx.scalars(
        select(Absence.id).where(
            Absence.channel_id == channel_id, Absence.member_id == member.id, Absence.is_back.is_(False)
        )
    ).first()
    return gone is None and member.left_at is None


def get(tx: Session, *, member_id: int) -> Member:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Member, member_id)


def open_home(tx: Session, *, member: Member, now: datetime) -> None:
    """Somebody looks at their App Home: it is drawn now, and again whenever something on it changes."""
    take_part(tx, member=member, now=now)
    member.home_opened_at = now
    show_home(tx, member=member, now=now)


def set_role(tx: Session, *, manager: Member, member_id: int, role: str, now: datetime) -> Member:
    access.check_manage(manager)
    member = tx.scalars(
        select(Member).where(Member.id == member_id, Member.workspace_id == manager.workspace_id)
    ).one_or_none()
    if member is None or member.is_bot:
        raise Refused("That person is not here.")
    _check_role(role)
    if role != "manager":
        check_managers_left(tx, member=member)
    _give_role(tx, member=member, role=role, by=manager, now=now)
    return member


def check_managers_left(tx: Session, *, member: Member) -> None:
    """Refused where there would be no manager without them."""
    # Two managers who make each other something else at the same moment take turns here.
    tx.execute(select(Workspace.id).where(Workspace.id == member.workspace_id).with_for_update())
    if _managers(tx, member.workspace_id) == [member.id]:
        raise Refused("There has to be at least one manager. Make somebody else a manager first.")


def set_role_from_terminal(tx: Session, *, handle: str, role: str, now: datetime) -> Member:
    """`handle`: @name or a Slack id. For the person who runs the processes, who needs no role of their own."""
    _check_role(role)
    member = find_from_terminal(tx, handle=handle)
    _give_role(tx, member=member, role=role, by=None, now=now)
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


def _give_role(tx: Session, *, member: Member, role: str, by: Member | None, now: datetime) -> None:
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


def _managers(tx: Session, workspace_id: int) -> Sequence[int]:
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


def show_home(tx: Session, *, member: Member, now: datetime) -> None:
    """Owes a fresh App Home to somebody who has looked at theirs."""
    if member.home_opened_at is not None:
        publish_home(tx, member=member, now=now)


def publish_home(tx: Session, *, member: Member, now: datetime) -> None:
    key = f"home:{member.id}"
    outbox.owe_again(tx, workspace_id=member.workspace_id, kind="home.publish", key=key, now=now, member_id=member.id)


def make_link(tx: Session, *, member: Member, now: datetime) -> str:
    """A token that signs this person in, once, for five minutes."""
    if not access.may_review(member):
        raise Refused("The hub is for the team. Everything of yours is on this page.")
    token = secrets.token_urlsafe(32)
    tx.add(
        SignInLink(
            token_hash=_hash(token), member_id=member.id, made_at=now, expires_at=now + timedelta(minutes=LINK_MINUTES)
        )
    )
    return token


def use_link(tx: Session, *, token: str, now: datetime) -> str:
    """Spends the link and returns the token of a new session. Refused where it is spent, old or unknown."""
    member_id = tx.execute(
        update(SignInLink)
        .where(SignInLink.token_hash == _hash(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.member_id)
    ).scalar_one_or_none()
    if member_id is None:
        raise Refused("This link was used already, or is older than five minutes. Open the hub from Slack again.")
    member = tx.get_one(Member, member_id)
    return begin_session(tx, member=member, now=now)


def continue_as(tx: Session, *, member_id: int, now: datetime) -> str:
    """The demo's way in: nobody proves anything. Whoever calls this has checked that it is the demo."""
    member = tx.get(Member, member_id)
    if member is None or member.is_bot or member.left_at:
        raise Refused("That person is not here.", "member_id")
    return begin_session(tx, member=member, now=now)


def begin_session(tx: Session, *, member: Member, now: datetime) -> str:
    """The token for the browser's cookie; only its hash is stored."""
    token = secrets.token_urlsafe(32)
    tx.add(
        WebSession(
            token_hash=_hash(token), member_id=member.id, began_at=now, expires_at=now + timedelta(days=SESSION_DAYS)
        )
    )
    return token


def signed_in(tx: Session, *, token: str, now: datetime) -> Member | None:
    """Who this browser belongs to; None where nobody, or they left."""
    session = tx.scalars(
        select(WebSession)
        .where(WebSession.token_hash == _hash(token), WebSession.ended_at.is_(None), WebSession.expires_at > now)
        .options(joinedload(WebSession.member).joinedload(Member.workspace))
    ).one_or_none()
    return session.member if session and session.member.left_at is None else None


def end_session(tx: Session, *, token: str, now: datetime) -> None:
    tx.execute(
        update(WebSession)
        .where(WebSession.token_hash == _hash(token), WebSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
