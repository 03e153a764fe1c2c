"""Reading in one's own messages what others are going to be told, before they are."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from feedback import inbox, outbox
from models import Idea, Member, Rehearsal


def rehearse(
    tx: Session, *, by: Member, idea: Idea, kind: str, summary: str, url: str, words: str, nonce: str, now: datetime
) -> bool:
    """Owes whoever asks for it the words, with those of `idea`, in a message that says that it is a test. False where
    the same was sent to them before. Rights and words are checked already."""
    same = f"rehearsal:{by.id}:{nonce}:{hash_of(summary, url, words)}"
    if not inbox.is_new(tx, source="form", key=same, now=now):
        return False
    row = Rehearsal(
        workspace_id=by.workspace_id,
        member_id=by.id,
        idea_id=idea.id,
        kind=kind,
        summary=summary,
        url=url,
        words=words,
        asked_at=now,
    )
    tx.add(row)
    tx.flush()  # the row below speaks of its id
    outbox.owe(
        tx,
        workspace_id=by.workspace_id,
        kind="loop.rehearsal",
        key=f"rehearsal:{row.id}",
        now=now,
        rehearsal_id=row.id,
        member_id=by.id,
    )
    return True


def hash_of(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def get_rehearsal(tx: Session, *, rehearsal_id: int) -> Rehearsal:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Rehearsal, rehearsal_id)


def rehearsed(tx: Session, *, rehearsal_id: int, now: datetime) -> None:
    tx.get_one(Rehearsal, rehearsal_id).told_at = now
