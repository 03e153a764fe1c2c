"""Work in the trackers, what it probably answers, and how much people want to be told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "work_items",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("state_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("part_of", sa.String(), nullable=True),
        sa.Column("seen_at", models.base.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_work_items_workspace_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_items")),
        sa.UniqueConstraint("workspace_id", "source", "key", name=op.f("uq_work_items_workspace_id_source_key")),
    )
    op.create_index("ix_work_items_workspace_id_part_of", "work_items", ["workspace_id", "part_of"])
    op.create_index("ix_work_items_workspace_id_ref", "work_items", ["workspace_id", "ref"])
    op.create_table(
        "work_links",
        sa.Column("id", KEY, nullable=False),
        sa.Column("work_item_id", KEY, nullable=False),
        sa.Column("idea_id", KEY, nullable=True),
        sa.Column("theme_id", KEY, nullable=True),
        sa.Column("linked_by_id", KEY, nullable=False),
        sa.Column("linked_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.Column("ended_at", models.base.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["work_item_id"], ["work_items.id"], name=op.f("fk_work_links_work_item_id_work_items")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_work_links_idea_id_ideas")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_work_links_theme_id_themes")),
        sa.ForeignKeyConstraint(["linked_by_id"], ["members.id"], name=op.f("fk_work_links_linked_by_id_members")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["members.id"], name=op.f("fk_work_links_ended_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_links")),
    )
    stands = sa.text("ended_at IS NULL")
    for which in ("idea_id", "theme_id"):
        op.create_index(
            f"uq_work_links_work_item_id_{which}",
            "work_links",
            ["work_item_id", which],
            unique=True,
            sqlite_where=stands,
            postgresql_where=stands,
        )
        op.create_index(f"ix_work_links_{which}", "work_links", [which])
    op.create_table(
        "proposed_changes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("work_item_id", KEY, nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("happened_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("proposed_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("compared_at", models.base.Utc(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", models.base.Utc(timezone=True), nullable=True),
        sa.Column("change_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_proposed_changes_workspace_id_workspaces")
        ),
        sa.ForeignKeyConstraint(
            ["work_item_id"], ["work_items.id"], name=op.f("fk_proposed_changes_work_item_id_work_items")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["members.id"], name=op.f("fk_proposed_changes_decided_by_id_members")
        ),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name=op.f("fk_proposed_changes_change_id_changes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_changes")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_proposed_changes_workspace_id_key")),
    )
    op.create_index("ix_proposed_changes_workspace_id_decision", "proposed_changes", ["workspace_id", "decision"])
    op.create_index("ix_proposed_changes_work_item_id", "proposed_changes", ["work_item_id"])
    op.create_table(
        "proposed_answers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("proposed_id", KEY, nullable=False),
        sa.Column("idea_id", KEY, nullable=True),
        sa.Column("theme_id", KEY, nullable=True),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposed_id"], ["proposed_changes.id"], name=op.f("fk_proposed_answers_proposed_id_proposed_changes")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_proposed_answers_idea_id_ideas")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_proposed_answers_theme_id_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_answers")),
        sa.UniqueConstraint("proposed_id", "idea_id", name=op.f("uq_proposed_answers_proposed_id_idea_id")),
        sa.UniqueConstraint("proposed_id", "theme_id", name=op.f("uq_proposed_answers_proposed_id_theme_id")),
    )
    op.create_index("ix_proposed_answers_idea_id", "proposed_answers", ["idea_id"])
    op.create_index("ix_proposed_answers_theme_id", "proposed_answers", ["theme_id"])
    op.add_column("changes", sa.Column("is_minor", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("notices", sa.Column("how", sa.String(), server_default="now", nullable=False))
    op.add_column("notices", sa.Column("not_before", models.base.Utc(timezone=True), nullable=True))
    op.add_column("members", sa.Column("hears", sa.String(), server_default="everything", nullable=False))


def downgrade() -> None:
    for table, columns in (("members", ["hears"]), ("notices", ["not_before", "how"]), ("changes", ["is_minor"])):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    for table in ("proposed_answers", "proposed_changes", "work_links", "work_items"):
        op.drop_table(table)
