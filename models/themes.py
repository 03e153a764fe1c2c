"""Ideas that ask for the same thing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class Theme(Base):
    """A row that stays itself however often the ideas are grouped again."""

    __tablename__ = "themes"
    __table_args__ = (Index("ix_themes_workspace_id", "workspace_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str]
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """Who named it. None: the words of its ideas did, and a person's name wins for ever."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    """Old links go on to that one."""
    created_at: Mapped[datetime]


class TextVector(Base):
    """What a text means, as numbers, so that no text goes through a model twice. Forgotten with the text."""

    __tablename__ = "text_vectors"
    __table_args__ = (UniqueConstraint("workspace_id", "version", "text_hash"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    version: Mapped[str]
    """Which model, and which way of using it. Vectors of two versions cannot be compared."""
    text_hash: Mapped[str]
    """SHA-256 of the text, in hexadecimal."""
    vector: Mapped[bytes]
    """Half-precision numbers, little-endian, as the grouping packs them."""
