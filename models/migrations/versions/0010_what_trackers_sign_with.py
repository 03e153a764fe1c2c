"""What trackers sign with when they tell of work"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hook_secrets",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("made_by_id", KEY, nullable=False),
        sa.Column("made_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("works_until", models.base.Utc(timezone=True), nullable=True),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.Column("ended_at", models.base.Utc(timezone=True), nullable=True),
        sa.Column("heard_at", models.base.Utc(timezone=True), nullable=True),
        sa.Column("heard", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_hook_secrets_workspace_id_workspaces")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["members.id"], name=op.f("fk_hook_secrets_made_by_id_members")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["members.id"], name=op.f("fk_hook_secrets_ended_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_secrets")),
        sa.UniqueConstraint("workspace_id", "nonce", name=op.f("uq_hook_secrets_workspace_id_nonce")),
    )
    op.create_index("ix_hook_secrets_source", "hook_secrets", ["source"])


def downgrade() -> None:
    op.drop_index("ix_hook_secrets_source", "hook_secrets")
    op.drop_table("hook_secrets")
