"""How what was paid reaches its receiver: told once, sent again on request, remembered before it ends, taken back.

The code or link is encrypted in its row, and read only by the job that posts it to its receiver. Nothing here records
it, and no row of the outbox carries it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography.fernet import MultiFernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, identities, members, outbox
from feedback.errors import Refused
from feedback.rewards import adopting, ledger, paying, states
from feedback.rewards.standing import record
from models import GiftCode, Member, Outbox, Payout, Reward

AGAIN_AFTER = timedelta(hours=1)
REMIND_BEFORE = timedelta(days=7)
SETTLED_FOR = timedelta(days=1)
"""Whoever got it only yesterday has read there when it ends."""
UNOPENED_DAYS = 30
LONGEST_RETURN_WHY = 300
LINKED = ("tremendous", "service")
"""Providers that make links: they can make another one, and have to be asked before a gift is worth nothing."""


def gift_of(payout: Payout, *, cipher: MultiFernet) -> str:
    """The code, the link or the words: for its receiver's eyes only. Empty where there is none, or it went back."""
    return cipher.decrypt(payout.gift.encode()).decode() if payout.gift else ""


def gift_told(tx: Session, *, payout_id: int, channel_id: str, ts: str, now: datetime) -> None:
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    if payout.gift_told_at is None:
        payout.gift_told_at, payout.gift_channel_id, payout.gift_ts = now, channel_id, ts
        record(tx, reward=payout.reward, by=None, act="told", now=now)
        members.show_home(tx, member=payout.reward.member, now=now)
        _show_that_it_went(tx, payout, ts, now)


def send_again(tx: Session, *, reward_id: int, manager: Member, now: datetime) -> Reward:
    """For somebody who does not find it any more. A manager never sees what is in it."""
    reward = access.access_reward(tx, member=manager, reward_id=reward_id)
    return _send_again(tx, reward, by=manager, now=now)


def send_me_again(tx: Session, *, reward_id: int, member: Member, now: datetime) -> Reward:
    reward = access.access_own_reward(tx, member=member, reward_id=reward_id)
    return _send_again(tx, reward, by=member, now=now)


def _send_again(tx: Session, reward: Reward, *, by: Member, now: datetime) -> Reward:
    """It is the same gift. Where its link has ended, the provider is asked for another one to it first."""
    payout = paying.locked_of(tx, reward.id)
    why_not = why_not_again(payout, now)
    if payout is None or why_not:
        raise Refused(why_not)
    payout.resent_at = now
    record(tx, reward=reward, by=by, act="sent again", now=now)
    has_ended = payout.expires_at is not None and payout.expires_at <= now
    kind = "reward.link" if has_ended else "reward.gift_again"
    _owe(tx, payout, kind=kind, key=f"{kind}:{payout.external_id}:{int(now.timestamp())}", now=now)
    return reward


def why_not_again(payout: Payout | None, now: datetime) -> str:
    """Why it cannot be sent once more just now; empty where it can."""
    if payout is None or _is_over(payout):
        return _is_over(payout)
    if payout.gift_told_at is None:
        return "It is on its way already."
    if max(payout.gift_told_at, payout.resent_at or payout.gift_told_at) + AGAIN_AFTER > now:
        return "It was sent less than an hour ago. It is in the messages with the app."
    if payout.expires_at is not None and payout.expires_at <= now and not _has_provider(payout):
        return f"It ended on {payout.expires_at.day} {payout.expires_at:%B %Y}."
    return ""


def _is_over(payout: Payout | None) -> str:
    """Why there is no gift to speak of; empty where there is one."""
    if payout is None or payout.paid_at is None:
        return "Nothing was paid yet."
    if payout.reward.member.erased_at is not None:
        return "Its receiver was forgotten, as they wished."
    if payout.returned_at is not None:
        return "It went back already."
    if payout.redeemed_at is not None:
        return f"It was used on {payout.redeemed_at.day} {payout.redeemed_at:%B %Y}."
    return ""


def _has_provider(payout: Payout) -> bool:
    return payout.provider in LINKED and bool(payout.provider_reward)


def link_renewed(tx: Session, *, payout_id: int, link: str, cipher: MultiFernet, now: datetime) -> None:
    """The provider made another link to the same gift. Until when that one is good, it did not say."""
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    if payout.returned_at is not None:
        return
    payout.gift, payout.expires_at = cipher.encrypt(link.encode()).decode(), None
    key = f"reward.gift_again:{payout.external_id}:{int(now.timestamp())}"
    _owe(tx, payout, kind="reward.gift_again", key=key, now=now)


def sent_again(tx: Session, *, payout_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Where they find it now."""
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    payout.gift_channel_id, payout.gift_ts = channel_id, ts
    _show_that_it_went(tx, payout, ts, now)


def _show_that_it_went(tx: Session, payout: Payout, ts: str, now: datetime) -> None:
    """It was taken back while a message with it was on its way."""
    if payout.returned_at is not None:
        _refresh(tx, payout, ts, now)


def remind_soon(tx: Session, *, workspace_id: int, now: datetime) -> int:
    """Owes a word to everybody whose gift ends within a week and was not used as far as anybody knows: once each, and
    however much they chose to hear, because it is theirs and lost otherwise. Returns how many."""
    found = tx.execute(
        select(Payout.id, Payout.external_id)
        .join(Reward, Reward.id == Payout.reward_id)
        .join(Member, Member.id == Reward.member_id)
        .where(
            Reward.workspace_id == workspace_id,
            Reward.state == "paid",
            Member.left_at.is_(None),
            Payout.expires_at > now,
            Payout.expires_at <= now + REMIND_BEFORE,
            Payout.gift_told_at <= now - SETTLED_FOR,
            Payout.reminded_at.is_(None),
            Payout.redeemed_at.is_(None),
            Payout.returned_at.is_(None),
        )
        .order_by(Payout.id)
    )
    ids_of = {f"reward.expiring:{external_id}": {"payout_id": payout_id} for payout_id, external_id in found}
    return len(outbox.owe_each(tx, workspace_id=workspace_id, kind="reward.expiring", ids_of=ids_of, now=now))


def is_reminder_owed(payout: Payout, now: datetime) -> bool:
    """Whether there is still something to say when it is their turn."""
    is_theirs = bool(payout.gift) and payout.returned_at is None and payout.redeemed_at is None
    return is_theirs and payout.expires_at is not None and payout.expires_at > now


def reminded(tx: Session, *, payout_id: int, ts: str, now: datetime) -> None:
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    if payout.reminded_at is None:
        payout.reminded_at = now
        record(tx, reward=payout.reward, by=None, act="reminded", now=now)
        _show_that_it_went(tx, payout, ts, now)


def take_back(tx: Session, *, reward_id: int, manager: Member, why: str, now: datetime) -> Reward:
    """What was never opened, or could not be sent. Where a provider holds it, that is asked first; otherwise it is the
    manager who says that the code or link is worth nothing any more."""
    reward = access.access_reward(tx, member=manager, reward_id=reward_id)
    access.check_other_hands(manager, reward, same=identities.same_person(tx, member_id=manager.id))
    payout, why = paying.locked_of(tx, reward.id), why.strip()
    obstacle = why_not_back(tx, payout, now=now)
    if payout is None or obstacle:
        raise Refused(obstacle)
    if not why:
        raise Refused(f"Say why. {reward.member.name} reads it too.", "why")
    if len(why) > LONGEST_RETURN_WHY:
        raise Refused(f"Please keep it under {LONGEST_RETURN_WHY} characters.", "why")
    if payout.provider not in LINKED:
        _return(tx, reward, payout, why=why, by=manager, now=now)
        return reward
    reward.ended_why = why
    record(tx, reward=reward, by=manager, act="taken back", now=now, why=why)
    key = f"reward.take_back:{payout.external_id}"
    outbox.owe_again(
        tx, workspace_id=reward.workspace_id, kind="reward.take_back", key=key, now=now, payout_id=payout.id
    )
    return reward


def why_not_back(tx: Session, payout: Payout | None, *, now: datetime) -> str:
    """Why the money cannot be taken back now; empty where it can."""
    if payout is None or _is_over(payout):
        return _is_over(payout)
    if payout.provider in LINKED and not payout.provider_reward:
        return "The payout service has to take it back. Cancel it there."
    if payout.gift_told_at is None:
        is_stuck = select(Outbox.id).where(Outbox.key == paying.keys_of(payout)[1], outbox.did_not_get_through())
        return "" if tx.scalars(is_stuck).first() is not None else "It is on its way to them."
    has_ended = payout.expires_at is not None and payout.expires_at <= now
    if not has_ended and payout.gift_told_at + timedelta(days=UNOPENED_DAYS) > now:
        return f"They may take {UNOPENED_DAYS} days to use it. After that it can be taken back."
    return ""


def not_taken_back(tx: Session, *, payout_id: int, error: str, now: datetime) -> None:
    """The provider refused: mostly because its receiver opened it meanwhile. It stays theirs."""
    reward = tx.get_one(Payout, payout_id).reward
    reward.ended_why = ""
    record(tx, reward=reward, by=None, act="not returned", now=now, error=error)


def returned(tx: Session, *, payout_id: int, why: str = "", now: datetime) -> None:
    """The provider gave the money back: because a manager asked, or because it was never opened. `why` is for its
    receiver too. A second time is no news."""
    payout = paying.locked(tx, payout_id)
    reward = payout.reward
    if payout.returned_at is None and reward.state == "paid":
        _return(tx, reward, payout, why=why or reward.ended_why or "It was not opened in time.", by=None, now=now)


def _return(tx: Session, reward: Reward, payout: Payout, *, why: str, by: Member | None, now: datetime) -> None:
    if payout.gift_told_at is None:
        _put_back(tx, payout)
    payout.returned_at, payout.gift, reward.ended_why = now, "", why
    adopting.adopt(tx, reward=reward, now=now)
    ledger.step(tx, "refund", reward=reward, by=by, now=now)
    states.move(tx, reward=reward, to="cancelled", act="returned", by=by, now=now, why=why)
    if payout.gift_told_at is not None:
        _owe(tx, payout, kind="reward.returned", key=f"reward.returned:{payout.external_id}", now=now)
        for ts in sorted(_messages(tx, payout)):
            _refresh(tx, payout, ts, now)
    else:
        outbox.got_through(tx, key=paying.keys_of(payout)[1], now=now)  # nobody has to see to its sending any more


def _messages(tx: Session, payout: Payout) -> set[str]:
    """Every one in which it stands: where they were told first, once more, and that it ends soon."""
    known = {payout.gift_ts} if payout.gift_ts else set()
    keys = (paying.keys_of(payout)[1], f"reward.expiring:{payout.external_id}")
    return known | outbox.posted_as(tx, keys=keys, beginnings=[f"reward.gift_again:{payout.external_id}:"])


def _refresh(tx: Session, payout: Payout, ts: str, now: datetime) -> None:
    outbox.owe_again(
        tx,
        workspace_id=payout.reward.workspace_id,
        kind="reward.gift_refresh",
        key=f"reward.gift_refresh:{payout.external_id}:{ts}",
        now=now,
        payout_id=payout.id,
        ts=ts,
    )


def _put_back(tx: Session, payout: Payout) -> None:
    """A code that surely nobody was told: the one try to send it was refused. It is free for somebody else then."""
    row = tx.scalars(select(Outbox).where(Outbox.key == paying.keys_of(payout)[1]).with_for_update()).one_or_none()
    if row is None or (row.state, row.attempt) != ("failed", 1):
        return
    code = tx.scalars(select(GiftCode).where(GiftCode.payout_id == payout.id).with_for_update()).one_or_none()
    if code is not None:
        code.payout_id, code.given_at = None, None


def _owe(tx: Session, payout: Payout, *, kind: str, key: str, now: datetime) -> None:
    workspace_id = payout.reward.workspace_id
    outbox.owe(tx, workspace_id=workspace_id, kind=kind, key=key, now=now, payout_id=payout.id)
