"""Which part of a change reads like an idea, and whether a person found so too"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proposed_answers", sa.Column("part", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("proposed_answers", sa.Column("was_chosen", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("proposed_answers", schema=None) as batch_op:
        batch_op.drop_column("was_chosen")
        batch_op.drop_column("part")
