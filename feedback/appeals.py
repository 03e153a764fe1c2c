"""What was declined can be asked for again, once: the team looks anew when enough new people back it.

New is whoever was not told of the decline: taking one's vote back and giving it again changes nothing. A decline that
comes after an appeal was heard stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from feedback import access, audit, ideas, loop, messages, once, outbox
from feedback.errors import Refused
from models import Appeal, Change, ChangeIdea, Idea, Member, Notice, Vote, Workspace

LONGEST_WORDS = 1000
DECIDED_ANEW = "That was decided anew meanwhile, so there is nothing to ask again."


@dataclass(frozen=True)
class Standing:
    """What stands below the notice of a decline."""

    appeal: Appeal | None
    """By which somebody asked again."""
    supporters: int
    """New people who back it since it was declined."""
    may_ask: bool


def standing(tx: Session, *, notice: Notice) -> Standing | None:
    """None where the notice tells of no decline."""
    if notice.change.kind != "declined":
        return None
    shown_id = _shown_id(tx, notice)
    appeal = tx.scalars(
        select(Appeal).where(Appeal.change_id == notice.change_id, Appeal.idea_id == shown_id)
    ).one_or_none()
    if appeal is not None:
        return Standing(appeal, supporters(tx, appeal=appeal), may_ask=False)
    return Standing(None, 0, may_ask=_trouble(tx, notice, tx.get_one(Idea, shown_id)) is None)


def check_may_ask(tx: Session, *, notice_id: int, member: Member) -> tuple[Notice, int]:
    """Before the form is shown; with the number of new people that it would take."""
    notice = access.access_notice(tx, member=member, notice_id=notice_id)
    if notice.change.kind != "declined":
        raise Refused(DECIDED_ANEW)
    found = standing(tx, notice=notice)
    if found and found.appeal:
        raise _asked_already(found.appeal, found.supporters)
    trouble = _trouble(tx, notice, tx.get_one(Idea, _shown_id(tx, notice)))
    if trouble:
        raise Refused(trouble)
    return notice, tx.get_one(Workspace, notice.workspace_id).appeal_supporters


def ask_again(tx: Session, *, notice_id: int, member: Member, words: str, now: datetime) -> Appeal:
    """One of those behind it says what was missed. A second press is no news; a second person is told of the first."""
    words = messages.storable(words.strip())
    if not words:
        raise Refused("Tell the team in a sentence what they missed.", "words")
    if len(words) > LONGEST_WORDS:
        raise Refused(f"Please keep it under {LONGEST_WORDS} characters.", "words")
    notice = access.access_notice(tx, member=member, notice_id=notice_id)
    if notice.change.kind != "declined":
        raise Refused(DECIDED_ANEW)
    shown_id = _shown_id(tx, notice)
    kept = _kept(tx, shown_id)
    idea = next(each for each in kept if each.id == shown_id)
    about = {"change_id": notice.change_id, "idea_id": shown_id}
    appeal = tx.scalars(select(Appeal).filter_by(**about)).one_or_none()
    if appeal is not None and appeal.member_id != member.id:
        raise _asked_already(appeal, supporters(tx, appeal=appeal))
    if appeal is not None:
        return appeal
    trouble = _trouble(tx, notice, idea)
    if trouble:
        raise Refused(trouble)
    needs = tx.get_one(Workspace, notice.workspace_id).appeal_supporters
    facts = {"workspace_id": notice.workspace_id, "notice_id": notice.id, "member_id": member.id, "needs": needs}
    once.insert(tx, Appeal, **about, **facts, words=words, made_at=now)
    appeal = tx.scalars(select(Appeal).filter_by(**about)).one()
    audit.record(
        tx,
        workspace_id=idea.workspace_id,
        by=member,
        act="asked again",
        subject="idea",
        subject_id=idea.id,
        now=now,
        why=words,
    )
    _weigh(tx, appeal=appeal, kept=kept, now=now)
    return appeal


def weigh(tx: Session, *, idea_id: int, now: datetime) -> None:
    """Somebody began or ceased to back what was declined: whether the team is to look at it again."""
    shown_id = tx.scalars(select(ideas.shown_as()).where(Idea.id == idea_id)).one()
    kept = _kept(tx, shown_id)
    appeal = tx.scalars(
        select(Appeal).where(Appeal.idea_id == shown_id, Appeal.heard_at.is_(None)).order_by(Appeal.id.desc()).limit(1)
    ).first()
    if appeal is not None and appeal.change_id == tx.scalars(_last_decision(shown_id)).first():
        _weigh(tx, appeal=appeal, kept=kept, now=now)


def _weigh(tx: Session, *, appeal: Appeal, kept: Sequence[Idea], now: datetime) -> None:
    """`kept`: the ideas, locked, so that of two votes at once the second one counts the first."""
    declined = [idea for idea in kept if idea.state == "declined"]
    if declined and supporters(tx, appeal=appeal) >= appeal.needs:
        _hear(tx, appeal=appeal, declined=declined, now=now)
    loop.refresh(tx, notice=appeal.notice, now=now)


def _hear(tx: Session, *, appeal: Appeal, declined: Sequence[Idea], now: datetime) -> None:
    """It waits for the team again, with these words."""
    appeal.heard_at = now
    for idea in declined:
        ideas.set_state(tx, idea=idea, state="new", act="heard again", by=None, now=now, why=appeal.words)
    workspace_id = appeal.workspace_id
    key = f"idea.card:{appeal.idea_id}:appeal:{appeal.id}"
    outbox.owe(tx, workspace_id=workspace_id, kind="idea.card", key=key, now=now, idea_id=appeal.idea_id)
    key = f"appeal.heard:{appeal.id}"
    outbox.owe(tx, workspace_id=workspace_id, kind="appeal.heard", key=key, now=now, appeal_id=appeal.id)


def supporters(tx: Session, *, appeal: Appeal) -> int:
    """New people who back it since the decline: each once, and nobody who heard of the decline, said it, or made it."""
    change = tx.get_one(Change, appeal.change_id)
    told = select(Notice.member_id).where(Notice.change_id == change.id)
    said = select(Idea.author_id).where(ideas.kept_in([appeal.idea_id]))
    return (
        tx.scalar(
            select(func.count(func.distinct(Vote.member_id)))
            .join(Idea, Idea.id == Vote.idea_id)
            .join(Member, Member.id == Vote.member_id)
            .where(
                ideas.kept_in([appeal.idea_id]),
                Vote.cast_at > change.made_at,
                Vote.member_id.not_in(told),
                Vote.member_id.not_in(said),
                Vote.member_id != change.made_by_id,
                Member.left_at.is_(None),
                Member.is_bot.is_(False),
            )
        )
        or 0
    )


def heard(tx: Session, *, idea: Idea) -> Appeal | None:
    """By which what was declined waits for the team again; None where it does not."""
    if idea.state not in ideas.OPEN_STATES:
        return None
    last = select(Appeal).where(Appeal.idea_id == idea.id, Appeal.heard_at.is_not(None)).order_by(Appeal.id.desc())
    return tx.scalars(last.limit(1)).first()


def get(tx: Session, *, appeal_id: int) -> Appeal:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Appeal, appeal_id)


def told(tx: Session, *, appeal_id: int, now: datetime) -> None:
    """Whoever asked knows that the team looks at it again."""
    appeal = tx.get_one(Appeal, appeal_id, with_for_update=True)
    appeal.told_at = appeal.told_at or now


def _shown_id(tx: Session, notice: Notice) -> int:
    return tx.scalars(select(ideas.shown_as()).where(Idea.id == notice.idea_id)).one()


def _kept(tx: Session, shown_id: int) -> Sequence[Idea]:
    """Locked, in the order of ids."""
    return tx.scalars(select(Idea).where(ideas.kept_in([shown_id])).order_by(Idea.id).with_for_update()).all()


def _last_decision(idea_id: int) -> Select[int]:
    return (
        select(ChangeIdea.change_id).where(ChangeIdea.idea_id == idea_id).order_by(ChangeIdea.change_id.desc()).limit(1)
    )


def _trouble(tx: Session, notice: Notice, idea: Idea) -> str | None:
    """Why nobody can ask again; None where somebody can."""
    if idea.state != "declined" or tx.scalars(_last_decision(idea.id)).first() != notice.change_id:
        return DECIDED_ANEW
    was_heard = select(Appeal.id).where(Appeal.idea_id == idea.id, Appeal.heard_at.is_not(None)).limit(1)
    if tx.scalars(was_heard).first() is not None:
        return "The team has looked at this a second time already, and their answer stands."
    return None


def _asked_already(appeal: Appeal, count: int) -> Refused:
    if appeal.heard_at is not None:
        return Refused("That was asked again already, and the team looks at it anew.")
    return Refused(
        f"{appeal.member.name} asked again already. The team looks at it when {appeal.needs} new people back it, "
        f"and {count} {'does' if count == 1 else 'do'} so far."
    )
