"""Somebody of the team thanks a person for help that no answer tells of: evidence, a call, trying something out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session, aliased

from feedback import access, ideas, identities
from feedback.errors import Refused
from feedback.rewards import proposing, rules, states
from models import Change, ChangeIdea, Idea, Member, Message, Reward

LONGEST_NOTE = 1000
DECISIONS = {"evidence": ("planned", "declined", "shipped"), "tested": ("shipped",)}
"""By trigger: what must have been decided about the idea."""
Below = aliased(Message)


def thank(tx: Session, *, idea_id: int, by: Member, member_id: int, trigger: str, note: str, now: datetime) -> Reward:
    """Proposes it for somebody who had a part in the idea. `note`: what was good about it, which only the team reads.
    Somebody else has to confirm it, and a manager approves it. The same again is no news; what stands already is not
    written over, and whoever asks hears so."""
    idea = access.access_idea(tx, member=by, idea_id=idea_id)
    if ideas.merge_of(tx, idea_id=idea.id):
        raise Refused("It was merged into another idea. Thank them there.")
    member = next((each for each in those_in(tx, idea_id=idea.id) if each.id == member_id), None)
    if member is None:
        raise Refused("Choose somebody who had a part in it.", "member_id")
    if by.id in identities.same_person(tx, member_id=member.id):
        raise Refused("That is you. Somebody else can thank you.", "member_id")
    rule = rules.of_trigger(tx, workspace_id=idea.workspace_id, trigger=trigger) if trigger in rules.BY_HAND else None
    if rule is None:
        raise Refused("Choose what it is for.", "trigger")
    if not rules.may_propose(by, rule):
        raise Refused(f"Thanking somebody for that is for others: at least {rule.proposed_by}.", "trigger")
    note = note.strip()
    if not note:
        raise Refused("Write what was good about it. Only the team reads it.", "note")
    if len(note) > LONGEST_NOTE:
        raise Refused(f"Please keep it under {LONGEST_NOTE} characters.", "note")
    known = _known(tx, idea, member, trigger)
    if known is not None and known.state != "cancelled":
        if (known.proposed_by_id, known.note) == (by.id, note) and known.state in states.OPEN:
            return known
        raise Refused(_stands(known), "trigger")
    change = _decision(tx, idea, trigger)
    why = proposing.obstacle(tx, member=member, rule=rule, now=now)
    if why:
        raise Refused(why, "member_id")
    made = proposing.propose(
        tx, idea=idea, member=member, rule=rule, change=change, by_id=by.id, by=by, old=known, note=note, now=now
    )
    if made is None:
        raise Refused("A manager decided about this one already.", "trigger")
    return made


def those_in(tx: Session, *, idea_id: int) -> Sequence[Member]:
    """Customers who said it or what is kept together with it, backed it, or wrote below it; by name."""
    behind = ideas.people(ideas.kept_in([idea_id])).subquery()
    ids = union(select(behind.c.member_id), _wrote_below(idea_id)).subquery()
    return tx.scalars(
        select(Member)
        .where(
            Member.id.in_(select(ids.c.member_id)),
            Member.role == "customer",
            Member.is_bot.is_(False),
            Member.left_at.is_(None),
        )
        .order_by(Member.name, Member.id)
    ).all()


def _wrote_below(idea_id: int) -> Select[int | None]:
    start = func.coalesce(Message.thread_ts, Message.ts)
    return (
        select(Below.author_id.label("member_id"))
        .select_from(Idea)
        .join(Message, Message.id == Idea.message_id)
        .join(
            Below,
            (Below.workspace_id == Message.workspace_id)
            & (Below.channel_id == Message.channel_id)
            & (Below.thread_ts == start),
        )
        .where(ideas.kept_in([idea_id]), Below.deleted_at.is_(None), Below.author_id.is_not(None))
    )


def _known(tx: Session, idea: Idea, member: Member, trigger: str) -> Reward | None:
    """Locked."""
    return tx.scalars(
        select(Reward)
        .where(Reward.idea_id == idea.id, Reward.member_id == member.id, Reward.reason == trigger)
        .with_for_update(of=Reward)
    ).one_or_none()


def _stands(known: Reward) -> str:
    """Why it is not proposed once more, for the team: what became of it a manager may say."""
    if known.state == "declined":
        return "A manager decided about this one already."
    if known.state in states.OPEN:
        return f"{known.proposed_by.name} proposed that already, for {known.member.name}. It waits for others."
    return f"{known.member.name} was thanked for that already."


def _decision(tx: Session, idea: Idea, trigger: str) -> Change | None:
    """What it helped with, the newest; None of a call, which needs none."""
    if trigger not in DECISIONS:
        return None
    found = tx.scalars(
        select(Change)
        .join(ChangeIdea, ChangeIdea.change_id == Change.id)
        .where(ChangeIdea.idea_id == idea.id, Change.kind.in_(DECISIONS[trigger]))
        .order_by(Change.id.desc())
        .limit(1)
    ).first()
    if found is None and trigger == "tested":
        raise Refused("Nothing shipped here that they could have tried.", "trigger")
    if found is None:
        raise Refused("Evidence counts once it changed a decision. Plan, decline or ship it first.", "trigger")
    return found
