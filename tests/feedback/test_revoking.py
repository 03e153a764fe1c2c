"""Taking an approval back while nobody was asked to pay."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from feedback import rewards
from feedback.blocks import own_rewards
from feedback.blocks import rewards as reward_blocks
from feedback.errors import Refused
from feedback.overview import deciding
from jobs import outbox as relay
from jobs.drain import drain
from models import Approval, Audit, LedgerTransaction, Outbox, Reward
from tests.conftest import RememberingPayouts, give_by, money
from tests.feedback.scene import Scene
from tests.feedback.test_approving import approve, hire, link, set_up

WHY = "Nobody uploaded the codes."


@pytest.fixture
def reward_id(scene: Scene) -> int:
    """Of Ana, to be given as a code, of which there are none. Di and Dora are managers, and it takes both."""
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    hire(scene, "Dora")
    give(scene, "codes")
    return scene.reward().id


def give(scene: Scene, by: str) -> None:
    with scene.tx() as tx:
        give_by(tx, by)


def revoke(scene: Scene, reward_id: int, by: str = "Di", why: str = WHY) -> str:
    """What they read who may not."""
    try:
        with scene.tx() as tx:
            manager = scene.member(tx, by)
            rewards.revoke(tx, reward_id=reward_id, manager=manager, why=why, now=scene.hub.clock())
    except Refused as refused:
        return refused.say
    return ""


def pay_rows(scene: Scene) -> list[Outbox]:
    with scene.hub.reading() as tx:
        return list(tx.scalars(select(Outbox).where(Outbox.kind == "reward.pay")))


def card(scene: Scene, reward_id: int) -> str:
    with scene.hub.reading() as tx:
        reward = rewards.get(tx, reward_id=reward_id)
        brief = deciding.brief(tx, reward=reward, now=scene.hub.clock())
        return str(reward_blocks.card(reward, brief=brief, hub_url="https://hub.example").blocks)


def test_the_money_goes_back_and_both_yeses_stay_on_record(scene: Scene, reward_id: int) -> None:
    set_up(scene, two_approve_above_cents=0)
    approve(scene, reward_id, "Di")
    approve(scene, reward_id, "Dora")
    drain(scene.hub)
    assert [row.state for row in pay_rows(scene)] == ["new"], "it waits for codes"
    for by in ("Dora", "Di"):
        assert revoke(scene, reward_id, by) == ""
    with scene.tx() as tx:
        reward = tx.get_one(Reward, reward_id)
        assert (reward.state, reward.ended_why) == ("cancelled", WHY)
        assert money(tx) == (0, 0, 0)
        assert [each.verdict for each in tx.scalars(select(Approval))] == ["approved", "approved"]
        last = tx.scalars(select(LedgerTransaction).order_by(LedgerTransaction.id.desc())).first()
        assert last is not None
        assert (last.kind, last.by_id) == ("release", scene.member(tx, "Dora").id)
        assert last.reverses_id is not None
        taken = tx.scalars(select(Audit).where(Audit.act == "approval taken back")).one()
        assert taken.detail["why"] == WHY
        assert own_rewards.stands(reward, day=str) == f"Not given. {WHY}"
    shown = card(scene, reward_id)
    assert f"Cancelled: {WHY} (approved before by Di and Dora)" in shown
    assert "reward_approve" not in shown
    drain(scene.hub)
    assert [row.state for row in pay_rows(scene)] == ["done"]


def test_it_is_not_proposed_again_when_more_people_say_that_it_helped(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    give(scene, "codes")
    approve(scene, scene.reward().id)
    assert revoke(scene, scene.reward().id) == ""
    scene.answer(told["Flo"], "Flo")
    with scene.tx() as tx:
        assert [each.state for each in tx.scalars(select(Reward))] == ["cancelled"]


def test_its_payment_finds_nothing_to_do_also_where_no_service_is_left(scene: Scene, reward_id: int) -> None:
    give(scene, "tremendous")
    approve(scene, reward_id)
    assert revoke(scene, reward_id) == ""
    drain(replace(scene.hub, payouts=None))
    assert [row.state for row in pay_rows(scene)] == ["done"]
    with scene.tx() as tx:
        assert money(tx) == (0, 0, 0)


@pytest.mark.parametrize(
    ("by", "why", "say"),
    [
        ("Cy", WHY, "for managers"),
        ("Di", "", "Say why. Ana reads it too."),
        ("Di", "x" * 301, "under 300 characters"),
        ("Dora", WHY, "This one is for you"),
    ],
)
def test_not_everybody_takes_it_back_and_not_without_a_word(
    scene: Scene, reward_id: int, by: str, why: str, say: str
) -> None:
    approve(scene, reward_id)
    link(scene, "ana", "dora")
    assert say in revoke(scene, reward_id, by, why)
    assert scene.reward().state == "approved"


def test_before_it_is_approved_and_once_somebody_was_asked_there_is_nothing_to_take_back(
    scene: Scene, reward_id: int
) -> None:
    assert "There is no approval" in revoke(scene, reward_id)
    give(scene, "tremendous")
    approve(scene, reward_id)
    drain(scene.hub)
    assert "too late" in revoke(scene, reward_id)
    assert scene.reward().state == "paid"


@pytest.mark.parametrize("first", [0, 1])
def test_of_taking_back_and_paying_at_once_one_wins(scene: Scene, reward_id: int, first: int) -> None:
    give(scene, "tremendous")
    approve(scene, reward_id)
    row_id = pay_rows(scene)[0].id
    acts = [lambda: revoke(scene, reward_id, "Dora"), lambda: relay.deliver(scene.hub, row_id)]
    with ThreadPoolExecutor(2) as pool:
        said = [pool.submit(acts[first]), pool.submit(acts[1 - first])][first].result()
    drain(scene.hub)
    assert isinstance(scene.hub.payouts, RememberingPayouts)
    is_paid = scene.reward().state == "paid"
    assert len(scene.hub.payouts.orders) == is_paid
    assert ("too late" in str(said)) == is_paid
    with scene.tx() as tx:
        assert money(tx) == ((0, 0, 2500) if is_paid else (0, 0, 0))
    assert [row.state for row in pay_rows(scene)] == ["done"]
