"""Everyone who raised or backed it is told, once a change, where they said it; and says whether it helped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from feedback import access, ideas, members, once, outbox, rewards
from feedback.errors import Refused
from models import Answer, Change, ChangeIdea, Channel, Idea, Member, Message, Notice, Vote

LONGEST_WHY = 2000


@dataclass(frozen=True)
class Address:
    """A thread, or (channel None) the person's own conversation with the app."""

    channel_id: str | None
    thread_ts: str | None


@dataclass(frozen=True)
class Hearer:
    """Somebody who hears of a change, and the idea whose words are quoted to them."""

    member: Member
    idea: Idea
    raised_it: bool
    """False: they backed it."""


def open_notices(tx: Session, *, change: Change, answered: Sequence[Idea], now: datetime) -> int:
    """One notice for each of those who hear of it. Returns how many they are."""
    hearers = {hearer.member.id: hearer for hearer in audience(tx, answered=answered, made_by_id=change.made_by_id)}
    rows = [
        {
            "workspace_id": change.workspace_id,
            "change_id": change.id,
            "member_id": member_id,
            "idea_id": hearer.idea.id,
            "raised_it": hearer.raised_it,
            "opened_at": now,
        }
        for member_id, hearer in hearers.items()
    ]
    opened = once.insert_all(tx, Notice, rows, returning=("id", "member_id"))
    ids_of = {f"notice:{row.id}": {"notice_id": row.id} for row in opened}
    outbox.owe_each(tx, workspace_id=change.workspace_id, kind="loop.notice", ids_of=ids_of, now=now)
    for row in opened:
        members.show_home(tx, member=hearers[row.member_id].member, now=now)
    return len(opened)


def audience(tx: Session, *, answered: Sequence[Idea], made_by_id: int) -> list[Hearer]:
    """Whoever raised several of the ideas hears under the one they said first; whoever only backed them, too.

    Not: who left, apps, whoever makes the change. Two queries, however many ideas they are.
    """
    said = sorted(answered, key=lambda idea: (idea.created_at, idea.id))
    backers: dict[int, list[int]] = {}
    for idea_id, member_id in tx.execute(
        select(Vote.idea_id, Vote.member_id).where(Vote.idea_id.in_([idea.id for idea in said])).order_by(Vote.id)
    ):
        backers.setdefault(idea_id, []).append(member_id)
    raised = [(idea, idea.author_id, True) for idea in said]
    backed = [(idea, member_id, False) for idea in said for member_id in backers.get(idea.id, [])]
    wanted = {member_id for _, member_id, _ in raised + backed} - {made_by_id}
    here = {
        member.id: member
        for member in tx.scalars(
            select(Member).where(Member.id.in_(wanted), Member.left_at.is_(None), Member.is_bot.is_(False))
        )
    }
    first: dict[int, Hearer] = {}
    for idea, member_id, raised_it in raised + backed:
        if member_id in here:
            first.setdefault(member_id, Hearer(here[member_id], idea, raised_it))
    return list(first.values())


def get(tx: Session, *, notice_id: int) -> Notice:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Notice, notice_id)


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


def address_of(tx: Session, idea: Idea) -> Address:
    """Where its author hears of it: the thread where they said it, as long as it, the channel and they are still
    there; else their own DM."""
    message = idea.message
    if message is None or message.deleted_at or message.is_lost:
        return Address(None, None)
    channel = tx.scalars(
        select(Channel).where(Channel.workspace_id == idea.workspace_id, Channel.slack_id == message.channel_id)
    ).one_or_none()
    if channel is None or channel.is_archived or not channel.app_is_in:
        return Address(None, None)
    if not members.is_in_channel(tx, member=idea.author, channel_id=message.channel_id):
        return Address(None, None)
    return thread_of(message)


def thread_of(message: Message) -> Address:
    """The thread where it was said, whether or not anybody is still there."""
    return Address(message.channel_id, message.thread_ts or message.ts)


def threads_of(tx: Session, notice: Notice) -> list[Address]:
    """Wherever this person said something that the change answers: one of them is, or was, where they hear of it."""
    said = tx.scalars(
        select(Message)
        .join(Idea, Idea.message_id == Message.id)
        .join(ChangeIdea, ChangeIdea.idea_id == Idea.id)
        .where(ChangeIdea.change_id == notice.change_id, Idea.author_id == notice.member_id)
        .order_by(Idea.id)
    )
    return [thread_of(message) for message in said]


def is_owed(tx: Session, notice: Notice) -> bool:
    """Nobody is told who left or took back all that it answers of theirs, nor told twice.

    Where they took back the idea that was to be quoted, the next one of theirs takes its place.
    """
    if notice.told_at is not None or notice.member.left_at is not None:
        return False
    if notice.idea.state == "withdrawn":
        rest = [idea for idea in _ideas_of(tx, notice) if idea.state != "withdrawn"]
        if not rest:
            return False
        notice.idea = rest[0]
        notice.raised_it = rest[0].author_id == notice.member_id
    return True


def told(tx: Session, *, notice_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Where it stands. Locks the idea too: whoever deletes its words just now comes before that, or after it."""
    notice = tx.get_one(Notice, notice_id, with_for_update=True)
    tx.get_one(Idea, notice.idea_id, with_for_update=True)
    if notice.told_at is None:
        notice.channel_id, notice.ts, notice.told_at = channel_id, ts, now
        if notice.answer is not None:  # somebody was faster than we could write down where it stands
            refresh(tx, notice=notice, now=now)
        members.show_home(tx, member=notice.member, now=now)


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


def refresh(tx: Session, *, notice: Notice, now: datetime) -> None:
    """Owes the notice a fresh look: with the answer in place of the question."""
    outbox.owe_again(
        tx,
        workspace_id=notice.workspace_id,
        kind="loop.notice_refresh",
        key=f"loop.notice_refresh:{notice.id}",
        now=now,
        notice_id=notice.id,
    )


def follow_deletion(tx: Session, *, message: Message, now: datetime) -> None:
    """Words that somebody took out of Slack are not left standing where they were quoted."""
    quoting = select(Notice).join(Idea, Idea.id == Notice.idea_id).where(Idea.message_id == message.id)
    for notice in tx.scalars(quoting.where(Notice.told_at.is_not(None)).order_by(Notice.id)):
        refresh(tx, notice=notice, now=now)


def check_unanswered(tx: Session, *, notice_id: int, member: Member) -> Notice:
    """Before the form is shown that asks why."""
    notice = access.access_notice(tx, member=member, notice_id=notice_id)
    if notice.answer is not None:
        verdict = "better now" if notice.answer.verdict == "better" else "not yet"
        raise Refused(f"You answered this already: {verdict}.")
    return notice


def _ideas_of(tx: Session, notice: Notice) -> Sequence[Idea]:
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
