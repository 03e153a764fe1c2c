"""Takes the README's pictures from a running demo, with Debian's Chromium:

    .venv/bin/python docs/pictures.py [HUB [PLAYGROUND]]

The addresses are those that `make demo` prints, unless others are given.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect, sync_playwright

HUB, PLAYGROUND = "http://127.0.0.1:8080", "http://127.0.0.1:8090"
FOLDER = Path(__file__).resolve().parent
WIDE, PHONE = (1280, 800), (390, 844)
IT_HELPED = "Shipped, and it helped"


def main(hub: str = HUB, playground: str = PLAYGROUND) -> None:
    program = shutil.which("chromium")
    if program is None:
        sys.exit("Chromium is not here. On Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        inbox(browser, hub, WIDE, "inbox.png")
        inbox(browser, hub, PHONE, "inbox-phone.png")
        thread(browser, hub, playground, "thread.png")
        browser.close()


def inbox(browser: Browser, hub: str, size: tuple[int, int], file: str) -> None:
    """As Cy, who sorts it, finds it in the morning."""
    page = window(browser, size)
    enter(page, hub, "Cy")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    page.screenshot(path=FOLDER / file)


def thread(browser: Browser, hub: str, playground: str, file: str) -> None:
    """Ana's message that went all the way round, with the channel that it stands in. The window is made as high as the
    thread is, so that nothing of it is out of sight."""
    page = window(browser, WIDE)
    enter(page, hub, "Ana")
    link = page.locator("article", has_text=IT_HELPED).get_by_role("link", name="The thread in Slack").first
    path = urlsplit(link.get_attribute("href") or "").path
    page.goto(f"{playground}{path}?as=U0ANA")
    message = page.locator("main .message.found")
    message.locator("[data-testid=replies]").click()
    last = page.locator("#thread .message").last
    expect(last).to_contain_text("You said: better now.")
    expect(page.locator(".message.found")).to_have_count(0)  # it stands out for a moment only
    page.locator("#thread h2").hover()
    hidden = page.locator("#thread .scroller").evaluate("it => it.scrollHeight - it.clientHeight")
    if hidden > 0:
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1] + int(hidden)})
    page.screenshot(path=FOLDER / file)


def window(browser: Browser, size: tuple[int, int]) -> Page:
    return browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()


def enter(page: Page, hub: str, name: str) -> None:
    page.goto(f"{hub}/enter")
    page.get_by_role("button", name=f"Continue as {name}").click()
    page.wait_for_url(re.compile("/(inbox|me)$"))


if __name__ == "__main__":
    main(*sys.argv[1:])
