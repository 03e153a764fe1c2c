"""What the product takes a message for, what a person said that it is, and what was learned from that."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.members import Member
from models.messages import Message


class Judgement(Base):
    """One message, once. It holds none of its words."""

    __tablename__ = "judgements"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_judgements_workspace_id_state", "workspace_id", "state"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    kind: Mapped[str | None]
    """idea, problem, question or praise, whichever is likeliest. None: nobody guessed."""
    probability: Mapped[float]
    version: Mapped[str]
    """Of what judged. Empty: a person decided before anything judged."""
    judged_at: Mapped[datetime]
    state: Mapped[str]
    """passed (nothing in it), asking (its author is about to be asked), asked, waiting (for the team), kept (by the
    product itself) or decided (by a person)."""
    asked_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    """idea, problem, question, praise or nothing."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_at: Mapped[datetime | None]

    message: Mapped[Message] = relationship()
    decided_by: Mapped[Member | None] = relationship()


class Refit(Base):
    """One try to judge better by what a workspace's people decided, measured on decisions that it was not made of."""

    __tablename__ = "refits"
    __table_args__ = (Index("ix_refits_workspace_id", "workspace_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    version: Mapped[str]
    numbers: Mapped[bytes]
    """As the judging packs them; empty where they are not used."""
    corrections: Mapped[int]
    held_out: Mapped[int]
    """Decisions that it was measured on."""
    macro_f1_before: Mapped[float]
    macro_f1_after: Mapped[float]
    brier_before: Mapped[float]
    brier_after: Mapped[float]
    made_at: Mapped[datetime]
    switched: Mapped[bool]
    """Whether it was better, and judges from then on."""
