"""What help is worth here: a workspace's rules, what several share, and how good the team found it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.ideas import Idea
from models.ledger import Budget
from models.members import Member
from models.themes import Theme


class RewardRule(Base):
    """What is given for what. Never changed: a new row takes over, so that a reward can show what it came from."""

    __tablename__ = "reward_rules"
    __table_args__ = (Index("ix_reward_rules_workspace_id_trigger", "workspace_id", "trigger"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    trigger: Mapped[str]
    """One of feedback.rewards.TRIGGERS."""
    points: Mapped[int]
    amount_cents: Mapped[int]
    """0: no money."""
    currency: Mapped[str]
    provider: Mapped[str]
    """manual, codes, tremendous or booking; empty: nothing but points."""
    link: Mapped[str] = mapped_column(default="")
    """Of booking: where they choose a time."""
    words: Mapped[str] = mapped_column(default="")
    """What its receiver reads with it, and what the privilege is; empty: as usual."""
    budget_id: Mapped[int | None] = mapped_column(ForeignKey("budgets.id"))
    """None: the workspace's oldest open one in that currency."""
    most_a_year: Mapped[int] = mapped_column(default=0)
    """So many by this rule a person and year. 0: any number."""
    supporters: Mapped[int] = mapped_column(default=0)
    """Of the trigger that counts them."""
    most_a_quarter: Mapped[int] = mapped_column(default=0)
    """The capacity valve: so many by this rule a quarter, the rest wait for the next. 0: any number."""
    vesting_days: Mapped[int] = mapped_column(default=7)
    proposed_by: Mapped[str] = mapped_column(default="product")
    """moderator, product or manager: the least role that may propose by hand."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """None: it came with the workspace."""
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When another row took over, or it was switched off."""

    budget: Mapped[Budget | None] = relationship()
    made_by: Mapped[Member | None] = relationship()


class RewardPot(Base):
    """One amount for one theme, which the first clear reporter and those who added evidence share."""

    __tablename__ = "reward_pots"
    __table_args__ = (UniqueConstraint("theme_id", "trigger"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))
    trigger: Mapped[str]
    rule_id: Mapped[int] = mapped_column(ForeignKey("reward_rules.id"))
    amount_cents: Mapped[int]
    currency: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    made_at: Mapped[datetime]

    theme: Mapped[Theme] = relationship()
    rule: Mapped[RewardRule] = relationship()


class Score(Base):
    """How good one person of the team found an idea: each of the four from 0 to 2. The newest of a person counts."""

    __tablename__ = "scores"
    __table_args__ = (UniqueConstraint("idea_id", "member_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    specific: Mapped[int]
    reproducible: Mapped[int]
    novel: Mapped[int]
    evidence: Mapped[int]
    is_blind: Mapped[bool]
    """True: a second one, given without seeing the first."""
    scored_at: Mapped[datetime]

    idea: Mapped[Idea] = relationship()
    member: Mapped[Member] = relationship()
