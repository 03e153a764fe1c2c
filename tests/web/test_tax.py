"""Managers write down the tax lines, and read who comes near theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from feedback.overview import taxes as overview
from models import Audit, Member, MemberLink, Payout, Reward, TaxLine, Workspace
from tests.web.conftest import START, House

LINE = {"country": "de", "year": "2026", "amount": "1000.50", "currency": "EUR"}


def lines(house: House, workspace_id: int = 1) -> dict[tuple[str, int], tuple[int, str]]:
    return {
        (line.country, line.year): (line.line_cents, line.currency)
        for line in house.all(TaxLine)
        if line.workspace_id == workspace_id
    }


def test_a_workspace_begins_with_the_lines_of_the_united_states(house: House) -> None:
    assert lines(house) == {("US", 2025): (60_000, "USD"), ("US", 2026): (200_000, "USD")}
    page = house.browser("Di").get("/settings/tax").get_data(as_text=True)
    for words in ("$600.00", "$2,000.00", "came with Roundtrip", "Whoever has been sent 90 percent of their line"):
        assert words in page


def test_a_line_is_added_and_changed_and_both_are_on_record(house: House) -> None:
    browser = house.browser("Di")
    for line in (LINE, LINE, LINE | {"amount": "1200", "country": " DE "}):
        assert browser.post("/settings/tax", line).status_code == 303
    assert lines(house)["DE", 2026] == (120_000, "EUR")
    acts = [(row.act, row.member_id) for row in house.all(Audit) if row.subject == "tax line"]
    di = house.people["Di"].id
    assert acts == [("added", di), ("changed", di)], "the same again is no news"
    page = browser.get("/settings/tax").get_data(as_text=True)
    assert "wrote down €1,000.50 for DE, 2026" in page
    assert "changed €1,200.00 for DE, 2026, from €1,000.50" in page
    assert ("DE", 2026) not in lines(house, 2)
    assert ">DE<" not in house.browser("Eve").get("/settings/tax").get_data(as_text=True)


@pytest.mark.parametrize(
    ("wrong", "say"),
    [
        ({"country": "XX"}, "Write the country as two letters, like US or DE."),
        ({"country": "Germany"}, "two letters"),
        ({"country": "<b>"}, "two letters"),
        ({"country": ""}, "two letters"),
        ({"year": "1999"}, "Write a year between 2000 and 2027."),
        ({"year": "2028"}, "Write a year between"),
        ({"year": "20 26"}, "Write a year between"),
        ({"year": "２０２６"}, "Write a year between"),
        ({"amount": "0"}, "It has to be more than zero."),
        ({"amount": "1000000.01"}, "At most 1,000,000."),
        ({"amount": "-5"}, "An amount cannot be below zero."),
        ({"amount": "NaN"}, "That is not a number."),
        ({"amount": ""}, "Write an amount"),
        ({"currency": "JPY"}, "Choose one of the currencies in the list."),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) and str(value).isascii() else "",
)
def test_what_is_wrong_is_said_below_its_field(house: House, wrong: dict[str, str], say: str) -> None:
    answer = house.browser("Di").post("/settings/tax", LINE | wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert say in page
    assert page.count('aria-invalid="true"') == 1
    assert f'name="{next(iter(wrong))}"' in page.split('aria-invalid="true"')[0].rsplit("<", 1)[1]
    assert "<b>" not in page
    assert ("DE", 2026) not in lines(house)


def pay(house: House, name: str, cents: int, *, at: datetime = START, currency: str = "USD") -> None:
    """Something that they were sent then."""
    idea_id = house.say(name, f"Thing {len(house.all(Reward))}")
    with house.hub.transaction() as tx:
        reward = Reward(
            workspace_id=house.people[name].workspace_id,
            idea_id=idea_id,
            member_id=house.people[name].id,
            reason="verified",
            amount_cents=cents,
            currency=currency,
            proposed_by_id=house.people["Cy"].id,
            state="paid",
            proposed_at=at - timedelta(days=20),
        )
        tx.add(reward)
        tx.flush()
        tx.add(Payout(reward_id=reward.id, external_id=f"x-{reward.id}", provider="manual", paid_at=at))


def test_who_is_near_their_line_with_all_accounts_as_one(house: House) -> None:
    for name in ("Flo", "Gus", "Hal"):
        house.join(house.look(Workspace, 1), name, "customer")
    pay(house, "Ana", 100_000)
    pay(house, "Flo", 80_000)
    pay(house, "Flo", 500_000, at=datetime(2025, 12, 31, 23, tzinfo=UTC))
    pay(house, "Gus", 210_000)
    pay(house, "Hal", 179_999)
    pay(house, "Hal", 900_000, currency="EUR")
    with house.hub.transaction() as tx:
        ana, flo, di = (house.people[name].id for name in ("Ana", "Flo", "Di"))
        workspace_id = house.people["Ana"].workspace_id
        pair = {"member_id": min(ana, flo), "other_id": max(ana, flo), "linked_by_id": di}
        tx.add(MemberLink(workspace_id=workspace_id, why="Same.", linked_at=START, **pair))
    page = house.browser("Di").get("/settings/tax").get_data(as_text=True)
    near = page.split("<h2>Lines</h2>")[0]
    assert near.index("Gus") < near.index("Ana") < near.index("Flo")
    assert "Above" in near
    assert "$1,800.00" in near
    assert "Hal" not in near
    with house.hub.reading() as tx:
        everybody = overview.near(tx, workspace_id=workspace_id, year=2026, percent=0)
        assert [(year.members[0].name, year.percent) for year in everybody] == [("Gus", 105), ("Ana", 90), ("Hal", 89)]
        before = overview.near(tx, workspace_id=workspace_id, year=2025)
        assert [(year.cents, year.line.line_cents) for year in before] == [(500_000, 60_000)]


def test_whoever_named_no_country_is_held_against_the_lowest_line(house: House) -> None:
    pay(house, "Ana", 55_000)
    browser = house.browser("Di")
    assert "$550.00" not in browser.get("/settings/tax").get_data(as_text=True)
    assert browser.post("/settings/tax", LINE | {"amount": "600", "currency": "USD"}).status_code == 303
    assert "$550.00" in browser.get("/settings/tax").get_data(as_text=True)
    with house.hub.transaction() as tx:
        tx.scalars(select(Member).where(Member.name == "Ana")).one().country = "US"
    assert "$550.00" not in browser.get("/settings/tax").get_data(as_text=True)
