"""Ideas that ask for the same thing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

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


class ThemeReading(Base):
    """What the grouping measured of one theme, the last time on that day. The last few days are kept."""

    __tablename__ = "theme_readings"
    __table_args__ = (
        UniqueConstraint("theme_id", "measured_on"),
        Index("ix_theme_readings_workspace_id", "workspace_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))
    measured_on: Mapped[date]
    """In UTC."""
    measured_at: Mapped[datetime]
    """When the texts were read that this is about."""
    ideas: Mapped[int]
    people: Mapped[int]
    """Different ones behind them, then."""
    cohesion: Mapped[float | None]
    """The mean cosine of each two of its ideas. None: there are no two."""
    least: Mapped[float]
    """The cohesion that the grouping asks of what it puts together itself."""
    runs: Mapped[int]
    """Trial runs in which at least two of its ideas took part."""
    same_runs: Mapped[int]
    """In so many of them it came out much the same."""
    stability: Mapped[float | None]
    """How often two of its ideas came out together, from 0 to 1. None: no two took part."""
    central: Mapped[list[int]]
    """Ids of the ideas that say it best. They may have been edited, moved or taken back since."""
    borderline: Mapped[list[int]]
    """Ids of those that might as well be elsewhere."""
    phrases: Mapped[list[str]]
    """Those that its texts share, the most telling first."""
    x: Mapped[float | None]
    """Where it is on the map. None: it is too small to be on it."""
    y: Mapped[float | None]

    theme: Mapped[Theme] = relationship()


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
