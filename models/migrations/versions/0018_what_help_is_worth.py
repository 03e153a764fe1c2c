"""What help is worth: rules, pots, scores, and what each person agreed to"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = models.base.Utc(timezone=True)


def upgrade() -> None:
    op.create_table(
        "member_links",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("other_id", KEY, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("linked_by_id", KEY, nullable=False),
        sa.Column("linked_at", TIME, nullable=False),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["ended_by_id"], ["members.id"], name=op.f("fk_member_links_ended_by_id")),
        sa.ForeignKeyConstraint(["linked_by_id"], ["members.id"], name=op.f("fk_member_links_linked_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_links_member_id")),
        sa.ForeignKeyConstraint(["other_id"], ["members.id"], name=op.f("fk_member_links_other_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_member_links_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_links")),
    )
    with op.batch_alter_table("member_links", schema=None) as batch_op:
        batch_op.create_index("ix_member_links_member_id", ["member_id"])
        batch_op.create_index("ix_member_links_other_id", ["other_id"])
    op.create_table(
        "tax_lines",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("year", KEY, nullable=False),
        sa.Column("line_cents", KEY, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("set_by_id", KEY, nullable=True),
        sa.Column("set_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["set_by_id"], ["members.id"], name=op.f("fk_tax_lines_set_by_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_tax_lines_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_lines")),
        sa.UniqueConstraint("workspace_id", "country", "year", name=op.f("uq_tax_lines_workspace_id_country_year")),
    )
    op.create_table(
        "reward_rules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("points", KEY, nullable=False),
        sa.Column("amount_cents", KEY, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("budget_id", KEY, nullable=True),
        sa.Column("most_a_year", KEY, nullable=False),
        sa.Column("supporters", KEY, nullable=False),
        sa.Column("most_a_quarter", KEY, nullable=False),
        sa.Column("vesting_days", KEY, nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("made_by_id", KEY, nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["budget_id"], ["budgets.id"], name=op.f("fk_reward_rules_budget_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["members.id"], name=op.f("fk_reward_rules_made_by_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_reward_rules_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_rules")),
    )
    with op.batch_alter_table("reward_rules", schema=None) as batch_op:
        batch_op.create_index("ix_reward_rules_workspace_id_trigger", ["workspace_id", "trigger"])
    op.create_table(
        "reward_pots",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("theme_id", KEY, nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("rule_id", KEY, nullable=False),
        sa.Column("amount_cents", KEY, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("made_by_id", KEY, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["members.id"], name=op.f("fk_reward_pots_made_by_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["reward_rules.id"], name=op.f("fk_reward_pots_rule_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_reward_pots_theme_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_reward_pots_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_pots")),
        sa.UniqueConstraint("theme_id", "trigger", name=op.f("uq_reward_pots_theme_id_trigger")),
    )
    op.create_table(
        "scores",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("idea_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("specific", KEY, nullable=False),
        sa.Column("reproducible", KEY, nullable=False),
        sa.Column("novel", KEY, nullable=False),
        sa.Column("evidence", KEY, nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("scored_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_scores_idea_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_scores_member_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_scores_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
        sa.UniqueConstraint("idea_id", "member_id", name=op.f("uq_scores_idea_id_member_id")),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_guest", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("takes_rewards", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("is_credited", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("is_on_board", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("country", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("contact", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("contact_at", TIME, nullable=True))
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("two_approve_above_cents", KEY, server_default="5000", nullable=False))
        batch_op.add_column(sa.Column("nearly_spent_percent", KEY, server_default="80", nullable=False))
        batch_op.add_column(sa.Column("reward_after_days", KEY, server_default="14", nullable=False))
        batch_op.add_column(sa.Column("rewards_guests", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("most_rewards_a_month", KEY, server_default="4", nullable=False))
        batch_op.add_column(sa.Column("most_cents_a_year", KEY, server_default="30000", nullable=False))
        batch_op.add_column(sa.Column("blind_percent", KEY, server_default="20", nullable=False))
        batch_op.add_column(sa.Column("half_life_days", KEY, server_default="90", nullable=False))
        batch_op.add_column(sa.Column("has_board", sa.Boolean(), server_default=sa.false(), nullable=False))

    op.execute(
        'INSERT INTO reward_rules (workspace_id, "trigger", points, amount_cents, currency, provider, link, words, '
        "most_a_year, supporters, most_a_quarter, vesting_days, proposed_by, made_at) "
        "SELECT id, 'verified', 10, reward_cents, reward_currency, CASE WHEN pays_by_hand THEN 'manual' "
        "ELSE 'tremendous' END, '', '', 0, 0, 0, 7, 'product', joined_at FROM workspaces"
    )
    op.execute(
        "INSERT INTO tax_lines (workspace_id, country, year, line_cents, currency, set_at) "
        "SELECT id, 'US', year, cents, 'USD', joined_at FROM workspaces "
        "CROSS JOIN (SELECT 2025 AS year, 60000 AS cents UNION SELECT 2026, 200000) AS lines"
    )


def downgrade() -> None:
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.drop_column("has_board")
        batch_op.drop_column("half_life_days")
        batch_op.drop_column("blind_percent")
        batch_op.drop_column("most_cents_a_year")
        batch_op.drop_column("most_rewards_a_month")
        batch_op.drop_column("rewards_guests")
        batch_op.drop_column("reward_after_days")
        batch_op.drop_column("nearly_spent_percent")
        batch_op.drop_column("two_approve_above_cents")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_column("contact_at")
        batch_op.drop_column("contact")
        batch_op.drop_column("country")
        batch_op.drop_column("is_on_board")
        batch_op.drop_column("is_credited")
        batch_op.drop_column("takes_rewards")
        batch_op.drop_column("is_guest")
    op.drop_table("scores")
    op.drop_table("reward_pots")
    with op.batch_alter_table("reward_rules", schema=None) as batch_op:
        batch_op.drop_index("ix_reward_rules_workspace_id_trigger")
    op.drop_table("reward_rules")
    op.drop_table("tax_lines")
    with op.batch_alter_table("member_links", schema=None) as batch_op:
        batch_op.drop_index("ix_member_links_other_id")
        batch_op.drop_index("ix_member_links_member_id")
    op.drop_table("member_links")
