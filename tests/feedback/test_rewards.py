"""A thank-you is approved by somebody else, once, and paid once; the ledger adds up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from feedback import ideas, messages, rewards, workspaces
from feedback.blocks import rewards as reward_blocks
from feedback.errors import Refused
from feedback.overview import deciding
from feedback.providers.payouts import Gift
from models import Approval, LedgerTransaction, Member, Outbox, Payout, Reward, RewardRule
from tests.conftest import Clock, RememberingPayouts, give_by, money, who_am_i, workspace_of
from tests.feedback.scene import Scene

WRITE = RememberingPayouts().write


@pytest.fixture
def reward_id(scene: Scene) -> int:
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    return scene.reward().id


def approve(scene: Scene, reward_id: int, by: str = "Di", gift: str = "CODE-1234") -> None:
    with scene.tx() as tx:
        rewards.approve(
            tx,
            reward_id=reward_id,
            manager=scene.member(tx, by),
            gift=gift,
            cipher=scene.hub.cipher,
            now=scene.hub.clock(),
        )


def make_manager(scene: Scene, name: str) -> None:
    with scene.tx() as tx:
        scene.member(tx, name).role = "manager"


def by_service(scene: Scene) -> None:
    with scene.tx() as tx:
        give_by(tx, "tremendous")


def test_by_hand_the_code_is_sealed_and_told_to_the_receiver(scene: Scene, reward_id: int) -> None:
    approve(scene, reward_id)
    with scene.tx() as tx:
        payout = tx.scalars(select(Payout)).one()
        assert "CODE-1234" not in payout.gift
        assert rewards.gift_of(payout, cipher=scene.hub.cipher) == "CODE-1234"
        assert payout.reward.state == "paid"
        assert money(tx) == (0, 0, 2500)
    assert [list(payload) for payload in scene.owed("reward.gift")] == [["v", "payout_id"]]


def test_neither_the_receiver_nor_the_proposer_nor_anybody_else_but_a_manager_approves(
    scene: Scene, reward_id: int
) -> None:
    make_manager(scene, "Cy")
    with pytest.raises(Refused, match="recorded the change"):
        approve(scene, reward_id, by="Cy")
    with pytest.raises(Refused, match="for managers"):
        approve(scene, reward_id, by="Bo")
    make_manager(scene, "Ana")
    with pytest.raises(Refused, match="for you"):
        approve(scene, reward_id, by="Ana")
    assert scene.reward().state == "vesting"


@pytest.mark.parametrize("gift", ["", "  ", "two words", "x" * 501])
def test_a_wrong_code_is_refused_below_its_field(scene: Scene, reward_id: int, gift: str) -> None:
    with pytest.raises(Refused) as refused:
        approve(scene, reward_id, gift=gift)
    assert refused.value.field == "gift"
    assert scene.reward().state == "vesting"


def test_fifty_approvals_at_once_are_one(scene: Scene, reward_id: int) -> None:
    def attempt(_: int) -> str:
        try:
            approve(scene, reward_id)
        except Refused as refused:
            return refused.say
        return "approved"

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(attempt, range(50)))
    assert answers.count("approved") == 1
    with scene.tx() as tx:
        assert len(tx.scalars(select(Approval)).all()) == 1
        assert len(tx.scalars(select(Payout)).all()) == 1
        assert len(tx.scalars(select(LedgerTransaction)).all()) == 4


def test_declining_needs_a_reason_and_pays_nothing(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx, pytest.raises(Refused) as refused:
        rewards.decline(tx, reward_id=reward_id, manager=scene.member(tx, "Di"), why=" ", now=scene.hub.clock())
    assert refused.value.field == "why"
    with scene.tx() as tx:
        rewards.decline(
            tx, reward_id=reward_id, manager=scene.member(tx, "Di"), why="Asked by us.", now=scene.hub.clock()
        )
    with pytest.raises(Refused, match="declined"):
        approve(scene, reward_id)
    with scene.tx() as tx:
        assert tx.scalars(select(Payout)).first() is None


def test_by_service_the_gift_is_recorded_once(scene: Scene, reward_id: int) -> None:
    by_service(scene)
    approve(scene, reward_id, gift="")
    with scene.tx() as tx:
        payout = tx.scalars(select(Payout)).one()
        order = rewards.order_of(tx, payout_id=payout.id, write=WRITE, now=scene.hub.clock())
        assert order is not None
        assert order.external_id == rewards.external_id(workspace_of(tx), payout.reward)
    for link in ("https://gifts.example/1", "https://gifts.example/2"):
        with scene.tx() as tx:
            gift = Gift(ref="o1", link=link)
            rewards.paid(tx, payout_id=payout.id, gift=gift, cipher=scene.hub.cipher, now=scene.hub.clock())
    with scene.tx() as tx:
        assert rewards.gift_of(tx.scalars(select(Payout)).one(), cipher=scene.hub.cipher).endswith("/1")
        assert rewards.order_of(tx, payout_id=payout.id, write=WRITE, now=scene.hub.clock()) is None


@pytest.mark.parametrize(("state", "aside"), [("failed", 0), ("human", 2500)])
def test_what_was_refused_goes_back_to_the_budget_and_what_is_in_doubt_stays_aside(
    scene: Scene, reward_id: int, state: str, aside: int
) -> None:
    by_service(scene)
    approve(scene, reward_id, gift="")
    with scene.tx() as tx:
        payout = tx.scalars(select(Payout)).one()
        rewards.unpayable(tx, payout_id=payout.id, state=state, error="http_422", now=scene.hub.clock())
        assert money(tx) == (0, aside, 0)
    assert scene.reward().state == state


def test_the_team_is_not_rewarded(scene: Scene) -> None:
    told = scene.tell_all(scene.ship(scene.idea("Bo")))
    scene.answer(told["Bo"], "Bo")
    with scene.tx() as tx:
        assert tx.scalars(select(Reward)).first() is None


def test_one_thank_you_a_change_and_person(scene: Scene) -> None:
    first, second = scene.idea("Ana", "A refill."), scene.idea("Ana", "Refill pouches.")
    scene.vote(second, "Flo")
    told = scene.tell_all(scene.ship(first, second))
    scene.answer(told["Ana"], "Ana")
    scene.answer(told["Flo"], "Flo")
    with scene.tx() as tx:
        assert len(tx.scalars(select(Reward)).all()) == 1


def test_another_workspace_finds_nothing(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx:
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=scene.hub.clock())
        tx.add(Member(workspace_id=other.id, slack_id="U0EVE", name="Eve", role="manager", joined_at=scene.hub.clock()))
    with pytest.raises(Refused, match="not here"):
        approve(scene, reward_id, by="Eve")


def card_refreshes(scene: Scene) -> list[str]:
    """How the card's refreshing stands: it is done by now, if nothing owed it anew."""
    with scene.tx() as tx:
        found = tx.scalars(select(Outbox).where(Outbox.kind == "reward.card_refresh")).all()
        states = [row.state for row in found]
        for row in found:
            row.state = "done"
    return states


def test_what_was_proposed_keeps_what_it_was_proposed_with(scene: Scene, reward_id: int) -> None:
    typed = {"points": "10", "amount": "30", "currency": "USD", "provider": "tremendous"}
    typed |= {"vesting_days": "0", "most_a_year": "0"}
    with scene.tx() as tx:
        manager, now = scene.member(tx, "Di"), scene.hub.clock()
        rewards.give(tx, manager=manager, trigger="verified", typed=typed, has_service=True, now=now)
    reward = scene.reward()
    assert (reward.amount_cents, reward.provider) == (2500, "manual")
    with scene.tx() as tx:
        rules = rewards.in_force(tx, workspace_id=workspace_of(tx).id)
        assert [(rule.amount_cents, rule.provider) for rule in rules] == [(3000, "tremendous")]
        assert len(tx.scalars(select(RewardRule)).all()) == 2


@pytest.mark.parametrize("is_decided", [False, True])
def test_deleted_words_go_from_the_managers_card(scene: Scene, clock: Clock, is_decided: bool) -> None:
    said = scene.say("Ana", "A refill for the pump.")
    told = scene.tell_all(scene.ship(scene.capture(said, "Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    if is_decided:
        approve(scene, scene.reward().id)
    card_refreshes(scene)
    with scene.tx() as tx:
        deleted = messages.delete(
            tx, workspace=workspace_of(tx), channel_id=said.channel_id, ts=said.ts, now=clock.move(seconds=1)
        )
        assert deleted is not None
        ideas.follow_deletion(tx, message=deleted, now=clock())
    assert card_refreshes(scene) == ["new"]
    with scene.tx() as tx:
        reward = rewards.get(tx, reward_id=scene.reward().id)
        brief = deciding.brief(tx, reward=reward, now=clock())
        shown = str(reward_blocks.card(reward, brief=brief, hub_url="https://hub.example").blocks)
    assert "A refill" not in shown
    assert "The words were deleted." in shown


def test_a_privilege_is_said_in_words(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx:
        tx.get_one(Reward, reward_id).amount_cents = 0
    approve(scene, reward_id, gift="You try the new pump from Monday on.")
    with scene.tx() as tx:
        payout = tx.scalars(select(Payout)).one()
        assert rewards.gift_of(payout, cipher=scene.hub.cipher) == "You try the new pump from Monday on."
        assert payout.reward.state == "paid"
        assert money(tx) == (0, 0, 0)


def test_what_was_proposed_before_rewards_said_how_is_paid_as_the_workspace_pays(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx:
        tx.get_one(Reward, reward_id).provider = ""
    with pytest.raises(Refused, match="Paste the code"):
        approve(scene, reward_id, gift="")
    approve(scene, reward_id, gift="CODE-1234")
    assert scene.reward().state == "paid"


def test_a_call_without_a_link_is_not_approved(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx:
        give_by(tx, "booking")
    with pytest.raises(Refused, match="no link"):
        approve(scene, reward_id, gift="")
    assert scene.reward().state == "vesting"
