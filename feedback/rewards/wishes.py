"""What a member wants of rewards: any at all, and what we may know of them for it. Asked only where it is needed."""

from __future__ import annotations

import re
from datetime import datetime

from cryptography.fernet import MultiFernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import audit, members
from feedback.errors import Refused
from feedback.rewards import countries, ending, rules, states
from feedback.rewards.standing import refresh_card
from models import Member, Reward

BY_MAIL: frozenset[str] = frozenset()
"""Providers that can only send a gift to an address outside Slack. None of today's: each gives a code or a link."""
LONGEST_CONTACT = 254
CONTACT = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]+")
UNWANTED = "You asked not to be given anything."


def asks_for_country(tx: Session, *, workspace_id: int) -> bool:
    """Only where money is given: where somebody pays tax says from which sum on it has to be reported."""
    return any(rule.amount_cents for rule in rules.in_force(tx, workspace_id=workspace_id))


def asks_for_contact(tx: Session, *, workspace_id: int) -> bool:
    return any(rule.provider in BY_MAIL for rule in rules.in_force(tx, workspace_id=workspace_id))


def wish(
    tx: Session,
    *,
    member: Member,
    takes_rewards: bool,
    country: str | None = None,
    contact: str = "",
    keeps_contact: bool = False,
    cipher: MultiFernet,
    now: datetime,
) -> None:
    """From now on. Whoever wants none is proposed for none, and what nobody has paid yet is cancelled; they may change
    their mind, for what comes later. `country`: None where it was not asked for, empty where they do not say.
    `contact` is kept only where they said so beside it; empty leaves what was there."""
    tx.refresh(member, with_for_update={"key_share": True})  # somebody who presses twice
    if country is None:
        country = member.country
    country = countries.country_of(country, "country") if country.strip() else ""
    contact = contact.strip()
    if contact:
        _check_contact(tx, member, contact, keeps_contact)
        member.contact, member.contact_at = cipher.encrypt(contact.encode()).decode(), now
        _record(tx, member, act="gave an address", now=now)
    if takes_rewards != member.takes_rewards:
        member.takes_rewards = takes_rewards
        _record(tx, member, act="takes rewards" if takes_rewards else "takes no rewards", now=now)
        if not takes_rewards:
            _cancel_all(tx, member, now)
    if country != member.country:
        member.country = country
        _record(tx, member, act="said a country", now=now)
        _show_anew(tx, member, now)
    members.show_home(tx, member=member, now=now)


def _show_anew(tx: Session, member: Member, now: datetime) -> None:
    """Whether they could do something with what waits for a manager may be different where they are."""
    waiting = select(Reward.id).where(
        Reward.workspace_id == member.workspace_id, Reward.member_id == member.id, Reward.state.in_(states.OPEN)
    )
    for reward_id in tx.scalars(waiting.order_by(Reward.id)).all():
        refresh_card(tx, reward_id=reward_id, now=now)


def _check_contact(tx: Session, member: Member, contact: str, keeps_contact: bool) -> None:
    if not asks_for_contact(tx, workspace_id=member.workspace_id):
        raise Refused("No gift here needs an address, so none is kept.", "contact")
    if len(contact) > LONGEST_CONTACT or not CONTACT.fullmatch(contact):
        raise Refused("That does not look like an e-mail address.", "contact")
    if not keeps_contact:
        raise Refused("Tick below that it may be kept, or leave it empty.", "contact")


def _cancel_all(tx: Session, member: Member, now: datetime) -> None:
    """What is on its way already comes: nobody knows any more whether it is paid."""
    unpaid = (
        select(Reward)
        .where(
            Reward.workspace_id == member.workspace_id,
            Reward.member_id == member.id,
            Reward.state.in_(ending.CANCELLABLE),
        )
        .order_by(Reward.id)
        .with_for_update()
    )
    for reward in tx.scalars(unpaid).all():
        ending.cancel(tx, reward=reward, why=UNWANTED, by=member, now=now)


def forget_contact(tx: Session, *, member: Member, now: datetime) -> None:
    """With one press. A second one is no news."""
    tx.refresh(member, with_for_update={"key_share": True})
    if not member.contact:
        return
    member.contact, member.contact_at = "", None
    _record(tx, member, act="took the address back", now=now)
    members.show_home(tx, member=member, now=now)


def contact_of(member: Member, *, cipher: MultiFernet) -> str:
    """As its owner is shown it: enough to know it again, too little for anybody else. Empty where there is none."""
    if not member.contact:
        return ""
    name, _, domain = cipher.decrypt(member.contact.encode()).decode().partition("@")
    return f"{name[0]}•••@{domain}"


def _record(tx: Session, member: Member, *, act: str, now: datetime) -> None:
    """That they did, and never what: neither where they live nor where they read their mail is anybody else's."""
    audit.record(
        tx, workspace_id=member.workspace_id, by=member, act=act, subject="member", subject_id=member.id, now=now
    )
