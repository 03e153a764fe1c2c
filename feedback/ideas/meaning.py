"""What texts mean, as numbers, kept so that no text goes through a model twice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback import once
from feedback.database import in_pieces
from models import Idea, TextVector


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def known_vectors(tx: Session, *, workspace_id: int, version: str, texts: Sequence[str]) -> dict[str, bytes]:
    """The vectors of those texts that have one, by text."""
    by_hash = {hash_of(text): text for text in texts}
    hashes, found = sorted(by_hash), dict[str, bytes]()
    of_kind = select(TextVector.text_hash, TextVector.vector).where(
        TextVector.workspace_id == workspace_id, TextVector.version == version
    )
    for some in in_pieces(hashes):
        rows = tx.execute(of_kind.where(TextVector.text_hash.in_(some)))
        found.update((by_hash[row.text_hash], row.vector) for row in rows)
    return found


def keep_vectors(tx: Session, *, workspace_id: int, version: str, vectors: Mapping[str, bytes]) -> None:
    """`vectors` by text. One that is kept already stays."""
    rows = [
        {"workspace_id": workspace_id, "version": version, "text_hash": hash_of(text), "vector": vector}
        for text, vector in sorted(vectors.items())
    ]
    once.insert_all(tx, TextVector, rows, returning=("id",))


def forget_text(tx: Session, *, workspace_id: int, text: str) -> None:
    """Somebody deleted these words, or wrote others. Whoever says the same has it made again when it is needed."""
    tx.execute(delete(TextVector).where(TextVector.workspace_id == workspace_id, TextVector.text_hash == hash_of(text)))


def forget_vectors(tx: Session, *, workspace_id: int, version: str) -> int:
    """Deletes the vectors of texts that are no idea's any more, and those of other versions. Returns how many."""
    texts = tx.scalars(select(Idea.text).where(Idea.workspace_id == workspace_id, Idea.state != "withdrawn"))
    wanted = {hash_of(text) for text in texts}
    kept = tx.execute(
        select(TextVector.id, TextVector.version, TextVector.text_hash).where(TextVector.workspace_id == workspace_id)
    )
    gone = sorted(row.id for row in kept if row.version != version or row.text_hash not in wanted)
    for some in in_pieces(gone):
        tx.execute(delete(TextVector).where(TextVector.id.in_(some)))
    return len(gone)
