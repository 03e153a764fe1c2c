"""Ideas that ask for the same thing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.members import Member


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
    pinned_at: Mapped[datetime | None]
    """Somebody wants it to stay as it is: it may only gain ideas. So does one that a person has named."""
    pinned_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
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
    """Those that its texts share, the most telling first. Empty in what was measured on an earlier day."""
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


class ThemeEvent(Base):
    """Something that became of a theme, for counting and for undoing. The theme's page reads the audit, in words.

    emerged: it was opened; `other` is the one it came out of, if it did.
    absorbed: all of it went into `other`, and its id leads there.
    split: some of it became the theme `other`; its own id goes on.
    survived: some of it went to `other`, which was there already; it goes on with the rest.
    ended: its last ideas went to `other` one by one; its page stays, and says so.
    A night that changes nothing about a theme leaves no row.
    """

    __tablename__ = "theme_events"
    __table_args__ = (
        Index("ix_theme_events_theme_id", "theme_id"),
        Index("ix_theme_events_other_id", "other_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    idea_count: Mapped[int]
    """How many changed their theme."""
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """Who wanted it so. None: the grouping."""
    at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    """Of each idea that it touched, under "ideas": its id, its theme before, and who had placed it there and when."""
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))

    theme: Mapped[Theme] = relationship(foreign_keys=theme_id)
    other: Mapped[Theme | None] = relationship(foreign_keys=other_id)
    member: Mapped[Member | None] = relationship(foreign_keys=member_id)


class ThemeProposal(Base):
    """A change of themes that the grouping would make, waiting for a person's word."""

    __tablename__ = "theme_proposals"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_theme_proposals_workspace_id_decision", "workspace_id", "decision"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    """merge (all of the theme goes into the other), split (some of it becomes a new one) or move (some of it goes into
    the other)."""
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))
    """Where the ideas are that would go."""
    into_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    """None: a new theme."""
    idea_ids: Mapped[list[int]]
    """Those that would go, in order."""
    beside_ids: Mapped[list[int]]
    """Of a split those that would stay; else those that they would come to."""
    name: Mapped[str] = mapped_column(default="")
    """Of the new theme, while it waits."""
    strength: Mapped[float]
    """How far the mean cosine of the two sides lies beyond the one at which themes are cut; 1 where a person's answer
    asks for it."""
    people: Mapped[int]
    """Different ones, who raised or backed what would go. With the strength it says what comes first."""
    key: Mapped[str]
    """Derived from all that it would do, so that it is made once, whatever becomes of it."""
    version: Mapped[str]
    """Which vectors the run compared."""
    proposed_at: Mapped[datetime]
    """The run that it came from."""
    told_at: Mapped[datetime | None]
    """When the triage channel heard that something waits."""
    decision: Mapped[str | None]
    """None while it waits; accepted, declined, outdated (it no longer applies) or undone."""
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """None: a night's run, because this workspace lets its themes follow."""
    event_id: Mapped[int | None] = mapped_column(ForeignKey("theme_events.id"))
    """What came of it."""

    theme: Mapped[Theme] = relationship(foreign_keys=theme_id)
    into: Mapped[Theme | None] = relationship(foreign_keys=into_id)
    decided_by: Mapped[Member | None] = relationship(foreign_keys=decided_by_id)
    event: Mapped[ThemeEvent | None] = relationship()


class ThemeQuestion(Base):
    """Do these two ask for the same thing? Asked where an answer helps most; a yes or no holds until a person says
    something else about the two."""

    __tablename__ = "theme_questions"
    __table_args__ = (
        UniqueConstraint("idea_id", "other_id"),
        Index("ix_theme_questions_workspace_id_verdict", "workspace_id", "verdict"),
        Index("ix_theme_questions_other_id", "other_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    """The smaller id of the two."""
    other_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    weight: Mapped[float]
    """How much an answer would help, for what is asked first."""
    asked_at: Mapped[datetime]
    verdict: Mapped[str | None]
    """None while it waits; yes, no, or unsure (then the two are not asked about again)."""
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("theme_events.id"))
    """What the answer did at once."""

    answered_by: Mapped[Member | None] = relationship()
