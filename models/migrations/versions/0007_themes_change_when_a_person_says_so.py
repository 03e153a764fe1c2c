"""Themes change when a person says so: what is proposed, asked, pinned, and what became of each theme"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def at() -> models.base.Utc:
    return models.base.Utc(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("themes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pinned_at", at(), nullable=True))
        batch_op.add_column(sa.Column("pinned_by_id", big(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_themes_pinned_by_id"), "members", ["pinned_by_id"], ["id"])
    with op.batch_alter_table("ideas", schema=None) as batch_op:
        batch_op.add_column(sa.Column("placed_at", at(), nullable=True))
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("themes_follow", sa.Boolean(), server_default=sa.false(), nullable=False))
    _events()
    _proposals()
    _questions()


def _events() -> None:
    op.create_table(
        "theme_events",
        sa.Column("id", big(), nullable=False),
        sa.Column("workspace_id", big(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("theme_id", big(), nullable=False),
        sa.Column("other_id", big(), nullable=True),
        sa.Column("idea_count", big(), nullable=False),
        sa.Column("member_id", big(), nullable=True),
        sa.Column("at", at(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", at(), nullable=True),
        sa.Column("undone_by_id", big(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_theme_events_member_id")),
        sa.ForeignKeyConstraint(["other_id"], ["themes.id"], name=op.f("fk_theme_events_other_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_theme_events_theme_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["members.id"], name=op.f("fk_theme_events_undone_by_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_theme_events_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_events")),
    )
    op.create_index("ix_theme_events_theme_id", "theme_events", ["theme_id"])
    op.create_index("ix_theme_events_other_id", "theme_events", ["other_id"])


def _proposals() -> None:
    op.create_table(
        "theme_proposals",
        sa.Column("id", big(), nullable=False),
        sa.Column("workspace_id", big(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("theme_id", big(), nullable=False),
        sa.Column("into_id", big(), nullable=True),
        sa.Column("idea_ids", sa.JSON(), nullable=False),
        sa.Column("beside_ids", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("strength", sa.Double(), nullable=False),
        sa.Column("people", big(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("proposed_at", at(), nullable=False),
        sa.Column("told_at", at(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_at", at(), nullable=True),
        sa.Column("decided_by_id", big(), nullable=True),
        sa.Column("event_id", big(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_theme_proposals_decided_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["theme_events.id"], name=op.f("fk_theme_proposals_event_id")),
        sa.ForeignKeyConstraint(["into_id"], ["themes.id"], name=op.f("fk_theme_proposals_into_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_theme_proposals_theme_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_theme_proposals_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_proposals")),
        sa.UniqueConstraint("key", name=op.f("uq_theme_proposals_key")),
    )
    op.create_index("ix_theme_proposals_workspace_id_decision", "theme_proposals", ["workspace_id", "decision"])


def _questions() -> None:
    op.create_table(
        "theme_questions",
        sa.Column("id", big(), nullable=False),
        sa.Column("workspace_id", big(), nullable=False),
        sa.Column("idea_id", big(), nullable=False),
        sa.Column("other_id", big(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("asked_at", at(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("answered_at", at(), nullable=True),
        sa.Column("answered_by_id", big(), nullable=True),
        sa.Column("event_id", big(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["members.id"], name=op.f("fk_theme_questions_answered_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["theme_events.id"], name=op.f("fk_theme_questions_event_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_theme_questions_idea_id")),
        sa.ForeignKeyConstraint(["other_id"], ["ideas.id"], name=op.f("fk_theme_questions_other_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_theme_questions_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_questions")),
        sa.UniqueConstraint("idea_id", "other_id", name=op.f("uq_theme_questions_idea_id_other_id")),
    )
    op.create_index("ix_theme_questions_workspace_id_verdict", "theme_questions", ["workspace_id", "verdict"])
    op.create_index("ix_theme_questions_other_id", "theme_questions", ["other_id"])


def downgrade() -> None:
    op.drop_table("theme_questions")
    op.drop_table("theme_proposals")
    op.drop_table("theme_events")
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.drop_column("themes_follow")
    with op.batch_alter_table("ideas", schema=None) as batch_op:
        batch_op.drop_column("placed_at")
    with op.batch_alter_table("themes", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_themes_pinned_by_id"), type_="foreignkey")
        batch_op.drop_column("pinned_by_id")
        batch_op.drop_column("pinned_at")
