"""Money is where the ledger says, never less than nothing, never twice; budgets say what their postings say."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import rewards, verifying
from feedback.errors import Refused
from feedback.rewards import budgets, ledger
from models import Audit, Budget, LedgerTransaction, Posting, Reward
from tests.conftest import workspace_of
from tests.feedback.giving import join
from tests.feedback.scene import Scene

AMOUNTS = {"USD": (2500, 700), "EUR": (900,)}
NEXT = {
    ("", "reserve"): "reserved",
    ("reserved", "commit"): "committed",
    ("committed", "settle"): "paid",
    ("reserved", "release"): "",
    ("committed", "void"): "",
    ("paid", "refund"): "",
}
"""Where one reward's own money is, and what moves it where."""


def make_rewards(scene: Scene, tx: Session, amounts: dict[str, tuple[int, ...]]) -> list[Reward]:
    """Of one idea, each for a person and a reason of its own."""
    idea, now = scene.get_idea(1), scene.hub.clock()
    made = [
        Reward(
            workspace_id=idea.workspace_id,
            idea_id=idea.id,
            member_id=join(tx, f"{currency}{number}", now=now).id,
            reason=f"{currency} {number}",
            amount_cents=cents,
            currency=currency,
            provider="tremendous",
            proposed_by_id=scene.member(tx, "Cy").id,
            state="vesting",
            proposed_at=scene.hub.clock(),
            vests_at=scene.hub.clock(),
        )
        for currency, each in amounts.items()
        for number, cents in enumerate(each)
    ]
    tx.add_all(made)
    tx.flush()
    return made


def open_budget(scene: Scene, tx: Session, **given: Any) -> Budget:
    facts = {"name": "Calls", "currency": "EUR", "cents": 2000, "by": scene.member(tx, "Di")}
    return rewards.open_budget(tx, workspace_id=workspace_of(tx).id, now=scene.hub.clock(), **{**facts, **given})


def sums_of(budget: Budget) -> dict[str, int]:
    return {account: getattr(budget, column) for account, column in verifying.SUMS.items()}


STEP = st.tuples(st.just("step"), st.sampled_from(sorted(ledger.STEPS)), st.integers(0, 2))
MOVE = st.tuples(st.just("fund"), st.integers(-4000, 4000), st.sampled_from(["USD", "EUR"]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(STEP | STEP | MOVE, max_size=25))
def test_the_ledger_is_what_a_plain_account_book_says(idea: Scene, acts: list[tuple[Any, ...]]) -> None:
    with Session(idea.hub.engine) as tx:
        made = make_rewards(idea, tx, AMOUNTS)
        kept = {each: open_budget(idea, tx, name=each, currency=each, cents=3000) for each in AMOUNTS}
        book = {each: Counter({"budget": 3000}) for each in AMOUNTS}
        at = dict.fromkeys(range(len(made)), "")
        for act, what, which in acts:
            if act == "fund":
                is_legal = what != 0 and book[which]["budget"] + what >= 0
                if is_legal:
                    book[which]["budget"] += what
                try:
                    ledger.fund(tx, budget=kept[which], cents=what, by=None, now=idea.hub.clock())
                except Refused:
                    assert not is_legal
                else:
                    assert is_legal
            else:
                reward = made[which]
                reward.budget = kept[reward.currency]
                take, give = ledger.STEPS[what]
                own = book[reward.currency]
                is_legal = (at[which], what) in NEXT and own[take] >= reward.amount_cents
                if is_legal:
                    at[which] = NEXT[at[which], what]
                    own[take] -= reward.amount_cents
                    own[give] += reward.amount_cents
                try:
                    ledger.step(tx, what, reward=reward, now=idea.hub.clock())
                except Refused:
                    assert not is_legal
                else:
                    assert is_legal
            tx.flush()
            for currency, budget in kept.items():
                assert sums_of(budget) == {account: book[currency][account] for account in ledger.SUMS}
        assert not verifying._sums(tx, workspace_of(tx).id)
        reverses = select(LedgerTransaction).where(LedgerTransaction.kind.in_(ledger.REVERSES))
        for row in tx.scalars(reverses):
            undone = tx.get_one(LedgerTransaction, row.reverses_id)
            assert (undone.kind, undone.reward_id) == (ledger.REVERSES[row.kind], row.reward_id)
        tx.rollback()


@pytest.fixture
def idea(scene: Scene) -> Scene:
    scene.idea("Ana")
    return scene


def test_a_reward_is_paid_out_of_a_budget_of_its_currency_only(idea: Scene) -> None:
    with idea.tx() as tx:
        [reward] = make_rewards(idea, tx, {"USD": (500,)})
        reward.budget = open_budget(idea, tx)
        with pytest.raises(Refused, match="is in EUR, and this is in USD"):
            ledger.step(tx, "reserve", reward=reward, now=idea.hub.clock())
        assert sums_of(reward.budget) == {"budget": 2000, "reserved": 0, "committed": 0, "paid": 0}


@pytest.mark.parametrize(
    ("postings", "kind"), [({"outside": -5, "budget": 4}, "fund"), ({"budget": 0}, "fund"), ({"paid": 0}, "refund")]
)
def test_what_does_not_sum_to_zero_is_not_posted(idea: Scene, postings: dict[str, int], kind: str) -> None:
    with idea.tx() as tx:
        budget = open_budget(idea, tx)
        before = tx.scalar(select(func.count(Posting.id)))
        with pytest.raises(ValueError, match="which is not a transfer"):
            ledger._post(
                tx,
                workspace_id=budget.workspace_id,
                key="uneven",
                kind=kind,
                postings=postings,
                budget=budget,
                by=None,
                now=idea.hub.clock(),
            )
        assert tx.scalar(select(func.count(Posting.id))) == before


def test_twenty_who_together_pass_a_budget_stop_exactly_at_it(idea: Scene) -> None:
    with idea.tx() as tx:
        budget_id = open_budget(idea, tx, currency="EUR", cents=20_000).id
        ids = [reward.id for reward in make_rewards(idea, tx, {"EUR": (5000,) * 20})]
        workspace_of(tx).nearly_spent_percent = 101  # one manager is enough to the last

    def approve(reward_id: int) -> str:
        try:
            with idea.tx() as tx:
                di, cipher = idea.member(tx, "Di"), idea.hub.cipher
                rewards.approve(tx, reward_id=reward_id, manager=di, cipher=cipher, now=idea.hub.clock())
        except Refused as refused:
            return refused.say
        return "approved"

    with ThreadPoolExecutor(10) as pool:
        said = Counter(pool.map(approve, ids))
    assert said == {"approved": 4, "There is not enough left in “Calls”.": 16}
    with idea.hub.reading() as tx:
        assert sums_of(tx.get_one(Budget, budget_id)) == {"budget": 0, "reserved": 20_000, "committed": 0, "paid": 0}
        assert verifying.verify(tx, workspace_id=workspace_of(tx).id).wrong == []


def test_taking_money_out_and_giving_it_at_once_never_goes_below_nothing(idea: Scene) -> None:
    with idea.tx() as tx:
        budget_id = open_budget(idea, tx, cents=1000).id

    def take(_: int) -> bool:
        try:
            with idea.tx() as tx:
                di = idea.member(tx, "Di")
                rewards.move_money(tx, budget_id=budget_id, manager=di, cents=-300, note="", now=idea.hub.clock())
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 3
    with idea.hub.reading() as tx:
        assert tx.get_one(Budget, budget_id).available_cents == 100


def choose(scene: Scene, tx: Session, on: str = "2026-11-02") -> str:
    reward = tx.scalars(select(Reward).where(Reward.currency == "EUR")).first()
    assert reward is not None
    now = scene.hub.clock().replace(month=int(on[5:7]), day=int(on[8:]))
    found = budgets.choose(tx, reward=reward, now=now)
    return found.name if found else ""


def test_the_oldest_that_is_open_and_has_enough_is_chosen(idea: Scene) -> None:
    with idea.tx() as tx:
        make_rewards(idea, tx, {"EUR": (900,)})
        with pytest.raises(Refused, match="no open budget in EUR"):
            choose(idea, tx)
        open_budget(idea, tx, name="Small", cents=100)
        assert choose(idea, tx) == "Small", "which then says that it has not enough"
        past = open_budget(idea, tx, name="Past", ends_on=date(2026, 11, 2))
        past.ends_on = date(2026, 11, 1)
        open_budget(idea, tx, name="Later", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 5))
        assert choose(idea, tx) == "Small", "no day of the others is today"
        assert choose(idea, tx, "2026-11-01") == "Past"
        assert choose(idea, tx, "2026-12-05") == "Later"
        di, now = idea.member(tx, "Di"), idea.hub.clock()
        first = open_budget(idea, tx, name="First")
        assert choose(idea, tx) == "First"
        rewards.change_budget(
            tx, budget_id=past.id, manager=di, name="Past", starts_on=None, ends_on=date(2026, 11, 2), now=now
        )
        assert choose(idea, tx) == "Past"
        for each in (past, first):
            rewards.close_budget(tx, budget_id=each.id, manager=di, now=now)
        assert choose(idea, tx) == "Small"


def test_a_budget_in_another_currency_is_not_chosen_whatever_a_rule_says(idea: Scene) -> None:
    with idea.tx() as tx:
        [reward] = make_rewards(idea, tx, {"EUR": (900,)})
        dollars = tx.scalars(select(Budget).where(Budget.currency == "USD")).one()
        reward.rule = rewards.in_force(tx, workspace_id=reward.workspace_id)[0]
        reward.rule.budget_id = dollars.id
        tx.flush()
        open_budget(idea, tx)
        assert choose(idea, tx) == "Calls"


def test_what_is_on_its_way_is_paid_out_of_a_closed_budget(idea: Scene) -> None:
    with idea.tx() as tx:
        [reward] = make_rewards(idea, tx, {"EUR": (900,)})
        budget = reward.budget = open_budget(idea, tx)
        ledger.step(tx, "reserve", reward=reward, now=idea.hub.clock())
        for _ in range(2):
            rewards.close_budget(tx, budget_id=budget.id, manager=idea.member(tx, "Di"), now=idea.hub.clock())
        for kind in ("commit", "settle", "refund"):
            ledger.step(tx, kind, reward=reward, now=idea.hub.clock())
        assert sums_of(budget) == {"budget": 2000, "reserved": 0, "committed": 0, "paid": 0}
        acts = tx.scalars(select(Audit.act).where(Audit.subject == "budget", Audit.subject_id == budget.id)).all()
        assert list(acts) == ["opened", "closed"]
        di, now = idea.member(tx, "Di"), idea.hub.clock()
        with pytest.raises(Refused, match="is closed"):
            rewards.move_money(tx, budget_id=budget.id, manager=di, cents=1, note="", now=now)
        rewards.move_money(tx, budget_id=budget.id, manager=di, cents=-2000, note="Back to the bank", now=now)
        assert sums_of(budget)["budget"] == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Thanks"}, "name"),
        ({"currency": "JPY"}, "currency"),
        ({"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 31)}, "ends_on"),
    ],
    ids=["no name", "long name", "same name", "currency", "dates"],
)
def test_a_wrong_budget_is_refused_below_its_field(idea: Scene, wrong: dict[str, Any], field: str) -> None:
    with idea.tx() as tx, pytest.raises(Refused) as refused:
        open_budget(idea, tx, **wrong)
    assert refused.value.field == field
