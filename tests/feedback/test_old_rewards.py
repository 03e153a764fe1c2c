"""A database with rewards of before there were rules, budgets and several ways of paying: each can still come to its
end, the ledger adds up, and its chain fits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, insert, select

from feedback import members, outbox, rewards, undelivered, verifying
from feedback.database import connect
from feedback.errors import Refused
from feedback.hub import Hub
from feedback.rewards import ending
from handlers import slack, web
from handlers.web import pages
from jobs.drain import drain
from models import Approval, Budget, LedgerTransaction, Outbox, Payout, Posting, Reward, Workspace, migrations
from tests.conftest import START, Clock, RememberingDoorbell, RememberingPayouts, make_settings
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack

BEFORE_BUDGETS = "0016"
ANY: dict[type, Any] = {int: 1, bool: False, str: ""}
PEOPLE = (("Ana", "customer"), ("Cy", "product"), ("Di", "manager"), ("Dora", "manager"))
OLD = (
    *("proposed", "proposed", "declined", "approved", "approved", "failed"),
    *("human", "human", "human", "paid", "paid"),
)
"""The state of each reward. Its id is its place, from 1 on."""
PROPOSED, CANCELLED, FAILED, PAID = 1, 4, 6, 10
CENTS = 2500


def fill(engine: Engine) -> None:
    """As the code of that time left it: what was approved is reserved, also where somebody has to look."""
    known = MetaData()
    known.reflect(engine)
    with engine.begin() as tx:

        def write(table: str, /, **given: Any) -> int:
            columns = known.tables[table].columns
            needed = [each for each in columns if not each.nullable and not each.primary_key]
            row = {each.name: ANY.get(each.type.python_type, START) for each in needed if not each.server_default}
            made = tx.execute(insert(known.tables[table]).values({**row, **given})).inserted_primary_key
            assert made is not None
            return int(made[0])

        write("workspaces", team_id="T0", name="W", reward_cents=CENTS, reward_currency="USD", pays_by_hand=True)
        for name, role in PEOPLE:
            write("members", slack_id=f"U0{name.upper()}", name=name, handle=name.lower(), role=role)
        for number, state in enumerate(OLD, start=1):
            idea = {"author_id": 1, "captured_by_id": 1, "captured_with": "form", "kind": "idea", "state": "verified"}
            idea_id = write("ideas", text=f"Idea {number}", **idea)
            facts: dict[str, Any] = {"idea_id": idea_id, "member_id": 1, "reason": "confirmed", "proposed_by_id": 2}
            facts["proposed_at"] = START - timedelta(days=30 * number)
            reward_id = write("rewards", state=state, amount_cents=CENTS, currency="USD", **facts)
            if state == "proposed":
                continue
            verdict = "declined" if state == "declined" else "approved"
            write("approvals", reward_id=reward_id, manager_id=3, verdict=verdict)
            if state == "declined":
                continue
            steps = [("reserve", "budget", "reserved")]
            steps += {"paid": [("pay", "reserved", "paid")], "failed": [("release", "reserved", "budget")]}.get(
                state, []
            )
            for step, take, give in steps:
                move_id = write("ledger_transactions", key=f"{step}:{reward_id}", reward_id=reward_id)
                for account, cents in ((take, -CENTS), (give, CENTS)):
                    write("postings", transaction_id=move_id, account=account, amount_cents=cents, currency="USD")
            paid = {"paid_at": START, "gift_told_at": START} if state == "paid" else {}
            payout = {"external_id": f"x-{reward_id}", "provider": "manual" if state == "paid" else "service"}
            payout_id = write("payouts", reward_id=reward_id, **payout, **paid)
            if state != "paid":
                owed = {"kind": "reward.pay", "key": f"pay:x-{reward_id}", "queue": "payouts"}
                row_state = {"approved": "new"}.get(state, state)
                write("outbox", state=row_state, payload={"v": 1, "payout_id": payout_id}, **owed)


@pytest.fixture
def engine(on_both: str) -> Iterator[Engine]:
    """Brought up to date with all of it."""
    found = connect(on_both)
    command.downgrade(migrations.config(found), BEFORE_BUDGETS)
    fill(found)
    migrations.upgrade(found)
    yield found
    found.dispose()


@pytest.fixture
def old(engine: Engine, clock: Clock) -> Scene:
    network: dict[str, Any] = {"slack": RememberingSlack(), "payouts": RememberingPayouts()}
    return Scene(Hub(make_settings(), engine, **network, doorbell=RememberingDoorbell(), clock=clock))


def approve(scene: Scene, reward_id: int, gift: str = "CODE-1", by: str = "Dora") -> None:
    with scene.tx() as tx:
        facts: dict[str, Any] = {"reward_id": reward_id, "gift": gift, "cipher": scene.hub.cipher}
        rewards.approve(tx, manager=scene.member(tx, by), version=1, **facts, now=scene.hub.clock())


def try_again(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.key == f"pay:x-{reward_id}")).one()
        by, now = scene.member(tx, "Di"), scene.hub.clock()
        undelivered.try_again(tx, outbox_id=row.id, attempt=row.attempt, manager=by, now=now)


def states(scene: Scene) -> list[str]:
    with scene.hub.reading() as tx:
        return list(tx.scalars(select(Reward.state).order_by(Reward.id)))


def fits(scene: Scene) -> None:
    with scene.hub.reading() as tx:
        assert verifying.verify(tx, workspace_id=1).wrong == []


def every_page_opens(scene: Scene) -> None:
    with scene.tx() as tx:
        token = members.begin_session(tx, member=scene.member(tx, "Dora"), now=scene.hub.clock())
    client = web.create_app(scene.hub, slack.build(scene.hub)).test_client()
    client.set_cookie(pages.COOKIE, token)
    of_each = [f"/rewards/{reward_id}" for reward_id in range(1, len(OLD) + 1)]
    for path in (*of_each, "/rewards", "/rewards/ledger", "/rewards/budgets", "/rewards/members/1"):
        assert client.get(path).status_code == 200, path
    if states(scene)[PROPOSED - 1] == "proposed":
        assert 'name="gift"' in client.get(f"/rewards/{PROPOSED}").get_data(as_text=True)


def test_each_comes_to_its_end(old: Scene, clock: Clock) -> None:
    fits(old)
    clock.move(days=40)
    now, cipher = clock(), old.hub.cipher
    with old.tx() as tx:
        di = old.member(tx, "Di")
        tx.get_one(Workspace, 1).most_rewards_a_month = 0
        rewards.open_budget(tx, workspace_id=1, name="New", currency="USD", cents=100_000, by=di, now=now)
    every_page_opens(old)
    with old.tx() as tx:
        reward, gives = rewards.check_approvable(tx, reward_id=PROPOSED, manager=old.member(tx, "Dora"), now=now)
        assert gives, "by hand, as the workspace paid then"
        assert reward.version == 1
    with pytest.raises(Refused, match="Paste the code or link"):
        approve(old, PROPOSED, gift="")
    approve(old, PROPOSED)
    with old.tx() as tx:
        waiting = tx.get_one(Reward, CANCELLED, with_for_update=True)
        ending.cancel(tx, reward=waiting, why="Merged.", by=None, now=now)  # as when its idea is merged
    try_again(old, FAILED)
    try_again(old, 7)
    with old.tx() as tx:
        facts: dict[str, Any] = {"manager": old.member(tx, "Di"), "why": "I asked them.", "now": now}
        rewards.was_paid(tx, reward_id=8, gift="CODE-2", cipher=cipher, **facts)
        rewards.was_not_paid(tx, reward_id=9, **facts)
        rewards.take_back(tx, reward_id=PAID, **facts)
    fits(old)
    drain(old.hub)
    ended = ["paid", "proposed", "declined", "cancelled", "paid", "paid", "paid", "paid", "failed", "cancelled", "paid"]
    assert states(old) == ended
    fits(old)
    with old.hub.reading() as tx:
        old_budget, new = tx.scalars(select(Budget).order_by(Budget.id)).all()
        assert (old_budget.reserved_cents, old_budget.committed_cents) == (0, 0), "nothing stays aside for ever"
        assert old_budget.spent_cents + new.spent_cents == CENTS * ended.count("paid")
    every_page_opens(old)


def approved_by_old_code(scene: Scene) -> int:
    """By a worker that still ran when the tables were new already: it knew of no budgets."""
    with scene.tx() as tx:
        idea_id = tx.scalars(select(Reward.idea_id).order_by(Reward.id.desc()).limit(1)).one()
        facts: dict[str, Any] = {"workspace_id": 1, "idea_id": idea_id, "member_id": 1, "proposed_by_id": 2}
        reward = Reward(**facts, reason="evidence", amount_cents=CENTS, currency="USD", state="approved")
        reward.proposed_at = scene.hub.clock()
        tx.add(reward)
        tx.flush()
        tx.add(Approval(reward_id=reward.id, manager_id=3, verdict="approved", given_at=scene.hub.clock()))
        payout = Payout(reward_id=reward.id, external_id=f"x-{reward.id}", provider="service")
        move = LedgerTransaction(workspace_id=1, key=f"reserve:{reward.id}", reward_id=reward.id, posted_at=START)
        for account, cents in (("budget", -CENTS), ("reserved", CENTS)):
            move.postings.append(Posting(account=account, amount_cents=cents, currency="USD"))
        tx.add_all((payout, move))
        tx.flush()
        owed: dict[str, Any] = {"kind": "reward.pay", "key": f"pay:x-{reward.id}", "payout_id": payout.id}
        outbox.owe(tx, workspace_id=1, **owed, now=scene.hub.clock())
        return reward.id


def open_budget(scene: Scene, cents: int) -> None:
    with scene.tx() as tx:
        facts: dict[str, Any] = {"name": f"New {cents}", "currency": "USD", "cents": cents}
        rewards.open_budget(tx, workspace_id=1, by=scene.member(tx, "Di"), **facts, now=scene.hub.clock())


def standing(scene: Scene, reward_id: int) -> tuple[str, str | None]:
    """Its state, and out of which budget it is."""
    with scene.hub.reading() as tx:
        reward = tx.get_one(Reward, reward_id)
        return reward.state, reward.budget.name if reward.budget else None


def test_what_old_code_approved_meanwhile_is_paid_out_of_a_budget(old: Scene, clock: Clock) -> None:
    clock.move(days=40)
    open_budget(old, CENTS)
    reward_id = approved_by_old_code(old)
    drain(old.hub)
    assert standing(old, reward_id) == ("paid", "New 2500")
    with old.hub.reading() as tx:
        budget = tx.scalars(select(Budget).order_by(Budget.id.desc())).first()
        assert budget is not None
        assert (budget.available_cents, budget.reserved_cents, budget.committed_cents) == (0, 0, 0)
        assert budget.spent_cents == CENTS
    fits(old)


def test_where_no_budget_holds_it_nothing_is_paid_until_one_does(old: Scene, clock: Clock) -> None:
    clock.move(days=40)
    open_budget(old, CENTS - 1)
    with old.tx() as tx:
        first = tx.scalars(select(Budget).order_by(Budget.id)).first()
        assert first is not None
        first.closed_at = clock()
    reward_id = approved_by_old_code(old)
    drain(old.hub)
    assert standing(old, reward_id) == ("approved", None)
    with old.tx() as tx:
        token = members.begin_session(tx, member=old.member(tx, "Dora"), now=clock())
    client = web.create_app(old.hub, slack.build(old.hub)).test_client()
    client.set_cookie(pages.COOKIE, token)
    assert "There is not enough left in “New 2499”." in client.get(f"/rewards/{reward_id}").get_data(as_text=True)
    open_budget(old, 9000)
    clock.move(hours=1)
    drain(old.hub)
    assert standing(old, reward_id) == ("paid", "New 9000")
    fits(old)


def test_what_old_code_approved_can_be_taken_back(old: Scene) -> None:
    open_budget(old, CENTS)
    reward_id = approved_by_old_code(old)
    with old.tx() as tx:
        rewards.revoke(tx, reward_id=reward_id, manager=old.member(tx, "Di"), why="A mistake.", now=old.hub.clock())
    assert standing(old, reward_id)[0] == "cancelled"
    fits(old)
