"""Secrets that trackers and the payout service sign with, and taking what they tell.

An address is open while a secret for its source is in force. A new secret takes the place of an old one with an
overlap, so that nothing is lost while somebody pastes it over there.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken, MultiFernet
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from feedback import access, audit, inbox, once, rewards, work
from feedback.errors import Refused
from models import HookSecret, Member, Workspace

SOURCES = (*work.SOURCES, "tremendous")
MAKE_THEIR_OWN = {"linear": "Linear", "tremendous": "Tremendous"}
"""They have no place for a secret that was made here."""
OVERLAP_HOURS = 24
"""How long an old secret still works after a new one took its place."""
MOST_SECRETS = 10
"""In force at once for one source of a workspace: each delivery is held against all of them."""
SHORTEST_SECRET, LONGEST_SECRET = 16, 200
LONGEST_HEARD = 200
LONGEST_NONCE = 100


def in_force(now: datetime) -> ColumnElement[bool]:
    still = or_(HookSecret.works_until.is_(None), HookSecret.works_until > now)
    return HookSecret.ended_at.is_(None) & still


def make(
    tx: Session,
    *,
    manager: Member,
    source: str,
    given: str,
    stays: bool,
    nonce: str,
    cipher: MultiFernet,
    now: datetime,
) -> HookSecret:
    """A new secret, or the one that this form made before. `given`: what the tracker made; empty makes one here, which
    Linear has no place for. `stays`: the others go on working, as for a second webhook; else they end in a day."""
    access.check_manage(manager)
    if source not in SOURCES:
        raise Refused("Choose one of those on this page.")
    if not 0 < len(nonce) <= LONGEST_NONCE:
        raise Refused("The page was not sent whole. Load it again and try once more.")
    secret = _checked(given) or _fresh(source)
    nonce = f"{manager.id}:{source}:{nonce}"
    # Two managers who make one at the same moment would each count without the other's.
    once.take_turn(tx, f"hooks:{manager.workspace_id}")
    row_id = once.insert(
        tx,
        HookSecret,
        workspace_id=manager.workspace_id,
        source=source,
        secret=cipher.encrypt(secret.encode()).decode(),
        nonce=nonce,
        made_by_id=manager.id,
        made_at=now,
        heard="",
    )
    made = tx.scalars(
        select(HookSecret).where(HookSecret.workspace_id == manager.workspace_id, HookSecret.nonce == nonce)
    ).one()
    if row_id is None:
        return made
    others = _standing(tx, workspace_id=manager.workspace_id, source=source, but=made.id, now=now)
    if len(others) >= MOST_SECRETS:
        raise Refused(f"{MOST_SECRETS} secrets are in force here already. End one that nobody uses first.", "secret")
    if not stays:
        until = now + timedelta(hours=OVERLAP_HOURS)
        for other in others:
            other.works_until = min(other.works_until or until, until)
    _record(tx, row=made, by=manager, act="rotated" if others and not stays else "made", now=now)
    return made


def _checked(given: str) -> str:
    plain = given.strip()
    if not plain:
        return ""
    if not (plain.isascii() and plain.isprintable()):
        raise Refused("A secret has only plain letters, digits and signs. Copy it again, as a whole.", "secret")
    if not SHORTEST_SECRET <= len(plain) <= LONGEST_SECRET:
        raise Refused(
            f"A secret has {SHORTEST_SECRET} to {LONGEST_SECRET} characters. This has {len(plain)}.", "secret"
        )
    return plain


def _fresh(source: str) -> str:
    if source in MAKE_THEIR_OWN:
        name = MAKE_THEIR_OWN[source]
        raise Refused(f"{name} makes the secret. Copy it from the webhook’s page there, and paste it here.", "secret")
    if source == "gitlab":  # of a form that GitLab takes as its signing token, and as its plain one
        return "whsec_" + b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_hex(32)


def _standing(tx: Session, *, workspace_id: int, source: str, but: int, now: datetime) -> Sequence[HookSecret]:
    return tx.scalars(
        select(HookSecret)
        .where(HookSecret.workspace_id == workspace_id, HookSecret.source == source, in_force(now))
        .where(HookSecret.id != but)
        .order_by(HookSecret.id)
        .with_for_update()
    ).all()


def end(tx: Session, *, secret_id: int, manager: Member, now: datetime) -> HookSecret:
    """At once. A second press is no news."""
    row = access.access_hook(tx, member=manager, secret_id=secret_id)
    if row.ended_at is None:
        row.ended_by_id, row.ended_at = manager.id, now
        row.secret = ""  # nothing is checked with it any more, so nobody can lose it
        _record(tx, row=row, by=manager, act="ended", now=now)
    return row


def _record(tx: Session, *, row: HookSecret, by: Member, act: str, now: datetime) -> None:
    audit.record(
        tx,
        workspace_id=row.workspace_id,
        by=by,
        act=act,
        subject="hook",
        subject_id=row.id,
        now=now,
        source=row.source,
    )


def plain(row: HookSecret, *, cipher: MultiFernet) -> str | None:
    """None where it was encrypted under another SECRET_KEY than today's: nothing can be checked with it any more."""
    try:
        return cipher.decrypt(row.secret.encode()).decode()
    except InvalidToken:
        return None


def is_open(tx: Session, *, source: str, now: datetime) -> bool:
    """Whether anybody's secret for this source is in force."""
    return (
        tx.scalars(select(HookSecret.id).where(HookSecret.source == source, in_force(now)).limit(1)).first() is not None
    )


def whose(
    tx: Session, *, source: str, fits: Callable[[str], bool], cipher: MultiFernet, now: datetime
) -> HookSecret | None:
    """The secret that a delivery was signed with, and with it the workspace that it is for. `fits` says of a secret
    whether it is the one."""
    rows = tx.scalars(
        select(HookSecret).where(HookSecret.source == source, in_force(now)).order_by(HookSecret.id.desc())
    )
    for row in rows:
        secret = plain(row, cipher=cipher)
        if secret and fits(secret):
            return row
    return None


def take(
    tx: Session, *, secret_id: int, delivery: str, told: Sequence[work.Told], said: str, now: datetime
) -> int | None:
    """How much of it is news; None where this delivery came before. `said`: what is noted of it where it tells nothing
    that we need."""
    row = tx.get_one(HookSecret, secret_id)
    if not _is_new(tx, row, delivery, now):
        return None
    workspace = tx.get_one(Workspace, row.workspace_id)
    facts = work.complete(tx, workspace=workspace, told=told, now=now)
    news = work.hear(tx, workspace=workspace, facts=facts, now=now)
    _note(row, said, now)
    return len(news)


def take_payments(
    tx: Session, *, secret_id: int, delivery: str, told: Sequence[rewards.News], said: str, now: datetime
) -> int | None:
    """The same of what the payout service tells: how many payments are asked about."""
    row = tx.get_one(HookSecret, secret_id)
    if not _is_new(tx, row, delivery, now):
        return None
    heard = rewards.hear(tx, workspace_id=row.workspace_id, news=told, now=now)
    _note(row, said, now)
    return heard


def _is_new(tx: Session, row: HookSecret, delivery: str, now: datetime) -> bool:
    return inbox.is_new(tx, source=f"hook:{row.source}", key=f"{row.workspace_id}:{delivery}", now=now)


def _note(row: HookSecret, said: str, now: datetime) -> None:
    """Last of all: whoever brings another delivery meanwhile waits here, and for nothing before it."""
    row.heard_at, row.heard = now, said[:LONGEST_HEARD]
