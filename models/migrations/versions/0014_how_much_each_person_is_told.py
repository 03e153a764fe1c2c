"""How much each person is told, and when"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBERS = {
    "quiet_from_minutes": "1260",
    "quiet_to_minutes": "480",
    "notices_a_week": "3",
    "digest_weekday": "4",
    "digest_minutes": "540",
}
"""What a workspace sets as a number, and what it is where nobody has."""


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("opened_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("told_at", models.base.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_digests_workspace_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_digests_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("member_id", "week_on", name=op.f("uq_digests_member_id_week_on")),
    )
    op.create_index("ix_digests_workspace_id", "digests", ["workspace_id"])
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest_id", KEY, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_notices_digest_id"), "digests", ["digest_id"], ["id"])
        batch_op.create_index("ix_notices_digest_id", ["digest_id"])
        batch_op.create_index("ix_notices_workspace_id_how_told_at", ["workspace_id", "how", "told_at"])
    op.add_column("workspaces", sa.Column("has_quiet_hours", sa.Boolean(), server_default=sa.true(), nullable=False))
    for name, default in NUMBERS.items():
        op.add_column("workspaces", sa.Column(name, KEY, server_default=default, nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        for name in ("has_quiet_hours", *NUMBERS):
            batch_op.drop_column(name)
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_workspace_id_how_told_at")
        batch_op.drop_index("ix_notices_digest_id")
        batch_op.drop_constraint(batch_op.f("fk_notices_digest_id"), type_="foreignkey")
        batch_op.drop_column("digest_id")
    op.drop_table("digests")
