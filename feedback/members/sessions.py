"""How somebody gets into the hub, and out of it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from feedback import access
from feedback.errors import Refused
from models import Member, SignInLink, WebSession

LINK_MINUTES = 5
SESSION_DAYS = 14


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
