"""Uploaded gift codes: looked through, kept once, given once, and named by their row alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from feedback import audit, rewards, workspaces
from feedback.errors import Refused
from feedback.overview import codes as overview
from feedback.rewards import codes
from models import Audit, GiftCode, Member, Payout, Reward
from tests.conftest import give_by, money, who_am_i, workspace_of
from tests.feedback.giving import join
from tests.feedback.scene import Scene

HEAD = "code,amount,currency,expires\n"
SECRET = "COFFEE-7Q2X"


def look(scene: Scene, text: str, *, by: str = "Di", batch: str = "Coffee") -> tuple[list[codes.Line], str]:
    hub = scene.hub
    with scene.tx() as tx:
        manager = scene.member(tx, by)
        return codes.look_through(
            tx, manager=manager, text=text, batch=batch, key=hub.code_key, cipher=hub.cipher, now=hub.clock()
        )


def take(scene: Scene, sealed: str, by: str = "Di") -> int:
    hub = scene.hub
    with scene.tx() as tx:
        return codes.take_in(
            tx, manager=scene.member(tx, by), sealed=sealed, key=hub.code_key, cipher=hub.cipher, now=hub.clock()
        )


def wrong(scene: Scene, row: str) -> str:
    lines, _ = look(scene, HEAD + row + "\n")
    return lines[0].wrong


def test_a_list_is_looked_through_and_then_kept_once(scene: Scene) -> None:
    lines, sealed = look(scene, f"{HEAD}{SECRET},5,usd,2027-05-31\n\n https://c.example/1 ,12.50,USD,\n")
    assert [(line.number, line.wrong, line.amount_cents, line.currency) for line in lines] == [
        (2, "", 500, "USD"),
        (4, "", 1250, "USD"),
    ]
    assert SECRET not in sealed
    with scene.tx() as tx:
        assert tx.scalar(select(func.count(GiftCode.id))) == 0
    assert (take(scene, sealed), take(scene, sealed)) == (2, 0)
    with scene.tx() as tx:
        kept = tx.scalars(select(GiftCode).order_by(GiftCode.id)).all()
        assert not [row for row in kept if SECRET in f"{row.code}{row.digest}"]
        assert scene.hub.cipher.decrypt(kept[0].code.encode()).decode() == SECRET
        assert [row.act for row in tx.scalars(select(Audit)) if row.act.startswith("codes")] == ["codes uploaded"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",5,USD,", "no code"),
        ("two words,5,USD,", "no spaces"),
        ("x" * 201 + ",5,USD,", "at most 200"),
        ("A,0,USD,", "more than zero"),
        ("A,-5,USD,", "below zero"),
        ("A,0.001,USD,", "two digits"),
        ("A,1e9,USD,", "in full"),
        ("A,NaN,USD,", "not a number"),
        ('A,"5,00",USD,', "without commas"),
        ("A,٢٥,USD,", "digits 0 to 9"),
        ("A,9223372036854775808,USD,", "At most"),
        ("A,5,DOGE,", "Choose one of"),
        ("A,5,USD,31.05.2027", "Write a day like"),
        ("A,5,USD,2026-11-02", "expired"),
        ("A", "amount like"),
    ],
)
def test_a_wrong_row_says_why(scene: Scene, row: str, why: str) -> None:
    assert why in wrong(scene, row)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no code"),
        ("A,B\n1,2\n", "no code"),
        ("code;amount;currency\n", "There is no code in it"),
        (HEAD, "There is no code in it"),
        (HEAD + '"open,5,USD,\n', "cannot be read"),
        (HEAD + "A,5,USD,\n" * 2001, "At most 2,000"),
        ("x" * 200_001, "too long"),
    ],
)
def test_what_is_no_list_is_refused_below_the_file(scene: Scene, text: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        look(scene, text)
    assert refused.value.field == "file"


def test_other_forms_of_csv_are_read_too(scene: Scene) -> None:
    lines, _ = look(scene, "\ufeffAmount;Code;Currency\r\n5.00;A;EUR\r\n")
    assert [(line.code, line.amount_cents, line.currency) for line in lines] == [("A", 500, "EUR")]


def test_the_same_code_is_named_by_its_row_and_by_the_list_that_has_it(scene: Scene) -> None:
    _, sealed = look(scene, f"{HEAD}{SECRET},5,USD,\n", batch="May")
    take(scene, sealed)
    lines, sealed = look(scene, f"{HEAD}{SECRET},5,USD,\nNEW,5,USD,\nNEW,5,USD,\n")
    assert [line.wrong for line in lines] == ["It is here already, in “May”.", "", "It is the same as row 3."]
    assert not [line for line in lines if SECRET in repr(line)]
    assert take(scene, sealed) == 1


def test_a_list_that_somebody_else_looked_through_or_long_ago_is_not_kept(scene: Scene) -> None:
    _, sealed = look(scene, f"{HEAD}A,5,USD,\n")
    with scene.tx() as tx:
        scene.member(tx, "Cy").role = "manager"
    with pytest.raises(Refused, match="looked through"):
        take(scene, sealed, by="Cy")
    with pytest.raises(Refused, match="looked through"):
        take(scene, "made up")
    with pytest.raises(Refused, match="for managers"):
        take(scene, sealed, by="Bo")
    scene.hub.clock.move(hours=2)  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="looked through"):
        take(scene, sealed)


def test_another_workspaces_codes_are_its_own(scene: Scene) -> None:
    with scene.tx() as tx:
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=scene.hub.clock())
        now = scene.hub.clock()
        tx.add(Member(workspace_id=other.id, slack_id="U0EVE", name="Eve", role="manager", joined_at=now))
    _, sealed = look(scene, f"{HEAD}A,5,USD,\n")
    take(scene, sealed)
    lines, sealed = look(scene, f"{HEAD}A,5,USD,\n", by="Eve")
    assert [line.wrong for line in lines] == [""]
    assert take(scene, sealed, by="Eve") == 1
    with scene.tx() as tx:
        assert codes.withdraw(tx, manager=scene.member(tx, "Eve"), batch="Coffee", now=scene.hub.clock()) == 1
        stock = overview.stock(tx, workspace_id=workspace_of(tx).id, now=scene.hub.clock())
        assert [(each.amount_cents, each.free) for each in stock] == [(500, 1)]


def test_what_is_left_of_a_list_is_taken_out_and_erased(scene: Scene) -> None:
    _, sealed = look(scene, f"{HEAD}A,5,USD,\nB,5,USD,2026-11-09\n")
    take(scene, sealed)
    scene.hub.clock.move(days=8)  # type: ignore[attr-defined]
    now = scene.hub.clock()
    with scene.tx() as tx:
        workspace_id = workspace_of(tx).id
        before = overview.batches(tx, workspace_id=workspace_id, now=now)
        assert [(each.free, each.expired, each.withdrawn) for each in before] == [(1, 1, 0)]
        ended = [codes.withdraw(tx, manager=scene.member(tx, "Di"), batch="Coffee", now=now) for _ in range(2)]
        assert ended == [2, 0]
        after = overview.batches(tx, workspace_id=workspace_id, now=now)
        assert [(each.free, each.expired, each.withdrawn) for each in after] == [(0, 0, 2)]
        assert set(tx.scalars(select(GiftCode.code))) == {""}
        acts = audit.history(tx, workspace_id=workspace_id, subject="workspace", subject_id=workspace_id)
        assert acts[-1].detail == {"batch": "Coffee", "count": 2}


def test_twelve_at_once_take_five_codes_and_none_twice(scene: Scene) -> None:
    """Each waits for the same amount; whoever finds none stays approved, and gets one when there are more."""
    with scene.tx() as tx:
        give_by(tx, "codes")
        for number in range(12):
            join(tx, f"P{number}", now=scene.hub.clock())
    for number in range(12):
        told = scene.tell_all(scene.ship(scene.idea(f"P{number}", f"A refill for pump {number}.")))
        scene.answer(told[f"P{number}"], f"P{number}")
    scene.try_out()
    with scene.tx() as tx:
        for reward_id in tx.scalars(select(Reward.id)).all():
            by = scene.member(tx, "Di")
            rewards.approve(tx, reward_id=reward_id, manager=by, cipher=scene.hub.cipher, now=scene.hub.clock())
        payout_ids = tx.scalars(select(Payout.id)).all()
    assert len(payout_ids) == 12
    rows = "".join(f"C{number},25,USD,\n" for number in range(5))
    take(scene, look(scene, HEAD + rows)[1])

    def pay(payout_id: int) -> bool:
        with scene.tx() as tx:
            return rewards.pay_with_code(tx, payout_id=payout_id, cipher=scene.hub.cipher, now=scene.hub.clock())

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(pay, payout_ids))
    assert answers.count(True) == 5
    with scene.tx() as tx:
        given = tx.scalars(select(GiftCode.payout_id)).all()
        assert len(set(given)) == 5
        paid = tx.scalars(select(Payout).where(Payout.paid_at.is_not(None))).all()
        assert {payout.id for payout in paid} == set(given)
        assert len({rewards.gift_of(payout, cipher=scene.hub.cipher) for payout in paid}) == 5
        assert money(tx) == (7 * 2500, 0, 5 * 2500)
        stock = overview.stock(tx, workspace_id=workspace_of(tx).id, now=scene.hub.clock() + timedelta(days=1))
        assert [(each.free, each.waiting) for each in stock] == [(0, 7)]
