"""How far channels were read, and how old profiles are"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.add_column(sa.Column("listens_since", models.base.Utc(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("caught_up_to", models.base.Utc(timezone=True), nullable=True))
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("profile_at", models.base.Utc(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_column("profile_at")
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.drop_column("caught_up_to")
        batch_op.drop_column("listens_since")
