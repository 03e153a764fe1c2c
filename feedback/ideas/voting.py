"""Who is behind an idea: one vote a member, however many ways and times they give it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback import access, members, messages, once
from feedback.errors import Refused
from feedback.ideas.agreeing import agrees
from feedback.ideas.standing import owe_again, refresh
from models import Idea, Member, Message, Reaction, Vote, Workspace

VOTE_REACTION = "+1"
MOST_REPLIES = 500
"""Of a thread, the first so many are looked through for agreement when its message is kept."""
DOUBLE_CLICK_SECONDS = 1.0
"""Nobody votes and takes it back that fast; whoever presses twice so soon means one vote."""


def vote(tx: Session, *, workspace: Workspace, idea_id: int, member: Member, now: datetime) -> bool:
    """The button: votes, or takes the vote back. True where the vote stands afterwards."""
    idea = access.find_idea(tx, workspace_id=workspace.id, idea_id=idea_id)
    if idea.state == "withdrawn":
        raise Refused("Its author took that one back.")
    if idea.author_id == member.id:
        raise Refused("This one is yours already, so it counts you.")
    cast_at = tx.scalars(select(Vote.cast_at).where(Vote.idea_id == idea.id, Vote.member_id == member.id)).first()
    if cast_at is not None and now - cast_at < timedelta(seconds=DOUBLE_CLICK_SECONDS):
        return True
    _set_vote(tx, idea=idea, member=member, stands=cast_at is None, cast_with="button", now=now)
    return cast_at is None


def take_back(tx: Session, *, idea_id: int, member: Member, now: datetime) -> None:
    """Their vote, however it was cast."""
    idea = tx.get_one(Idea, idea_id, with_for_update=True)
    _set_vote(tx, idea=idea, member=member, stands=False, cast_with="button", now=now)


def count_reaction(
    tx: Session, *, workspace: Workspace, member: Member, channel_id: str, ts: str, now: datetime
) -> None:
    """A :+1: was put or taken somewhere: makes the vote agree with it, if that is an idea's message or receipt.

    Whoever has one standing on either of the two votes; taking the last one away takes the vote back. An author's
    own is not counted.
    """
    idea = _idea_at(tx, workspace, channel_id, ts)
    if idea is None or idea.author_id == member.id or member.is_bot:
        return
    _set_vote(tx, idea=idea, member=member, stands=_stands(tx, idea, member), cast_with="reaction", now=now)


def count_reply(tx: Session, *, workspace: Workspace, reply: Message, now: datetime) -> None:
    """A reply was said, edited or deleted: "+1" below an idea is its author's vote. Once nothing of theirs agrees any
    more, a vote that no button had cast is taken back: whichever of reply and reaction came first had cast it."""
    member = reply.author
    if reply.thread_ts is None or member is None or member.is_bot:
        return
    # Without a lock, because most replies have nothing to do with an idea.
    idea_id = tx.scalars(
        select(Idea.id)
        .join(Message, Message.id == Idea.message_id)
        .where(
            Idea.workspace_id == workspace.id,
            Idea.author_id != member.id,
            Message.channel_id == reply.channel_id,
            Message.ts == reply.thread_ts,
        )
    ).one_or_none()
    if idea_id is None:
        return
    idea = access.find_idea(tx, workspace_id=workspace.id, idea_id=idea_id)
    if agrees(reply.text):
        _set_vote(tx, idea=idea, member=member, stands=True, cast_with="reply", now=now)
        return
    cast_with = tx.scalars(select(Vote.cast_with).where(Vote.idea_id == idea.id, Vote.member_id == member.id)).first()
    if cast_with in ("reply", "reaction") and not _stands(tx, idea, member):
        _set_vote(tx, idea=idea, member=member, stands=False, cast_with=cast_with, now=now)


def receipt_posted(tx: Session, *, idea_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Remembers where the receipt stands, and counts reactions on it that were heard before."""
    workspace_id = tx.get_one(Idea, idea_id).workspace_id
    messages.take_turn(tx, workspace_id=workspace_id, channel_id=channel_id, ts=ts)
    idea = tx.get_one(Idea, idea_id, with_for_update=True)
    idea.receipt_channel_id, idea.receipt_ts = channel_id, ts
    for reaction in _reactions_at(tx, idea.workspace_id, channel_id, ts):
        if reaction.member_id != idea.author_id:
            voter = tx.get_one(Member, reaction.member_id)
            _set_vote(tx, idea=idea, member=voter, stands=True, cast_with="reaction", now=now)


def count_earlier_votes(tx: Session, *, idea: Idea, message: Message, now: datetime) -> None:
    """A :+1: that was there before the message was captured is a vote too, and so is a reply that only agreed."""
    for reaction in _reactions_at(tx, idea.workspace_id, message.channel_id, message.ts):
        if reaction.member_id != idea.author_id:
            once.insert(tx, Vote, idea_id=idea.id, member_id=reaction.member_id, cast_with="reaction", cast_at=now)
    for member_id in _agreeing(tx, message):
        if member_id != idea.author_id:
            once.insert(tx, Vote, idea_id=idea.id, member_id=member_id, cast_with="reply", cast_at=now)


def votes(tx: Session, *, idea_id: int) -> list[Member]:
    """Who backs this very idea, the first one first."""
    return list(
        tx.scalars(
            select(Member).join(Vote, Vote.member_id == Member.id).where(Vote.idea_id == idea_id).order_by(Vote.id)
        )
    )


def _set_vote(tx: Session, *, idea: Idea, member: Member, stands: bool, cast_with: str, now: datetime) -> None:
    if stands:
        changed = (
            once.insert(tx, Vote, idea_id=idea.id, member_id=member.id, cast_with=cast_with, cast_at=now) is not None
        )
    else:
        taken = tx.execute(delete(Vote).where(Vote.idea_id == idea.id, Vote.member_id == member.id).returning(Vote.id))
        changed = taken.first() is not None
    if changed and idea.state == "declined":  # somebody may have asked again, and waits for enough new people
        owe_again(tx, "appeal.weigh", idea, now)
    if changed:
        refresh(tx, idea=idea, now=now)
        members.show_home(tx, member=member, now=now)


def _stands(tx: Session, idea: Idea, member: Member) -> bool:
    """Whether a reaction of theirs, or a reply, stands for it."""
    if any(reaction.member_id == member.id for reaction in _standing_votes(tx, idea)):
        return True
    return idea.message is not None and member.id in _agreeing(tx, idea.message)


def _agreeing(tx: Session, message: Message) -> list[int]:
    """Whoever replied to it in words that only agree."""
    replies = tx.execute(
        select(Message.author_id, Message.text)
        .join(Member, Member.id == Message.author_id)
        .where(
            Message.workspace_id == message.workspace_id,
            Message.channel_id == message.channel_id,
            Message.thread_ts == message.ts,
            Message.ts > message.ts,  # as every reply: so a new message is looked up without reading a whole channel
            Message.deleted_at.is_(None),
            Member.is_bot.is_(False),
        )
        .order_by(Message.id)
        .limit(MOST_REPLIES)
    )
    return list(dict.fromkeys(author_id for author_id, text in replies if author_id and agrees(text)))


def _standing_votes(tx: Session, idea: Idea) -> list[Reaction]:
    found: list[Reaction] = []
    if idea.message is not None:
        found += _reactions_at(tx, idea.workspace_id, idea.message.channel_id, idea.message.ts)
    if idea.receipt_channel_id and idea.receipt_ts:
        found += _reactions_at(tx, idea.workspace_id, idea.receipt_channel_id, idea.receipt_ts)
    return found


def _reactions_at(tx: Session, workspace_id: int, channel_id: str, ts: str) -> list[Reaction]:
    return list(
        tx.scalars(
            select(Reaction)
            .join(Member, Member.id == Reaction.member_id)
            .where(
                Reaction.workspace_id == workspace_id,
                Reaction.channel_id == channel_id,
                Reaction.ts == ts,
                (Reaction.name == VOTE_REACTION) | Reaction.name.like(f"{VOTE_REACTION}::%"),
                Reaction.stands.is_(True),
                Member.is_bot.is_(False),
            )
        )
    )


def _idea_at(tx: Session, workspace: Workspace, channel_id: str, ts: str) -> Idea | None:
    """The idea whose message or receipt this is."""
    is_message = (Message.channel_id == channel_id) & (Message.ts == ts)
    is_receipt = (Idea.receipt_channel_id == channel_id) & (Idea.receipt_ts == ts)
    return tx.scalars(
        select(Idea)
        .outerjoin(Message, Message.id == Idea.message_id)
        .where(Idea.workspace_id == workspace.id, is_message | is_receipt)
        .with_for_update(of=Idea)
    ).first()
