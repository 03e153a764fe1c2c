"""How a reward is decided and how it reaches its receiver"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = models.base.Utc(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reward_holds",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reward_id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("raised_at", TIME, nullable=False),
        sa.Column("lifted_by_id", KEY, nullable=True),
        sa.Column("lifted_at", TIME, nullable=True),
        sa.Column("why", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["members.id"], name=op.f("fk_reward_holds_lifted_by_id")),
        sa.ForeignKeyConstraint(["reward_id"], ["rewards.id"], name=op.f("fk_reward_holds_reward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_holds")),
        sa.UniqueConstraint("reward_id", "kind", name=op.f("uq_reward_holds_reward_id_kind")),
    )
    op.create_table(
        "reward_questions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reward_id", KEY, nullable=False),
        sa.Column("asked_by_id", KEY, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("answer", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("answered_by_id", KEY, nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["members.id"], name=op.f("fk_reward_questions_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["members.id"], name=op.f("fk_reward_questions_asked_by_id")),
        sa.ForeignKeyConstraint(["reward_id"], ["rewards.id"], name=op.f("fk_reward_questions_reward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_questions")),
    )
    with op.batch_alter_table("reward_questions", schema=None) as batch_op:
        batch_op.create_index("ix_reward_questions_reward_id", ["reward_id"])
    op.create_table(
        "reward_vouches",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reward_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("said_with", sa.String(), nullable=False),
        sa.Column("given_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_reward_vouches_member_id")),
        sa.ForeignKeyConstraint(["reward_id"], ["rewards.id"], name=op.f("fk_reward_vouches_reward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_vouches")),
        sa.UniqueConstraint("reward_id", "member_id", name=op.f("uq_reward_vouches_reward_id_member_id")),
    )
    op.create_table(
        "discrepancies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("payout_id", KEY, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("found_at", TIME, nullable=False),
        sa.Column("settled_by_id", KEY, nullable=True),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("why", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_discrepancies_payout_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["members.id"], name=op.f("fk_discrepancies_settled_by_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_discrepancies_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
        sa.UniqueConstraint(
            "workspace_id", "kind", "external_id", name=op.f("uq_discrepancies_workspace_id_kind_external_id")
        ),
    )
    op.create_table(
        "gift_codes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("amount_cents", KEY, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("uploaded_by_id", KEY, nullable=False),
        sa.Column("uploaded_at", TIME, nullable=False),
        sa.Column("payout_id", KEY, nullable=True),
        sa.Column("given_at", TIME, nullable=True),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_gift_codes_payout_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["members.id"], name=op.f("fk_gift_codes_uploaded_by_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_gift_codes_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_codes")),
        sa.UniqueConstraint("payout_id", name=op.f("uq_gift_codes_payout_id")),
        sa.UniqueConstraint("workspace_id", "digest", name=op.f("uq_gift_codes_workspace_id_digest")),
    )
    with op.batch_alter_table("gift_codes", schema=None) as batch_op:
        batch_op.create_index("ix_gift_codes_free", ["workspace_id", "currency", "amount_cents", "payout_id"])
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", KEY, server_default="0", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_approvals_reward_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_approvals_reward_id_manager_id"), ["reward_id", "manager_id"])
    with op.batch_alter_table("payouts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("body", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("provider_reward", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("provider_state", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("gift_channel_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("gift_ts", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("expires_at", TIME, nullable=True))
        batch_op.add_column(sa.Column("reminded_at", TIME, nullable=True))
        batch_op.add_column(sa.Column("redeemed_at", TIME, nullable=True))
        batch_op.add_column(sa.Column("resent_at", TIME, nullable=True))
        batch_op.add_column(sa.Column("returned_at", TIME, nullable=True))
    with op.batch_alter_table("rewards", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rule_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("change_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("pot_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("points", KEY, server_default="0", nullable=False))
        batch_op.add_column(sa.Column("provider", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("budget_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("ended_why", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("version", KEY, server_default="1", nullable=False))
        batch_op.add_column(sa.Column("vests_at", TIME, nullable=True))
        batch_op.create_index("ix_rewards_idea_id", ["idea_id"])
        batch_op.create_index("ix_rewards_pot_id", ["pot_id"])
        batch_op.create_foreign_key(batch_op.f("fk_rewards_change_id"), "changes", ["change_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_rewards_rule_id"), "reward_rules", ["rule_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_rewards_pot_id"), "reward_pots", ["pot_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_rewards_budget_id"), "budgets", ["budget_id"], ["id"])

    op.execute(
        "UPDATE rewards SET budget_id = (SELECT budgets.id FROM budgets WHERE budgets.workspace_id = "
        "rewards.workspace_id AND budgets.currency = rewards.currency) "
        "WHERE state IN ('approved', 'paid', 'failed', 'human')"
    )


def downgrade() -> None:
    with op.batch_alter_table("rewards", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_rewards_budget_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_rewards_pot_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_rewards_rule_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_rewards_change_id"), type_="foreignkey")
        batch_op.drop_index("ix_rewards_pot_id")
        batch_op.drop_index("ix_rewards_idea_id")
        batch_op.drop_column("vests_at")
        batch_op.drop_column("version")
        batch_op.drop_column("ended_why")
        batch_op.drop_column("budget_id")
        batch_op.drop_column("provider")
        batch_op.drop_column("points")
        batch_op.drop_column("note")
        batch_op.drop_column("pot_id")
        batch_op.drop_column("change_id")
        batch_op.drop_column("rule_id")
    with op.batch_alter_table("payouts", schema=None) as batch_op:
        batch_op.drop_column("returned_at")
        batch_op.drop_column("resent_at")
        batch_op.drop_column("redeemed_at")
        batch_op.drop_column("reminded_at")
        batch_op.drop_column("expires_at")
        batch_op.drop_column("gift_ts")
        batch_op.drop_column("gift_channel_id")
        batch_op.drop_column("provider_state")
        batch_op.drop_column("provider_reward")
        batch_op.drop_column("body")
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_approvals_reward_id_manager_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_approvals_reward_id"), ["reward_id"])
        batch_op.drop_column("version")
    with op.batch_alter_table("gift_codes", schema=None) as batch_op:
        batch_op.drop_index("ix_gift_codes_free")
    op.drop_table("gift_codes")
    op.drop_table("discrepancies")
    op.drop_table("reward_vouches")
    with op.batch_alter_table("reward_questions", schema=None) as batch_op:
        batch_op.drop_index("ix_reward_questions_reward_id")
    op.drop_table("reward_questions")
    op.drop_table("reward_holds")
