"""Reminders, who is asked first, reasons and appeals of declines, and promises"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = models.base.Utc(timezone=True)
DEFAULTS = {"remind_after_days": "7", "reopen_after": "3", "ask_first_days": "3", "appeal_supporters": "3"}


def upgrade() -> None:
    for name, default in DEFAULTS.items():
        op.add_column("workspaces", sa.Column(name, KEY, server_default=default, nullable=False))
    op.add_column("changes", sa.Column("reason", sa.String(), nullable=True))
    op.add_column("notices", sa.Column("dropped_at", AT, nullable=True))
    op.create_table(
        "reminders",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("told_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_reminders_workspace_id_workspaces")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_reminders_notice_id_notices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_reminders_notice_id")),
    )
    op.create_table(
        "appeals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("change_id", KEY, nullable=False),
        sa.Column("idea_id", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("needs", KEY, nullable=False),
        sa.Column("heard_at", AT, nullable=True),
        sa.Column("told_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_appeals_workspace_id_workspaces")),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name=op.f("fk_appeals_change_id_changes")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_appeals_idea_id_ideas")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_appeals_notice_id_notices")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_appeals_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("change_id", "idea_id", name=op.f("uq_appeals_change_id_idea_id")),
    )
    op.create_index("ix_appeals_idea_id", "appeals", ["idea_id"])
    op.create_table(
        "promises",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("idea_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("noted_at", AT, nullable=True),
        sa.Column("moved_at", AT, nullable=True),
        sa.Column("reminded_at", AT, nullable=True),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_promises_workspace_id_workspaces")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_promises_message_id_messages")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_promises_idea_id_ideas")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_promises_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
        sa.UniqueConstraint("message_id", name=op.f("uq_promises_message_id")),
    )
    op.create_index("ix_promises_workspace_id_state", "promises", ["workspace_id", "state"])
    op.create_index("ix_promises_idea_id", "promises", ["idea_id"])


def downgrade() -> None:
    for table in ("promises", "appeals", "reminders"):
        op.drop_table(table)
    for table, columns in (("notices", ["dropped_at"]), ("changes", ["reason"]), ("workspaces", list(DEFAULTS))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
