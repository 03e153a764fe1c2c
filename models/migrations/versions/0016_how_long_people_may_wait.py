"""How long people may wait for an answer, and what the team hears of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("answer_days", KEY, server_default="30", nullable=False))
    op.add_column("workspaces", sa.Column("late_percent", KEY, server_default="10", nullable=False))
    op.add_column("workspaces", sa.Column("tells_week", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("workspaces", sa.Column("tells_late", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        for column in ("tells_late", "tells_week", "late_percent", "answer_days"):
            batch_op.drop_column(column)
