"""What holds of rewards and their money at every moment, asked of the tables themselves and of whoever pays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from feedback import outbox, rewards
from feedback.rewards import states
from feedback.verifying import verify
from models import (
    Audit,
    Budget,
    Discrepancy,
    LedgerTransaction,
    MemberLink,
    Outbox,
    Payout,
    Posting,
    Reward,
    RewardRule,
    Workspace,
)
from tests.conftest import RememberingPayouts

HELD_IN = {"approved": "reserved", "paying": "committed", "human": "committed", "paid": "paid"}
"""Where a reward's money is, by its state. Of the other states nothing is put aside."""
WATCH = (
    "CREATE TABLE reward_moves (id INTEGER PRIMARY KEY, reward_id INTEGER, came_from TEXT, came_to TEXT)",
    "CREATE TRIGGER watch_rewards AFTER UPDATE OF state ON rewards WHEN OLD.state <> NEW.state BEGIN "
    "INSERT INTO reward_moves (reward_id, came_from, came_to) VALUES (NEW.id, OLD.state, NEW.state); END",
)
"""The database itself notes every change of a state, whoever makes it."""
Moves = Counter[tuple[int, str, str]]


def watch(tx: Session) -> None:
    for statement in WATCH:
        tx.execute(text(statement))


def moves(tx: Session) -> Moves:
    """How often each reward went from where to where."""
    rows = tx.execute(text("SELECT reward_id, came_from, came_to FROM reward_moves"))
    return Counter((row[0], row[1], row[2]) for row in rows)


def check(tx: Session, *, payouts: RememberingPayouts) -> None:
    """At every moment."""
    postings_sum_to_zero(tx)
    budgets_say_what_their_postings_say(tx)
    each_reward_has_its_money_where_its_state_says(tx)
    rewards_only_go_where_they_may(tx)
    each_order_is_the_one_of_a_payment(tx, payouts)
    wrong = [line for each in tx.scalars(select(Workspace.id)) for line in verify(tx, workspace_id=each).wrong]
    assert wrong == []


def postings_sum_to_zero(tx: Session) -> None:
    by = (Posting.transaction_id, Posting.currency)
    uneven = select(*by).group_by(*by).having(func.sum(Posting.amount_cents) != 0)
    assert tx.execute(uneven).all() == []


def budgets_say_what_their_postings_say(tx: Session) -> None:
    posted: Counter[tuple[int | None, str]] = Counter()
    for budget_id, account, cents in tx.execute(select(Posting.budget_id, Posting.account, Posting.amount_cents)):
        posted[budget_id, account] += cents
    for each in tx.scalars(select(Budget)):
        kept = (each.available_cents, each.reserved_cents, each.committed_cents, each.spent_cents)
        assert kept == tuple(posted[each.id, account] for account in ("budget", "reserved", "committed", "paid"))
        assert min(kept) >= 0


def each_reward_has_its_money_where_its_state_says(tx: Session) -> None:
    """One that is paid was settled exactly once more than its money came back; of any other it came back each time."""
    held: dict[int, Counter[str]] = defaultdict(Counter)
    steps: dict[int, Counter[str]] = defaultdict(Counter)
    for reward_id, account, cents in tx.execute(
        select(LedgerTransaction.reward_id, Posting.account, Posting.amount_cents)
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .where(LedgerTransaction.reward_id.is_not(None), Posting.account != "budget")
    ):
        held[reward_id or 0][account] += cents
    for reward_id, kind in tx.execute(select(LedgerTransaction.reward_id, LedgerTransaction.kind)):
        steps[reward_id or 0][kind] += 1
    for each in tx.scalars(select(Reward)):
        here = {account: cents for account, cents in held[each.id].items() if cents}
        wanted = {HELD_IN[each.state]: each.amount_cents} if each.state in HELD_IN and each.amount_cents else {}
        assert here == wanted, f"reward {each.id} is {each.state}, and its money is {here}"
        is_paid = each.state == "paid" and each.amount_cents > 0
        assert steps[each.id]["settle"] == steps[each.id]["refund"] + is_paid


def rewards_only_go_where_they_may(tx: Session) -> None:
    """Forward, or back by a correction that is on record under its name."""
    named = {(came_from, came_to): name for name, (came_from, came_to) in states.CORRECTIONS.items()}
    acts: Counter[tuple[int, str]] = Counter()
    for reward_id, act in tx.execute(select(Audit.subject_id, Audit.act).where(Audit.subject == "reward")):
        acts[reward_id, act] += 1
    for (reward_id, came_from, came_to), times in moves(tx).items():
        if came_to not in states.FORWARD.get(came_from, set()):
            assert (came_from, came_to) in named, f"reward {reward_id} went from {came_from} to {came_to}"
            assert acts[reward_id, named[came_from, came_to]] >= times


def each_order_is_the_one_of_a_payment(tx: Session, payouts: RememberingPayouts) -> None:
    """Its external id is that of one reward, derived anew here; what was paid by the service stands in its books."""
    workspace = tx.scalars(select(Workspace)).one()
    paid = {payout.external_id: payout for payout in tx.scalars(select(Payout))}
    for payout in paid.values():
        assert payout.external_id == rewards.external_id(workspace, payout.reward)
        if payout.provider == "tremendous" and payout.reward.state == "paid":
            assert payout.external_id in payouts.orders, f"reward {payout.reward_id} is paid and was never ordered"
    assert payouts.orders.keys() <= paid.keys()


def check_approved(tx: Session, *, reward_id: int, by_id: int) -> None:
    """Of one that a manager just decided, counted by the rules as they are written down for people."""
    reward, rule = tx.get_one(Reward, reward_id), None
    if reward.rule_id is not None:
        rule = tx.get_one(RewardRule, reward.rule_id)
    person = _persons(tx)
    mine = person(by_id)
    assert not mine & {reward.member_id, reward.proposed_by_id}
    assert reward.member.left_at is None
    assert reward.member.takes_rewards
    said = [each for each in reward.approvals if each.verdict == "approved"]
    deciders = {min(person(each.manager_id)) for each in said}
    assert deciders.isdisjoint({min(person(reward.member_id)), min(person(reward.proposed_by_id))})
    assert len(deciders) >= _needed(tx, reward)
    if rule is not None:
        assert reward.vests_at is not None
        assert reward.vests_at <= max(each.given_at for each in said)
        assert any(each.member_id not in person(reward.member_id) for each in reward.vouches)
    lifters = {min(person(each.lifted_by_id)) for each in reward.holds if each.lifted_by_id is not None}
    assert all(each.lifted_at is not None for each in reward.holds)
    assert not lifters or len(lifters | deciders) > 1, "what was held is looked at by two people"


def _needed(tx: Session, reward: Reward) -> int:
    """How many yeses: two for a large amount, and where with this one little is left of the budget."""
    workspace, budget = tx.scalars(select(Workspace)).one(), reward.budget
    if reward.amount_cents > workspace.two_approve_above_cents:
        return 2
    if budget is None:
        return 1
    used = budget.reserved_cents + budget.committed_cents + budget.spent_cents
    return 2 if used * 100 >= (used + budget.available_cents) * workspace.nearly_spent_percent else 1


class _Persons:
    """Who is who, looked up another way than the product does it: sets of accounts that are joined, pair by pair."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        self.of: dict[int, frozenset[int]] = {}
        for one, other in pairs:
            both = self(one) | self(other)
            self.of |= dict.fromkeys(both, both)

    def __call__(self, member_id: int) -> frozenset[int]:
        return self.of.get(member_id, frozenset((member_id,)))


def _persons(tx: Session) -> _Persons:
    rows = tx.execute(select(MemberLink.member_id, MemberLink.other_id).where(MemberLink.ended_at.is_(None)))
    return _Persons((row.member_id, row.other_id) for row in rows)


def check_end(tx: Session, *, payouts: RememberingPayouts) -> None:
    """When everybody answers, there is money, and all that was due is done: nothing is on its way for ever, and what
    the service made is what is paid here. What waits for a person says so somewhere that a person reads."""
    given_up = set(tx.scalars(select(Outbox.key).where(outbox.did_not_get_through())))
    differs = set(tx.scalars(select(Discrepancy.external_id)))
    for payout in tx.scalars(select(Payout)):
        state, is_live = payout.reward.state, is_made(payouts.orders, payouts.states, payout.external_id)
        waits = state == "human" or bool(given_up & {*rewards.keys_of(payout), f"ask:{payout.external_id}"})
        said = f"reward {payout.reward_id} is {state}, and its order is {'made' if is_live else 'not made'}"
        assert waits or state not in ("approved", "paying"), said
        if payout.provider == "tremendous" and not waits and payout.external_id not in differs:
            assert is_live == (state == "paid"), said


def is_made(orders: Collection[str], said: Mapping[str, str], external_id: str) -> bool:
    """Whether a gift of it is somebody's now."""
    return external_id in orders and said.get(external_id, "EXECUTED") == "EXECUTED"
