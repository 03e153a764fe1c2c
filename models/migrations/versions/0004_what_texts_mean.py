"""What texts mean, as numbers, and which ideas are close"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_vectors",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_text_vectors_workspace_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_vectors")),
        sa.UniqueConstraint(
            "workspace_id", "version", "text_hash", name=op.f("uq_text_vectors_workspace_id_version_text_hash")
        ),
    )
    op.create_table(
        "likenesses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closeness", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_likenesses_idea_id_ideas")),
        sa.ForeignKeyConstraint(["other_id"], ["ideas.id"], name=op.f("fk_likenesses_other_id_ideas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likenesses")),
        sa.UniqueConstraint("idea_id", "other_id", name=op.f("uq_likenesses_idea_id_other_id")),
    )
    op.create_index("ix_likenesses_other_id", "likenesses", ["other_id"])


def downgrade() -> None:
    op.drop_index("ix_likenesses_other_id", "likenesses")
    op.drop_table("likenesses")
    op.drop_table("text_vectors")
