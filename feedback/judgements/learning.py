"""What people decided, for judging better; and the numbers that came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, defer

from feedback import outbox
from feedback.judgements.listening import conversations
from models import Idea, Judgement, Message, Refit

MOST_CORRECTIONS = 2_000
"""The newest: what people called feedback years ago says little about today."""


@dataclass(frozen=True)
class ToRefit:
    workspace_id: int
    message_ids: Sequence[int]
    texts: Sequence[str]
    kinds: Sequence[str]


def refit_soon(tx: Session, *, workspace_id: int, now: datetime) -> None:
    """Owes a try, if somebody decided something since the last one."""
    decided_at = tx.scalar(select(func.max(Judgement.decided_at)).where(Judgement.workspace_id == workspace_id))
    tried_at = tx.scalar(select(func.max(Refit.made_at)).where(Refit.workspace_id == workspace_id))
    if decided_at is not None and (tried_at is None or tried_at < decided_at):
        key = f"refit:{workspace_id}"
        outbox.owe_again(tx, workspace_id=workspace_id, kind="kinds.refit", key=key, now=now)


def to_refit(tx: Session, *, workspace_id: int) -> ToRefit:
    """What was decided about messages that still stand, by the messages' ids. Not where it is no feedback to one and
    somebody else has kept it since: that teaches neither."""
    kept_after_all = (Judgement.decision == "nothing") & exists().where(
        Idea.message_id == Message.id, Idea.state != "withdrawn"
    )
    found = tx.execute(
        select(Message, Judgement.decision)
        .join(Judgement, Judgement.message_id == Message.id)
        .where(
            Judgement.workspace_id == workspace_id,
            Judgement.decision.is_not(None),
            ~kept_after_all,
            Message.deleted_at.is_(None),
            Message.text != "",
        )
        .order_by(Message.id.desc())
        .limit(MOST_CORRECTIONS)
    ).all()[::-1]
    texts = conversations(tx, found=[message for message, _ in found])
    ids = [message.id for message, _ in found]
    return ToRefit(workspace_id, ids, [texts[each] for each in ids], [decision or "nothing" for _, decision in found])


def in_use(tx: Session, *, workspace_id: int) -> Refit | None:
    """The refit that judges at present; None: what is shipped does."""
    switched = select(Refit).where(Refit.workspace_id == workspace_id, Refit.switched.is_(True))
    return tx.scalars(switched.options(defer(Refit.numbers)).order_by(Refit.id.desc()).limit(1)).one_or_none()


def numbers_of(tx: Session, *, refit: Refit) -> bytes:
    """By themselves, because they are many, and a worker that has them asks only for the version."""
    return tx.scalars(select(Refit.numbers).where(Refit.id == refit.id)).one()


def keep_refit(
    tx: Session,
    *,
    workspace_id: int,
    version: str,
    numbers: bytes,
    corrections: int,
    held_out: int,
    macro_f1: tuple[float, float],
    brier: tuple[float, float],
    switched: bool,
    now: datetime,
) -> None:
    """`macro_f1` and `brier`: before and after. The numbers are kept where they are used, and those before them go."""
    if switched:
        tx.execute(update(Refit).where(Refit.workspace_id == workspace_id).values(numbers=b""))
    tx.add(
        Refit(
            workspace_id=workspace_id,
            version=version,
            numbers=numbers if switched else b"",
            corrections=corrections,
            held_out=held_out,
            macro_f1_before=macro_f1[0],
            macro_f1_after=macro_f1[1],
            brier_before=brier[0],
            brier_after=brier[1],
            made_at=now,
            switched=switched,
        )
    )
