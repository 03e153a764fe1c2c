"""Did it help?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from feedback import access, ideas, once, outbox, rewards
from feedback.errors import Refused
from feedback.loop.refreshing import refresh
from models import Answer, ChangeIdea, Idea, Member, Notice, Vote

LONGEST_WHY = 2000


def answer(tx: Session, *, notice_id: int, member: Member, verdict: str, why: str = "", now: datetime) -> Answer:
    """ "better": the ideas are verified and a thank-you is proposed. "not_yet": they are open again, with these words.

    Ideas that are kept together follow together, whichever of them this person asked for; the thank-you is for the one
    contribution that they are, so it goes to the author of the one that is shown. The first answer counts; the same one
    again is no news.
    """
    notice = access.access_notice(tx, member=member, notice_id=notice_id)
    why = why.strip()
    if verdict == "not_yet" and not why:
        raise Refused("Tell us in a sentence what is still missing.", "why")
    if len(why) > LONGEST_WHY:
        raise Refused(f"Please keep it under {LONGEST_WHY} characters.", "why")
    if notice.change.kind != "shipped":
        raise Refused("There is nothing to try yet.")
    row_id = once.insert(tx, Answer, notice_id=notice.id, verdict=verdict, why=why, given_at=now)
    given = tx.scalars(select(Answer).where(Answer.notice_id == notice.id)).one()
    if row_id is None:
        if given.verdict != verdict:
            raise Refused(f"You answered this already: {'better now' if given.verdict == 'better' else 'not yet'}.")
        return given
    for idea in _kept_with_ideas_of(tx, notice):
        _follow(tx, idea=idea, verdict=verdict, why=why, member=member, now=now, answer_id=row_id)
    merge = ideas.merge_of(tx, idea_id=notice.idea_id)
    shown = merge.into if merge else notice.idea
    if verdict == "better" and shown.state == "verified":
        rewards.propose(tx, idea=shown, change=notice.change, now=now)
    refresh(tx, notice=notice, now=now)
    return given


def check_unanswered(tx: Session, *, notice_id: int, member: Member) -> Notice:
    """Before the form is shown that asks why."""
    notice = access.access_notice(tx, member=member, notice_id=notice_id)
    if notice.answer is not None:
        verdict = "better now" if notice.answer.verdict == "better" else "not yet"
        raise Refused(f"You answered this already: {verdict}.")
    return notice


def last_words(tx: Session, *, idea_id: int) -> str:
    """What the last "not yet" about this idea said; empty where nobody said so."""
    why = tx.scalars(
        select(Answer.why)
        .join(Notice, Notice.id == Answer.notice_id)
        .join(ChangeIdea, ChangeIdea.change_id == Notice.change_id)
        .where(ChangeIdea.idea_id == idea_id, Answer.verdict == "not_yet")
        .order_by(Answer.id.desc())
    ).first()
    return why or ""


def ideas_of(tx: Session, notice: Notice) -> Sequence[Idea]:
    """What this person raised or backed among the ideas that the change answers. Locked."""
    return tx.scalars(_answered_by(notice, _theirs(notice)).with_for_update(of=Idea)).all()


def _kept_with_ideas_of(tx: Session, notice: Notice) -> Sequence[Idea]:
    """The same, and what is kept together with it. Locked."""
    shown = tx.scalars(_answered_by(notice, _theirs(notice)).with_only_columns(ideas.shown_as())).all()
    return tx.scalars(_answered_by(notice, ideas.kept_in(shown)).with_for_update(of=Idea)).all()


def _theirs(notice: Notice) -> ColumnElement[bool]:
    backed = select(Vote.idea_id).where(Vote.member_id == notice.member_id)
    return (Idea.author_id == notice.member_id) | Idea.id.in_(backed) | (Idea.id == notice.idea_id)


def _answered_by(notice: Notice, which: ColumnElement[bool]) -> Select[Idea]:
    return (
        select(Idea)
        .join(ChangeIdea, ChangeIdea.idea_id == Idea.id)
        .where(ChangeIdea.change_id == notice.change_id, which)
        .order_by(Idea.id)
    )


def _follow(tx: Session, *, idea: Idea, verdict: str, why: str, member: Member, now: datetime, answer_id: int) -> None:
    """What one answer does to one idea. One that was decided anew since is left alone."""
    if verdict == "better" and idea.state == "shipped":
        ideas.set_state(tx, idea=idea, state="verified", act="confirmed", by=member, now=now)
    if verdict == "not_yet" and idea.state in ("shipped", "verified"):
        ideas.set_state(tx, idea=idea, state="reopened", act="reopened", by=member, now=now, why=why)
        if ideas.went_into(tx, idea_ids=[idea.id]):
            return  # its card shows no more than where it went; the team reads of it on that one's
        outbox.owe(
            tx,
            workspace_id=idea.workspace_id,
            kind="idea.card",
            key=f"idea.card:{idea.id}:answer:{answer_id}",
            now=now,
            idea_id=idea.id,
        )
