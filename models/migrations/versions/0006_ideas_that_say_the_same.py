"""Ideas that say the same: merged, and perhaps to be merged"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "idea_merges",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("idea_id", KEY, nullable=False),
        sa.Column("into_id", KEY, nullable=False),
        sa.Column("merged_by_id", KEY, nullable=False),
        sa.Column("merged_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("undone_by_id", KEY, nullable=True),
        sa.Column("undone_at", models.base.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_idea_merges_workspace_id_workspaces")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_merges_idea_id_ideas")),
        sa.ForeignKeyConstraint(["into_id"], ["ideas.id"], name=op.f("fk_idea_merges_into_id_ideas")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["members.id"], name=op.f("fk_idea_merges_merged_by_id_members")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["members.id"], name=op.f("fk_idea_merges_undone_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_merges")),
    )
    stands = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_idea_merges_idea_id", "idea_merges", ["idea_id"], unique=True, sqlite_where=stands, postgresql_where=stands
    )
    op.create_index("ix_idea_merges_into_id", "idea_merges", ["into_id"])
    op.create_table(
        "same_pairs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("older_id", KEY, nullable=False),
        sa.Column("newer_id", KEY, nullable=False),
        sa.Column("closeness", sa.Double(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("proposed_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", models.base.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_same_pairs_workspace_id_workspaces")
        ),
        sa.ForeignKeyConstraint(["older_id"], ["ideas.id"], name=op.f("fk_same_pairs_older_id_ideas")),
        sa.ForeignKeyConstraint(["newer_id"], ["ideas.id"], name=op.f("fk_same_pairs_newer_id_ideas")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_same_pairs_decided_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_same_pairs")),
        sa.UniqueConstraint("older_id", "newer_id", name=op.f("uq_same_pairs_older_id_newer_id")),
    )
    op.create_index("ix_same_pairs_newer_id", "same_pairs", ["newer_id"])
    op.create_index("ix_same_pairs_workspace_id_decision", "same_pairs", ["workspace_id", "decision"])


def downgrade() -> None:
    op.drop_table("same_pairs")
    op.drop_table("idea_merges")
