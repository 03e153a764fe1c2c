"""What follows from a judgement: nothing, a question to the author, a look by the team, or an idea."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from feedback import ideas, members, messages, once, outbox, workspaces
from feedback.judgements.listening import FRESH, conversations, judge_soon
from models import Idea, Judgement, Message, Workspace

LEAST_PERCENT = {"idea": 35, "problem": 35, "question": 55, "praise": 55}
"""Below it nobody is bothered: most talk is no feedback, and most questions are for each other."""
ASKED_ABOUT = ("idea", "problem")
"""Whoever asks or praises wants no question back, so about those it is the team that looks."""
MOST_QUESTIONS = 3
"""To one person in a day. Whoever is asked more often stops reading the questions, and then the app."""
DAY = timedelta(days=1)
ASKED = ("asking", "asked")
OPEN = ("passed", "waiting", *ASKED)
"""Nobody has decided, so new words may change what it is taken for."""


@dataclass(frozen=True)
class ToJudge:
    message_id: int
    workspace_id: int
    text: str
    """With what its author added below it."""
    own: str
    """The message alone: what an idea would be made of."""


def get(tx: Session, *, judgement_id: int) -> Judgement | None:
    """For jobs, which carry an id that the domain gave them. None where it is forgotten, as its message was deleted."""
    return tx.get(Judgement, judgement_id)


def to_judge(tx: Session, *, message_id: int) -> ToJudge | None:
    """None where there is nothing to find out any more."""
    message = tx.get_one(Message, message_id)
    if not message.text.strip() or not _is_open(tx, message):
        return None
    text = conversations(tx, found=[message])[message.id]
    return ToJudge(message.id, message.workspace_id, text, message.text)


def _is_open(tx: Session, message: Message) -> bool:
    """Somebody wants to know, nobody has decided, and it is not kept already."""
    if message.author is None or message.author.is_bot or message.deleted_at or _is_kept(tx, message):
        return False
    if workspaces.capture_mode(tx, workspace_id=message.workspace_id, channel_id=message.channel_id) == "off":
        return False
    state = tx.scalars(select(Judgement.state).where(Judgement.message_id == message.id)).one_or_none()
    return state is None or state in OPEN


def _is_kept(tx: Session, message: Message) -> bool:
    return bool(tx.scalar(select(exists().where(Idea.message_id == message.id))))


def keep(
    tx: Session,
    *,
    seen: ToJudge,
    kind: str | None,
    probability: float,
    alone: float | None = None,
    version: str,
    now: datetime,
) -> Judgement | None:
    """What `seen` was taken for, and what follows from it; `kind` None: nobody guessed. `alone`: how likely it is of
    its own words only; None where that is the same.

    None where its words are others by now (then they are judged instead), or somebody was faster.
    """
    workspace = tx.get_one(Workspace, seen.workspace_id)
    where = tx.get_one(Message, seen.message_id)
    message = messages.find(tx, workspace=workspace, channel_id=where.channel_id, ts=where.ts)
    wanted = to_judge(tx, message_id=message.id) if message else None
    if message is None or wanted is None:
        return None
    if wanted != seen:
        # Not everything that its author adds is a reason to judge: a reply that only agrees, or addresses the app.
        judge_soon(tx, message=message, now=now, again=True)
        return None
    facts = {"kind": kind, "probability": probability, "version": version, "judged_at": now}
    once.insert(tx, Judgement, workspace_id=workspace.id, message_id=message.id, state="passed", **facts)
    found = tx.scalars(select(Judgement).where(Judgement.message_id == message.id).with_for_update()).one()
    found.kind, found.probability, found.version, found.judged_at = kind, probability, version, now
    alone = probability if alone is None else alone
    _settle(tx, workspace=workspace, message=message, found=found, alone=alone, now=now)
    return found


def _settle(
    tx: Session, *, workspace: Workspace, message: Message, found: Judgement, alone: float, now: datetime
) -> None:
    if found.state in ASKED:
        return
    mode = workspaces.capture_mode(tx, workspace_id=workspace.id, channel_id=message.channel_id)
    percent = 100 * found.probability
    if found.kind is None or percent < LEAST_PERCENT[found.kind]:
        found.state = "passed"
    elif mode == "automatic" and min(percent, 100 * alone) >= workspace.capture_percent:
        app = members.meet(tx, workspace=workspace, slack_id=workspace.bot_user_id, now=now)
        how: dict[str, Any] = {"captured_by": app, "captured_with": "judged", "kind": found.kind}
        ideas.capture(tx, workspace=workspace, message=message, **how, now=now)
        found.state = "kept"
    elif mode == "author" and found.kind in ASKED_ABOUT and _may_be_asked(tx, message=message, now=now):
        found.state, found.asked_at = "asking", now
        # Not the judgement's own id: where the newest one is forgotten, SQLite gives its id to the next.
        key = f"message.ask:{message.id}"
        ids = {"judgement_id": found.id, "member_id": message.author_id}
        outbox.owe(tx, workspace_id=workspace.id, kind="message.ask", key=key, now=now, **ids)
    else:
        found.state = "waiting"


def _may_be_asked(tx: Session, *, message: Message, now: datetime) -> bool:
    asked_today = tx.scalar(
        select(func.count(Judgement.id))
        .join(Message, Message.id == Judgement.message_id)
        .where(
            Judgement.workspace_id == message.workspace_id,
            Message.author_id == message.author_id,
            Judgement.asked_at > now - DAY,
        )
    )
    return message.posted_at > now - FRESH and (asked_today or 0) < MOST_QUESTIONS


def question_stands(tx: Session, *, judgement: Judgement, now: datetime) -> bool:
    """Whether its author may still be asked: the channel still wants it, nobody has decided meanwhile, and it was said
    just now."""
    message = judgement.message
    if workspaces.capture_mode(tx, workspace_id=message.workspace_id, channel_id=message.channel_id) != "author":
        return False
    is_fresh = message.posted_at > now - FRESH and message.deleted_at is None
    return judgement.state == "asking" and is_fresh and not _is_kept(tx, message)


def thread_of(tx: Session, *, message: Message) -> str | None:
    """Where a word below it stands: its thread, if anybody has answered there. None: in the channel itself."""
    if message.thread_ts is not None:
        return message.thread_ts
    answers = exists().where(
        Message.workspace_id == message.workspace_id,
        Message.channel_id == message.channel_id,
        Message.thread_ts == message.ts,
        Message.ts > message.ts,
        Message.deleted_at.is_(None),
    )
    return message.ts if tx.scalar(select(answers)) else None


def asked(tx: Session, *, judgement_id: int) -> None:
    """The question stands where its author sees it."""
    found = tx.get(Judgement, judgement_id, with_for_update=True)
    if found is not None and found.state == "asking":
        found.state = "asked"


def leave_to_team(tx: Session, *, judgement_id: int) -> None:
    """Its author could not be asked, or it is not sure that they saw it: nobody is asked twice, so the team looks."""
    found = tx.get(Judgement, judgement_id, with_for_update=True)
    if found is not None and found.state == "asking":
        found.state = "waiting"
