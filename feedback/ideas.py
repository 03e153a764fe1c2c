"""Capturing a piece of feedback, following it, and counting who is behind it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from feedback import access, audit, members, messages, once, outbox
from feedback.errors import Refused
from models import Idea, Member, Message, Reaction, Vote, Workspace

KINDS = {"idea": "An idea", "problem": "A problem", "question": "A question", "praise": "Praise"}
LONGEST_TEXT = 3000
OPEN_STATES = ("new", "reopened")
"""Waiting for somebody on the team."""
CAPTURE_REACTION = "bulb"
VOTE_REACTION = "+1"
DOUBLE_CLICK_SECONDS = 1.0
"""Nobody votes and takes it back that fast; whoever presses twice so soon means one vote."""


def capture(
    tx: Session,
    *,
    workspace: Workspace,
    message: Message,
    captured_by: Member,
    captured_with: str,
    now: datetime,
    kind: str = "idea",
) -> tuple[Idea, bool]:
    """The idea that this message holds, and whether it is new.

    Its author is the message's author, whoever captured it. Refused for apps' messages, for messages without words,
    and where the author has taken it back and somebody else captures it again.
    """
    author = message.author
    if author is None or message.deleted_at:
        raise Refused("That message was deleted.")
    if author.is_bot:
        raise Refused("That was written by an app. Only what people say is kept as feedback.")
    text = words_of(message)
    if not text:
        raise Refused("There are no words in that message to keep.")
    row_id = once.insert(
        tx,
        Idea,
        workspace_id=workspace.id,
        message_id=message.id,
        author_id=author.id,
        captured_by_id=captured_by.id,
        captured_with=captured_with,
        kind=kind,
        text=text,
        why="",
        state="new",
        created_at=message.posted_at,
        captured_at=now,
    )
    idea = tx.scalars(select(Idea).where(Idea.message_id == message.id).with_for_update()).one()
    if row_id is None:
        return idea, _bring_back(tx, idea=idea, member=captured_by, now=now)
    _count_earlier_votes(tx, idea=idea, message=message, now=now)
    _announce(tx, idea=idea, by=captured_by, now=now)
    return idea, True


def share(tx: Session, *, workspace: Workspace, author: Member, text: str, why: str, kind: str, now: datetime) -> Idea:
    """An idea from the form. Refused with the field's name where something is missing or too long."""
    text, why = messages.storable(text.strip()), messages.storable(why.strip())
    if not text:
        raise Refused("Write a sentence about it.", "what")
    if len(text) > LONGEST_TEXT:
        raise Refused(f"Please keep it under {LONGEST_TEXT} characters.", "what")
    if len(why) > LONGEST_TEXT:
        raise Refused(f"Please keep it under {LONGEST_TEXT} characters.", "why")
    if kind not in KINDS:
        raise Refused("Choose what it is.", "kind")
    idea = Idea(
        workspace_id=workspace.id,
        author_id=author.id,
        captured_by_id=author.id,
        captured_with="form",
        kind=kind,
        text=text,
        why=why,
        state="new",
        created_at=now,
        captured_at=now,
    )
    tx.add(idea)
    tx.flush()  # the rows below speak of its id
    _announce(tx, idea=idea, by=author, now=now)
    return idea


def words_of(message: Message) -> str:
    """The message's text; where there is none, the names of what was attached."""
    return message.text.strip() or ", ".join(message.files)


def _announce(tx: Session, *, idea: Idea, by: Member, now: datetime) -> None:
    audit.record(
        tx,
        workspace_id=idea.workspace_id,
        by=by,
        act="captured",
        subject="idea",
        subject_id=idea.id,
        now=now,
        captured_with=idea.captured_with,
    )
    for kind in ("idea.receipt", "idea.card", "idea.place"):
        outbox.owe(tx, workspace_id=idea.workspace_id, kind=kind, key=f"{kind}:{idea.id}", now=now, idea_id=idea.id)
    members.show_home(tx, member=tx.get_one(Member, idea.author_id), now=now)


def _bring_back(tx: Session, *, idea: Idea, member: Member, now: datetime) -> bool:
    """True where its author captures again what they had taken back."""
    if idea.state != "withdrawn":
        return False
    if member.id != idea.author_id:
        raise Refused("Its author took that one back.")
    set_state(tx, idea=idea, state="new", act="brought back", by=member, now=now)
    return True


def withdraw(tx: Session, *, workspace: Workspace, idea_id: int, member: Member, now: datetime) -> Idea:
    """Its author says "not what I meant". Nobody will be told about it; a second time changes nothing."""
    idea = access.find_idea(tx, workspace_id=workspace.id, idea_id=idea_id)
    if idea.author_id != member.id:
        raise Refused("Only the person who said it can take it back.")
    if idea.state != "withdrawn":
        set_state(tx, idea=idea, state="withdrawn", act="withdrawn", by=member, now=now)
    return idea


def follow_edit(tx: Session, *, message: Message, now: datetime) -> None:
    """The words of a captured message changed: so do the idea's, and the grouping may think again."""
    idea = tx.scalars(select(Idea).where(Idea.message_id == message.id).with_for_update()).one_or_none()
    if idea is None or idea.text == words_of(message) or not words_of(message):
        return
    idea.text = words_of(message)
    audit.record(
        tx, workspace_id=idea.workspace_id, by=message.author, act="edited", subject="idea", subject_id=idea.id, now=now
    )
    if idea.placed_by_id is None:
        _owe_again(tx, "idea.place", idea, now)
    refresh(tx, idea=idea, now=now)


def follow_deletion(tx: Session, *, message: Message, now: datetime) -> None:
    """The message is gone: so are our copy of its words and the promise to answer it."""
    idea = tx.scalars(select(Idea).where(Idea.message_id == message.id).with_for_update()).one_or_none()
    if idea is None:
        return
    idea.text = idea.why = ""
    if idea.state != "withdrawn":
        set_state(tx, idea=idea, state="withdrawn", act="deleted in Slack", by=message.author, now=now)


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
    stands = any(reaction.member_id == member.id for reaction in _standing_votes(tx, idea))
    _set_vote(tx, idea=idea, member=member, stands=stands, cast_with="reaction", now=now)


def votes(tx: Session, *, idea_id: int) -> list[Member]:
    """Who backs it, the first one first."""
    return list(
        tx.scalars(
            select(Member).join(Vote, Vote.member_id == Member.id).where(Vote.idea_id == idea_id).order_by(Vote.id)
        )
    )


def get(tx: Session, *, idea_id: int) -> Idea:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Idea, idea_id)


def vote_count(tx: Session, *, idea_id: int) -> int:
    return tx.scalar(select(func.count()).select_from(Vote).where(Vote.idea_id == idea_id)) or 0


def receipt_posted(tx: Session, *, idea_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Remembers where the receipt stands, and counts reactions on it that were heard before."""
    idea = tx.get_one(Idea, idea_id, with_for_update=True)
    idea.receipt_channel_id, idea.receipt_ts = channel_id, ts
    for reaction in _reactions_at(tx, idea.workspace_id, channel_id, ts):
        if reaction.member_id != idea.author_id:
            voter = tx.get_one(Member, reaction.member_id)
            _set_vote(tx, idea=idea, member=voter, stands=True, cast_with="reaction", now=now)


def lose_thread(tx: Session, *, idea: Idea) -> None:
    """Slack knows the message no more, and never told us so. Its author is answered in private from now on."""
    if idea.message is not None:
        idea.message.is_lost = True


def card_posted(tx: Session, *, idea_id: int, channel_id: str, ts: str) -> None:
    """Remembers where the newest card stands."""
    idea = tx.get_one(Idea, idea_id, with_for_update=True)
    idea.card_channel_id, idea.card_ts = channel_id, ts


def review(tx: Session, *, idea_id: int, by: Member, now: datetime) -> Idea:
    """Somebody on the team has seen it and leaves it where it is."""
    idea = access.access_idea(tx, member=by, idea_id=idea_id)
    if idea.reviewed_at is None:
        idea.reviewed_at = now
        audit.record(
            tx, workspace_id=idea.workspace_id, by=by, act="reviewed", subject="idea", subject_id=idea.id, now=now
        )
        refresh(tx, idea=idea, now=now)
    return idea


def set_state(
    tx: Session, *, idea: Idea, state: str, act: str, by: Member | None, now: datetime, why: str = ""
) -> None:
    """For every word that decides about ideas: rights are checked already, and the row is locked."""
    before, idea.state = idea.state, state
    if state in OPEN_STATES:
        idea.reviewed_at = None
    audit.record(
        tx,
        workspace_id=idea.workspace_id,
        by=by,
        act=act,
        subject="idea",
        subject_id=idea.id,
        now=now,
        before=before,
        after=state,
        **({"why": why} if why else {}),
    )
    refresh(tx, idea=idea, now=now)


def refresh(tx: Session, *, idea: Idea, now: datetime) -> None:
    """Owes everything that shows this idea a fresh look: receipt, card, its author's home."""
    _owe_again(tx, "idea.receipt_refresh", idea, now)
    refresh_card(tx, idea=idea, now=now)
    members.show_home(tx, member=tx.get_one(Member, idea.author_id), now=now)


def refresh_card(tx: Session, *, idea: Idea, now: datetime) -> None:
    """Owes the card in the triage channel a fresh look."""
    _owe_again(tx, "idea.card_refresh", idea, now)


def _owe_again(tx: Session, kind: str, idea: Idea, now: datetime) -> None:
    outbox.owe_again(tx, workspace_id=idea.workspace_id, kind=kind, key=f"{kind}:{idea.id}", now=now, idea_id=idea.id)


def _set_vote(tx: Session, *, idea: Idea, member: Member, stands: bool, cast_with: str, now: datetime) -> None:
    if stands:
        changed = (
            once.insert(tx, Vote, idea_id=idea.id, member_id=member.id, cast_with=cast_with, cast_at=now) is not None
        )
    else:
        taken = tx.execute(delete(Vote).where(Vote.idea_id == idea.id, Vote.member_id == member.id).returning(Vote.id))
        changed = taken.first() is not None
    if changed:
        refresh(tx, idea=idea, now=now)
        members.show_home(tx, member=member, now=now)


def _count_earlier_votes(tx: Session, *, idea: Idea, message: Message, now: datetime) -> None:
    """A :+1: that was there before the message was captured is a vote too."""
    for reaction in _reactions_at(tx, idea.workspace_id, message.channel_id, message.ts):
        if reaction.member_id != idea.author_id:
            once.insert(tx, Vote, idea_id=idea.id, member_id=reaction.member_id, cast_with="reaction", cast_at=now)


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
