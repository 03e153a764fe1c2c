"""Rewards that people approve, while whoever pays them is killed in the midst of it: each is paid, and none twice.

python -m tests.paying        # the full size, on both databases
python -m tests.paying bench  # with the other figures: how long a thousand approvals take
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.error import URLError

from sqlalchemy import create_engine, func, select, text

from feedback import outbox, rewards
from feedback.database import connect
from feedback.hub import Hub
from jobs import doorbell
from models import (
    Approval,
    Budget,
    Idea,
    LedgerTransaction,
    Member,
    Outbox,
    Payout,
    Reward,
    RewardRule,
    Workspace,
    migrations,
)
from playground.browser import Browser, PageError
from tests import killing, postgres
from tests.conftest import make_sqlite, money, try_out
from tests.forked import ForkedStack
from tests.stack import Stack, open_stack, pause

PAYER = "worker payouts"
STAGES = ("lost", "arrived", "done", "answered")
"""Where in a call it is killed: on arrival, and nothing is ordered; on arrival; once the order is made; right after the
answer."""
MISHAPS = ("error", "error_after", "cut_after")
"""What goes wrong at the gift service meanwhile, once each."""
MANAGERS = {"Di": "U0DI", "Gus": "U0GUS"}
"""Who approve each reward: it takes both."""
FINAL_SECONDS = 120.0
"""After the last kill."""


@dataclass(frozen=True)
class Size:
    points: int
    """So often the payer is killed within a call."""
    kills: int
    """So often anybody is killed at any time."""
    rewards: int


SMALL, FULL = Size(12, 6, 40), Size(80, 60, 300)


@dataclass
class Trap:
    """Kills the payer at one stage of its next order. The playground calls it in the midst of the call."""

    stage: str = ""
    stack: Stack | None = None
    shut: threading.Event = field(default_factory=threading.Event)

    def __call__(self, call: str, stage: str) -> None:
        if call.startswith("POST") and call.endswith("/orders") and stage == self.stage:
            self.stage = ""
            assert self.stack is not None
            os.kill(self.stack.running[PAYER].pid, signal.SIGKILL)
            self.shut.set()

    def set(self, stage: str) -> None:
        self.shut.clear()
        self.stage = stage


@dataclass
class Outcome:
    killed: Counter[str]
    seconds: float
    """From the last kill until everything was final."""


def pay_through_kills(database_url: str, folder: Path, size: Size, seed: int) -> Outcome:
    """Everything is paid once at the end, or this fails."""
    trap, rng = Trap(), random.Random(seed)
    with open_stack(database_url, folder, make=ForkedStack, queues=("payouts",), on_payout=trap) as stack:
        trap.stack = stack
        reward_ids = propose(stack, size.rewards)
        _take_two(stack)
        stack.client.faults([{"on": "payout", "match": "POST", "do": do, "times": 1} for do in MISHAPS])
        acts = [("point", STAGES[number % len(STAGES)]) for number in range(size.points)]
        acts += [("kill", stack.names[number % len(stack.names)]) for number in range(size.kills)]
        rng.shuffle(acts)
        killed, managers = Counter[str](), [Manager(stack, name) for name in MANAGERS]
        for number, (kind, what) in enumerate(acts):
            share = reward_ids[number * size.rewards // len(acts) : (number + 1) * size.rewards // len(acts)]
            if kind == "point":
                _kill_in_a_call(stack, trap, what, partial(approve, managers, share))
            else:
                _kill_meanwhile(stack, what, rng.uniform(0, 0.3), partial(approve, managers, share))
            killed[f"{kind} {what}"] += 1
        ended = time.monotonic()
        stack.wait_for(lambda: are_final(stack, size.rewards), FINAL_SECONDS, "every reward final")
        seconds = time.monotonic() - ended
        each_is_paid_once(stack, reward_ids)
    return Outcome(killed, seconds)


def _take_two(stack: Stack) -> None:
    """One yes is too little for any of them."""
    with stack.hub.transaction() as tx:
        tx.scalars(select(Workspace)).one().two_approve_above_cents = 0
        for manager in tx.scalars(select(Member).where(Member.slack_id.in_(MANAGERS.values()))):
            manager.role = "manager"


def _kill_in_a_call(stack: Stack, trap: Trap, stage: str, approve: Callable[[], None]) -> None:
    if stage == "lost":
        stack.client.faults([{"on": "payout", "match": "POST", "do": "cut", "times": 1}])
    trap.set("arrived" if stage == "lost" else stage)
    approve()
    assert trap.shut.wait(60), f"nobody was paying, so nobody could be killed: {stage}"
    _again(stack, PAYER)


def _kill_meanwhile(stack: Stack, name: str, after_seconds: float, approve: Callable[[], None]) -> None:
    def kill() -> None:
        pause(after_seconds)
        _again(stack, name)

    thread = threading.Thread(target=kill)
    thread.start()
    approve()
    thread.join()


def _again(stack: Stack, name: str) -> None:
    stack.kill(name)
    stack.start(name)


class Manager:
    """Somebody at the hub's pages, who tries again until their word was taken."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.stack, self._browser = stack, Browser(stack.url)
        door = self._browser.get("/enter")
        found = re.search(rf'value="(\d+)"[^>]*>\s*(?:Continue as )?{name}\b', door)
        assert found, door
        self._id = int(found[1])
        self._browser.send("/enter/demo", [("member_id", found[1])], form_at="/enter")

    def approved(self, reward_id: int) -> bool:
        """Presses the button, with what else stands in its form."""
        path = f"/rewards/{reward_id}"
        try:
            form = re.search(rf'action="{path}/approve".*?</form>', self._browser.get(path), re.DOTALL)
            hidden = re.findall(r'type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', form[0]) if form else []
            facts = [(name, value) for name, value in hidden if name != "csrf_token"]
            self._browser.send(f"{path}/approve", facts, form_at=path)
        except (PageError, URLError, OSError) as error:
            self.stack.hub.log.info("test.approve", error=str(error))  # nobody was there, or it was taken before
        mine = select(Approval.id).where(Approval.reward_id == reward_id, Approval.manager_id == self._id)
        with self.stack.hub.reading() as tx:
            return tx.scalars(mine).first() is not None


def approve(managers: Sequence[Manager], reward_ids: Sequence[int]) -> None:
    """All of them say yes to each."""
    for reward_id in reward_ids:
        for manager in managers:
            manager.stack.wait_for(partial(manager.approved, reward_id), 60, "an approval that is taken")


def propose(stack: Stack, people: int) -> list[int]:
    """Everybody said something of their own that shipped, and a moderator found that it works. The rewards' ids."""
    idea_ids, rng = killing.community(stack.hub, people), random.Random(people)
    now = stack.hub.clock()
    with stack.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        rule = tx.scalars(select(RewardRule).where(RewardRule.trigger == "verified")).one()
        budget = tx.scalars(select(Budget)).one()
        rewards.fund(tx, budget=budget, cents=people * rule.amount_cents, by=None, now=now)
        made = []
        for idea in tx.scalars(select(Idea).where(Idea.id.in_(idea_ids)).order_by(Idea.id)).all():
            idea.text = " ".join("".join(rng.choices("abdeiklmnorstu", k=7)) for _ in range(9))
            author = tx.get_one(Member, idea.author_id)
            author.joined_at = now - timedelta(days=90)
            made.append(rewards.propose(tx, idea=idea, member=author, rule=rule, change=None, by_id=cy.id, now=now))
        try_out(tx, now=now)
        return [reward.id for reward in made if reward is not None]


def are_final(stack: Stack, wanted: int) -> bool:
    with stack.hub.reading() as tx:
        states = Counter(tx.scalars(select(Reward.state)))
    assert set(states) <= {*rewards.OPEN, "approved", "paying", "paid"}, states
    return states["paid"] == wanted


def each_is_paid_once(stack: Stack, reward_ids: list[int]) -> None:
    """What the gift service made is what was approved, order by order and link by link; the ledger says the same."""
    orders = stack.client.orders()
    with stack.hub.reading() as tx:
        paid = tx.scalars(select(Payout).join(Reward).where(Reward.id.in_(reward_ids))).all()
        given = {payout.external_id: rewards.gift_of(payout, cipher=stack.hub.cipher) for payout in paid}
        owed = {payout.external_id: payout.reward.amount_cents for payout in paid}
        steps = Counter(tx.scalars(select(LedgerTransaction.kind).where(LedgerTransaction.reward_id.is_not(None))))
        assert money(tx) == (0, 0, sum(owed.values()))
    assert len(orders) == len(paid) == len(reward_ids)
    assert {order["external_id"]: order["amount_cents"] for order in orders} == owed
    assert [order["external_id"] for order in orders if given[order["external_id"]] not in order["links"]] == []
    assert steps == dict.fromkeys(("reserve", "commit", "settle"), len(reward_ids))


# the figures


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="roundtrip-paying-") as name:
        if sys.argv[1:] == ["bench"]:
            print(_bench(Path(name)))
            return
        lines = []
        for kind, url in _databases(Path(name)):
            folder = Path(name) / kind
            folder.mkdir()
            outcome = pay_through_kills(url, folder, FULL, seed=5)
            killed = ", ".join(f"{what} {times}" for what, times in sorted(outcome.killed.items()))
            lines.append(f"| {kind}: {FULL.rewards} rewards, {sum(outcome.killed.values())} kills ({killed}) | ")
            lines[-1] += f"each paid once, {outcome.seconds:.0f} s after the last kill |"
    print("\n| paying | |\n|---|---|\n" + "\n".join(lines))


def _databases(folder: Path) -> Iterator[tuple[str, str]]:
    """Kind and URL of an empty database of each."""
    yield "SQLite", make_sqlite(folder)
    with _postgres() as url:
        yield "PostgreSQL", url


@contextmanager
def _postgres() -> Iterator[str]:
    found = postgres.programs()
    assert found is not None, postgres.MISSING
    with postgres.server(found) as server:
        admin_url = server.replace("postgresql://", "postgresql+psycopg://")
        admin = create_engine(admin_url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("CREATE DATABASE paying"))
        admin.dispose()
        url = admin_url.replace("/postgres", "/paying")
        engine = connect(url)
        migrations.upgrade(engine)
        engine.dispose()
        yield url


def _bench(folder: Path, people: int = 1000) -> str:
    """Approved one after the other, and paid meanwhile; beside it as many jobs that find nothing to do."""
    with open_stack(make_sqlite(folder), folder, queues=("payouts",)) as stack:
        reward_ids = propose(stack, people)
        hub = replace(stack.hub, doorbell=doorbell.RqDoorbell(doorbell.connect(stack.redis.url)))
        with hub.transaction() as tx:
            team = tx.scalars(select(Member).where(Member.slack_id.in_(("U0DI", "U0FLO", "U0GUS")))).all()
            for member in team:  # nobody decides more than some hundreds a day
                member.role = "manager"
            manager_ids = [member.id for member in team]
        began = time.perf_counter()
        for number, reward_id in enumerate(reward_ids):
            with hub.transaction() as tx:
                by = tx.get_one(Member, manager_ids[number % len(manager_ids)])
                rewards.approve(tx, reward_id=reward_id, manager=by, cipher=hub.cipher, now=hub.clock())
        decided = time.perf_counter() - began
        stack.wait_for(lambda: are_final(stack, people), 300, "every reward paid")
        paid = time.perf_counter() - began
        each_is_paid_once(stack, reward_ids)
        nothing = _nothing_to_do(hub, stack)
    return (
        f"\n| {people:,} rewards, on SQLite | |\n|---|---|\n| approved | {decided:.1f} s |\n"
        f"| … and paid, each once | {paid:.1f} s |\n| … baseline: as many jobs with nothing to do | {nothing:.1f} s |"
    )


def _nothing_to_do(hub: Hub, stack: Stack) -> float:
    """Seconds that payments take which were made before."""
    began = time.perf_counter()
    with hub.transaction() as tx:
        workspace_id = tx.scalars(select(Workspace.id)).one()
        for payout_id in tx.scalars(select(Payout.id)).all():
            key, now = f"again:{payout_id}", hub.clock()
            outbox.owe(tx, workspace_id=workspace_id, kind="reward.pay", key=key, now=now, payout_id=payout_id)
    left = select(func.count()).select_from(Outbox).where(Outbox.key.startswith("again:"), Outbox.state != "done")

    def is_done() -> bool:
        with hub.reading() as tx:
            return tx.scalar(left) == 0

    stack.wait_for(is_done, 300, "jobs with nothing to do")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
