"""The loop in the browser, as the people in it see and press it: the playground's pages and the hub's."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from feedback import changes
from models import Idea, Member, Message, Notice
from tests.browser import PATIENCE_SECONDS, Seats, open_chromium, open_seats
from tests.conftest import give_by, make_sqlite
from tests.stack import Stack, open_stack

RETRIES = (0.5, 2.0, 5.0)
NEWS = "It is here."
LINKS = re.compile(r'href="(/[^"#]*)"')

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def stack(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One for all tests here, because its start takes as long as a test. Each test speaks of its own ideas."""
    folder = tmp_path_factory.mktemp("browser")
    with open_stack(make_sqlite(folder), folder, retry_after_seconds=RETRIES) as found:
        yield found


@pytest.fixture
def seats(chromium: Browser) -> Iterator[Seats]:
    with open_seats(chromium) as found:
        yield found


def test_one_message_goes_all_the_way_round(stack: Stack, seats: Seats) -> None:
    ana, bo, flo, cy, di = (seats.take() for _ in range(5))
    words = "The zip of the travel case sticks"
    pay_by_hand(stack, False)

    sit(stack, ana, "U0ANA", "C0IDEAS")
    ts = write(ana, words)
    sit(stack, bo, "U0BO", "C0IDEAS")
    keep(bo, ts)
    expect(whispered(bo)).to_contain_text("Kept.")

    ana.locator(f'main [data-ts="{ts}"] [data-testid=replies]').click()
    receipt = in_thread(ana, "kept this as an idea")
    expect(receipt).to_contain_text(words)
    sit(stack, flo, "U0FLO", "C0IDEAS", thread=ts)
    in_thread(flo, "kept this as an idea").locator("[data-action-id=idea_vote]").click()
    expect(whispered(flo)).to_contain_text("Your vote counts.")
    expect(receipt.locator("[data-action-id=idea_vote]")).to_have_text("Vote · 1")

    enter(stack, cy, "Cy")
    cy.locator("article.idea", has_text=words).get_by_role("link", name=words).click()
    change_url = ship(cy, theme="Travel case", said="The zip is a new one.", people=2)

    notice = in_thread(ana, NEWS)
    for part in ("@Ana, on", "you wrote:", words, "The zip is a new one."):
        expect(notice).to_contain_text(part)
    notice.locator("[data-action-id=loop_better]").click()
    expect(notice).to_contain_text("You said: better now.")
    expect(notice.locator("[data-action-id=loop_better]")).to_have_count(0)
    stack.try_out()

    sit(stack, di, "U0DI", "C0MANAGERS")
    card = di.locator("main .message", has_text=words)
    card.locator("[data-action-id=reward_approve]").click()
    di.locator("[data-testid=confirm] [data-action=confirm]").click()
    expect(card).to_contain_text("Approved and paid, by Di")
    gift = read_gift(ana, words)
    assert [order["link"] for order in stack.client.orders()] == [gift]

    di = enter_from_slack(di)
    di.goto(f"{stack.url}/rewards?state=over")
    di.locator("tr", has_text=words).get_by_role("link", name="Ana").click()
    expect(di.locator("main > .badge")).to_have_text("Paid")
    expect(di.locator(".note")).to_contain_text("Ana has it in their messages.")
    ana.locator("[data-tab=home]").click()
    expect(ana.locator("main")).to_contain_text("shipped, and it helped")
    cy.goto(change_url)
    expect(cy.locator("tr", has_text="Ana")).to_contain_text("Better now")
    enter(stack, ana, "Ana")
    expect(ana.locator("main")).to_contain_text("Shipped, and it helped")
    for reader in (ana, cy, di):
        pages = every_page(reader)
        assert [address for address, text in pages.items() if words in text]
        assert [address for address, text in pages.items() if gift in text] == []


def test_the_team_works_on_a_phone(stack: Stack, seats: Seats) -> None:
    cy = seats.take(width=390, height=844)
    words = "Show the ingredients on https://shop.example/" + "ingredients-" * 12
    captured(stack, "U0ANA", words)

    enter(stack, cy, "Cy")
    assert fits(cy)
    idea = cy.locator("article.idea", has_text=words)
    idea.get_by_role("button", name="Seen").click()
    expect(cy.get_by_role("status")).to_have_text("Marked as seen.")
    idea.locator("blockquote a").click()
    expect(cy).to_have_url(re.compile(r"/ideas/\d+$"))
    assert fits(cy)
    cy.locator("summary", has_text="Plan").click()
    cy.get_by_label("What do you want to tell them?").fill("We are asking the lab for them.")
    assert fits(cy)
    cy.get_by_role("button", name="Plan it and tell them").click()
    expect(cy.locator("article.idea .badge")).to_have_text("Planned")
    ship(cy, theme="Ingredients", said="The whole list is on each product's page.", people=1)
    expect(cy.locator("tr", has_text="Ana")).not_to_contain_text("Waiting to be told")


def test_what_a_customer_gets_wrong_is_said_where_they_did_it(stack: Stack, seats: Seats) -> None:
    ana, flo = seats.take(), seats.take()
    ts = told_of_a_change(stack, "U0ANA", "The belt clip is too wide")

    sit(stack, flo, "U0FLO", "C0GENERAL")
    say(flo, "/idea")
    modal = flo.locator("dialog[open]")
    send, wrong = modal.locator("[data-action=submit]"), modal.locator(".field-error:visible")
    send.click()
    expect(wrong).to_have_text("Please complete this required field.")
    modal.get_by_label("What would make things better?").fill("   ")
    modal.get_by_label("Why does it matter to you?").fill("I run a lot")
    send.click()
    expect(wrong).to_have_text("Write a sentence about it.")
    expect(modal.get_by_label("Why does it matter to you?")).to_have_value("I run a lot")
    modal.get_by_label("What would make things better?").fill("A clip for the belt")
    send.click()
    expect(modal).to_have_count(0)

    sit(stack, flo, "U0FLO", "C0IDEAS", thread=ts)
    sit(stack, ana, "U0ANA", "C0IDEAS", thread=ts)
    in_thread(flo, NEWS).locator("[data-action-id=loop_better]").click()
    expect(whispered(flo)).to_contain_text("That question is for Ana.")
    notice = in_thread(ana, NEWS)
    notice.locator("[data-action-id=loop_not_yet]").click()
    modal = ana.locator("dialog[open]")
    modal.get_by_label("What is still missing?").fill("   ")
    modal.locator("[data-action=submit]").click()
    expect(modal.locator(".field-error:visible")).to_have_text("Tell us in a sentence what is still missing.")
    modal.get_by_label("What is still missing?").fill("It slips off when I run.")
    modal.locator("[data-action=submit]").click()
    expect(notice).to_contain_text("You said: not yet. “It slips off when I run.” The idea is open again.")
    expect(whispered(ana)).to_have_count(0)
    expect(whispered(flo)).to_have_count(1)


def test_what_the_team_gets_wrong_is_said_under_the_field(stack: Stack, seats: Seats) -> None:
    cy, di = seats.take(), seats.take()
    pay_by_hand(stack, True)
    words = "The refill arrives without a funnel"
    ts = told_of_a_change(stack, "U0GUS", words)
    captured(stack, "U0FLO", "The box cannot be folded flat")

    enter(stack, cy, "Cy")
    idea = cy.locator("article.idea", has_text="The box cannot be folded flat")
    idea.locator("summary", has_text="Decline").click()
    idea.get_by_label("Why not?").select_option("Too few people need it")
    sentence = idea.get_by_label("In a sentence")
    sentence.fill("   ")
    idea.get_by_role("button", name="Decline and tell them").click()
    expect(idea.locator("small.wrong")).to_have_text("Say why in a sentence. People will read it.")
    expect(idea.get_by_label("Why not?")).to_have_value("few")
    expect(sentence).to_be_focused()
    idea.get_by_role("link", name="We shipped it").click()
    cy.get_by_label("What changed?").fill("It folds flat now.")
    cy.get_by_label("Where can they see it?").fill("the shop")
    cy.get_by_role("button", name="Next: see who will hear").click()
    expect(cy.locator("small.wrong")).to_have_text(re.compile("A link begins with https://"))
    expect(cy.get_by_label("What changed?")).to_have_value("It folds flat now.")
    expect(cy.get_by_label("Where can they see it?")).to_have_value("the shop")
    expect(cy.get_by_role("checkbox", name="The box cannot be folded flat")).to_be_checked()

    notice = stack.client.thread("#ideas", ts)[-1]
    stack.client.as_("U0GUS").click("loop_better", channel="#ideas", ts=notice["ts"])
    stack.try_out()
    sit(stack, di, "U0DI", "C0MANAGERS")
    card = di.locator("main .message", has_text=words)
    card.locator("[data-action-id=reward_approve]").click()
    modal = di.locator("dialog[open]")
    modal.get_by_label("Code or link").fill("two words")
    modal.locator("[data-action=submit]").click()
    expect(modal.locator(".field-error:visible")).to_have_text("One code or link, without spaces.")
    modal.locator("[data-action=close]").click()
    enter(stack, di, "Di")
    di.get_by_role("link", name="Rewards", exact=True).click()
    di.locator("tr", has_text=words).get_by_role("link", name="Gus").click()
    di.get_by_label("Code or link").fill("two words")
    di.get_by_role("button", name="Approve $25.00").click()
    expect(di.locator("small.wrong")).to_have_text("One code or link, without spaces.")
    di.get_by_label("Code or link").fill("THANKS-GUS")
    di.get_by_role("button", name="Approve $25.00").click()
    expect(di.locator("main > .badge")).to_have_text("Paid")
    assert "THANKS-GUS" not in di.content()


def sit(stack: Stack, page: Page, who: str, channel: str, *, thread: str = "") -> None:
    """In front of the playground as `who`."""
    page.goto(f"{stack.client.url}/?as={who}&channel={channel}" + (f"&thread={thread}" if thread else ""))


def say(page: Page, text: str) -> None:
    box = page.locator("main [data-testid=composer] textarea")
    box.fill(text)
    box.press("Enter")


def write(page: Page, text: str) -> str:
    """Into the channel that is open. The message's ts."""
    say(page, text)
    return page.locator("main .message", has_text=text).get_attribute("data-ts") or ""


def keep(page: Page, ts: str) -> None:
    """With the shortcut in the message's menu."""
    message = page.locator(f'main [data-ts="{ts}"]')
    message.hover()
    message.locator("[data-testid=message-menu-button]").click()
    page.locator("[data-testid=message-menu] [data-action-id=capture_feedback]").click()


def whispered(page: Page) -> Locator:
    """What the app says to this person alone."""
    return page.locator(".message.ephemeral")


def in_thread(page: Page, text: str) -> Locator:
    """The app's message in the thread that is open."""
    return page.locator("#thread .message", has_text=text)


def enter(stack: Stack, page: Page, name: str) -> None:
    """Into the hub, by the demo's door."""
    page.goto(f"{stack.url}/enter")
    page.get_by_role("button", name=f"Continue as {name}").click()
    expect(page).to_have_url(re.compile("/(inbox|me)$"))


def enter_from_slack(page: Page) -> Page:
    """Into the hub as outside the demo, by the link in the app's Home. It opens in a window of its own."""
    page.locator("#sidebar .side-row", has_text="Roundtrip").click()
    page.locator("[data-testid=home] [data-action-id=hub_open]").click()
    with page.context.expect_page() as opened:
        page.locator("dialog[open] [data-action-id=hub_link]").click()
    expect(page.locator("dialog[open]")).to_contain_text("You used this link")
    page.locator("dialog[open] [data-action=close]").click()
    hub = opened.value
    hub.get_by_role("button", name="Continue").click()
    expect(hub).to_have_url(re.compile("/inbox$"))
    return hub


def ship(page: Page, *, theme: str, said: str, people: int) -> str:
    """From the page of an idea over its theme, which gets a name, to the form. The address of the change."""
    pill = page.locator("article.idea a.pill")
    until(page, pill.is_visible)  # it is grouped in the background
    pill.click()
    expect(page).to_have_url(re.compile(r"/themes/\d+$"))
    assert fits(page)
    page.locator("summary", has_text="Rename").click()
    name = page.get_by_label("What should it be called?")
    name.fill(theme)
    assert fits(page)
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("status")).to_have_text("Renamed.")
    expect(page.get_by_role("heading", level=1)).to_have_text(theme)
    page.get_by_role("link", name="We shipped it").click()
    expect(page.get_by_role("checkbox", name=f"{theme} 1 idea waits")).to_be_checked()
    assert fits(page)
    page.get_by_label("What changed?").fill(said)
    page.get_by_role("button", name="Next: see who will hear").click()
    hearers = "1 person" if people == 1 else f"{people} people"
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{hearers} will hear this")
    expect(page.locator("tbody tr")).to_have_count(people)
    assert fits(page)
    page.get_by_role("button", name=f"Tell {hearers}").click()
    expect(page.locator(".said")).to_have_text("Everyone behind it is being told.")
    until(page, lambda: page.get_by_text("Waiting to be told").count() == 0)
    assert fits(page)
    return page.url


def fits(page: Page) -> bool:
    """Nothing stands out of the window to the right. Without its style a page looks otherwise, so that comes first."""
    page.wait_for_load_state()
    size = page.viewport_size
    return size is not None and page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def until(page: Page, look: Callable[[], bool]) -> None:
    """Loads a page of the hub again, as people do, until it shows what was done in the background."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        assert time.monotonic() < deadline, page.locator("main").inner_text()
        page.reload()


def read_gift(page: Page, words: str) -> str:
    """In one's messages with the app. The link."""
    page.locator("#sidebar .side-row[data-unread]", has_text="Roundtrip").click()
    message = page.locator("main .message", has_text=words).last
    expect(message).to_contain_text("Thank you. What you told us shipped, and it helped. $25.00 for you.")
    return message.get_by_role("link", name="Open your gift").get_attribute("href") or ""


def every_page(page: Page) -> dict[str, str]:
    """What this person's browser gets from each address of the hub that its pages lead to."""
    found: dict[str, str] = {}
    origin = re.match("https?://[^/]+", page.url)
    assert origin
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address not in found and not address.startswith("/static/"):
            found[address] = page.request.get(origin[0] + address).text()
            waiting += LINKS.findall(found[address])
    return found


def pay_by_hand(stack: Stack, by_hand: bool) -> None:
    with stack.hub.transaction() as tx:
        give_by(tx, "manual" if by_hand else "tremendous")


def captured(stack: Stack, who: str, words: str) -> str:
    """Somebody's message that Bo kept. Its ts."""
    ts = stack.client.as_(who).post("#ideas", words)
    stack.client.as_("U0BO").shortcut("capture_feedback", channel="#ideas", ts=ts)
    return ts


def told_of_a_change(stack: Stack, who: str, words: str) -> str:
    """Somebody's message, and the question below it whether what shipped helped. The message's ts."""
    ts = captured(stack, who, words)
    with stack.hub.transaction() as tx:
        idea = tx.scalars(select(Idea).join(Message).where(Message.ts == ts)).one()
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        change = changes.ship(tx, by=cy, summary="There is a new one.", idea_ids=[idea.id], now=stack.hub.clock())
        change_id = change.id

    def told() -> bool:
        with stack.hub.reading() as tx:
            return all(notice.told_at for notice in tx.scalars(select(Notice).where(Notice.change_id == change_id)))

    stack.wait_for(told, PATIENCE_SECONDS, "everybody told")
    return ts
