"""What did not get through is tried again or left, once, by a manager; and a payment stays the same payment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from feedback import outbox, rewards, undelivered, workspaces
from feedback.errors import Refused
from feedback.hub import Hub
from feedback.overview import rewards as overview
from feedback.providers.payouts import Gift
from models import Audit, LedgerTransaction, Member, Outbox, Payout, Reward
from tests.conftest import Clock, RememberingPayouts, give_by, money, who_am_i, workspace_of
from tests.feedback.scene import Scene

WRITE = RememberingPayouts().write


@pytest.fixture
def payout_id(scene: Scene) -> int:
    """Approved, and owed to Ana by the payout service."""
    with scene.tx() as tx:
        give_by(tx, "tremendous")
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    with scene.tx() as tx:
        reward = tx.scalars(select(Reward)).one()
        manager = scene.member(tx, "Di")
        rewards.approve(tx, reward_id=reward.id, manager=manager, cipher=scene.hub.cipher, now=scene.hub.clock())
        return tx.scalars(select(Payout.id)).one()


def row(hub: Hub, kind: str = "idea.receipt") -> Outbox:
    with hub.reading() as tx:
        return tx.scalars(select(Outbox).where(Outbox.kind == kind)).one()


def end(hub: Hub, kind: str, state: str = "failed", error: str = "http_422: no") -> Outbox:
    """As the relay leaves a row that did not get through."""
    with hub.transaction() as tx:
        claim = outbox.claim(tx, outbox_id=row(hub, kind).id, now=hub.clock())
        assert claim is not None
        if kind == "reward.pay" and error:
            why = "human" if error == "conflict" else "failed"
            rewards.unpayable(tx, payout_id=claim.payload["payout_id"], state=why, error=error, now=hub.clock())
        outbox.finish(tx, claim, now=hub.clock(), state=state, error=error)
    return row(hub, kind)


def again(scene: Scene, ended: Outbox, by: str = "Di") -> None:
    with scene.tx() as tx:
        undelivered.try_again(
            tx, outbox_id=ended.id, attempt=ended.attempt, manager=scene.member(tx, by), now=scene.hub.clock()
        )


def leave(scene: Scene, ended: Outbox, by: str = "Di") -> None:
    with scene.tx() as tx:
        undelivered.leave(
            tx, outbox_id=ended.id, attempt=ended.attempt, manager=scene.member(tx, by), now=scene.hub.clock()
        )


def count(scene: Scene) -> int:
    with scene.tx() as tx:
        return undelivered.count(tx, workspace_id=workspace_of(tx).id)


def balances(scene: Scene) -> tuple[int, int, int]:
    with scene.tx() as tx:
        return money(tx)


def acts(scene: Scene, subject: str) -> list[tuple[str, str | None]]:
    with scene.tx() as tx:
        rows = tx.scalars(select(Audit).where(Audit.subject == subject).order_by(Audit.id)).all()
        return [(audit.act, audit.member.name if audit.member else None) for audit in rows]


@pytest.mark.parametrize("state", outbox.UNDELIVERED)
def test_trying_again_is_due_at_once_and_looks_first(scene: Scene, clock: Clock, state: str) -> None:
    scene.idea()
    ended = end(scene.hub, "idea.receipt", state)
    assert count(scene) == 1
    again(scene, ended)
    assert count(scene) == 0
    assert (ended.id, "slack") in [(ring.outbox_id, ring.queue) for ring in scene.hub.doorbell.rings]  # type: ignore[attr-defined]
    with scene.tx() as tx:
        claim = outbox.claim(tx, outbox_id=ended.id, now=clock())
    assert claim is not None
    assert claim.is_unknown, "it may have got through before its answer was lost"
    assert claim.first_tried_at == ended.first_tried_at
    assert claim.tries == 1
    assert claim.key == ended.key


def test_a_second_press_is_no_news(scene: Scene) -> None:
    scene.idea()
    ended = end(scene.hub, "idea.receipt")
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: again(scene, ended), range(5)))
    assert acts(scene, "outbox") == [("tried again", "Di")]
    assert row(scene.hub).attempt == ended.attempt + 1


def test_what_failed_anew_is_not_what_was_read_of(scene: Scene) -> None:
    scene.idea()
    first = end(scene.hub, "idea.receipt")
    again(scene, first)
    end(scene.hub, "idea.receipt")
    with pytest.raises(Refused, match="meanwhile"):
        again(scene, first)
    with pytest.raises(Refused, match="meanwhile"):
        leave(scene, first)
    assert count(scene) == 1


def test_what_was_left_is_not_listed_again_until_it_got_through_once(scene: Scene, clock: Clock) -> None:
    scene.idea()
    with scene.tx() as tx:
        outbox.owe_again(tx, workspace_id=workspace_of(tx).id, kind="home.publish", key="home:x", now=clock())
    leave(scene, end(scene.hub, "home.publish"))
    leave(scene, row(scene.hub, "home.publish"))
    left = row(scene.hub, "home.publish")
    assert (left.dismissed_at, left.dismissed_by_id is not None, count(scene)) == (clock(), True, 0)
    assert acts(scene, "outbox") == [("left", "Di")]

    def owe_and_end(state: str) -> None:
        with scene.tx() as tx:
            outbox.owe_again(tx, workspace_id=workspace_of(tx).id, kind="home.publish", key="home:x", now=clock())
        end(scene.hub, "home.publish", state)

    owe_and_end("failed")
    assert count(scene) == 0
    owe_and_end("done")
    assert row(scene.hub, "home.publish").dismissed_at is None
    owe_and_end("failed")
    assert count(scene) == 1


def test_only_managers_of_the_same_workspace_decide(scene: Scene) -> None:
    scene.idea()
    ended = end(scene.hub, "idea.receipt")
    with scene.tx() as tx:
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=scene.hub.clock())
        tx.add(Member(workspace_id=other.id, slack_id="U0EVE", name="Eve", role="manager", joined_at=scene.hub.clock()))
    for who, why in (("Cy", "for managers"), ("Eve", "not here")):
        with pytest.raises(Refused, match=why):
            again(scene, ended, by=who)
        with pytest.raises(Refused, match=why):
            leave(scene, ended, by=who)


def test_a_refused_payment_is_put_aside_again_and_is_the_same_payment(scene: Scene, payout_id: int) -> None:
    with scene.tx() as tx:
        before = rewards.order_of(tx, payout_id=payout_id, write=WRITE, now=scene.hub.clock())
    for _ in range(3):
        ended = end(scene.hub, "reward.pay")
        assert scene.reward().state == "failed"
        assert balances(scene) == (0, 0, 0)
        again(scene, ended)
        assert scene.reward().state == "approved"
        assert balances(scene) == (2500, 0, 0)
        with scene.tx() as tx:
            order = rewards.order_of(tx, payout_id=payout_id, write=WRITE, now=scene.hub.clock())
            assert before is not None
            assert order is not None
            assert order.body == before.body
            assert tx.get_one(Payout, payout_id).error == ""
    with scene.tx() as tx:
        gift = Gift("o1", "https://gifts.example/1")
        rewards.paid(tx, payout_id=payout_id, gift=gift, cipher=scene.hub.cipher, now=scene.hub.clock())
    assert balances(scene) == (0, 0, 2500)
    with scene.tx() as tx:
        assert len(tx.scalars(select(LedgerTransaction)).all()) == 13
        assert len(tx.scalars(select(Payout)).all()) == 1


def test_a_payment_in_doubt_stays_put_aside(scene: Scene, payout_id: int) -> None:
    ended = end(scene.hub, "reward.pay", "failed", "conflict")
    assert scene.reward().state == "human"
    again(scene, ended)
    assert scene.reward().state == "paying"
    assert balances(scene) == (0, 2500, 0)
    assert acts(scene, "reward")[-1] == ("asked again", "Di")


def test_a_payment_that_was_tried_too_often_is_tried_again_as_it_is(scene: Scene, payout_id: int) -> None:
    ended = end(scene.hub, "reward.pay", "human", "")
    again(scene, ended)
    assert scene.reward().state == "approved"
    assert balances(scene) == (2500, 0, 0)


@pytest.mark.parametrize("error", ["http_422: no", "conflict"])
def test_the_service_knows_better_whatever_was_thought(scene: Scene, payout_id: int, error: str) -> None:
    """It says that it paid, although an earlier answer was taken for a refusal."""
    end(scene.hub, "reward.pay", "failed", error)
    for _ in range(2):
        with scene.tx() as tx:
            gift = Gift("o1", "https://gifts.example/1")
            rewards.paid(tx, payout_id=payout_id, gift=gift, cipher=scene.hub.cipher, now=scene.hub.clock())
    assert scene.reward().state == "paid"
    assert balances(scene) == (0, 0, 2500)
    assert count(scene) == 0
    assert row(scene.hub, "reward.pay").state == "done"


def test_a_late_refusal_takes_nothing_back_from_what_is_paid(scene: Scene, payout_id: int) -> None:
    ended = end(scene.hub, "reward.pay")
    again(scene, ended)
    with scene.tx() as tx:
        gift = Gift("o1", "https://gifts.example/1")
        rewards.paid(tx, payout_id=payout_id, gift=gift, cipher=scene.hub.cipher, now=scene.hub.clock())
        rewards.unpayable(tx, payout_id=payout_id, state="failed", error="late", now=scene.hub.clock())
    assert scene.reward().state == "paid"
    assert balances(scene) == (0, 0, 2500)


@pytest.mark.parametrize(("who", "why"), [("Cy", "You proposed it, or recorded the change"), ("Ana", "for you")])
def test_whoever_may_not_approve_a_payment_does_not_try_it_again(
    scene: Scene, payout_id: int, who: str, why: str
) -> None:
    ended = end(scene.hub, "reward.pay")
    with scene.tx() as tx:
        scene.member(tx, who).role = "manager"
    with pytest.raises(Refused, match=why):
        again(scene, ended, by=who)
    with pytest.raises(Refused, match=why):
        leave(scene, ended, by=who)
    assert scene.reward().state == "failed"


def test_leaving_a_payment_is_in_its_history(scene: Scene, payout_id: int) -> None:
    leave(scene, end(scene.hub, "reward.pay", "failed", "conflict"))
    assert scene.reward().state == "human"
    assert balances(scene) == (0, 2500, 0)
    assert acts(scene, "reward")[-1] == ("left", "Di")
    assert acts(scene, "outbox") == [("left", "Di")]


@pytest.mark.parametrize(("state", "error"), [("human", ""), ("failed", "conflict"), ("failed", "http_422: no")])
def test_money_that_was_left_is_not_stranded(scene: Scene, payout_id: int, state: str, error: str) -> None:
    ended = end(scene.hub, "reward.pay", state, error)
    leave(scene, ended)
    assert count(scene) == 0
    with scene.tx() as tx:
        whole = overview.one(tx, manager=scene.member(tx, "Di"), reward_id=scene.reward().id, now=scene.hub.clock())
        assert whole is not None
        assert whole.stuck is not None
        assert (whole.stuck.id, whole.stuck.attempt) == (ended.id, ended.attempt)
    again(scene, ended)
    is_in_doubt = error == "conflict"
    assert scene.reward().state == ("paying" if is_in_doubt else "approved")
    assert balances(scene) == ((0, 2500, 0) if is_in_doubt else (2500, 0, 0))
    again(scene, ended)
    assert acts(scene, "outbox") == [("left", "Di"), ("tried again", "Di")]
    end(scene.hub, "reward.pay", "human", "")
    assert count(scene) == 1


def test_presses_and_outcomes_that_cross_end_in_one_payment(scene: Scene, payout_id: int) -> None:
    ended = end(scene.hub, "reward.pay")

    def act(number: int) -> None:
        if number % 2:
            again(scene, ended)
        else:
            with scene.tx() as tx:
                gift = Gift("o1", "https://gifts.example/1")
                rewards.paid(tx, payout_id=payout_id, gift=gift, cipher=scene.hub.cipher, now=scene.hub.clock())

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(act, range(20)))
    assert scene.reward().state == "paid"
    assert balances(scene) == (0, 0, 2500)
