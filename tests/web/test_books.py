"""Budgets, the ledger, statements and the files for finance, as a manager meets them."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from feedback import rewards
from feedback.overview import books, budgets, queue
from feedback.rewards import ledger
from handlers.web import sheets
from models import (
    Approval,
    Audit,
    Budget,
    Hold,
    LedgerTransaction,
    Member,
    MemberLink,
    Reward,
    RewardQuestion,
    Workspace,
)
from tests.conftest import give_by
from tests.web.conftest import START, Browser, Counter, House
from tests.web.test_rewards import GIFT

OPEN = {"name": "Calls", "currency": "EUR", "amount": "100.50", "starts_on": "", "ends_on": "2026-12-31"}


def text_of(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def nonce_of(page: str) -> str:
    return page.partition('name="nonce" value="')[2].partition('"')[0]


def give_many(house: House, count: int, cents: int = 2500) -> None:
    """So many more thank-yous, each paid, a minute after the one before it."""
    with house.hub.transaction() as tx:
        first, budget = tx.get_one(Reward, 1), tx.get_one(Budget, 1)
        for number in range(count):
            at = house.clock() + timedelta(minutes=number)
            facts = {name: getattr(first, name) for name in ("workspace_id", "idea_id", "member_id", "currency")}
            reward = Reward(
                **facts,
                reason=f"call {number}",
                amount_cents=cents,
                provider="codes",
                proposed_by_id=first.proposed_by_id,
                state="paid",
                proposed_at=at,
                budget=budget,
            )
            tx.add(reward)
            tx.flush()
            for step in ("reserve", "commit", "settle"):
                ledger.step(tx, step, reward=reward, now=at)


def test_opening_a_budget_twice_with_one_form_opens_one(house: House) -> None:
    di = house.browser("Di")
    nonce = nonce_of(text_of(di, "/rewards/budgets"))
    assert nonce
    for _ in range(2):
        assert di.post("/rewards/budgets", {**OPEN, "nonce": nonce}).location == "/rewards/budgets"
    with house.hub.reading() as tx:
        found = tx.scalars(select(Budget).where(Budget.currency == "EUR")).one()
        assert (found.name, found.available_cents, str(found.ends_on)) == ("Calls", 10_050, "2026-12-31")
    page = text_of(di, "/rewards/budgets")
    assert "<strong>€100.50</strong> left of €100.50" in page
    assert "until 31 Dec" in page
    assert "Calls" not in text_of(house.browser("Eve"), "/rewards/budgets")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Thanks"}, "name"),
        ({"currency": "JPY"}, "currency"),
        *(({"amount": typed}, "amount") for typed in ("", "-5", "0.001", "NaN", "1e9", "٢٥", str(2**63))),
        ({"ends_on": "2026-13-01"}, "ends_on"),
        ({"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "ends_on"),
        ({"ends_on": "2025-12-31"}, "ends_on"),
    ],
)
def test_what_is_wrong_is_said_below_its_field_and_nothing_is_opened(
    house: House, wrong: dict[str, str], field: str
) -> None:
    answer = house.browser("Di").post("/rewards/budgets", {**OPEN, **wrong})
    assert answer.status_code == 422
    assert f'id="open-{field}-help" class="wrong"' in answer.get_data(as_text=True)
    assert {budget.name for budget in house.all(Budget)} == {"Thanks"}


def test_money_goes_in_and_out_once_for_each_form(house: House) -> None:
    di = house.browser("Di")
    for way, amount, left in (("in", "50", 1_005_000), ("out", "5.25", 1_004_475)):
        sent = {
            "way": way,
            "amount": amount,
            "note": "=HYPERLINK(1)",
            "nonce": nonce_of(text_of(di, "/rewards/budgets/1")),
        }
        for _ in range(2):
            assert di.post("/rewards/budgets/1/money", sent).location == "/rewards/budgets/1"
        assert house.look(Budget, 1).available_cents == left
    page = text_of(di, "/rewards/budgets/1")
    assert "put $50.00 in" in page
    assert "took $5.25 out" in page
    for wrong in ("20000", "0", "x"):
        answer = di.post("/rewards/budgets/1/money", {"way": "out", "amount": wrong, "note": "", "nonce": wrong})
        assert answer.status_code == 422
        assert 'id="money-amount-help" class="wrong"' in answer.get_data(as_text=True)
    assert house.look(Budget, 1).available_cents == 1_004_475


def test_a_budget_gets_another_name_and_days_and_is_closed(rewarded: House) -> None:
    di = rewarded.browser("Di")
    with rewarded.hub.transaction() as tx:
        give_by(tx, "tremendous")
    assert (
        di.post("/rewards/budgets/1", {"name": "Spring", "starts_on": "2026-03-01", "ends_on": ""}).status_code == 303
    )
    assert di.post("/rewards/budgets/1", {"name": " ", "starts_on": "", "ends_on": ""}).status_code == 422
    page = text_of(di, "/rewards/budgets/1")
    assert "renamed it from “Thanks” to “Spring”: from 2026-03-01" in page
    for _ in range(2):
        assert di.post("/rewards/budgets/1/close").status_code == 303
    page = text_of(di, "/rewards/budgets/1")
    assert page.count("closed it") == 1
    assert "/rewards/budgets/1/close" not in page
    answer = di.post("/rewards/1/approve", rewarded.seen())
    assert answer.status_code == 422
    assert "There is no open budget in USD" in answer.get_data(as_text=True)
    answer = di.post("/rewards/budgets/1/money", {"way": "in", "amount": "5", "note": "", "nonce": "n"})
    assert "What is left in it can be taken out." in answer.get_data(as_text=True)


def test_another_workspaces_money_is_not_there(rewarded: House) -> None:
    eve = rewarded.browser("Eve")
    for path in ("/rewards/budgets/1", f"/rewards/members/{rewarded.people['Ana'].id}"):
        assert eve.get(path).status_code == 404
    for path in ("/rewards/budgets/1", "/rewards/budgets/1/money", "/rewards/budgets/1/close"):
        assert eve.post(path, {"name": "x", "way": "out", "amount": "1"}).status_code == 404
    assert rewarded.look(Budget, 1).closed_at is None
    for path in ("/rewards/ledger?budget=1", "/rewards/ledger.csv?budget=1", "/rewards/every.csv", "/rewards/ledger"):
        assert "Ana" not in text_of(eve, path)


def test_the_queue_says_what_each_waits_for(rewarded: House) -> None:
    di = rewarded.browser("Di")
    page = text_of(di, "/rewards")
    assert "For a manager to decide" in page
    assert "To decide" in page
    with rewarded.hub.transaction() as tx:
        tx.execute(update(Reward).values(vests_at=START + timedelta(days=9)))
    page = text_of(di, "/rewards")
    assert "It may be approved from 11 March 2026, " in page
    assert '<h2 class="divide">Not yet</h2>' in page
    for path, is_there in {
        "/rewards?state=later": True,
        "/rewards?state=vesting": True,
        "/rewards?state=decide": False,
        "/rewards?q=an": True,
        "/rewards?q=%25": False,
        "/rewards?budget=1": False,
        "/rewards?state=nonsense&budget=x": True,
    }.items():
        assert ("A dark mode would save my eyes" in text_of(di, path)) == is_there, path


def test_the_queue_says_what_holds_up_a_decision(rewarded: House) -> None:
    di, at = rewarded.browser("Di"), rewarded.clock()
    ids = {name: member.id for name, member in rewarded.people.items()}
    with rewarded.hub.transaction() as tx:
        tx.add(Approval(reward_id=1, manager_id=ids["Dora"], verdict="approved", given_at=at))
    assert "Dora said yes. It needs one more manager." in text_of(di, "/rewards")
    with rewarded.hub.transaction() as tx:
        tx.add(RewardQuestion(reward_id=1, asked_by_id=ids["Dora"], question="Who else?", asked_at=at))
    assert "A question about it is open." in text_of(di, "/rewards")
    with rewarded.hub.transaction() as tx:
        tx.add(Hold(reward_id=1, kind="burst", detail={}, raised_at=at))
    assert "Held until somebody has looked at it." in text_of(di, "/rewards?state=decide")


def test_the_queue_begins_with_what_somebody_has_to_do(rewarded: House) -> None:
    with rewarded.hub.transaction() as tx:
        first = tx.get_one(Reward, 1)
        facts = {name: getattr(first, name) for name in ("workspace_id", "idea_id", "rule_id", "amount_cents")}
        facts |= {"member_id": rewarded.people["Bo"].id, "proposed_by_id": first.proposed_by_id, "currency": "USD"}
        states = ("cancelled", "paid", "proposed", "vesting", "paying", "human", "approved", "failed")
        for number, state in enumerate(states):
            later = rewarded.clock() + timedelta(days=5) if state == "vesting" else None
            tx.add(Reward(**facts, reason=f"{number}", state=state, proposed_at=START, vests_at=later))
    with rewarded.hub.reading() as tx:

        def states_of(sieve: queue.Sieve) -> list[tuple[str, str]]:
            page = queue.listed(tx, workspace_id=1, sieve=sieve, number=1, now=rewarded.clock())
            return [(row.group, row.reward.state) for row in page.rows]

        assert states_of(queue.Sieve()) == [
            ("decide", "vesting"),
            *(("going", state) for state in ("human", "failed", "paying", "approved")),
            *(("later", state) for state in ("vesting", "proposed")),
        ]
        assert states_of(queue.Sieve(state="over")) == [("over", "paid"), ("over", "cancelled")]
        assert states_of(queue.Sieve(name="Bo", state="later")) == [("later", "vesting"), ("later", "proposed")]
        assert queue.waiting_cents(tx, workspace_id=1) == {"USD": 7500}


@pytest.mark.parametrize("path", ["/rewards/ledger", "/rewards/ledger?budget=1", "/rewards/ledger?month=2026-03"])
def test_the_ledger_is_paged(rewarded: House, path: str) -> None:
    di = rewarded.browser("Di")
    give_many(rewarded, 40)
    page = text_of(di, path)
    seen = []
    while True:
        seen += [int(found.partition('"')[0]) for found in page.split('<tr id="t')[1:]]
        link = page.partition('<a rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        if not link:
            break
        page = text_of(di, link)
    with rewarded.hub.reading() as tx:
        own = select(LedgerTransaction.id).where(LedgerTransaction.workspace_id == 1)
        moved = tx.scalars(own.order_by(LedgerTransaction.posted_at.desc(), LedgerTransaction.id.desc())).all()
    assert seen == list(moved)
    assert len(seen) == 121


def test_the_ledger_is_sieved(rewarded: House) -> None:
    di = rewarded.browser("Di")
    give_many(rewarded, 20)
    assert "Nothing moved" in text_of(di, "/rewards/ledger?month=2026-02")
    assert text_of(di, "/rewards/ledger?month=2026-03&budget=1").count('<tr id="t') == books.ROWS
    assert "Nothing moved" in text_of(di, "/rewards/ledger?budget=99")


def test_a_month_adds_up_whichever_it_is(rewarded: House) -> None:
    give_many(rewarded, 3)
    with rewarded.hub.transaction() as tx:
        manager, first = tx.get_one(Member, rewarded.people["Di"].id), tx.get_one(Reward, 1)
        april = START + timedelta(days=35)
        rewards.move_money(tx, budget_id=1, manager=manager, cents=700, note="", now=april)
        rewards.move_money(tx, budget_id=1, manager=manager, cents=-200, note="", now=april)
        last = tx.scalars(select(Reward).where(Reward.reason == "call 2")).one()
        ledger.step(tx, "refund", reward=last, now=april)
        first.budget_id = 1
        tx.flush()
        ledger.step(tx, "reserve", reward=first, now=april)
    wanted = {
        (2026, 2): [],
        (2026, 3): [(0, 1_000_000, 0, 7500, 7500, 0, 992_500, 0)],
        (2026, 4): [(992_500, 700, 200, 2500, 0, 2500, 995_500, 2500)],
        (2026, 5): [(995_500, 0, 0, 0, 0, 0, 995_500, 2500)],
    }
    with rewarded.hub.reading() as tx:
        for (year, number), rows in wanted.items():
            month = START.date().replace(year=year, month=number, day=1)
            found = books.month_of(tx, workspace_id=1, month=month)
            assert [
                (
                    row.opening_cents,
                    row.sums.funded_cents,
                    row.sums.withdrawn_cents,
                    row.sums.reserved_cents,
                    row.sums.paid_cents,
                    row.sums.returned_cents,
                    row.closing_cents,
                    row.aside_cents,
                )
                for row in found
            ] == rows
    di = rewarded.browser("Di")
    page = text_of(di, "/rewards/months/2026-04")
    assert "All in USD" in page
    assert "$9,955.00" in page
    [row] = list(csv.DictReader(io.StringIO(text_of(di, "/rewards/months/2026-04.csv"))))
    assert (row["opening"], row["returned"], row["closing"], row["aside"]) == ("9925.00", "25.00", "9955.00", "25.00")
    assert json.loads(text_of(di, "/rewards/months/2026-04.json"))["rows"][0]["closing_cents"] == 995_500
    for odd in ("2026-13", "1999-01", "2026-4", "٢٠٢٦-03"):
        assert di.get(f"/rewards/months/{odd}").status_code == 404


def test_the_files_hold_every_row_and_no_gift(rewarded: House) -> None:
    di = rewarded.browser("Di")
    with rewarded.hub.transaction() as tx:
        tx.get_one(Member, rewarded.people["Ana"].id).name = "=cmd|'/c calc'!A0"
    di.post("/rewards/1/approve", {**rewarded.seen(), "gift": GIFT})
    given = text_of(di, "/rewards/every.csv")
    [row] = list(csv.DictReader(io.StringIO(given)))
    assert row["to"] == "'=cmd|'/c calc'!A0"
    assert (row["amount"], row["state"], row["approved_by"]) == ("25.00", "paid", "Di")
    moved = text_of(di, "/rewards/ledger.csv")
    rows = list(csv.DictReader(io.StringIO(moved)))
    assert [(row["kind"], row["account"], row["amount"]) for row in rows[2:4]] == [
        ("reserve", "budget", "-25.00"),
        ("reserve", "reserved", "25.00"),
    ]
    as_json = json.loads(text_of(di, "/rewards/ledger.json"))
    assert [row["amount_cents"] for row in as_json["rows"]] == [round(float(row["amount"]) * 100) for row in rows]
    assert json.loads(text_of(di, "/rewards/every.json"))["rows"][0]["to"] == "=cmd|'/c calc'!A0"
    assert GIFT not in given + moved + json.dumps(as_json)
    headers = di.get("/rewards/ledger.csv?month=2026-03").headers
    assert headers["Content-Disposition"] == 'attachment; filename="roundtrip-ledger-2026-03.csv"'
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_nothing_that_people_wrote_is_a_formula(begins: str) -> None:
    assert sheets.cell("note", f"{begins}1+1") == f"'{begins}1+1"
    assert sheets.cell("amount_cents", -5) == "-0.05"
    assert sheets.cell("note", "1=1") == "1=1"


def test_a_statement_is_of_the_person_with_all_their_accounts(rewarded: House) -> None:
    rewarded.join(rewarded.look(Workspace, 1), "Anna", "customer")
    ids = {name: rewarded.people[name].id for name in ("Ana", "Anna", "Di", "Dora")}
    give_many(rewarded, 1)
    with rewarded.hub.transaction() as tx:
        link = {"workspace_id": 1, "why": "One mail address", "linked_by_id": ids["Di"], "linked_at": START}
        tx.add(MemberLink(member_id=ids["Ana"], other_id=ids["Anna"], **link))
        tx.add(MemberLink(member_id=ids["Ana"], other_id=ids["Dora"], **link, ended_at=START))
    di = rewarded.browser("Di")
    assert "Nothing yet" in text_of(di, f"/rewards/members/{ids['Anna']}")
    di.post("/rewards/1/approve", {**rewarded.seen(), "gift": GIFT})
    page = text_of(di, f"/rewards/members/{ids['Anna']}")
    assert "their other account too: Ana" in page
    assert "Dora" not in page
    assert "<strong>$25.00</strong> paid, 10 points" in page
    assert "Nothing yet" in text_of(di, f"/rewards/members/{ids['Dora']}")


def burn(house: House) -> tuple[Any, Any]:
    with house.hub.reading() as tx:
        [found] = budgets.standing(tx, workspace_id=1, now=house.clock())
        return found.pace_cents, found.empty_in_weeks


def test_how_fast_it_goes_is_said_when_it_can_be(rewarded: House) -> None:
    with rewarded.hub.transaction() as tx:
        di = tx.get_one(Member, rewarded.people["Di"].id)
        rewards.move_money(tx, budget_id=1, manager=di, cents=-960_000, note="", now=rewarded.clock())
    give_many(rewarded, 4)
    assert burn(rewarded) == (None, None)
    assert "when it is four weeks old" in text_of(rewarded.browser("Di"), "/rewards/budgets")
    rewarded.clock.go_on(days=29)
    assert burn(rewarded) == (2500, 12)
    page = text_of(rewarded.browser("Di"), "/rewards/budgets")
    assert "About $25.00 a week goes out; at this pace it is empty in about 12 weeks." in page
    rewarded.clock.go_on(days=29)
    assert burn(rewarded) == (None, None), "what was paid is longer ago than it is looked"


def test_the_pages_ask_as_many_queries_for_a_thousand_moves_as_for_one(rewarded: House) -> None:
    counter, di = Counter(rewarded.hub.engine), rewarded.browser("Di")
    paths = (
        "/rewards",
        "/rewards?state=over",
        "/rewards/budgets",
        "/rewards/budgets/1",
        "/rewards/ledger",
        "/rewards/ledger?budget=1&month=2026-03",
        f"/rewards/members/{rewarded.people['Ana'].id}",
        "/rewards/months/2026-03",
    )

    def counted() -> dict[str, int]:
        found = {}
        for path in paths:
            counter.statements.clear()
            assert di.get(path).status_code == 200
            found[path] = len(counter.statements)
        return found

    give_many(rewarded, 1)
    few = counted()
    with rewarded.hub.transaction() as tx:
        tx.execute(update(Reward).values(reason=Reward.reason + " before"))
    give_many(rewarded, 60)
    assert counted() == few
    assert max(few.values()) <= 14, few


def test_what_is_done_with_budgets_is_on_record_and_sealed(house: House) -> None:
    di = house.browser("Di")
    di.post("/rewards/budgets", OPEN)
    di.post("/rewards/budgets/3/close")
    with house.hub.reading() as tx:
        rows = tx.scalars(
            select(Audit).where(Audit.subject == "budget", Audit.workspace_id == 1).order_by(Audit.id)
        ).all()
        assert [(row.act, row.member_id) for row in rows[1:]] == [
            ("opened", house.people["Di"].id),
            ("closed", house.people["Di"].id),
        ]


def test_a_budget_shows_no_week_of_before_it_was_opened(rewarded: House) -> None:
    for days, shown in ((0, "The last seven days"), (8, "1 week before"), (60, "7 weeks before")):
        rewarded.clock.go_on(days=days)
        page = text_of(rewarded.browser("Di"), "/rewards/budgets/1")
        assert shown in page
        assert ("7 weeks before" in page) == (days == 60)
