"""Whoever wants to be forgotten is: what they said, their name, and how to reach them.

What they said is taken as if they had deleted every message in Slack and taken every vote back; their answers lose
their words. What others did stays: what the team decided and shipped, and what was paid, to a "former member". So does
the Slack id of the account, by which the next reading of the workspace passes them over, and by which the books still
say who received what. What stands in Slack, in a tracker or at the payout service is not ours to delete.

Nothing comes back by itself. Whoever says or presses something here afterwards takes part anew, from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from feedback import access, audit, hearing, ideas, loop, members, once, outbox, rewards, sealing
from feedback.database import among
from feedback.errors import Refused
from models import (
    Absence,
    Answer,
    Appeal,
    Audit,
    Base,
    Idea,
    Likeness,
    Member,
    MemberLink,
    Message,
    Notice,
    Promise,
    Reaction,
    Reply,
    Reward,
    SamePair,
    Seal,
    SignInLink,
    ThemeProposal,
    ThemeReading,
    Vote,
    WebSession,
    WorkOrder,
)

NOBODY = "Former member"
"""What stands where their name stood."""
LONG_ENOUGH = 12
"""Characters. What is shorter may stand in other words by chance, and is theirs only where it is all that stands."""
ROWS_AT_ONCE = 1000


def ask(tx: Session, *, member_id: int, by: Member | None, now: datetime) -> Member:
    """`by`: themself, a manager, or None: whoever runs the processes. It begins at once and takes a moment."""
    if by is not None and by.id != member_id:
        access.check_manage(by)
    member = access.find_member(tx, workspace_id=by.workspace_id if by else None, member_id=member_id)
    if member.erased_at is not None:
        raise Refused("There is nothing of theirs here any more.")
    members.check_managers_left(tx, member=member)
    key = f"member.erase:{member.id}"
    if outbox.unfinished(tx, key=key) is None:
        _record(tx, member, "asked to be forgotten", by=by, now=now)
        outbox.owe_again(
            tx, workspace_id=member.workspace_id, kind="member.erase", key=key, now=now, member_id=member.id
        )
    return member


@dataclass(frozen=True)
class About:
    """What there is of somebody, for whoever is about to have it forgotten."""

    member: Member
    messages: int
    ideas: int
    votes: int
    answers: int
    rewards: Sequence[str]
    """The state of each, as a manager reads it."""
    orders: Sequence[WorkOrder]
    """Issues that were made of what they said, which stand elsewhere."""


def about(tx: Session, *, member_id: int, by: Member) -> About:
    access.check_manage(by)
    member = access.find_member(tx, workspace_id=by.workspace_id, member_id=member_id)

    def count(table: type[Base], *which: ColumnElement[bool]) -> int:
        return tx.scalar(select(func.count()).select_from(table).where(*which)) or 0

    answered = select(Notice.id).where(Notice.member_id == member.id)
    states = tx.scalars(select(Reward.state).where(Reward.member_id == member.id).order_by(Reward.id)).all()
    theirs = select(Idea.id).where(Idea.author_id == member.id)
    orders = select(WorkOrder).where(WorkOrder.idea_id.in_(theirs), WorkOrder.made_at.is_not(None))
    return About(
        member=member,
        messages=count(Message, Message.author_id == member.id, Message.deleted_at.is_(None)),
        ideas=count(Idea, Idea.author_id == member.id, Idea.state != "withdrawn"),
        votes=count(Vote, Vote.member_id == member.id),
        answers=count(Answer, Answer.notice_id.in_(answered)),
        rewards=[rewards.STATES[state] for state in states],
        orders=tx.scalars(orders.order_by(WorkOrder.id)).all(),
    )


def begin(tx: Session, *, member_id: int, now: datetime) -> None:
    """Takes their words and their name out of what is on record of ideas, themes and people, while it is known which
    they are. Each row that was sealed says so from then on, and one act names them all: that act is sealed too."""
    member = tx.get_one(Member, member_id)
    once.take_turn(tx, f"seal:{member.workspace_id}")
    theirs = _Theirs(_said_by(tx, member), {member.name, member.handle})
    changed: list[int] = []
    after = 0
    while rows := tx.execute(_on_record(member.workspace_id, after)).all():
        for row in rows:
            if (detail := theirs.left_of(row.detail)) != row.detail:
                tx.execute(update(Audit).where(Audit.id == row.id).values(detail=detail))
                changed.append(row.id)
        after = rows[-1].id
    if changed:
        sealed = Seal.audit_id.in_(among(tx, changed))
        gaps = tx.scalars(update(Seal).where(sealed).values(erased_at=now).returning(Seal.audit_id)).all()
        _record(tx, member, sealing.EMPTIED, by=None, now=now, rows=sorted(gap for gap in gaps if gap))
    for order in tx.scalars(select(WorkOrder).where(WorkOrder.workspace_id == member.workspace_id)):
        order.title, order.body = theirs.cut_from(order.title), theirs.cut_from(order.body)


def _on_record(workspace_id: int, after: int) -> Select[int, dict[str, Any]]:
    """Of what concerns money nothing is in their words."""
    return (
        select(Audit.id, Audit.detail)
        .where(Audit.workspace_id == workspace_id, Audit.id > after, Audit.subject.not_in(sealing.MONEY))
        .order_by(Audit.id)
        .limit(ROWS_AT_ONCE)
    )


class _Theirs:
    """Finds somebody's words and name in what was written of them elsewhere."""

    def __init__(self, said: Iterable[str], names: set[str]) -> None:
        self.said = {_plain(each) for each in said} - {""}
        self.names = {_plain(each) for each in names} - {""}
        self.long = sorted((each for each in self.said if len(each) >= LONG_ENOUGH), key=len, reverse=True)
        self.everything = "\n".join(self.long)
        self.as_said = sorted(
            {each.strip() for each in said if len(each.strip()) >= LONG_ENOUGH}, key=len, reverse=True
        )

    def left_of(self, value: Any) -> Any:
        """The same without them, whatever JSON it is. Several people's answers stand in one text, between slashes."""
        if isinstance(value, dict):
            return {key: self.left_of(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.left_of(each) for each in value]
        if isinstance(value, str) and value:
            return " / ".join(part for part in value.split(" / ") if not self._is_theirs(part))
        return value

    def _is_theirs(self, text: str) -> bool:
        plain = _plain(text).rstrip("…").strip()
        if plain in self.said or plain in self.names:
            return True
        if len(plain) < LONG_ENOUGH:
            return False
        return plain in self.everything or any(each in plain for each in self.long)

    def cut_from(self, text: str) -> str:
        """A longer text, in which they were quoted."""
        for each in self.as_said:
            text = text.replace(each, "…")
        return text


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _said_by(tx: Session, member: Member) -> set[str]:
    """Every text of theirs that is stored."""
    told = Notice.member_id == member.id
    found: list[Sequence[str]] = [
        tx.scalars(select(Message.text).where(Message.author_id == member.id)).all(),
        tx.scalars(select(Idea.text).where(Idea.author_id == member.id)).all(),
        tx.scalars(select(Idea.why).where(Idea.author_id == member.id)).all(),
        tx.scalars(select(Answer.why).join(Notice, Notice.id == Answer.notice_id).where(told)).all(),
        tx.scalars(select(Reply.text).join(Notice, Notice.id == Reply.notice_id).where(told)).all(),
        tx.scalars(select(Appeal.words).where(Appeal.member_id == member.id)).all(),
        tx.scalars(select(Promise.words).where(Promise.member_id == member.id)).all(),
        tx.scalars(select(Promise.why).where(Promise.member_id == member.id)).all(),
    ]
    return {text for texts in found for text in texts}


def forget_next(tx: Session, *, member_id: int, now: datetime) -> bool:
    """One thing that they said or backed. False where there is nothing left. One at a time, so that nobody who speaks
    meanwhile waits for long, or takes the same rows in another order."""
    member = tx.get_one(Member, member_id)
    has_words = (Idea.text != "") | (Idea.why != "") | (Idea.state != "withdrawn")
    idea = tx.scalars(_first(select(Idea).where(Idea.author_id == member.id, has_words)).with_for_update()).first()
    if idea is not None:
        ideas.forget(tx, idea=idea, act="forgotten", by=None, now=now)
        return True
    message = tx.scalars(
        _first(select(Message).where(Message.author_id == member.id, Message.deleted_at.is_(None)))
    ).first()
    if message is not None:
        where = {"channel_id": message.channel_id, "ts": message.ts}
        hearing.deleted(tx, workspace=member.workspace, **where, now=now)
        return True
    idea_id = tx.scalars(
        select(Vote.idea_id).where(Vote.member_id == member.id).order_by(Vote.idea_id).limit(1)
    ).first()
    if idea_id is not None:
        ideas.take_back(tx, idea_id=idea_id, member=member, now=now)
        return True
    return False


def _first(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(statement.selected_columns.id).limit(1)


def end(tx: Session, *, member_id: int, now: datetime) -> None:
    """Everything else that is theirs, and who they are. What shows any of it is owed a fresh look."""
    member = tx.get_one(Member, member_id)
    rewards.forget_receiver(tx, member=member, now=now)
    _forget_answers(tx, member, now)
    _forget_likeness(tx, member)
    for table in (Reaction, Absence, SignInLink, WebSession):
        tx.execute(delete(table).where(table.member_id == member.id))
    linked = (MemberLink.member_id == member.id) | (MemberLink.other_id == member.id)
    tx.execute(update(MemberLink).where(linked).values(why=""))
    for idea in tx.scalars(select(Idea).where(_concerns(member)).order_by(Idea.id)):
        ideas.refresh(tx, idea=idea, now=now)
    show_home = member.home_opened_at is not None
    _become_nobody(member, now)
    if show_home:
        members.publish_home(tx, member=member, now=now)
    _record(tx, member, "forgotten", by=None, now=now)


def _forget_answers(tx: Session, member: Member, now: datetime) -> None:
    """What they answered stays counted, without a word of it."""
    told = select(Notice.id).where(Notice.member_id == member.id)
    tx.execute(update(Answer).where(Answer.notice_id.in_(told)).values(why=""))
    tx.execute(update(Reply).where(Reply.notice_id.in_(told)).values(text=""))
    tx.execute(update(Appeal).where(Appeal.member_id == member.id).values(words=""))
    tx.execute(update(Promise).where(Promise.member_id == member.id).values(words="", why=""))
    waiting = (Notice.member_id == member.id, Notice.told_at.is_(None), Notice.dropped_at.is_(None))
    tx.execute(update(Notice).where(*waiting).values(dropped_at=now))
    for notice in tx.scalars(
        select(Notice).where(Notice.member_id == member.id, Notice.told_at.is_not(None)).order_by(Notice.id)
    ):
        loop.refresh(tx, notice=notice, now=now)


def _forget_likeness(tx: Session, member: Member) -> None:
    """What was worked out of their words."""
    theirs = select(Idea.id).where(Idea.author_id == member.id)
    themes = select(Idea.theme_id).where(Idea.author_id == member.id, Idea.theme_id.is_not(None))
    either = or_(SamePair.older_id.in_(theirs), SamePair.newer_id.in_(theirs))
    tx.execute(update(SamePair).where(either).values(words={}))
    tx.execute(delete(Likeness).where(or_(Likeness.idea_id.in_(theirs), Likeness.other_id.in_(theirs))))
    tx.execute(update(ThemeReading).where(ThemeReading.theme_id.in_(themes)).values(phrases=[]))
    tx.execute(update(ThemeProposal).where(ThemeProposal.theme_id.in_(themes)).values(name=""))


def _concerns(member: Member) -> ColumnElement[bool]:
    """Whatever shows their name or their words: what they raised or captured, and what they answered to."""
    answered = select(Notice.idea_id).where(Notice.member_id == member.id)
    return or_(Idea.author_id == member.id, Idea.captured_by_id == member.id, Idea.id.in_(answered))


def _become_nobody(member: Member, now: datetime) -> None:
    """Where they pay tax stays: it says nothing of who they are, and the year's sums go by it."""
    member.name, member.handle, member.tz, member.role = NOBODY, "", None, "customer"
    member.dm_channel_id, member.home_opened_at, member.profile_at = None, None, None
    member.contact, member.contact_at = "", None
    member.hears, member.takes_rewards, member.is_credited, member.is_on_board = "nothing", False, False, False
    member.left_at, member.erased_at = member.left_at or now, now


def clean(tx: Session) -> None:
    """What was on its way to somebody when they asked to be forgotten, and has arrived since. Every night."""
    gone = select(Member.id).where(Member.erased_at.is_not(None))
    rewards.forget_payments(tx, member_ids=gone)


def _record(tx: Session, member: Member, act: str, *, by: Member | None, now: datetime, **detail: Any) -> None:
    audit.record(
        tx,
        workspace_id=member.workspace_id,
        by=by,
        act=act,
        subject="member",
        subject_id=member.id,
        now=now,
        **detail,
    )
