"""Who left what did not get through"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dismissed_at", models.base.Utc(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("dismissed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(batch_op.f("fk_outbox_dismissed_by_id"), "members", ["dismissed_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbox_dismissed_by_id"), type_="foreignkey")
        batch_op.drop_column("dismissed_by_id")
        batch_op.drop_column("dismissed_at")
