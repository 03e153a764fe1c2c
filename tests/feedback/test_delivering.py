"""A gift is sent again when asked for, remembered before it ends, and taken back once; and what members want of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback import home, rewards, workspaces
from feedback.errors import Refused
from feedback.rewards import wishes
from models import Audit, GiftCode, Member, Outbox, Payout, Reward
from tests.conftest import Clock, RememberingPayouts, give_by, money, who_am_i, workspace_of
from tests.feedback.scene import Scene

GIFT = "CODE-1234"


@pytest.fixture
def reward_id(scene: Scene) -> int:
    """A manager may say yes to it."""
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    return scene.reward().id


@pytest.fixture
def told_id(scene: Scene, reward_id: int) -> int:
    """Paid by hand, and told."""
    approve(scene, reward_id)
    tell(scene)
    return reward_id


def approve(scene: Scene, reward_id: int, gift: str = GIFT) -> None:
    facts: dict[str, Any] = {"reward_id": reward_id, "gift": gift, "cipher": scene.hub.cipher}
    with scene.tx() as tx:
        rewards.approve(tx, manager=scene.member(tx, "Di"), **facts, now=scene.hub.clock())


def tell(scene: Scene, ts: str = "1.0") -> None:
    with scene.tx() as tx:
        where = {"channel_id": "DU0ANA", "ts": ts}
        rewards.gift_told(tx, payout_id=payout_of(tx).id, **where, now=scene.hub.clock())


def payout_of(tx: Any) -> Payout:
    found = tx.scalars(select(Payout)).one()
    assert isinstance(found, Payout)
    return found


def change(scene: Scene, **facts: object) -> None:
    """What a provider told us of the payment."""
    with scene.tx() as tx:
        payout = payout_of(tx)
        for name, value in facts.items():
            setattr(payout, name, value)


def again(scene: Scene, reward_id: int, who: str = "Di") -> None:
    with scene.tx() as tx:
        member, now = scene.member(tx, who), scene.hub.clock()
        if member.role == "manager":
            rewards.send_again(tx, reward_id=reward_id, manager=member, now=now)
        else:
            rewards.send_me_again(tx, reward_id=reward_id, member=member, now=now)


def take_back(scene: Scene, reward_id: int, why: str = "The shop closed it.", by: str = "Di") -> None:
    with scene.tx() as tx:
        manager = scene.member(tx, by)
        rewards.take_back(tx, reward_id=reward_id, manager=manager, why=why, now=scene.hub.clock())


def remind(scene: Scene) -> int:
    with scene.tx() as tx:
        return rewards.remind_soon(tx, workspace_id=workspace_of(tx).id, now=scene.hub.clock())


def wish(scene: Scene, who: str = "Ana", **wanted: Any) -> None:
    with scene.tx() as tx:
        facts: dict[str, Any] = {"takes_rewards": True, **wanted}
        rewards.wish(tx, member=scene.member(tx, who), **facts, cipher=scene.hub.cipher, now=scene.hub.clock())


def acts(scene: Scene, subject: str = "reward") -> list[str]:
    with scene.hub.reading() as tx:
        return list(tx.scalars(select(Audit.act).where(Audit.subject == subject).order_by(Audit.id)))


def test_where_it_was_told_is_kept_and_the_first_time_counts(scene: Scene, told_id: int) -> None:
    tell(scene, ts="2.0")
    with scene.hub.reading() as tx:
        payout = payout_of(tx)
        assert (payout.gift_channel_id, payout.gift_ts, payout.gift_told_at) == ("DU0ANA", "1.0", scene.hub.clock())
    assert acts(scene).count("told") == 1


@pytest.mark.parametrize("who", ["Di", "Ana"])
def test_it_is_sent_again_at_most_once_an_hour(scene: Scene, clock: Clock, told_id: int, who: str) -> None:
    with pytest.raises(Refused, match="less than an hour ago"):
        again(scene, told_id, who)
    clock.move(minutes=60)
    again(scene, told_id, who)
    clock.move(minutes=59)
    with pytest.raises(Refused, match="less than an hour ago"):
        again(scene, told_id, who)
    clock.move(minutes=1)
    again(scene, told_id, who)
    owed = scene.owed("reward.gift_again")
    assert [set(payload) for payload in owed] == [{"v", "payout_id"}] * 2
    assert acts(scene).count("sent again") == 2


@pytest.mark.parametrize(
    ("facts", "say"),
    [
        ({"gift_told_at": None}, "on its way already"),
        ({"redeemed_at": datetime.fromisoformat("2026-11-03T10:00+00:00")}, "used on 3 November 2026"),
        ({"expires_at": datetime.fromisoformat("2026-11-03T10:00+00:00")}, "ended on 3 November 2026"),
        ({"paid_at": None}, "Nothing was paid yet"),
    ],
)
def test_what_cannot_be_sent_again_says_why(
    scene: Scene, clock: Clock, told_id: int, facts: dict[str, object], say: str
) -> None:
    clock.move(days=3)
    change(scene, **facts)
    with pytest.raises(Refused, match=say):
        again(scene, told_id)
    assert scene.owed("reward.gift_again") == []


def test_only_its_receiver_and_managers_have_it_sent_again(scene: Scene, clock: Clock, told_id: int) -> None:
    clock.move(hours=2)
    with scene.tx() as tx:
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=clock())
        tx.add(Member(workspace_id=other.id, slack_id="U0EVE", name="Eve", role="manager", joined_at=clock()))
    for who in ("Flo", "Bo", "Cy", "Eve"):
        with pytest.raises(Refused, match="not here"):
            again(scene, told_id, who)
    with scene.tx() as tx, pytest.raises(Refused, match="for managers"):
        rewards.send_again(tx, reward_id=told_id, manager=scene.member(tx, "Bo"), now=clock())
    with pytest.raises(Refused, match="not here"):
        take_back(scene, told_id, by="Eve")


def test_a_week_before_it_ends_its_receiver_is_told_once_whatever_they_hear(
    scene: Scene, clock: Clock, told_id: int
) -> None:
    change(scene, expires_at=clock() + timedelta(days=30))
    with scene.tx() as tx:
        scene.member(tx, "Ana").hears = "nothing"
    clock.move(days=22)
    assert remind(scene) == 0
    clock.move(days=1)
    assert remind(scene) == 1
    assert remind(scene) == 0


@pytest.mark.parametrize("why_not", ["used", "returned", "ended", "told today", "left", "no end", "reminded"])
def test_nobody_is_reminded_of_what_is_over(scene: Scene, clock: Clock, told_id: int, why_not: str) -> None:
    change(scene, expires_at=clock() + timedelta(days=9))
    clock.move(days=3)
    with scene.tx() as tx:
        payout = payout_of(tx)
        if why_not == "left":
            payout.reward.member.left_at = clock()
        if why_not == "ended":
            payout.expires_at = clock()
        if why_not == "no end":
            payout.expires_at = None
        if why_not == "told today":
            payout.gift_told_at = clock()
        if why_not in ("used", "returned", "reminded"):
            setattr(payout, {"used": "redeemed_at"}.get(why_not, f"{why_not}_at"), clock())
    assert remind(scene) == 0


def test_what_was_never_used_is_taken_back_and_the_money_is_in_the_budget_again(
    scene: Scene, clock: Clock, told_id: int
) -> None:
    with pytest.raises(Refused, match="30 days"):
        take_back(scene, told_id)
    clock.move(days=30)
    with pytest.raises(Refused) as refused:
        take_back(scene, told_id, why=" ")
    assert refused.value.field == "why"
    with pytest.raises(Refused):
        take_back(scene, told_id, why="x" * 301)
    take_back(scene, told_id)
    with scene.hub.reading() as tx:
        payout = payout_of(tx)
        assert (payout.gift, payout.returned_at) == ("", clock())
        assert (payout.reward.state, payout.reward.ended_why) == ("cancelled", "The shop closed it.")
        assert money(tx) == (0, 0, 0)
    assert len(scene.owed("reward.returned")) == 1
    with pytest.raises(Refused, match="went back already"):
        take_back(scene, told_id)
    with pytest.raises(Refused, match="went back already"):
        again(scene, told_id)
    with scene.tx() as tx:
        rewards.returned(tx, payout_id=payout_of(tx).id, now=clock())
        assert money(tx) == (0, 0, 0)
    assert acts(scene).count("returned") == 1


@pytest.mark.parametrize("act", [again, take_back])
def test_ten_presses_at_once_are_one(
    scene: Scene, clock: Clock, told_id: int, act: Callable[[Scene, int], None]
) -> None:
    clock.move(days=30)

    def attempt(_: int) -> bool:
        try:
            act(scene, told_id)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(attempt, range(10))) == 1
    with scene.hub.reading() as tx:
        assert money(tx) == ((0, 0, 2500) if act is again else (0, 0, 0))
    assert len(scene.owed("reward.gift_again")) + len(scene.owed("reward.returned")) == 1


def test_whoever_recorded_the_change_does_not_take_it_back(scene: Scene, clock: Clock, told_id: int) -> None:
    clock.move(days=31)
    with scene.tx() as tx:
        scene.member(tx, "Cy").role = "manager"
    with pytest.raises(Refused, match="another manager"):
        take_back(scene, told_id, by="Cy")
    assert scene.reward().state == "paid"


def test_a_gift_of_the_service_is_made_worthless_there_first(scene: Scene, clock: Clock, told_id: int) -> None:
    with scene.tx() as tx:
        give_by(tx, "tremendous")
    clock.move(days=31)
    for provider in ("service", "tremendous"):
        change(scene, provider=provider)
        with pytest.raises(Refused, match="Cancel it there"):
            take_back(scene, told_id)
    change(scene, provider_reward="R1")
    take_back(scene, told_id)
    assert scene.reward().state == "paid"
    assert len(scene.owed("reward.take_back")) == 1
    with scene.tx() as tx:
        rewards.returned(tx, payout_id=payout_of(tx).id, now=clock())
        assert money(tx) == (0, 0, 0)
    assert (scene.reward().state, scene.reward().ended_why) == ("cancelled", "The shop closed it.")


@pytest.mark.parametrize(
    ("state", "attempt", "is_free"), [("failed", 1, True), ("failed", 2, False), ("human", 25, False)]
)
def test_a_code_is_free_again_only_where_surely_nobody_was_told_it(
    scene: Scene, reward_id: int, clock: Clock, state: str, attempt: int, is_free: bool
) -> None:
    with scene.tx() as tx:
        give_by(tx, "codes")
        tx.get_one(Reward, reward_id).provider = "manual"
    approve(scene, reward_id)
    with pytest.raises(Refused, match="on its way to them"):
        take_back(scene, reward_id)
    with scene.tx() as tx:
        payout, di = payout_of(tx), scene.member(tx, "Di")
        facts: dict[str, Any] = {"batch": "May", "code": "x", "digest": "d", "amount_cents": 2500, "currency": "USD"}
        tx.add(
            GiftCode(
                workspace_id=di.workspace_id,
                **facts,
                uploaded_by_id=di.id,
                uploaded_at=clock(),
                payout_id=payout.id,
                given_at=clock(),
            )
        )
        payout.provider = "codes"
        row = tx.scalars(select(Outbox).where(Outbox.kind == "reward.gift")).one()
        row.state, row.attempt = state, attempt
    take_back(scene, reward_id)
    with scene.hub.reading() as tx:
        code = tx.scalars(select(GiftCode)).one()
        assert (code.payout_id is None) == is_free
        assert (code.given_at is None) == is_free
    assert scene.owed("reward.returned") == [], "they never heard of it"
    with scene.hub.reading() as tx:
        assert tx.scalars(select(Outbox.state).where(Outbox.kind == "reward.gift")).one() == "done", (
            "nobody has to look"
        )


def test_whoever_wants_none_has_what_is_open_cancelled_and_gets_nothing_new(scene: Scene, reward_id: int) -> None:
    wish(scene, takes_rewards=False)
    wish(scene, takes_rewards=False)
    reward = scene.reward()
    assert (reward.state, reward.ended_why) == ("cancelled", "You asked not to be given anything.")
    assert acts(scene, "member") == ["takes no rewards"]
    told = scene.tell_all(scene.ship(scene.idea("Ana", "A bigger bottle.")))
    scene.answer(told["Ana"], "Ana")
    with scene.hub.reading() as tx:
        assert len(tx.scalars(select(Reward)).all()) == 1
    wish(scene)
    told = scene.tell_all(scene.ship(scene.idea("Ana", "A smaller bottle.")))
    scene.answer(told["Ana"], "Ana")
    with scene.hub.reading() as tx:
        assert len(tx.scalars(select(Reward)).all()) == 2


def test_what_was_approved_and_not_yet_asked_for_is_cancelled_too_and_what_is_paid_stays(
    scene: Scene, reward_id: int
) -> None:
    with scene.tx() as tx:
        give_by(tx, "tremendous")
    approve(scene, reward_id, gift="")
    with scene.tx() as tx:
        assert money(tx) == (2500, 0, 0)
    wish(scene, takes_rewards=False)
    with scene.tx() as tx:
        assert money(tx) == (0, 0, 0)
        assert (
            rewards.order_of(tx, payout_id=payout_of(tx).id, write=RememberingPayouts().write, now=scene.hub.clock())
            is None
        )
    assert scene.reward().state == "cancelled"


def test_a_paid_gift_stays_whatever_they_want_later(scene: Scene, told_id: int) -> None:
    wish(scene, takes_rewards=False)
    assert scene.reward().state == "paid"


@pytest.mark.parametrize(("typed", "kept"), [("de", "DE"), (" us ", "US"), ("", "")])
def test_a_country_is_two_letters(scene: Scene, typed: str, kept: str) -> None:
    wish(scene, country="FR")
    wish(scene, country=typed)
    with scene.hub.reading() as tx:
        assert scene.member(tx, "Ana").country == kept
    assert "FR" not in str([row.detail for row in audit_of_members(scene)])


@pytest.mark.parametrize("typed", ["UK", "D", "Germany", "ＤＥ", "12", "d\x00"])
def test_another_country_is_refused_below_its_field(scene: Scene, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        wish(scene, country=typed)
    assert refused.value.field == "country"


def audit_of_members(scene: Scene) -> list[Audit]:
    with scene.hub.reading() as tx:
        return list(tx.scalars(select(Audit).where(Audit.subject == "member")))


def test_no_address_is_kept_where_no_gift_needs_one(scene: Scene) -> None:
    with scene.hub.reading() as tx:
        assert not rewards.asks_for_contact(tx, workspace_id=workspace_of(tx).id)
    with pytest.raises(Refused, match="none is kept"):
        wish(scene, contact="ana@mail.example", keeps_contact=True)


def test_an_address_is_kept_only_with_a_tick_sealed_shown_in_part_and_forgotten_with_one_press(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wishes, "BY_MAIL", frozenset({"manual"}))
    for contact, keeps, say in (
        ("ana@mail.example", False, "Tick below"),
        ("ana", True, "does not look like"),
        ("a na@mail.example", True, "does not look like"),
        ("ana@mail", True, "does not look like"),
        ("a" * 250 + "@mail.example", True, "does not look like"),
    ):
        with pytest.raises(Refused, match=say) as refused:
            wish(scene, contact=contact, keeps_contact=keeps)
        assert refused.value.field == "contact"
    wish(scene, contact=" ana@mail.example ", keeps_contact=True)
    wish(scene)
    with scene.hub.reading() as tx:
        ana = scene.member(tx, "Ana")
        assert "ana" not in ana.contact
        assert ana.contact_at == scene.hub.clock()
        assert rewards.contact_of(ana, cipher=scene.hub.cipher) == "a•••@mail.example"
    for _ in range(2):
        with scene.tx() as tx:
            rewards.forget_contact(tx, member=scene.member(tx, "Ana"), now=scene.hub.clock())
    with scene.hub.reading() as tx:
        ana = scene.member(tx, "Ana")
        assert (ana.contact, ana.contact_at) == ("", None)
        assert rewards.contact_of(ana, cipher=scene.hub.cipher) == ""
    assert acts(scene, "member") == ["gave an address", "took the address back"]
    assert "mail.example" not in str([row.detail for row in audit_of_members(scene)])


def test_ones_own_list_has_every_reward_and_the_sum_of_this_year(scene: Scene, clock: Clock, told_id: int) -> None:
    clock.move(hours=1)
    told = scene.tell_all(scene.ship(scene.idea("Ana", "A bigger bottle.")))
    scene.answer(told["Ana"], "Ana")

    def own(who: str = "Ana") -> Any:
        with scene.hub.reading() as tx:
            return home.facts(tx, member=scene.member(tx, who), now=clock()).rewards

    assert [reward.state for reward in own().shown] == ["proposed", "paid"]
    assert own().sums == "In 2026: 10 points and $25.00."
    assert own().may_again == {told_id}
    assert own("Flo").shown == []
    clock.move(days=90)
    assert own().sums == "", "it was given last year"
    assert own().total == 2
