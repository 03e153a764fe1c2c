"""What can be given through the payout service"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = models.base.Utc(timezone=True)


def upgrade() -> None:
    op.create_table(
        "payout_products",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("currencies", sa.String(), nullable=False),
        sa.Column("countries", sa.String(), nullable=False),
        sa.Column("bands", sa.JSON(), nullable=False),
        sa.Column("read_at", TIME, nullable=False),
        sa.Column("gone_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_payout_products_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_products")),
        sa.UniqueConstraint("workspace_id", "product_id", name=op.f("uq_payout_products_workspace_id_product_id")),
    )


def downgrade() -> None:
    op.drop_table("payout_products")
