"""What is given for help: what it is for, who vouched, who asked, who held it up, who decided."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.changes import Change
from models.earning import RewardPot, RewardRule
from models.ideas import Idea
from models.ledger import Budget
from models.members import Member

if TYPE_CHECKING:
    from models.payouts import Payout


class Reward(Base):
    """One contribution, one person, one reason: never twice."""

    __tablename__ = "rewards"
    __table_args__ = (
        UniqueConstraint("workspace_id", "idea_id", "member_id", "reason"),
        Index("ix_rewards_workspace_id_state", "workspace_id", "state"),
        Index("ix_rewards_member_id", "member_id"),
        Index("ix_rewards_idea_id", "idea_id"),
        Index("ix_rewards_pot_id", "pot_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    """Who receives it."""
    reason: Mapped[str]
    """One of feedback.rewards.TRIGGERS; "confirmed" of those that were proposed before there were rules."""
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("reward_rules.id"))
    """By which it came to be, as it was then. None: before there were rules."""
    change_id: Mapped[int | None] = mapped_column(ForeignKey("changes.id"))
    """The closure that it cites. None: before it was written down, or what it is for is no closure."""
    pot_id: Mapped[int | None] = mapped_column(ForeignKey("reward_pots.id"))
    """Where several share one amount."""
    note: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """What was good about it, in the words of whoever proposed it. Only the team reads it."""
    amount_cents: Mapped[int]
    """0 where nothing is paid: points, or a privilege."""
    currency: Mapped[str]
    points: Mapped[int] = mapped_column(default=0, server_default="0")
    provider: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """manual, codes, tremendous or booking: how it is given. Empty: nothing but points, or, of old rows, as the
    workspace paid then."""
    budget_id: Mapped[int | None] = mapped_column(ForeignKey("budgets.id"))
    """Out of which it is paid. None: nothing is paid, or before there were budgets."""
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    """Who proposed it, or recorded the change that was confirmed: they vouch for it, so they may not approve it."""
    state: Mapped[str] = mapped_column(default="proposed")
    """One of feedback.rewards.states.STATES."""
    ended_why: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """Why it was cancelled, as a manager and its receiver may read it."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Grows with everything that whoever decides has to know. What was shown is what is approved, or nothing is."""
    proposed_at: Mapped[datetime]
    vests_at: Mapped[datetime | None]
    """From when on it may be approved: so many days after its receiver was told and somebody else verified it. None:
    that has not happened, or it was proposed before there was such a time."""
    card_channel_id: Mapped[str | None]
    card_ts: Mapped[str | None]

    idea: Mapped[Idea] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=member_id)
    proposed_by: Mapped[Member] = relationship(foreign_keys=proposed_by_id)
    rule: Mapped[RewardRule | None] = relationship()
    change: Mapped[Change | None] = relationship()
    pot: Mapped[RewardPot | None] = relationship()
    budget: Mapped[Budget | None] = relationship()
    approvals: Mapped[list[Approval]] = relationship(back_populates="reward", order_by="Approval.id")
    vouches: Mapped[list[Vouch]] = relationship(back_populates="reward", order_by="Vouch.id")
    questions: Mapped[list[RewardQuestion]] = relationship(back_populates="reward", order_by="RewardQuestion.id")
    holds: Mapped[list[Hold]] = relationship(back_populates="reward", order_by="Hold.id")
    payout: Mapped[Payout | None] = relationship(back_populates="reward")


class Vouch(Base):
    """Somebody other than its receiver saw that it works."""

    __tablename__ = "reward_vouches"
    __table_args__ = (UniqueConstraint("reward_id", "member_id"),)

    id: Mapped[Key]
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    said_with: Mapped[str]
    """answer ("better now", in Slack) or check (somebody of the team tried it)."""
    given_at: Mapped[datetime]

    reward: Mapped[Reward] = relationship(back_populates="vouches")
    member: Mapped[Member] = relationship()


class Approval(Base):
    """A manager's word on a reward, once each. Some rewards need two."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("reward_id", "manager_id"),)

    id: Mapped[Key]
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id"))
    manager_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    verdict: Mapped[str]
    """approved or declined."""
    why: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of the reward, as they saw it. 0: before it was written down."""
    given_at: Mapped[datetime]

    reward: Mapped[Reward] = relationship(back_populates="approvals")
    manager: Mapped[Member] = relationship()


class RewardQuestion(Base):
    """What a manager wants to know first. It waits while it has no answer."""

    __tablename__ = "reward_questions"
    __table_args__ = (Index("ix_reward_questions_reward_id", "reward_id"),)

    id: Mapped[Key]
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    question: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="", server_default=text("''"))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    answered_at: Mapped[datetime | None]

    reward: Mapped[Reward] = relationship(back_populates="questions")
    asked_by: Mapped[Member] = relationship(foreign_keys=asked_by_id)
    answered_by: Mapped[Member | None] = relationship(foreign_keys=answered_by_id)


class Hold(Base):
    """Something about it that a person has to look at before it is paid. Lifted once, with a reason."""

    __tablename__ = "reward_holds"
    __table_args__ = (UniqueConstraint("reward_id", "kind"),)

    id: Mapped[Key]
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id"))
    kind: Mapped[str]
    """One of feedback.rewards.holds.KINDS."""
    detail: Mapped[dict[str, Any]]
    """What was seen: ids and numbers, nobody's words."""
    raised_at: Mapped[datetime]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    lifted_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="", server_default=text("''"))

    reward: Mapped[Reward] = relationship(back_populates="holds")
    lifted_by: Mapped[Member | None] = relationship()
