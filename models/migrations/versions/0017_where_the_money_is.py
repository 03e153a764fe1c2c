"""Where the money is: budgets, and a ledger that is sealed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = models.base.Utc(timezone=True)
SUMS = ("available_cents", "reserved_cents", "committed_cents", "spent_cents")


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("available_cents", KEY, nullable=False),
        sa.Column("reserved_cents", KEY, nullable=False),
        sa.Column("committed_cents", KEY, nullable=False),
        sa.Column("spent_cents", KEY, nullable=False),
        sa.Column("made_by_id", KEY, nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.CheckConstraint("available_cents >= 0", name="ck_budgets_available"),
        sa.CheckConstraint("committed_cents >= 0", name="ck_budgets_committed"),
        sa.CheckConstraint("reserved_cents >= 0", name="ck_budgets_reserved"),
        sa.CheckConstraint("spent_cents >= 0", name="ck_budgets_spent"),
        sa.ForeignKeyConstraint(["made_by_id"], ["members.id"], name=op.f("fk_budgets_made_by_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_budgets_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budgets")),
    )
    with op.batch_alter_table("budgets", schema=None) as batch_op:
        batch_op.create_index("ix_budgets_workspace_id", ["workspace_id"])
    op.create_table(
        "seals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("audit_id", KEY, nullable=True),
        sa.Column("transaction_id", KEY, nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_seals_audit_id")),
        sa.ForeignKeyConstraint(["transaction_id"], ["ledger_transactions.id"], name=op.f("fk_seals_transaction_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_seals_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_seals_audit_id")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_seals_transaction_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_seals_workspace_id_number")),
    )
    with op.batch_alter_table("ledger_transactions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("by_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("reverses_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.create_index("ix_ledger_transactions_reward_id", ["reward_id"])
        batch_op.create_index("ix_ledger_transactions_workspace_id_posted_at", ["workspace_id", "posted_at"])
        batch_op.create_foreign_key(
            batch_op.f("fk_ledger_transactions_reverses_id"), "ledger_transactions", ["reverses_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_ledger_transactions_by_id"), "members", ["by_id"], ["id"])
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("budget_id", KEY, nullable=True))
        batch_op.create_index("ix_postings_budget_id", ["budget_id"])
        batch_op.create_foreign_key(batch_op.f("fk_postings_budget_id"), "budgets", ["budget_id"], ["id"])

    _give_what_was_given_a_budget(op.get_bind())


def _give_what_was_given_a_budget(connection: sa.Connection) -> None:
    """What was put aside or paid so far came out of nowhere. It gets a budget that held exactly that much."""
    budgets = sa.table(
        "budgets",
        sa.column("id", KEY),
        *(sa.column(name, KEY) for name in ("workspace_id", *SUMS)),
        sa.column("name", sa.String()),
        sa.column("currency", sa.String()),
        sa.column("made_at", TIME),
    )
    moves = sa.table(
        "ledger_transactions",
        sa.column("id", KEY),
        sa.column("workspace_id", KEY),
        sa.column("key", sa.String()),
        sa.column("kind", sa.String()),
        sa.column("posted_at", TIME),
    )
    postings = sa.table(
        "postings",
        *(sa.column(name, KEY) for name in ("transaction_id", "budget_id", "amount_cents")),
        sa.column("account", sa.String()),
        sa.column("currency", sa.String()),
    )
    sums = sa.select(
        moves.c.workspace_id,
        postings.c.currency,
        sa.func.min(moves.c.posted_at, type_=TIME).label("since"),
        *(
            sa.func.coalesce(sa.func.sum(sa.case((postings.c.account == account, postings.c.amount_cents))), 0)
            for account in ("reserved", "paid")
        ),
    ).join_from(moves, postings, postings.c.transaction_id == moves.c.id)
    for workspace_id, currency, since, reserved, paid in connection.execute(
        sums.group_by(moves.c.workspace_id, postings.c.currency)
    ).all():
        facts = {"workspace_id": workspace_id, "currency": currency, "made_at": since}
        held = dict(zip(SUMS, (0, reserved, 0, paid), strict=True))
        budget_id = connection.execute(
            budgets.insert().values(name="Before there were budgets", **facts, **held).returning(budgets.c.id)
        ).scalar_one()
        own = sa.select(moves.c.id).where(moves.c.workspace_id == workspace_id)
        connection.execute(
            postings.update()
            .where(postings.c.transaction_id.in_(own), postings.c.currency == currency)
            .values(budget_id=budget_id)
        )
        move_id = connection.execute(
            moves.insert()
            .values(workspace_id=workspace_id, key=f"fund:{budget_id}:before", kind="fund", posted_at=since)
            .returning(moves.c.id)
        ).scalar_one()
        both = [("outside", None, -reserved - paid), ("budget", budget_id, reserved + paid)]
        connection.execute(
            postings.insert(),
            [
                {
                    "transaction_id": move_id,
                    "account": account,
                    "budget_id": of,
                    "amount_cents": cents,
                    "currency": currency,
                }
                for account, of, cents in both
            ],
        )


def downgrade() -> None:
    op.execute(
        "DELETE FROM postings WHERE transaction_id IN "
        "(SELECT id FROM ledger_transactions WHERE kind IN ('fund', 'withdraw'))"
    )
    op.execute("DELETE FROM seals")
    op.execute("DELETE FROM ledger_transactions WHERE kind IN ('fund', 'withdraw')")
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_postings_budget_id"), type_="foreignkey")
        batch_op.drop_index("ix_postings_budget_id")
        batch_op.drop_column("budget_id")
    with op.batch_alter_table("ledger_transactions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ledger_transactions_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_ledger_transactions_reverses_id"), type_="foreignkey")
        batch_op.drop_index("ix_ledger_transactions_workspace_id_posted_at")
        batch_op.drop_index("ix_ledger_transactions_reward_id")
        batch_op.drop_column("note")
        batch_op.drop_column("reverses_id")
        batch_op.drop_column("by_id")
        batch_op.drop_column("kind")
    op.drop_table("seals")
    with op.batch_alter_table("budgets", schema=None) as batch_op:
        batch_op.drop_index("ix_budgets_workspace_id")
    op.drop_table("budgets")
