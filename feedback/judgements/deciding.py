"""What people say that a message is. Their word stands, whatever judges it later, and is what is learned from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from feedback import access, ideas, messages, once
from feedback.errors import Refused
from models import Idea, Judgement, Member, Message, Workspace

GONE = "That message is not here any more."


def answer(tx: Session, *, judgement_id: int, member: Member, keep: bool, now: datetime) -> bool:
    """Its author was asked and says yes or no. True where it is kept afterwards: a "no" takes nothing away that
    somebody has kept meanwhile."""
    found, message = _hold(tx, workspace_id=member.workspace_id, judgement_id=judgement_id)
    if message.author_id != member.id:
        raise Refused("That question is for whoever wrote the message.")
    if _idea_of(tx, message) is not None:
        return True
    if not keep:
        _decide(found, decision="nothing", by=member, now=now)
        return False
    workspace = tx.get_one(Workspace, member.workspace_id)
    kind = found.kind or "idea"
    ideas.capture(
        tx, workspace=workspace, message=message, captured_by=member, captured_with="suggestion", now=now, kind=kind
    )
    _decide(found, decision=kind, by=member, now=now)
    return True


def review(tx: Session, *, judgement_id: int, kind: str, by: Member, now: datetime) -> Idea | None:
    """Somebody on the team looked: it is of that kind, and kept; or it is "nothing", and None comes back. What was
    called nothing may be kept after all."""
    access.check_review(by)
    found, message = _hold(tx, workspace_id=by.workspace_id, judgement_id=judgement_id)
    idea = _idea_of(tx, message)
    if kind == "nothing":
        if idea is not None:
            raise Refused("Somebody has kept that one meanwhile.")
        _decide(found, decision="nothing", by=by, now=now)
        return None
    if kind not in ideas.KINDS:
        raise Refused("Choose what it is.", "kind")
    workspace = tx.get_one(Workspace, by.workspace_id)
    idea, is_new = ideas.capture(
        tx, workspace=workspace, message=message, captured_by=by, captured_with="review", now=now, kind=kind
    )
    if is_new:
        _decide(found, decision=kind, by=by, now=now)
    return idea


def undo(tx: Session, *, judgement_id: int, by: Member, now: datetime) -> None:
    """It was no "nothing" after all, or somebody wants to look again: it waits as before. Twice is no news. Refused
    where it was kept once, though that was taken back: such messages do not wait, and only their author keeps them."""
    access.check_review(by)
    found, message = _hold(tx, workspace_id=by.workspace_id, judgement_id=judgement_id)
    if _idea_of(tx, message) is not None:
        raise Refused("Somebody has kept that one meanwhile.")
    if tx.scalar(select(exists().where(Idea.message_id == message.id))):
        raise Refused("That one was kept and taken back. Only its author can keep it again.")
    if found.decision is not None:
        found.state, found.decision, found.decided_by_id, found.decided_at = "waiting", None, None, None


def withdraw(tx: Session, *, workspace: Workspace, idea_id: int, member: Member, now: datetime) -> Idea:
    """Its author says "not what I meant". Where the product had kept it by itself, that was a mistake to learn from."""
    message = _message_of(tx, workspace_id=workspace.id, idea_id=idea_id)
    kept_by_itself = select(Judgement).where(Judgement.message_id == (message.id if message else None))
    found = tx.scalars(kept_by_itself.where(Judgement.state == "kept").with_for_update()).one_or_none()
    idea = ideas.withdraw(tx, workspace=workspace, idea_id=idea_id, member=member, now=now)
    if found is not None:
        _decide(found, decision="nothing", by=member, now=now)
    return idea


def correct(tx: Session, *, idea_id: int, kind: str, by: Member, now: datetime) -> Idea:
    """Somebody on the team says of an idea that it is of another kind, or "nothing": then it is taken back."""
    access.check_review(by)
    if kind != "nothing" and kind not in ideas.KINDS:
        raise Refused("Choose what it is.", "kind")
    message = _message_of(tx, workspace_id=by.workspace_id, idea_id=idea_id)
    found = _of(tx, message, now) if message and not message.deleted_at else None
    idea = access.access_idea(tx, member=by, idea_id=idea_id)
    if kind == "nothing":
        ideas.dismiss(tx, idea=idea, by=by, now=now)
    elif idea.state == "withdrawn":
        raise Refused("That one was taken back.")
    else:
        ideas.sort(tx, idea=idea, kind=kind, by=by, now=now)
    if found is not None:
        _decide(found, decision=kind, by=by, now=now)
    return idea


def _message_of(tx: Session, *, workspace_id: int, idea_id: int) -> Message | None:
    """Locked: the message before the judgement, and that before the idea, as everybody takes them."""
    place = tx.execute(
        select(Message.channel_id, Message.ts)
        .join(Idea, Idea.message_id == Message.id)
        .where(Idea.id == idea_id, Idea.workspace_id == workspace_id)
    ).one_or_none()
    workspace = tx.get_one(Workspace, workspace_id)
    return messages.find(tx, workspace=workspace, channel_id=place.channel_id, ts=place.ts) if place else None


def _hold(tx: Session, *, workspace_id: int, judgement_id: int) -> tuple[Judgement, Message]:
    """Both locked, the message first."""
    place = tx.execute(
        select(Message.channel_id, Message.ts)
        .join(Judgement, Judgement.message_id == Message.id)
        .where(Judgement.id == judgement_id, Judgement.workspace_id == workspace_id)
    ).one_or_none()
    if place is None:
        raise Refused(GONE)
    workspace = tx.get_one(Workspace, workspace_id)
    message = messages.find(tx, workspace=workspace, channel_id=place.channel_id, ts=place.ts)
    found = tx.get(Judgement, judgement_id, with_for_update=True, populate_existing=True)
    if found is None or message is None or message.deleted_at:
        raise Refused(GONE)
    return found, message


def _of(tx: Session, message: Message, now: datetime) -> Judgement:
    """The message's judgement, made if nothing judged it before."""
    facts = {"workspace_id": message.workspace_id, "message_id": message.id, "judged_at": now}
    once.insert(tx, Judgement, **facts, kind=None, probability=0.0, version="", state="passed")
    return tx.scalars(select(Judgement).where(Judgement.message_id == message.id).with_for_update()).one()


def _idea_of(tx: Session, message: Message) -> Idea | None:
    """One that stands: whoever took theirs back has not kept it."""
    return tx.scalars(select(Idea).where(Idea.message_id == message.id, Idea.state != "withdrawn")).one_or_none()


def _decide(found: Judgement, *, decision: str, by: Member, now: datetime) -> None:
    if found.state == "decided" and found.decision == decision:
        return
    found.state, found.decision = "decided", decision
    found.decided_by_id, found.decided_at = by.id, now
