"""What the grouping measured of each theme"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "theme_readings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("measured_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("ideas", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("people", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cohesion", sa.Double(), nullable=True),
        sa.Column("least", sa.Double(), nullable=False),
        sa.Column("runs", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("same_runs", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stability", sa.Double(), nullable=True),
        sa.Column("central", sa.JSON(), nullable=False),
        sa.Column("borderline", sa.JSON(), nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.Column("x", sa.Double(), nullable=True),
        sa.Column("y", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_theme_readings_workspace_id_workspaces")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_theme_readings_theme_id_themes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_readings")),
        sa.UniqueConstraint("theme_id", "measured_on", name=op.f("uq_theme_readings_theme_id_measured_on")),
    )
    op.create_index("ix_theme_readings_workspace_id", "theme_readings", ["workspace_id"])


def downgrade() -> None:
    op.drop_index("ix_theme_readings_workspace_id", "theme_readings")
    op.drop_table("theme_readings")
