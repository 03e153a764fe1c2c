"""Rewards in every order of things that people, the worker, the payout service and the clock can do; after each of them
the books are looked at (tests.reward_books).

python -m tests.reward_life     # the full size
python -m tests.reward_life 50  # so many examples

Slack takes whatever it is given.
"""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from feedback import outbox, rewards, undelivered
from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.payouts import Booked, Order
from jobs import outbox as relay
from models import Outbox, Payout, Reward
from tests import reward_books as books
from tests.conftest import workspace_of
from tests.reward_people import People, managers, some

BEFORE: dict[str, Callable[[], Exception]] = {
    "too many": lambda: NotDone("429", 30),
    "not there": lambda: NotDone("503"),
    "cut": lambda: Unknown("cut"),
    "refused": lambda: Impossible("refused", "400"),
    "conflict": lambda: Impossible("conflict", "409"),
}
"""What goes wrong at the payout service before anything was made."""
STRANGER = "1f0a2f6e-0b6b-5c55-8b77-0f3d1d0d7a11"
WAITING = "PENDING APPROVAL"
NEXT = {WAITING: ("EXECUTED", "FAILED", "CANCELED"), "EXECUTED": ("CANCELED",), "FAILED": ("EXECUTED",)}
"""What becomes of an order, by how it stands."""
SPOKEN = {f"reward.{what}" for what in ("answered", "card_refresh", "held", "question", "thanks")}
"""What is only said, and decides nothing. It takes half of the time."""
OURS = [kind for kind in outbox.QUEUE_OF_KIND if kind.startswith("reward.") and kind not in SPOKEN]
"""What is done of the outbox."""
PAYS = ("reward.pay", "reward.ask", "reward.take_back", "reward.gift", "reward.link", "reward.reconcile")
REACHED: Counter[str] = Counter()
"""How often a reward came to each state, in all examples of this process."""


class RewardLife(People):
    seen: tuple[object, ...] = ()
    """Of what was written, when the books were looked at last."""

    # the payout service

    @rule(what=st.sampled_from(sorted(BEFORE)))
    def goes_wrong_before(self, what: str) -> None:
        self.payouts.failures.append(BEFORE[what]())

    @rule()
    def answer_is_lost(self) -> None:
        self.payouts.failures_after.append(Unknown("cut"))

    @rule(which=some)
    def is_slow(self, which: int) -> None:
        """An order that is not made yet will wait there for somebody."""
        payout = self._one(select(Payout).where(Payout.provider == "tremendous", Payout.body == ""), which)
        if payout is not None:
            self.payouts.states[payout.external_id] = WAITING

    @rule(which=some, differs=st.sampled_from((0, 0, 500)))
    def is_known_already(self, which: int, differs: int) -> None:
        """It was ordered before the backup that we run from, in other words, and maybe of another amount."""
        payout = self._one(select(Payout).where(Payout.provider == "tremendous", Payout.body == ""), which)
        if payout is not None and payout.external_id not in self.payouts.orders:
            with self.hub.reading() as tx:
                cents = tx.get_one(Reward, payout.reward_id).amount_cents + differs
            facts = {"external_id": payout.external_id, "amount_cents": cents, "currency": "USD"}
            body = self.payouts.write(name="As she was called then", **facts)
            self.payouts.orders[payout.external_id] = Order(payout.external_id, body)

    @rule(which=some, way=st.integers(0, 2))
    def goes_on(self, which: int, way: int) -> None:
        """An order comes to another state there, and nobody tells us."""
        if self.payouts.orders:
            external_id = list(self.payouts.orders)[which % len(self.payouts.orders)]
            ways = NEXT.get(self.payouts.states.get(external_id, "EXECUTED"), ("CANCELED",))
            self.payouts.states[external_id] = ways[way % len(ways)]

    @rule(which=some, times=st.integers(1, 2), is_of_gift=st.booleans())
    def tells(self, which: int, times: int, is_of_gift: bool) -> None:
        """Of an order of ours, or of one that nobody here knows; once, or twice; however late."""
        ids = [*self.payouts.orders, STRANGER]
        external_id = ids[which % len(ids)]
        found = self.payouts.find(external_id)
        ref = f"gift-{external_id}" if is_of_gift or found is None else found.ref
        for _ in range(times):
            self._do(
                lambda tx, now: rewards.hear(tx, workspace_id=workspace_of(tx).id, news=[rewards.News(ref)], now=now)
            )

    @rule()
    def has_an_order_of_a_stranger(self) -> None:
        self.payouts.books = [Booked(STRANGER, "order-of-a-stranger", "EXECUTED", 2500, "USD")]

    # the clock and the worker

    @rule(minutes=st.sampled_from((1, 20, 90)))
    def minutes_pass(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)

    @rule(days=st.sampled_from((1, 3, 31)))
    def days_pass(self, days: int) -> None:
        self.clock.move(days=days)

    @rule(most=st.sampled_from((1, 3, 1000)))
    def work_is_done(self, most: int) -> None:
        self._work(most)

    @rule()
    def books_are_compared(self) -> None:
        self._do(lambda tx, now: rewards.reconcile_soon(tx, workspace_id=workspace_of(tx).id, now=now))

    # what did not get through

    @rule(which=some, by=managers)
    def retried(self, which: int, by: str) -> None:
        row = self._one(select(Outbox).where(outbox.did_not_get_through()), which)
        if row is not None:
            self._try_again(row, by)

    @rule(which=some, by=managers)
    def left_undone(self, which: int, by: str) -> None:
        row = self._one(select(Outbox).where(outbox.did_not_get_through()), which)
        if row is not None:
            facts: dict[str, Any] = {"outbox_id": row.id, "attempt": row.attempt}
            self._do(lambda tx, now: undelivered.leave(tx, manager=self.scene.member(tx, by), **facts, now=now))

    @rule(which=some, by=managers)
    def looked_up(self, which: int, by: str) -> None:
        """A manager looks at the service's own page, and says what they saw there."""
        payout = self._one(select(Payout).join(Reward).where(Reward.state.in_(("paying", "human", "failed"))), which)
        if payout is None or payout.provider != "tremendous":
            return
        is_made = books.is_made(self.payouts.orders, self.payouts.states, payout.external_id)
        facts: dict[str, Any] = {"reward_id": payout.reward_id, "why": "It stands there so."}
        if is_made:
            facts |= {"gift": "https://gifts.example/by-hand", "cipher": self.hub.cipher}
        act = rewards.was_paid if is_made else rewards.was_not_paid
        self._do(lambda tx, now: act(tx, manager=self.scene.member(tx, by), **facts, now=now))

    @rule(which=some, by=managers, is_back=st.booleans())
    def sent_again_or_taken_back(self, which: int, by: str, is_back: bool) -> None:
        reward = self._one(select(Reward).where(Reward.state == "paid"), which)
        if reward is None:
            return
        act: Callable[..., object] = rewards.take_back if is_back else rewards.send_again
        facts = {"reward_id": reward.id, **({"why": "Nobody opened it."} if is_back else {})}
        self._do(lambda tx, now: act(tx, manager=self.scene.member(tx, by), **facts, now=now))

    @rule(which=some, by=managers)
    def approval_taken_back(self, which: int, by: str) -> None:
        reward = self._one(select(Reward).where(Reward.state == "approved"), which)
        if reward is not None:
            facts = {"reward_id": reward.id, "why": "A mistake of ours."}
            self._do(lambda tx, now: rewards.revoke(tx, manager=self.scene.member(tx, by), **facts, now=now))

    # what holds

    @invariant()
    def the_books_are_in_order(self) -> None:
        """Where nothing was written since they were looked at, they are as they were."""
        file = self.folder / "roundtrip.sqlite3-wal"
        written = (file.stat().st_mtime_ns, file.stat().st_size, *self.payouts.orders)
        if written != self.seen:
            with self.hub.reading() as tx:
                books.check(tx, payouts=self.payouts)
            self.seen = written

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self._come_to_the_end()
        finally:
            self.engine.dispose()
            shutil.rmtree(self.folder)

    def _come_to_the_end(self) -> None:
        """The service answers, there is money, whatever did not get through is tried again, and time passes."""
        self.payouts.failures.clear()
        self.payouts.failures_after.clear()
        waits = [external_id for external_id, state in self.payouts.states.items() if state == WAITING]
        self.payouts.states |= dict.fromkeys(waits, "EXECUTED")
        self._do(lambda tx, now: self._open(tx, 1_000_000, now))
        self._do(lambda tx, now: self._upload(tx, 30, now))
        for _ in range(2):
            for outbox_id in self._ids(select(Outbox).where(outbox.did_not_get_through(), Outbox.kind.in_(PAYS))):
                for by in ("Di", "Ida"):
                    self._try_again(self._one(select(Outbox).where(Outbox.id == outbox_id), 0), by)
            self._work_to_the_end()
            self.books_are_compared()
            self._work_to_the_end()
        with self.hub.reading() as tx:
            books.check(tx, payouts=self.payouts)
            books.check_end(tx, payouts=self.payouts)
            for (_, _, came_to), times in books.moves(tx).items():
                REACHED[came_to] += times

    def _try_again(self, row: Outbox, by: str) -> None:
        facts: dict[str, Any] = {"outbox_id": row.id, "attempt": row.attempt}
        self._do(lambda tx, now: undelivered.try_again(tx, manager=self.scene.member(tx, by), **facts, now=now))

    def _work(self, most: int = 10_000) -> None:
        """So many rows of those that are due, as the relay does them."""
        done = 0
        while done < most:
            with self.hub.reading() as tx:
                due = [ring for name in outbox.QUEUES for ring in self._due(tx, name)]
                ours = set(tx.scalars(select(Outbox.id).where(Outbox.kind.in_(OURS))))
            ids = [ring.outbox_id for ring in due if ring.outbox_id in ours][: most - done]
            if not ids:
                return
            for outbox_id in ids:
                relay.deliver(self.hub, outbox_id)
            done += len(ids)

    def _due(self, tx: Any, queue: str) -> Any:
        return outbox.due(tx, now=self.clock(), queue=queue, limit=1000)

    def _work_to_the_end(self) -> None:
        """Whatever falls due is done then, and not a moment later."""
        is_open = Outbox.kind.in_(OURS) & Outbox.state.in_(("new", "sending"))
        for _ in range(300):
            self._work()
            with self.hub.reading() as tx:
                at = func.coalesce(Outbox.lease_until, Outbox.next_at)
                next_at = tx.scalar(select(func.min(at)).where(is_open))
            if next_at is None:
                return
            self.clock.now = max(self.clock.now, next_at)
        raise AssertionError("it does not come to an end")

    def _ids(self, statement: Any) -> list[int]:
        with self.hub.reading() as tx:
            return [row.id for row in tx.scalars(statement)]


def run(examples: int, steps: int, **how: Any) -> None:
    facts: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None, **how}
    run_state_machine_as_test(RewardLife, settings=settings(max_examples=examples, stateful_step_count=steps, **facts))


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    examples, began = int(sys.argv[1]) if sys.argv[1:] else 500, time.monotonic()
    run(examples, 60, print_blob=True)
    reached = ", ".join(f"{state} {times}" for state, times in REACHED.most_common())
    print(f"| {examples} examples of 60 steps | {time.monotonic() - began:.0f} s | {reached} |")


if __name__ == "__main__":
    main()
