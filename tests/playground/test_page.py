"""The playground's page in Chromium: what people are called on it, and where they can write."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from slack_sdk import WebClient

from playground.client import Client
from playground.server import Options, Playground
from tests.browser import Seats, open_chromium, open_seats

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def seats(chromium: Browser) -> Iterator[Seats]:
    with open_seats(chromium) as found:
        yield found


def test_people_are_called_what_they_chose_and_their_real_name_is_behind_it(
    playground: Playground, client: Client, seats: Seats
) -> None:
    ts = client.as_("U0ANA").post("#ideas", "Ask @bo about it")
    client.as_("U0BO").react("#ideas", ts, "bulb")
    page = seats.take()
    page.goto(f"{playground.url}/?as=U0CY&channel=C0IDEAS")
    said = page.locator(f'[data-ts="{ts}"]')
    expect(said.locator(".author")).to_have_text("Ana")
    expect(said.locator(".author")).to_have_attribute("title", "Ana Ferreira")
    expect(said.locator(".avatar")).to_have_text("AF")
    expect(said.locator(".mention")).to_have_text("@Bo")
    expect(said.locator(".mention")).to_have_attribute("title", "Bo Lindqvist")
    expect(said.locator(".reaction").first).to_have_attribute("title", "Bo reacted with :bulb:")

    page.get_by_test_id("act-as").click()
    row = page.locator('.picker-row[data-value="U0DI"]')
    expect(row).to_have_text(re.compile(r"Di\s*Di Marchetti · @di · owner · Community manager"))
    page.keyboard.press("Escape")
    page.locator("main textarea").fill("@ferr")  # a real name is found too
    expect(page.locator(".offers .picker-row")).to_have_text(re.compile(r"Ana\s*Ana Ferreira · @ana"))


def test_nobody_is_offered_to_write_where_the_app_takes_no_messages(seats: Seats) -> None:
    """As our own manifest has it. It says so instead of refusing what somebody has written already."""
    with Playground(Options(port=0)) as playground:
        slack = WebClient(token="xoxb-playground", base_url=f"{playground.url}/api/")
        dm = slack.conversations_open(users="U0ANA")["channel"]["id"]
        said = slack.chat_postMessage(channel=dm, text="Kept.")["ts"]
        page = seats.take()
        page.goto(f"{playground.url}/?as=U0ANA&channel={dm}&thread={said}")
        expect(page.locator("main .barred")).to_have_text("Sending messages to this app has been turned off.")
        expect(page.locator("aside [data-ts]")).to_contain_text("Kept.")
        assert page.locator("textarea").count() == 0
        page.goto(f"{playground.url}/?as=U0ANA&channel=C0IDEAS")
        expect(page.locator("main textarea")).to_be_visible()


def test_what_is_on_this_machine_is_reached_where_the_browser_found_the_playground(seats: Seats) -> None:
    """From another machine 127.0.0.1 would be that machine itself."""
    with Playground(Options(host="0.0.0.0", port=0)) as playground:
        slack = WebClient(token="xoxb-playground", base_url=f"{playground.url}/api/")
        channel = slack.conversations_open(users="U0ANA")["channel"]["id"]
        url = "http://127.0.0.1:8080/enter/key"
        button = {"type": "button", "text": {"type": "plain_text", "text": "Open the hub"}, "url": url}
        elsewhere = "See <https://127.0.0.1.example/a|a page>."
        slack.chat_postMessage(
            channel=channel,
            text="The hub",
            blocks=[
                {"type": "section", "text": {"type": "mrkdwn", "text": elsewhere}},
                {"type": "actions", "elements": [button]},
            ],
        )
        for own, reached in (("127.0.0.1", "127.0.0.1"), ("127.0.0.2", "127.0.0.2"), ("localhost", "127.0.0.1")):
            page = seats.take()
            page.goto(f"{playground.url.replace('127.0.0.1', own)}/?as=U0ANA&channel={channel}")
            link = page.get_by_role("link", name="Open the hub")
            expect(link).to_have_attribute("href", f"http://{reached}:8080/enter/key")
            linked = page.get_by_role("link", name="a page")
            expect(linked).to_have_attribute("href", "https://127.0.0.1.example/a")


def test_those_who_have_a_part_come_before_the_crowd(playground: Playground, client: Client, seats: Seats) -> None:
    client.add_user(name="aaron", real_name="Aaron A.")
    page = seats.take()
    page.goto(f"{playground.url}/?as=U0ANA")
    expect(page.get_by_test_id("act-as")).to_contain_text("Ana")  # the people are there by then
    page.get_by_test_id("act-as").click()
    expect(page.locator(".picker-list")).to_have_text(
        re.compile(r"The cast.*Ana.*Gus.*Everybody else.*Aaron", re.DOTALL)
    )


def test_days_are_counted_as_people_count_them(playground: Playground, client: Client, seats: Seats) -> None:
    """A day and a half ago was yesterday, or the day before: the calendar decides, not the hours."""
    page = seats.take()
    page.clock.set_fixed_time("2026-11-21T15:00:00Z")
    page.goto(f"{playground.url}/?as=U0ANA")
    moments = {
        "2026-11-20T02:00:00Z": "yesterday",
        "2026-11-19T23:00:00Z": "2 days ago",
        "2026-11-21T03:00:00Z": "12 h",
    }
    for moment, words in moments.items():
        shown = page.evaluate(
            "async (moment) => (await import('/page/times.js')).agoWords(Date.parse(moment) / 1000)", moment
        )
        assert shown.startswith(words), (moment, shown)
