"""How a piece of feedback comes in, and how it follows the words that it came from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, members, messages, once, outbox, rewards
from feedback.errors import Refused
from feedback.ideas import likeness, meaning, merging
from feedback.ideas.standing import OPEN_STATES, measure_soon, name_soon, owe_again, refresh, set_state
from feedback.ideas.voting import count_earlier_votes
from models import Idea, Member, Message, Workspace

KINDS = {"idea": "An idea", "problem": "A problem", "question": "A question", "praise": "Praise"}
LONGEST_TEXT = 3000
CAPTURE_REACTION = "bulb"


def capture(
    tx: Session,
    *,
    workspace: Workspace,
    message: Message,
    captured_by: Member,
    captured_with: str,
    now: datetime,
    kind: str = "idea",
    is_late: bool = False,
) -> tuple[Idea, bool]:
    """The idea that this message holds, and whether it is new.

    Its author is the message's author, whoever captured it. Refused for apps' messages, for messages without words,
    and where the author has taken it back and somebody else captures it again. `is_late`: it was done some time ago,
    so that even its author brings nothing back with it.
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
        return idea, _bring_back(tx, idea=idea, member=captured_by, is_late=is_late, now=now)
    count_earlier_votes(tx, idea=idea, message=message, now=now)
    _announce(tx, idea=idea, by=captured_by, now=now)
    return idea, True


def _bring_back(tx: Session, *, idea: Idea, member: Member, is_late: bool, now: datetime) -> bool:
    """True where its author captures again what they had taken back."""
    if idea.state != "withdrawn":
        return False
    if is_late or member.id != idea.author_id:
        raise Refused("Its author took that one back.")
    set_state(tx, idea=idea, state="new", act="brought back", by=member, now=now)
    measure_soon(tx, workspace_id=idea.workspace_id, now=now)
    _name_soon(tx, idea, now)
    return True


def _name_soon(tx: Session, idea: Idea, now: datetime) -> None:
    if idea.theme_id is not None:
        name_soon(tx, theme_id=idea.theme_id, workspace_id=idea.workspace_id, now=now)


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


def withdraw(tx: Session, *, workspace: Workspace, idea_id: int, member: Member, now: datetime) -> Idea:
    """Its author says "not what I meant". Nobody will be told about it; a second time changes nothing."""
    idea = access.find_idea(tx, workspace_id=workspace.id, idea_id=idea_id)
    if idea.author_id != member.id:
        raise Refused("Only the person who said it can take it back.")
    if idea.state != "withdrawn":
        merging.let_go(tx, idea=idea, now=now)
        set_state(tx, idea=idea, state="withdrawn", act="withdrawn", by=member, now=now)
        likeness.words_changed(tx, idea=idea, now=now)
    return idea


def dismiss(tx: Session, *, idea: Idea, by: Member, now: datetime) -> None:
    """The team says that it is no feedback. Rights are checked already, and the row is locked. A second time changes
    nothing; what people were told of stays."""
    if idea.state == "withdrawn":
        return
    if idea.state not in OPEN_STATES:
        raise Refused("People were told what becomes of that one, so it stays.")
    merging.let_go(tx, idea=idea, now=now)
    set_state(tx, idea=idea, state="withdrawn", act="not feedback", by=by, now=now)
    likeness.words_changed(tx, idea=idea, now=now)


def hold(tx: Session, *, message: Message) -> None:
    """Locks the idea that a message holds and the one that it may back as a reply, in the order of their ids: following
    an edit or a deletion takes both."""
    places = [message.ts, *([message.thread_ts] if message.thread_ts else [])]
    tx.execute(
        select(Idea.id)
        .join(Message, Message.id == Idea.message_id)
        .where(
            Message.workspace_id == message.workspace_id,
            Message.channel_id == message.channel_id,
            Message.ts.in_(places),
        )
        .order_by(Idea.id)
        .with_for_update(of=Idea)
    )


def follow_edit(tx: Session, *, message: Message, now: datetime) -> None:
    """The words of a captured message changed: so do the idea's, and the grouping may think again."""
    idea = tx.scalars(select(Idea).where(Idea.message_id == message.id).with_for_update()).one_or_none()
    if idea is None or idea.text == words_of(message) or not words_of(message):
        return
    meaning.forget_text(tx, workspace_id=idea.workspace_id, text=idea.text)
    idea.text = words_of(message)
    likeness.words_changed(tx, idea=idea, now=now)
    audit.record(
        tx, workspace_id=idea.workspace_id, by=message.author, act="edited", subject="idea", subject_id=idea.id, now=now
    )
    _name_soon(tx, idea, now)
    if idea.placed_by_id is None:
        owe_again(tx, "idea.place", idea, now)
    refresh(tx, idea=idea, now=now)
    rewards.touch_those_of(tx, idea_ids=[idea.id], now=now)


def follow_deletion(tx: Session, *, message: Message, now: datetime) -> None:
    """The message is gone: so are our copy of its words and the promise to answer it."""
    idea = tx.scalars(select(Idea).where(Idea.message_id == message.id).with_for_update()).one_or_none()
    if idea is not None:
        forget(tx, idea=idea, act="deleted in Slack", by=message.author, now=now)


def forget(tx: Session, *, idea: Idea, act: str, by: Member | None, now: datetime) -> None:
    """Its words are kept nowhere any more, and it is taken back if it was not. `idea` is locked."""
    meaning.forget_text(tx, workspace_id=idea.workspace_id, text=idea.text)
    idea.text = idea.why = ""
    likeness.words_changed(tx, idea=idea, now=now)
    _name_soon(tx, idea, now)
    rewards.touch_those_of(tx, idea_ids=[idea.id], now=now)
    if idea.state != "withdrawn":
        merging.let_go(tx, idea=idea, now=now)
        set_state(tx, idea=idea, state="withdrawn", act=act, by=by, now=now)
