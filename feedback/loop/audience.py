"""Who hears of a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from feedback.database import among
from models import Answer, ChangeIdea, Idea, Member, Message, Notice, Vote

BECAUSE = ("joined", "backed", "not_yet")
"""Why those hear of it who did not raise it. Of several reasons the first one counts: whoever wrote in the thread hears
there, backed it or not."""
Below = aliased(Message)


@dataclass(frozen=True)
class Hearer:
    """Somebody who hears of a change, and the idea whose words are quoted to them."""

    member: Member
    idea: Idea
    raised_it: bool
    """False: they backed it, wrote below it, or said of an earlier change that it did not help."""
    because: str = "backed"
    """Where they did not raise it: one of BECAUSE."""


def audience(tx: Session, *, answered: Sequence[Idea], made_by_id: int) -> list[Hearer]:
    """Whoever raised several of the ideas hears under the one they said first; whoever backed them, wrote below them or
    was not helped by what was told of them before, too.

    Not: who left, apps, whoever makes the change; and of those who only wrote below, the team. Two queries, however
    many ideas they are.
    """
    said = sorted(answered, key=lambda idea: (idea.created_at, idea.id))
    others = _others(tx, said)
    wanted = [(idea, idea.author_id, True, "backed") for idea in said]
    for because in BECAUSE:
        wanted += [
            (idea, member_id, False, because) for idea in said for member_id in others.get((because, idea.id), [])
        ]
    member_ids = {member_id for _, member_id, _, _ in wanted} - {made_by_id}
    here = {
        member.id: member
        for member in tx.scalars(
            select(Member).where(
                Member.id.in_(among(tx, member_ids)), Member.left_at.is_(None), Member.is_bot.is_(False)
            )
        )
    }
    first: dict[int, Hearer] = {}
    for idea, member_id, raised_it, because in wanted:
        if member_id in here:
            first.setdefault(member_id, Hearer(here[member_id], idea, raised_it, because))
    return list(first.values())


def _others(tx: Session, said: Sequence[Idea]) -> dict[tuple[str, int], list[int]]:
    """By reason and idea, the members, the first one first."""
    ids = among(tx, (idea.id for idea in said))
    asked = union_all(_backed(ids), _not_helped(ids), _joined(ids)).subquery()
    found: dict[tuple[str, int], list[int]] = {}
    for row in tx.execute(select(asked).order_by(asked.c.turn)):
        found.setdefault((row.because, row.idea_id), []).append(row.member_id)
    return found


def _backed(ids: Select[int]) -> Select[str, int, int, int]:
    return select(
        literal("backed").label("because"),
        Vote.idea_id.label("idea_id"),
        Vote.member_id.label("member_id"),
        Vote.id.label("turn"),
    ).where(Vote.idea_id.in_(ids))


def _not_helped(ids: Select[int]) -> Select[str, int, int, int]:
    """Whoever said "not yet" to an earlier change that claimed one of them."""
    return (
        select(literal("not_yet"), ChangeIdea.idea_id, Notice.member_id, Answer.id)
        .join(Notice, Notice.id == Answer.notice_id)
        .join(ChangeIdea, ChangeIdea.change_id == Notice.change_id)
        .where(ChangeIdea.idea_id.in_(ids), Answer.verdict == "not_yet")
    )


def _joined(ids: Select[int]) -> Select[str, int, int, int]:
    """Whoever wrote in the thread after it was said. Of what is deleted nobody knows any more whose it was."""
    return (
        select(literal("joined"), Idea.id, Member.id, Below.id)
        .join(Message, Message.id == Idea.message_id)
        .join(
            Below,
            (Below.workspace_id == Message.workspace_id)
            & (Below.channel_id == Message.channel_id)
            & (Below.thread_ts == func.coalesce(Message.thread_ts, Message.ts)),
        )
        .join(Member, Member.id == Below.author_id)
        .where(
            Idea.id.in_(ids),
            Below.id != Message.id,
            Below.posted_at > Message.posted_at,
            Below.deleted_at.is_(None),
            Member.role == "customer",
        )
    )
