"""How people are told: in whose words, when, together, stopped, and announced"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = models.base.Utc(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notice_posts",
        *_own("notice_posts", workspace_id="workspaces", change_id="changes"),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("told_at", TIME, nullable=True),
    )
    op.create_index("ix_notice_posts_change_id", "notice_posts", ["change_id"])
    op.create_table(
        "replies",
        *_own("replies", notice_id="notices"),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("given_at", TIME, nullable=False),
        sa.UniqueConstraint("notice_id", name=op.f("uq_replies_notice_id")),
    )
    op.create_table(
        "stops",
        *_own("stops", change_id="changes", stopped_by_id="members"),
        sa.Column("stopped_at", TIME, nullable=False),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["ended_by_id"], ["members.id"], name=op.f("fk_stops_ended_by_id_members")),
    )
    stands = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_stops_change_id", "stops", ["change_id"], unique=True, sqlite_where=stands, postgresql_where=stands
    )
    op.create_table(
        "announcements",
        *_own("announcements", change_id="changes"),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("told_at", TIME, nullable=True),
        sa.UniqueConstraint("change_id", name=op.f("uq_announcements_change_id")),
    )
    op.create_table(
        "templates",
        *_own("templates", workspace_id="workspaces", written_by_id="members"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.UniqueConstraint("workspace_id", "kind", name=op.f("uq_templates_workspace_id_kind")),
    )
    op.create_table(
        "rehearsals",
        *_own("rehearsals", workspace_id="workspaces", member_id="members", idea_id="ideas"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("told_at", TIME, nullable=True),
    )
    op.add_column("changes", sa.Column("words", sa.String(), nullable=True))
    op.add_column("changes", sa.Column("tell_at", TIME, nullable=True))
    op.add_column("workspaces", sa.Column("announcement_channel_id", sa.String(), nullable=True))
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("because", sa.String(), server_default="backed", nullable=False))
        batch_op.add_column(sa.Column("post_id", KEY, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_notices_post_id_notice_posts"), "notice_posts", ["post_id"], ["id"])
    op.create_index("ix_notices_member_id", "notices", ["member_id"])
    op.create_index("ix_notices_post_id", "notices", ["post_id"])
    op.create_index("ix_messages_channel_id_thread_ts", "messages", ["channel_id", "thread_ts"])


def _own(table: str, **refers: str) -> list[sa.schema.SchemaItem]:
    """Its key, and the rows that it is about: column -> table."""
    return [
        sa.Column("id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(sa.Column(column, KEY, nullable=False) for column in refers),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
            for column, other in refers.items()
        ),
    ]


def downgrade() -> None:
    op.drop_index("ix_messages_channel_id_thread_ts", "messages")
    op.drop_index("ix_notices_post_id", "notices")
    op.drop_index("ix_notices_member_id", "notices")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notices_post_id_notice_posts"), type_="foreignkey")
        batch_op.drop_column("post_id")
        batch_op.drop_column("because")
    for table, columns in (("workspaces", ["announcement_channel_id"]), ("changes", ["tell_at", "words"])):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    for table in ("rehearsals", "templates", "announcements", "stops", "replies", "notice_posts"):
        op.drop_table(table)
