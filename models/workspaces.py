"""One installation in one Slack, and its channels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key


class Workspace(Base):
    """Everything else hangs below one of these; no query crosses two."""

    __tablename__ = "workspaces"

    id: Mapped[Key]
    team_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    url: Mapped[str]
    """Where permalinks begin, with a slash at the end, as auth.test gives it."""
    bot_user_id: Mapped[str]
    triage_channel_id: Mapped[str | None]
    managers_channel_id: Mapped[str | None]
    announcement_channel_id: Mapped[str | None]
    """Where a note about a change can go that everybody reads. None: nowhere."""
    # Nobody reads the next three any more: what is given, and how, stands in the rules (models.earning). They are there
    # for code that was running before there were any.
    reward_cents: Mapped[int] = mapped_column(default=2500)
    reward_currency: Mapped[str] = mapped_column(default="USD")
    pays_by_hand: Mapped[bool] = mapped_column(default=True)
    themes_follow: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True: the night's grouping applies what concerns only themes and ideas that no person has touched."""
    joined_at: Mapped[datetime]
    capture_percent: Mapped[int] = mapped_column(default=80, server_default="80")
    """How sure the product must be, of a hundred, to keep a message by itself."""
    has_quiet_hours: Mapped[bool] = mapped_column(default=True, server_default=true())
    """True: nobody is told any news while it is night where they are."""
    quiet_from_minutes: Mapped[int] = mapped_column(default=1260, server_default="1260")
    quiet_to_minutes: Mapped[int] = mapped_column(default=480, server_default="480")
    """After midnight, on each person's own clock."""
    notices_a_week: Mapped[int] = mapped_column(default=3, server_default="3")
    """So many a person is told one by one in seven days; the rest waits for their weekly digest. 0: all."""
    digest_weekday: Mapped[int] = mapped_column(default=4, server_default="4")
    """0 is Monday."""
    digest_minutes: Mapped[int] = mapped_column(default=540, server_default="540")
    """After midnight, on each person's own clock."""
    answer_days: Mapped[int] = mapped_column(default=30, server_default="30")
    """Whoever has waited longer than this for an answer has waited too long."""
    late_percent: Mapped[int] = mapped_column(default=10, server_default="10")
    """Of a hundred people so many may have to wait longer than that."""
    tells_week: Mapped[bool] = mapped_column(default=True, server_default=true())
    """True: the triage channel reads on Mondays who waits, what closed and what came back."""
    tells_late: Mapped[bool] = mapped_column(default=True, server_default=true())
    """True: and reads it, at most once a week, when more people wait too long than may."""
    remind_after_days: Mapped[int] = mapped_column(default=7, server_default="7")
    """Whoever was told and says nothing is asked once more after so many days. 0: nobody is."""
    reopen_after: Mapped[int] = mapped_column(default=3, server_default="3")
    """So many who only backed an idea say "not yet" before it is open again; its author alone is enough."""
    ask_first_days: Mapped[int] = mapped_column(default=3, server_default="3")
    """So long those who said "not yet" have, the next time, before everybody else is told too."""
    appeal_supporters: Mapped[int] = mapped_column(default=3, server_default="3")
    """So many new people must back what was declined and asked for again."""
    two_approve_above_cents: Mapped[int] = mapped_column(default=5000, server_default="5000")
    """A reward of more than this needs two managers."""
    nearly_spent_percent: Mapped[int] = mapped_column(default=80, server_default="80")
    """From so much of a budget on every reward out of it needs two managers."""
    reward_after_days: Mapped[int] = mapped_column(default=14, server_default="14")
    """Whoever joined later than so many days ago receives nothing yet."""
    rewards_guests: Mapped[bool] = mapped_column(default=False, server_default=false())
    most_rewards_a_month: Mapped[int] = mapped_column(default=4, server_default="4")
    """So many with money a person and calendar month. 0: any number."""
    most_cents_a_year: Mapped[int] = mapped_column(default=30000, server_default="30000")
    """A person and calendar year, in each currency. 0: any sum."""
    blind_percent: Mapped[int] = mapped_column(default=20, server_default="20")
    """Of a hundred scored ideas so many are scored by a second person who does not see the first score."""
    half_life_days: Mapped[int] = mapped_column(default=90, server_default="90")
    """After so many days points count half."""
    has_board: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True: members who ask for it are on a leaderboard."""


class Channel(Base):
    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    slack_id: Mapped[str]
    name: Mapped[str]
    is_private: Mapped[bool] = mapped_column(default=False)
    is_archived: Mapped[bool] = mapped_column(default=False)
    app_is_in: Mapped[bool] = mapped_column(default=False)
    listens: Mapped[bool | None]
    """None: as the app is in it or not. True or False: somebody decided."""
    listens_since: Mapped[datetime | None]
    """What was said before is not ours to read. None: the app came, and nobody told us when."""
    caught_up_to: Mapped[datetime | None]
    """When its history was last read to the end. None: never yet."""
    capture: Mapped[str] = mapped_column(default="off", server_default="off")
    """off, author (who is asked), team (which looks through) or automatic: what becomes of talk that seems to hold
    feedback."""

    workspace: Mapped[Workspace] = relationship()
