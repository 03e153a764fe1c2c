"""Nobody decides alone, or about themself, by whatever way they come to it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from feedback import identities, members, rewards
from feedback.errors import Refused
from models import Hold, MemberLink, Payout, Reward, TaxLine
from tests.conftest import START, money, workspace_of
from tests.feedback.giving import give, join
from tests.feedback.scene import Scene
from tests.feedback.test_approving import approve, be, hire, link, reward_id, set_up

__all__ = ["reward_id"]


def part(scene: Scene, link_id: int, by: str) -> None:
    with scene.tx() as tx:
        identities.unlink(tx, manager=scene.member(tx, by), link_id=link_id, now=scene.hub.clock())


def test_nobody_parts_their_own_accounts_to_approve_what_is_for_one_of_them(scene: Scene, reward_id: int) -> None:
    """Neither where the link is between two others of theirs."""
    hire(scene, "Dora")
    with scene.tx() as tx:
        join(tx, "Dita", now=START, handle="dita")
    link_ids = [link(scene, "dita", "di", by="Dora"), link(scene, "dita", "ana", by="Dora")]
    for link_id in link_ids:
        with pytest.raises(Refused, match="These accounts are yours, so another manager has to say that they are not"):
            part(scene, link_id, "Di")
    with pytest.raises(Refused, match="Ana, who is you"):
        approve(scene, reward_id)
    part(scene, link_ids[1], "Dora")
    part(scene, link_ids[1], "Di")  # it is parted already, which is no news
    with scene.tx() as tx:
        assert [each.ended_by_id for each in tx.scalars(select(MemberLink).order_by(MemberLink.id))] == [
            None,
            scene.member(tx, "Dora").id,
        ]
    assert approve(scene, reward_id).state == "approved"


@pytest.mark.parametrize("how", ["another role", "left"])
def test_the_first_yes_of_who_is_no_manager_any_more_counts_for_nothing(scene: Scene, reward_id: int, how: str) -> None:
    hire(scene, "Dora", "Dunja")
    set_up(scene, two_approve_above_cents=0)
    assert approve(scene, reward_id, "Dora").state == "vesting"
    if how == "left":
        be(scene, "Dora", left_at=scene.hub.clock())
    else:
        with scene.tx() as tx:
            facts = {"member_id": scene.member(tx, "Dora").id, "role": "product"}
            members.set_role(tx, manager=scene.member(tx, "Di"), **facts, now=scene.hub.clock())  # type: ignore[arg-type]
    assert approve(scene, reward_id).state == "vesting", "this is the first one now"
    with pytest.raises(Refused, match="One more manager is needed"):
        approve(scene, reward_id)
    with scene.tx() as tx:
        assert money(tx) == (0, 0, 0)
    assert approve(scene, reward_id, "Dunja").state == "approved"
    with scene.tx() as tx:
        assert len(tx.scalars(select(Payout)).all()) == 1


def test_who_lifted_a_hold_does_not_approve_alone_after_a_manager_who_left(scene: Scene, reward_id: int) -> None:
    hire(scene, "Dora")
    with scene.tx() as tx:
        tx.add(Hold(reward_id=reward_id, kind="often", detail={"rewards": 3, "days": 7}, raised_at=START))
        tx.flush()
        by = scene.member(tx, "Di")
        rewards.holds.lift(tx, hold_id=tx.scalars(select(Hold.id)).one(), manager=by, why="Three calls.", now=START)
    set_up(scene, two_approve_above_cents=0)
    assert approve(scene, reward_id, "Dora").state == "vesting"
    be(scene, "Dora", left_at=scene.hub.clock())
    set_up(scene, two_approve_above_cents=10_000)
    with pytest.raises(Refused, match="You lifted what held it"):
        approve(scene, reward_id)


def test_of_two_at_once_that_pass_the_tax_line_together_one_is_held(scene: Scene) -> None:
    with scene.tx() as tx:
        ana, cy = scene.member(tx, "Ana"), scene.member(tx, "Cy")
        workspace = workspace_of(tx)
        workspace.two_approve_above_cents = 100_000
        line = {"country": "US", "year": START.year, "line_cents": 12_000, "currency": "USD", "set_at": START}
        tx.execute(TaxLine.__table__.delete())  # type: ignore[attr-defined]
        tx.add(TaxLine(workspace_id=workspace.id, **line))
        facts: dict[str, Any] = {"state": "vesting", "vests_at": START, "proposed_by_id": cy.id}
        ids = [give(tx, ana, 7_000, at=START, reason=f"{number}", **facts).id for number in range(2)]
    hire(scene, "Dora")

    def attempt(what: tuple[int, str]) -> str:
        try:
            with scene.tx() as tx:
                manager, cipher = scene.member(tx, what[1]), scene.hub.cipher
                rewards.approve(tx, reward_id=what[0], manager=manager, gift="CODE", cipher=cipher, now=START)
        except Refused as refused:
            return refused.say
        return "yes"

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(attempt, zip(ids, ("Di", "Dora"), strict=True)))
    assert said.count("yes") == 1
    assert any("above the year’s tax line" in each for each in said)
    with scene.tx() as tx:
        assert money(tx) == (0, 0, 7_000)
        assert sorted(each.state for each in tx.scalars(select(Reward))) == ["paid", "vesting"]
