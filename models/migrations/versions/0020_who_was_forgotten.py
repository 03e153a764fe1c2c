"""Who was forgotten, and where that left a gap in what is sealed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TIME = models.base.Utc(timezone=True)


def upgrade() -> None:
    op.add_column("members", sa.Column("erased_at", TIME, nullable=True))
    op.add_column("seals", sa.Column("erased_at", TIME, nullable=True))


def downgrade() -> None:
    op.drop_column("seals", "erased_at")
    op.drop_column("members", "erased_at")
