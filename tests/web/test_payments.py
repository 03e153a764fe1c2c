"""Gift codes, books that differ, and payments in doubt, as managers see them."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from feedback import outbox, rewards
from feedback.providers.payouts import Booked
from models import Budget, Discrepancy, GiftCode, Outbox, Payout, Reward
from tests.conftest import RememberingPayouts, give_by
from tests.web.conftest import Browser, House

CODES = ("COFFEE-7Q2X", "COFFEE-9B1K")
LIST = "code,amount,currency,expires\n" + "".join(f"{code},25,USD,\n" for code in CODES)
GIFT = "GIFT-7Q2X-91"
STRANGER = "1f0a2f6e-0b6b-5c55-8b77-0f3d1d0d7a11"


def look(browser: Browser, text: str = LIST, batch: str = "Coffee cards, May") -> TestResponse:
    data = {"batch": batch, "csrf_token": browser.token()}
    if text:
        data["file"] = (BytesIO(text.encode()), "codes.csv")  # type: ignore[assignment]
    return browser.client.post("/rewards/codes", data=data, content_type="multipart/form-data")


def sealed_in(answer: TestResponse) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', answer.get_data(as_text=True))
    assert found
    return found[1]


def approved(house: House, by: str) -> None:
    with house.hub.transaction() as tx:
        give_by(tx, by)
    assert house.browser("Di").post("/rewards/1/approve", house.seen()).status_code == 303


def in_doubt(house: House, error: str = "conflict", state: str = "human") -> None:
    """The payment was asked for, and this became of it."""
    approved(house, "tremendous")
    write = RememberingPayouts().write
    with house.hub.transaction() as tx:
        row_id = tx.scalars(select(Outbox.id).where(Outbox.kind == "reward.pay")).one()
        claim = outbox.claim(tx, outbox_id=row_id, now=house.clock())
        assert claim
        rewards.order_of(tx, payout_id=1, write=write, now=house.clock())
        if error:
            rewards.unpayable(tx, payout_id=1, state=state, error=error, now=house.clock())
        outbox.finish(tx, claim, now=house.clock(), state="failed" if error else "human", error=error or "http_500")


def test_a_list_is_looked_at_first_and_no_page_shows_a_code(house: House) -> None:
    browser = house.browser("Di")
    assert "There are no codes yet" in browser.get("/rewards/codes").get_data(as_text=True)
    answer = look(browser, LIST + f"{CODES[0]},25,USD,\nX,0,USD,\n")
    page = answer.get_data(as_text=True)
    assert "2 codes can be kept" in page
    assert "It is the same as row 2." in page
    assert "It has to be more than zero." in page
    assert house.all(GiftCode) == []
    for _ in range(2):
        kept = browser.post("/rewards/codes/take", {"sealed": sealed_in(answer)})
        assert kept.location == "/rewards/codes"
    assert len(house.all(GiftCode)) == 2
    pages = [page, browser.get("/rewards/codes").get_data(as_text=True)]
    assert "<strong>2 codes</strong> of $25.00 left" in pages[1]
    assert not [code for code in CODES for each in pages if code in each]


@pytest.mark.parametrize(
    ("text", "batch", "field", "say"),
    [
        ("", "May", "file", "Choose the list"),
        (LIST, " ", "batch", "Give the list a name"),
        (LIST, "x" * 61, "batch", "under 60"),
        ("a,b\n1,2\n", "May", "file", "This has no code"),
    ],
)
def test_what_is_wrong_stands_below_its_field(house: House, text: str, batch: str, field: str, say: str) -> None:
    answer = look(house.browser("Di"), text, batch)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="codes-{field}-help" class="wrong"' in page
    assert say in page


def test_what_is_no_text_is_no_list(house: House) -> None:
    browser = house.browser("Di")
    data = {"batch": "May", "csrf_token": browser.token(), "file": (BytesIO(b"\xff\xfe\x00"), "codes.csv")}
    answer = browser.client.post("/rewards/codes", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Save it as CSV" in answer.get_data(as_text=True)


def test_a_list_that_comes_too_late_is_asked_for_again(house: House) -> None:
    browser = house.browser("Di")
    sealed = sealed_in(look(browser))
    answer = house.browser("Dora").post("/rewards/codes/take", {"sealed": sealed})
    assert answer.status_code == 422
    assert "Choose the list again" in answer.get_data(as_text=True)
    assert house.all(GiftCode) == []


def test_who_waits_for_a_code_is_seen_where_codes_are_and_on_the_thank_yous_page(rewarded: House) -> None:
    approved(rewarded, "codes")
    browser = rewarded.browser("Di")
    with rewarded.hub.transaction() as tx:
        assert not rewards.pay_with_code(tx, payout_id=1, cipher=rewarded.hub.cipher, now=rewarded.clock())
    for path in ("/rewards/codes", "/rewards/1"):
        assert "No code of $25.00 is left: upload more" in browser.get(path).get_data(as_text=True)
    assert rewarded.look(Reward, 1).state == "approved"
    browser.post("/rewards/codes/take", {"sealed": sealed_in(look(browser))})
    with rewarded.hub.transaction() as tx:
        assert rewards.pay_with_code(tx, payout_id=1, cipher=rewarded.hub.cipher, now=rewarded.clock())
    assert "No code" not in browser.get("/rewards/1").get_data(as_text=True)
    answer = browser.post("/rewards/codes/withdraw", {"batch": "Coffee cards, May"})
    assert answer.status_code == 303
    page = browser.get("/rewards/codes").get_data(as_text=True)
    assert "One code is not given any more." in page
    assert not [code for code in CODES if code in page + browser.get("/rewards/1").get_data(as_text=True)]


@pytest.mark.parametrize(
    ("error", "say"),
    [
        ("conflict", "knows another order by this id"),
        ("ineligible Ana has left.", "Ana has left. So nobody was asked"),
        ("amount_differs", "about another amount"),
        ("no_link", "made the order, and gives no link to it"),
        ("", "did not answer clearly"),
    ],
)
def test_a_payment_in_doubt_says_why_and_what_can_be_said_of_it(rewarded: House, error: str, say: str) -> None:
    in_doubt(rewarded, error)
    page = rewarded.browser("Di").get("/rewards/1").get_data(as_text=True)
    assert say in page
    assert "It was paid after all" in page
    assert "It was not paid: give the money back" in page


@pytest.mark.parametrize("error", ["conflict", ""])
def test_it_was_paid_after_all(rewarded: House, error: str) -> None:
    in_doubt(rewarded, error)
    browser = rewarded.browser("Di")
    answer = browser.post("/rewards/1/was-paid", {"why": " ", "gift": GIFT})
    assert answer.status_code == 422
    assert "Say how you know" in answer.get_data(as_text=True)
    assert GIFT not in answer.get_data(as_text=True)
    answer = browser.post("/rewards/1/was-paid", {"why": "I saw it there", "gift": "two words"})
    assert 'id="was-paid-gift-help" class="wrong"' in answer.get_data(as_text=True)
    for _ in range(2):
        assert browser.post("/rewards/1/was-paid", {"why": "I saw it there", "gift": GIFT}).status_code == 303
    page = browser.get("/rewards/1").get_data(as_text=True)
    assert "found that it was paid after all" in page
    assert "I saw it there" in page
    assert GIFT not in page
    with rewarded.hub.reading() as tx:
        assert rewards.gift_of(tx.get_one(Payout, 1), cipher=rewarded.hub.cipher) == GIFT
        gifts = tx.scalars(select(Outbox).where(Outbox.kind == "reward.gift")).all()
        assert len(gifts) == 1
    assert rewarded.look(Reward, 1).state == "paid"
    assert 'id="row-' not in browser.get("/undelivered").get_data(as_text=True)


@pytest.mark.parametrize("error", ["conflict", ""])
def test_it_was_not_paid_gives_the_money_back_once(rewarded: House, error: str) -> None:
    in_doubt(rewarded, error)
    browser = rewarded.browser("Di")
    assert browser.post("/rewards/1/was-not-paid", {"why": ""}).status_code == 422
    for _ in range(2):
        assert browser.post("/rewards/1/was-not-paid", {"why": "No such order there"}).status_code == 303
    assert rewarded.look(Reward, 1).state == "failed"
    page = browser.get("/rewards/1").get_data(as_text=True)
    assert "gave the money back" in page
    assert "No such order there" in page
    row = next(each for each in rewarded.all(Outbox) if each.kind == "reward.pay")
    assert row.dismissed_at is not None
    assert browser.post("/rewards/1/was-paid", {"why": "It was there after all"}).status_code == 303
    assert rewarded.look(Reward, 1).state == "paid"


def test_neither_who_vouched_nor_who_receives_says_what_became_of_it(rewarded: House) -> None:
    in_doubt(rewarded)
    with rewarded.hub.transaction() as tx:
        for name in ("Cy", "Ana"):
            tx.merge(rewarded.people[name]).role = "manager"
    for name, why in (("Cy", "You proposed it"), ("Ana", "This one is for you")):
        for act in ("was-paid", "was-not-paid"):
            answer = rewarded.browser(name).post(f"/rewards/1/{act}", {"why": "I know"})
            assert answer.status_code == 422
            assert why in answer.get_data(as_text=True)
    assert rewarded.look(Reward, 1).state == "human"


def test_what_is_not_in_doubt_is_left_alone(rewarded: House) -> None:
    browser = rewarded.browser("Di")
    assert "It is not approved" in browser.post("/rewards/1/was-paid", {"why": "x"}).get_data(as_text=True)
    approved(rewarded, "tremendous")
    answer = browser.post("/rewards/1/was-not-paid", {"why": "x"})
    assert answer.status_code == 422
    assert "not possible any more" in answer.get_data(as_text=True)


def differ(house: House) -> int:
    with house.hub.transaction() as tx:
        lines = [Booked(STRANGER, "O-77", "EXECUTED", 2500, "USD")]
        workspace_id = house.people["Di"].workspace_id
        rewards.compare(tx, workspace_id=workspace_id, lines=lines, now=house.clock())
        return tx.scalars(select(Discrepancy.id)).one()


def test_what_differs_is_settled_with_a_word(house: House) -> None:
    browser = house.browser("Di")
    assert "Everything adds up" in browser.get("/rewards/reconciliation").get_data(as_text=True)
    row_id = differ(house)
    page = browser.get("/rewards/reconciliation").get_data(as_text=True)
    for words in ("1 thing does not add up", "$25.00 was ordered there, and is not paid here", "O-77"):
        assert words in page, words
    answer = browser.post(f"/rewards/reconciliation/{row_id}", {"why": ""})
    assert answer.status_code == 422
    assert "Say what you found" in answer.get_data(as_text=True)
    assert house.browser("Eve").post(f"/rewards/reconciliation/{row_id}", {"why": "x"}).status_code == 422
    assert "O-77" not in house.browser("Eve").get("/rewards/reconciliation").get_data(as_text=True)
    for word in ("Cancelled there", "again"):
        assert browser.post(f"/rewards/reconciliation/{row_id}", {"why": word}).status_code == 303
    assert house.look(Discrepancy, row_id).why == "Cancelled there"
    page = browser.get("/rewards/reconciliation").get_data(as_text=True)
    assert "Everything adds up" in page
    assert "Cancelled there" in page
    differ(house)
    assert "Everything adds up" in browser.get("/rewards/reconciliation").get_data(as_text=True)


def test_comparing_now_is_owed_once(house: House) -> None:
    browser = house.browser("Di")
    for _ in range(2):
        assert browser.post("/rewards/reconciliation").status_code == 303
    assert len([row for row in house.all(Outbox) if row.kind == "reward.reconcile"]) == 1


def test_the_ledger_adds_up_whatever_was_said(rewarded: House) -> None:
    in_doubt(rewarded)
    browser = rewarded.browser("Di")
    browser.post("/rewards/1/was-not-paid", {"why": "Not there"})
    browser.post("/rewards/1/was-paid", {"why": "There it is"})
    with rewarded.hub.reading() as tx:
        kept = tx.scalars(select(Budget).where(Budget.workspace_id == rewarded.people["Di"].workspace_id)).one()
        posted = rewards.balances(tx, workspace_id=kept.workspace_id)
        assert (kept.reserved_cents, kept.committed_cents, kept.spent_cents) == (0, 0, 2500)
        assert sum(posted.values()) == 0
        assert (posted["paid", "USD"], posted["budget", "USD"]) == (2500, kept.available_cents)
