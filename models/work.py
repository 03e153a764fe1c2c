"""What the team works on, in the trackers where it works, and which ideas it is for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.changes import Change
from models.ideas import Idea
from models.members import Member
from models.themes import Theme


class WorkItem(Base):
    """An issue, a pull request, a milestone or a release, as its tracker last told of it."""

    __tablename__ = "work_items"
    __table_args__ = (
        UniqueConstraint("workspace_id", "source", "key"),
        Index("ix_work_items_workspace_id_part_of", "workspace_id", "part_of"),
        Index("ix_work_items_workspace_id_ref", "workspace_id", "ref"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    source: Mapped[str]
    """github, gitlab, linear or jira."""
    kind: Mapped[str]
    """issue, pull_request, milestone or release."""
    key: Mapped[str]
    """As people write it, in lower case: owner/repo#12 (an issue or, at GitHub, a pull request), owner/repo!7 (a merge
    request), owner/repo%3 (a milestone), owner/repo@v1.2 (a release), eng-42 (Linear, Jira), eng@1.2 (a Jira
    version)."""
    ref: Mapped[str] = mapped_column(default="")
    """What the tracker calls it by itself (GitHub's node_id, Linear's UUID); empty where it has not said."""
    title: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    """open, started, done or not_planned."""
    status: Mapped[str] = mapped_column(default="")
    """The tracker's own word for where it stands, as people there read it."""
    state_at: Mapped[datetime]
    """When it came to this state, as the tracker says. What an older fact says changes nothing."""
    part_of: Mapped[str | None]
    """The key of the milestone that it belongs to."""
    seen_at: Mapped[datetime]
    """When we first heard of it."""
    closes: Mapped[list[str] | None]
    """The keys of the work that it says it finishes. None: nobody has asked it."""
    reopened_at: Mapped[datetime | None]
    """When it was opened again after it had come to an end. None: it never was, or has come to an end since."""


class WorkLink(Base):
    """Somebody said that this work is for this idea, or for everything in this theme. Taking it back ends the row."""

    __tablename__ = "work_links"
    __table_args__ = (
        Index(
            "uq_work_links_work_item_id_idea_id",
            "work_item_id",
            "idea_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_work_links_work_item_id_theme_id",
            "work_item_id",
            "theme_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_work_links_idea_id", "idea_id"),
        Index("ix_work_links_theme_id", "theme_id"),
    )

    id: Mapped[Key]
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    """One of the two."""
    linked_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    linked_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    ended_at: Mapped[datetime | None]

    work_item: Mapped[WorkItem] = relationship()
    idea: Mapped[Idea | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    linked_by: Mapped[Member] = relationship(foreign_keys=linked_by_id)


class WorkOrder(Base):
    """Somebody wants an issue made of an idea or a theme. It is made by a job; until then there is no work item."""

    __tablename__ = "work_orders"
    __table_args__ = (Index("ix_work_orders_idea_id", "idea_id"), Index("ix_work_orders_theme_id", "theme_id"))

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    source: Mapped[str]
    """github or linear."""
    place: Mapped[str]
    """The repository (owner/repo) or the team's key."""
    title: Mapped[str]
    body: Mapped[str]
    """As somebody read it over before they sent it."""
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    """One of the two."""
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    ordered_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    work_item_id: Mapped[int | None] = mapped_column(ForeignKey("work_items.id"))
    error: Mapped[str] = mapped_column(default="")
    """Why the tracker refused it for good; empty while it is owed, and once it is made."""

    ordered_by: Mapped[Member] = relationship()


class TrackerAccount(Base):
    """What a tracker knows us by, so that we can ask it and write there."""

    __tablename__ = "tracker_accounts"
    __table_args__ = (UniqueConstraint("workspace_id", "source"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    source: Mapped[str]
    """github or linear."""
    api_url: Mapped[str]
    token: Mapped[str]
    """Encrypted."""
    place: Mapped[str]
    """Where issues are made unless somebody says otherwise; empty where nobody has chosen."""
    set_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    set_at: Mapped[datetime]
    tested_at: Mapped[datetime | None]
    """When the tracker last answered to it as it is set. None: not yet."""
    called: Mapped[str] = mapped_column(default="")
    """What the tracker calls the place, or us."""
    error: Mapped[str] = mapped_column(default="")
    """Why the tracker does not let us in."""

    set_by: Mapped[Member] = relationship()


class WorkRules(Base):
    """What follows in a workspace from what the trackers tell. No row: as the columns' defaults have it."""

    __tablename__ = "work_rules"
    __table_args__ = (UniqueConstraint("workspace_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    on_started: Mapped[str] = mapped_column(default="planned")
    on_done: Mapped[str] = mapped_column(default="shipped")
    on_not_planned: Mapped[str] = mapped_column(default="declined")
    """What is proposed: planned, shipped, declined or nothing."""
    statuses: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The same for the tracker's own words, in lower case; they come before the states."""
    tells_links: Mapped[bool] = mapped_column(default=False)
    """True: where a person linked the work to an idea, what follows is told without asking again."""
    comments: Mapped[bool] = mapped_column(default=True)
    """True: what is decided here is said below the linked work."""
    set_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    set_at: Mapped[datetime]


class RepositoryReading(Base):
    """How far a repository was read for what no webhook told."""

    __tablename__ = "repository_readings"
    __table_args__ = (UniqueConstraint("workspace_id", "repository"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    repository: Mapped[str]
    """owner/repo at GitHub, in lower case."""
    read_to: Mapped[datetime]
    """What happened there until then is known."""
    error: Mapped[str] = mapped_column(default="")
    """Why it cannot be read; empty where it can."""


class ProposedChange(Base):
    """Something happened that probably answers ideas. Nobody is told of it before a person says so."""

    __tablename__ = "proposed_changes"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index("ix_proposed_changes_workspace_id_decision", "workspace_id", "decision"),
        Index("ix_proposed_changes_work_item_id", "work_item_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    key: Mapped[str]
    """What happened, so that hearing of it twice is hearing of it once: source, which work, and which end of it."""
    kind: Mapped[str]
    """shipped, planned, or declined: what the team is asked to say to the people behind the ideas."""
    work_item_id: Mapped[int | None] = mapped_column(ForeignKey("work_items.id"))
    """None where it was read in a changelog."""
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    """What it says of itself, beyond the title: compared with the ideas by meaning."""
    url: Mapped[str] = mapped_column(default="")
    happened_at: Mapped[datetime]
    proposed_at: Mapped[datetime]
    compared_at: Mapped[datetime | None]
    """When it was compared with the ideas. None: not yet."""
    decision: Mapped[str | None]
    """confirmed or dismissed; None: nobody has said."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """None where the workspace lets explicit links be told by themselves."""
    decided_at: Mapped[datetime | None]
    change_id: Mapped[int | None] = mapped_column(ForeignKey("changes.id"))
    """What was told in consequence."""

    work_item: Mapped[WorkItem | None] = relationship()
    decided_by: Mapped[Member | None] = relationship()
    change: Mapped[Change | None] = relationship()
    answers: Mapped[list[ProposedAnswer]] = relationship(back_populates="proposed")


class ProposedAnswer(Base):
    """This idea, or everything in this theme, is probably answered by it."""

    __tablename__ = "proposed_answers"
    __table_args__ = (
        UniqueConstraint("proposed_id", "idea_id"),
        UniqueConstraint("proposed_id", "theme_id"),
        Index("ix_proposed_answers_idea_id", "idea_id"),
        Index("ix_proposed_answers_theme_id", "theme_id"),
    )

    id: Mapped[Key]
    proposed_id: Mapped[int] = mapped_column(ForeignKey("proposed_changes.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    """One of the two."""
    how: Mapped[str]
    """link: a person linked it to that work. text: it reads like it."""
    score: Mapped[float | None]
    """Of a likeness: the cosine of the two texts; 1 is the same."""
    part: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """Of a likeness: which of the things that the change says reads like it."""
    was_chosen: Mapped[bool | None]
    """Whether the person who decided took it for answered. None: nobody has decided."""

    proposed: Mapped[ProposedChange] = relationship(back_populates="answers")
    idea: Mapped[Idea | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
