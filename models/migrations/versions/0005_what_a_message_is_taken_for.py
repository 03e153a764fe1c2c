"""What a message is taken for, and where anybody wants to know"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.add_column(sa.Column("capture", sa.String(), nullable=False, server_default="off"))
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("capture_percent", KEY, nullable=False, server_default="80"))
    op.create_table(
        "judgements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("judged_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", models.base.Utc(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", models.base.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_judgements_workspace_id_workspaces")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_judgements_message_id_messages")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_judgements_decided_by_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
        sa.UniqueConstraint("message_id", name=op.f("uq_judgements_message_id")),
    )
    op.create_index("ix_judgements_workspace_id_state", "judgements", ["workspace_id", "state"])
    op.create_table(
        "refits",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("corrections", KEY, nullable=False),
        sa.Column("held_out", KEY, nullable=False),
        sa.Column("macro_f1_before", sa.Double(), nullable=False),
        sa.Column("macro_f1_after", sa.Double(), nullable=False),
        sa.Column("brier_before", sa.Double(), nullable=False),
        sa.Column("brier_after", sa.Double(), nullable=False),
        sa.Column("made_at", models.base.Utc(timezone=True), nullable=False),
        sa.Column("switched", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_refits_workspace_id_workspaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refits")),
    )
    op.create_index("ix_refits_workspace_id", "refits", ["workspace_id"])


def downgrade() -> None:
    op.drop_index("ix_refits_workspace_id", "refits")
    op.drop_table("refits")
    op.drop_index("ix_judgements_workspace_id_state", "judgements")
    op.drop_table("judgements")
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.drop_column("capture_percent")
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.drop_column("capture")
