"""A thank-you of more than one manager may give alone, as people press it: the question and its answer, two yeses, the
gift, and the refusal of whoever proposed it. Once it begins in Slack, and once in the hub."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import Seats, open_chromium, open_seats
from tests.conftest import make_sqlite
from tests.flows.test_browser import captured, enter, fits, in_thread, sit, until, whispered
from tests.stack import Stack, open_stack

NEWS = "It is here."
AMOUNT = "$60.00"
"""Above what one manager may give alone, as every workspace begins."""
LEFT_FIRST, LEFT_AFTER = "$1,000.00", "$940.00"
NOT_YOURS = "You proposed it, or recorded the change it is for, so another manager has to decide."
ONE_MORE = "Di said yes. One more manager is needed."
QUESTION, ANSWER = "Was she the first to say so?", "Yes, a week before anybody else."

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def stack(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One for both tests, with three managers, as Di set it up."""
    folder = tmp_path_factory.mktemp("rewards")
    with open_stack(make_sqlite(folder), folder, queues=("slack", "payouts")) as found:
        with open_seats(chromium) as seats:
            set_up(found, seats.take())
        yield found


@pytest.fixture
def seats(chromium: Browser) -> Iterator[Seats]:
    with open_seats(chromium) as found:
        yield found


def test_a_thank_you_is_asked_about_and_approved_by_two(stack: Stack, seats: Seats) -> None:
    """The first yes in Slack, the second one in the hub."""
    ana, bo, cy, di = (seats.take() for _ in range(4))
    words = "The lid of the travel mug leaks in my bag"
    helped(stack, cy, who="U0ANA", by="U0FLO", words=words)

    card = in_managers(stack, di, "U0DI", words)
    expect(card).to_contain_text("It takes two managers.")
    card.locator("[data-action-id=reward_ask]").click()
    modal = di.locator("dialog[open]")
    modal.get_by_label("What would you like to know?").fill(QUESTION)
    modal.locator("[data-action=submit]").click()
    expect(card).to_contain_text("No answer yet.")
    answer(stack, cy)
    expect(card).to_contain_text(f"Cy answered: {ANSWER}")
    expect(card).not_to_contain_text("No answer yet.")

    page_url = refused_in_slack_and_hub(stack, cy, words)

    say_yes(di, card)
    expect(card).to_contain_text(ONE_MORE)
    say_yes(di, card)
    expect(whispered(di)).to_contain_text("You said yes already. One more manager is needed.")
    assert stack.client.orders() == []

    enter_as(stack, bo, "Bo")
    bo.get_by_role("link", name="Rewards", exact=True).click()
    bo.locator("tr", has_text=words).get_by_role("link", name="Ana", exact=True).click()
    expect(bo).to_have_url(page_url)
    main = bo.locator("main")
    for each in (ONE_MORE.removeprefix("Di said yes. "), QUESTION, ANSWER, words):
        expect(main).to_contain_text(each)
    assert fits(bo)
    bo.get_by_role("button", name=f"Approve {AMOUNT}").click()
    expect(bo.get_by_role("status").first).to_have_text("Approved. They hear of it in Slack.")
    paid(bo)
    expect(main).to_contain_text("Approved by Di and Bo")
    expect(card).to_contain_text("Approved and paid, by Di and Bo")

    gift = opened(stack, ana, "U0ANA", words)
    at_home(ana, words)
    booked(stack, bo, words, "Ana")
    for reader in (bo, cy, di):
        assert gift not in reader.request.get(page_url).text()


def test_the_first_yes_may_come_from_the_hub(stack: Stack, seats: Seats) -> None:
    """And the second one from Slack."""
    bo, cy, di, gus = (seats.take() for _ in range(4))
    words = "The strap of the lamp is too short for a tree"
    before = len(stack.client.orders())
    helped(stack, cy, who="U0GUS", by="U0FLO", words=words)

    card = in_managers(stack, bo, "U0BO", words)
    enter(stack, di, "Di")
    di.get_by_role("link", name="Rewards", exact=True).click()
    di.locator("tr", has_text=words).get_by_role("link", name="Gus", exact=True).click()
    main = di.locator("main")
    expect(main).to_contain_text("It takes two managers.")
    di.get_by_role("button", name=f"Approve {AMOUNT}").click()
    expect(di.get_by_role("status").first).to_have_text("Your yes is kept. One more manager is needed.")
    expect(di.get_by_role("button", name=f"Approve {AMOUNT}")).to_have_count(0)
    assert len(stack.client.orders()) == before

    expect(card).to_contain_text(ONE_MORE)
    say_yes(bo, card)
    expect(card).to_contain_text("Approved and paid, by Di and Bo")
    paid(di)
    expect(main).to_contain_text("Approved by Di and Bo")
    opened(stack, gus, "U0GUS", words)
    assert len(stack.client.orders()) == before + 1


def set_up(stack: Stack, di: Page) -> None:
    """Cy and Bo become managers too, there is a budget of its own, and what is given takes two of them."""
    enter(stack, di, "Di")
    di.get_by_role("link", name="Members", exact=True).click()
    for name in ("Bo", "Cy"):
        row = di.locator("tr", has=di.get_by_label(f"Role of {name}"))
        row.get_by_label(f"Role of {name}").select_option("manager")
        row.get_by_role("button", name="Save").click()
        expect(di.get_by_role("status").first).to_contain_text(name)
        stack.client.join("U0" + name.upper(), "C0MANAGERS")
    di.goto(f"{stack.url}/rewards/budgets")
    di.get_by_label("What is it for?").fill("Mugs and lamps")
    di.get_by_label("How much is in it").fill(LEFT_FIRST.strip("$").replace(",", ""))
    di.get_by_role("button", name="Open it").click()
    expect(di.get_by_role("heading", name="Mugs and lamps")).to_be_visible()
    di.goto(f"{stack.url}/settings/rewards")
    rule = di.locator("#verified")
    rule.locator("summary").click()
    rule.get_by_label("Amount").fill(AMOUNT.strip("$"))
    rule.get_by_label("Out of which budget").select_option(label=f"Mugs and lamps ({LEFT_FIRST} left)")
    rule.get_by_role("button", name="Save").click()
    expect(rule.locator("summary")).to_contain_text(AMOUNT)


def helped(stack: Stack, cy: Page, *, who: str, by: str, words: str) -> None:
    """Somebody said it, somebody else backed it, Cy shipped it, and to that other one it is better now."""
    ts = captured(stack, who, words)
    sit(stack, cy, by, "C0IDEAS", thread=ts)
    in_thread(cy, "kept this as").locator("[data-action-id=idea_vote]").click()
    expect(whispered(cy)).to_contain_text("Your vote counts.")

    enter_as(stack, cy, "Cy")
    cy.locator("article.idea", has_text=words).get_by_role("link", name="We shipped it").click()
    cy.get_by_label("What changed?").fill(NEWS)
    cy.get_by_role("button", name="Next: see who will hear").click()
    cy.get_by_role("button", name="Tell 2 people").click()
    expect(cy.locator(".said")).to_have_text("Everyone behind it is being told.")

    notice = messages_with_the_app(stack, cy, by).filter(has_text=NEWS).last
    expect(notice).to_contain_text(words)
    notice.locator("[data-action-id=loop_better]").click()
    expect(notice).to_contain_text("You said: better now.")


def messages_with_the_app(stack: Stack, page: Page, who: str) -> Locator:
    """In front of the playground as `who`, where something of the app is unread."""
    sit(stack, page, who, "C0IDEAS")
    page.locator("#sidebar .side-row[data-unread]", has_text="Roundtrip").click()
    return page.locator("main .message")


def in_managers(stack: Stack, page: Page, who: str, words: str) -> Locator:
    """The card, as this manager sees it."""
    sit(stack, page, who, "C0MANAGERS")
    card = page.locator("main .message", has_text=words)
    expect(card).to_contain_text(AMOUNT)
    return card


def say_yes(page: Page, card: Locator) -> None:
    card.locator("[data-action-id=reward_approve]").click()
    page.locator("[data-testid=confirm] [data-action=confirm]").click()


def answer(stack: Stack, cy: Page) -> None:
    """Whoever proposed it knows more, and says so in their messages with the app."""
    asked = messages_with_the_app(stack, cy, "U0CY").filter(has_text=QUESTION).last
    asked.locator("[data-action-id=reward_answer]").click()
    modal = cy.locator("dialog[open]")
    modal.get_by_label("What do you know?").fill(ANSWER)
    modal.locator("[data-action=submit]").click()
    expect(modal).to_have_count(0)


def refused_in_slack_and_hub(stack: Stack, cy: Page, words: str) -> str:
    """Cy is a manager, but proposed it. The address of its page, which offers no yes, and refuses one."""
    card = in_managers(stack, cy, "U0CY", words)
    say_yes(cy, card)
    expect(whispered(cy)).to_contain_text(NOT_YOURS)
    enter_as(stack, cy, "Cy")
    cy.get_by_role("link", name="Rewards", exact=True).click()
    cy.locator("tr", has_text=words).get_by_role("link", name="Ana", exact=True).click()
    expect(cy.locator("main")).to_contain_text(NOT_YOURS)
    expect(cy.get_by_role("button", name=re.compile("Approve|Decline"))).to_have_count(0)
    assert fits(cy)
    token = cy.locator("[name=csrf_token]").first.input_value()
    for version in range(1, 9):  # whichever of them it has
        sent = cy.request.post(f"{cy.url}/approve", form={"csrf_token": token, "version": str(version)})
        assert sent.status == 422
        assert NOT_YOURS in sent.text()
    return cy.url


def paid(page: Page) -> None:
    until(page, lambda: page.get_by_text("has it in their messages.").count() > 0)
    expect(page.locator("main > .badge")).to_have_text("Paid")
    assert fits(page)


def opened(stack: Stack, page: Page, who: str, words: str) -> str:
    """What its receiver reads in their messages leads to a gift, which they use. The link."""
    message = messages_with_the_app(stack, page, who).filter(has_text=f"{AMOUNT} for you.").last
    expect(message).to_contain_text(words)
    expect(message).to_contain_text("Only you see this")
    link = message.get_by_role("link", name="Open your gift").get_attribute("href") or ""
    gift = page.context.new_page()
    gift.goto(link)
    expect(gift.get_by_role("heading", level=1)).to_have_text(
        f"This is a play gift card of {AMOUNT.removesuffix('.00')}"
    )
    gift.get_by_role("button", name="Redeem it").click()
    expect(gift.locator("main")).to_contain_text("It was redeemed on")
    return link


def at_home(page: Page, words: str) -> None:
    """In the app's Home its receiver sees it, why, and how it stands."""
    page.locator("[data-tab=home]").click()
    home = page.locator("main")
    for each in (
        f"{AMOUNT} and 10 points",
        "What you told us shipped, and it helped.",
        words,
        "It is in your messages.",
    ):
        expect(home).to_contain_text(each)


def booked(stack: Stack, page: Page, words: str, name: str) -> None:
    """The hub's pages about money say the same: the queue, the budget, the ledger, and what this person was given."""
    page.goto(f"{stack.url}/rewards?state=over")
    expect(page.locator("tr", has_text=words)).to_contain_text("Paid")
    assert fits(page)
    page.goto(f"{stack.url}/rewards/budgets")
    page.get_by_role("link", name="Mugs and lamps").click()
    main = page.locator("main")
    for each in (f"{LEFT_AFTER} left of {LEFT_FIRST}", f"{AMOUNT} paid", "$0.00 on its way"):
        expect(main).to_contain_text(each)
    assert fits(page)
    page.get_by_role("link", name="Every move of its money").click()
    moves = page.locator("tbody tr", has_text=name)
    expect(moves.locator("th")).to_contain_text(["Paid", "On its way", "Approved"])
    assert fits(page)
    page.goto(f"{stack.url}/rewards?state=over")
    page.locator("tr", has_text=words).get_by_role("link", name="All they were given").click()
    expect(main).to_contain_text(f"{AMOUNT} paid, 10 points")
    assert fits(page)


def enter_as(stack: Stack, page: Page, name: str) -> None:
    """Into the hub by the demo's door, as somebody who does not stand in its first row."""
    page.goto(f"{stack.url}/enter")
    door = page.get_by_label("Somebody else")
    door.select_option(door.locator("option", has_text=re.compile(rf"^{name}\b")).first.get_attribute("value"))
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page).to_have_url(re.compile("/inbox$"))
