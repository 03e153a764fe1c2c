"""Accounts with the trackers, issues that are to be made there, and what follows from what they tell"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = models.base.Utc(timezone=True)


def _belongs(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "work_orders",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("idea_id", KEY, nullable=True),
        sa.Column("theme_id", KEY, nullable=True),
        sa.Column("ordered_by_id", KEY, nullable=False),
        sa.Column("ordered_at", TIME, nullable=False),
        sa.Column("made_at", TIME, nullable=True),
        sa.Column("work_item_id", KEY, nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        _belongs("work_orders", "workspace_id", "workspaces"),
        _belongs("work_orders", "idea_id", "ideas"),
        _belongs("work_orders", "theme_id", "themes"),
        _belongs("work_orders", "ordered_by_id", "members"),
        _belongs("work_orders", "work_item_id", "work_items"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_orders")),
    )
    op.create_index("ix_work_orders_idea_id", "work_orders", ["idea_id"])
    op.create_index("ix_work_orders_theme_id", "work_orders", ["theme_id"])
    op.create_table(
        "tracker_accounts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("api_url", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("set_by_id", KEY, nullable=False),
        sa.Column("set_at", TIME, nullable=False),
        sa.Column("tested_at", TIME, nullable=True),
        sa.Column("called", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        _belongs("tracker_accounts", "workspace_id", "workspaces"),
        _belongs("tracker_accounts", "set_by_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_accounts")),
        sa.UniqueConstraint("workspace_id", "source", name=op.f("uq_tracker_accounts_workspace_id_source")),
    )
    op.create_table(
        "work_rules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("on_started", sa.String(), nullable=False),
        sa.Column("on_done", sa.String(), nullable=False),
        sa.Column("on_not_planned", sa.String(), nullable=False),
        sa.Column("statuses", sa.JSON(), nullable=False),
        sa.Column("tells_links", sa.Boolean(), nullable=False),
        sa.Column("comments", sa.Boolean(), nullable=False),
        sa.Column("set_by_id", KEY, nullable=False),
        sa.Column("set_at", TIME, nullable=False),
        _belongs("work_rules", "workspace_id", "workspaces"),
        _belongs("work_rules", "set_by_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_rules")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_work_rules_workspace_id")),
    )
    op.create_table(
        "repository_readings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("repository", sa.String(), nullable=False),
        sa.Column("read_to", TIME, nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        _belongs("repository_readings", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repository_readings")),
        sa.UniqueConstraint("workspace_id", "repository", name=op.f("uq_repository_readings_workspace_id_repository")),
    )
    op.add_column("work_items", sa.Column("closes", sa.JSON(), nullable=True))
    op.add_column("work_items", sa.Column("reopened_at", TIME, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("work_items", schema=None) as batch_op:
        batch_op.drop_column("reopened_at")
        batch_op.drop_column("closes")
    for table in ("repository_readings", "work_rules", "tracker_accounts", "work_orders"):
        op.drop_table(table)
