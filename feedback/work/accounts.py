"""What the trackers know us by. A token is stored encrypted, and shown to nobody again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken, MultiFernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, once, outbox
from feedback.errors import Refused
from feedback.work.addresses import REPOSITORY, github_host
from models import Member, TrackerAccount

API_URLS = {"github": "https://api.github.com", "linear": "https://api.linear.app/graphql"}
"""The trackers that we can write to, and where they are unless a manager says otherwise."""
PLACES = {"github": re.compile(REPOSITORY), "linear": re.compile(r"[A-Za-z][A-Za-z0-9_]{0,19}")}
WRONG_PLACE = {"github": "Write it as owner/repository.", "linear": "Write the team’s short name, like ENG."}
LONGEST_TOKEN = 500
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Account:
    """What a provider needs."""

    source: str
    api_url: str
    token: str = field(repr=False)
    place: str
    """The repository (owner/repo) or the team's key; may be empty."""


def set_account(
    tx: Session,
    *,
    manager: Member,
    source: str,
    api_url: str,
    token: str,
    place: str,
    cipher: MultiFernet,
    now: datetime,
) -> None:
    """An empty `token` keeps the one that is there. It is tried out by a job, and the page says what came of it."""
    access.check_manage(manager)
    if source not in API_URLS:
        raise Refused("Choose one of the trackers in the list.")
    api_url, token = _checked_url(api_url.strip().rstrip("/") or API_URLS[source]), token.strip()
    place = checked_place(source, place, is_needed=False)
    known = find_account(tx, workspace_id=manager.workspace_id, source=source)
    if not token and known is None:
        raise Refused("Paste the token that the tracker made for Roundtrip.", "token")
    if not token and known is not None and urlsplit(known.api_url).netloc != urlsplit(api_url).netloc:
        raise Refused("The token is kept for the old address only. Paste one for the new address.", "token")
    if len(token) > LONGEST_TOKEN or not token.isascii() or any(sign.isspace() or ord(sign) < 32 for sign in token):
        raise Refused("A token is one word, without spaces.", "token")
    facts = {"api_url": api_url, "place": place, "set_by_id": manager.id, "set_at": now}
    if token:
        facts["token"] = cipher.encrypt(token.encode()).decode()
    if known is None:
        once.insert(tx, TrackerAccount, workspace_id=manager.workspace_id, source=source, **facts)
    account = tx.scalars(
        select(TrackerAccount)
        .where(TrackerAccount.workspace_id == manager.workspace_id, TrackerAccount.source == source)
        .with_for_update()
    ).one()
    for name, value in facts.items():
        setattr(account, name, value)
    account.tested_at, account.error, account.called = None, "", ""
    _record(tx, manager, "named a tracker", source, now, api_url=api_url, place=place, is_new_token=bool(token))
    outbox.owe_again(
        tx,
        workspace_id=manager.workspace_id,
        kind="work.check",
        key=f"work.check:{account.id}",
        now=now,
        source=source,
    )


def remove_account(tx: Session, *, manager: Member, source: str, now: datetime) -> None:
    """The token is gone then. Links stay, and webhooks go on telling."""
    access.check_manage(manager)
    account = find_account(tx, workspace_id=manager.workspace_id, source=source)
    if account is None:
        return
    tx.delete(account)
    _record(tx, manager, "removed a tracker", source, now)


def find_account(tx: Session, *, workspace_id: int, source: str) -> TrackerAccount | None:
    return tx.scalars(
        select(TrackerAccount).where(TrackerAccount.workspace_id == workspace_id, TrackerAccount.source == source)
    ).one_or_none()


def account_of(tx: Session, *, workspace_id: int, source: str, cipher: MultiFernet) -> Account | None:
    """None where nobody has set it, or with another SECRET_KEY."""
    row = find_account(tx, workspace_id=workspace_id, source=source)
    if row is None:
        return None
    try:
        token = cipher.decrypt(row.token.encode()).decode()
    except InvalidToken:
        return None
    return Account(source=source, api_url=row.api_url, token=token, place=row.place)


def github_hosts(tx: Session, *, workspace_id: int) -> set[str]:
    """Where this workspace's GitHub is, if it named one."""
    row = find_account(tx, workspace_id=workspace_id, source="github")
    return {github_host(row.api_url)} if row else set()


def tested(tx: Session, *, workspace_id: int, source: str, called: str, error: str, now: datetime) -> None:
    """`called`: what the tracker answered; `error`: why it does not let us in."""
    row = find_account(tx, workspace_id=workspace_id, source=source)
    if row is not None:
        row.tested_at, row.called, row.error = now, called, error


def checked_place(source: str, place: str, *, is_needed: bool) -> str:
    place = place.strip()
    if (place or is_needed) and not PLACES[source].fullmatch(place):
        raise Refused(WRONG_PLACE[source], "place")
    return place


def _checked_url(api_url: str) -> str:
    """Over https, so that nobody on the way reads the token; on this machine there is nobody on the way."""
    try:
        at = urlsplit(api_url)
        is_here = at.hostname in LOOPBACK
        at.port  # noqa: B018 - asked for, because one that is no number is only noticed then
    except ValueError:
        raise Refused("That is no address.", "api_url") from None
    is_plain = not at.query and not at.fragment and at.username is None and api_url.isascii()
    if not at.hostname or not is_plain or any(sign.isspace() for sign in api_url) or len(api_url) > 300:
        raise Refused("Write an address like https://api.github.com.", "api_url")
    if at.scheme != "https" and not (at.scheme == "http" and is_here):
        raise Refused("The address begins with https://, so that the token stays between the two.", "api_url")
    return api_url


def _record(tx: Session, manager: Member, act: str, source: str, now: datetime, **detail: object) -> None:
    audit.record(
        tx,
        workspace_id=manager.workspace_id,
        by=manager,
        act=act,
        subject="workspace",
        subject_id=manager.workspace_id,
        now=now,
        source=source,
        **detail,
    )
