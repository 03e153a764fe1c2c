"""Takes the README's pictures, and those of docs/pages, from a running demo, with Debian's Chromium:

    .venv/bin/python docs/pictures.py [HUB [PLAYGROUND]]

The addresses are those that `make demo` prints, unless others are given. Nothing is pressed that tells
anybody anything.
"""

from __future__ import annotations

import base64
import re
import shutil
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect, sync_playwright

HUB, PLAYGROUND = "http://127.0.0.1:8080", "http://127.0.0.1:8090"
FOLDER = Path(__file__).resolve().parent
WIDE, PHONE = (1280, 800), (390, 844)
IT_HELPED = "Shipped, and it helped"
PAGES = FOLDER / "pages"
PIXELS = """async (picture) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const bytes = context.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return [image.width, image.height, btoa(text)];
}"""
"""What the browser makes of a picture: its width, its height, and four bytes for each point."""
LONGEST = {1280: 1800, 390: 2200}
"""By width: of a page that is longer only the beginning is shown."""
CHANGELOG = """# Changelog

## [2.5.0] - 2026-11-20
### Added
- You stay signed in on your phone for thirty days
- The whole list of ingredients stands on every product's page
### Fixed
- A code from the newsletter is taken in small letters, too

## [2.4.1] - 2026-10-02
### Fixed
- Parcels that wait at the depot are shown as such
"""


def main(hub: str = HUB, playground: str = PLAYGROUND) -> None:
    program = shutil.which("chromium")
    if program is None:
        sys.exit("Chromium is not here. On Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        inbox(browser, hub, WIDE, "inbox.png")
        inbox(browser, hub, PHONE, "inbox-phone.png")
        thread(browser, hub, playground, "thread.png")
        for size in (WIDE, PHONE):
            of_the_team(browser, hub, size)
            of_managers(browser, hub, size)
            of_thank_yous(browser, hub, size)
            of_customers(browser, hub, playground, size)
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
    expect(page.locator("#thread")).to_contain_text("You said: better now.")
    expect(page.locator(".message.found")).to_have_count(0)  # it stands out for a moment only
    page.locator("#thread h2").hover()
    hidden = page.locator("#thread .scroller").evaluate("it => it.scrollHeight - it.clientHeight")
    if hidden > 0:
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1] + int(hidden)})
    page.screenshot(path=FOLDER / file)


def of_the_team(browser: Browser, hub: str, size: tuple[int, int]) -> None:
    """As Cy."""
    page = window(browser, size)
    enter(page, hub, "Cy")
    for name, path in {
        "changes": "/changes",
        "proposed": "/changes/proposed",
        "promises": "/promises",
        "loop": "/loop",
        "loop-debt": "/loop/debt",
        "loop-measures": "/loop/measures",
    }.items():
        page.goto(hub + path)
        shoot(page, name, size)
    page.goto(f"{hub}/changes/import")
    page.get_by_label("The changelog").fill(CHANGELOG)
    page.get_by_role("button", name="See what it holds").click()
    shoot(page, "import", size)

    page.goto(f"{hub}/changes/proposed")
    page.get_by_role("button", name="Next: say what changed").first.click()
    shoot(page, "new", size)
    page.get_by_role("button", name="Next: see who will hear").last.click()
    shoot(page, "preview", size)

    follow(page, hub, "/changes", lambda: page.locator("tr", has_text="The pump locks now"))
    shoot(page, "change-told", size)
    follow(page, hub, "/changes", lambda: page.locator("tr", has_text="send empties back"))
    shoot(page, "change-scheduled", size)
    follow(page, hub, "/changes", lambda: page.locator("tr", has_text="The pump locks now"))
    follow(page, page.url, "", lambda: page.locator("tr", has_text="Ana"))
    shoot(page, "idea", size)
    page.get_by_role("link", name="From the message to the answer").click()
    shoot(page, "evidence", size)


def of_managers(browser: Browser, hub: str, size: tuple[int, int]) -> None:
    """As Di."""
    page = window(browser, size)
    enter(page, hub, "Di")
    for name in ("hooks", "trackers", "words", "telling", "loop", "rewards", "tax"):
        page.goto(f"{hub}/settings/{name}")
        shoot(page, f"settings-{name}", size)


def of_thank_yous(browser: Browser, hub: str, size: tuple[int, int]) -> None:
    """As Di: what waits, what it is paid out of, and what was given."""
    page = window(browser, size)
    enter(page, hub, "Di")
    for name, path in {
        "rewards": "/rewards",
        "rewards-budgets": "/rewards/budgets",
        "rewards-ledger": "/rewards/ledger",
        "rewards-codes": "/rewards/codes",
        "rewards-products": "/rewards/products",
        "rewards-reconciliation": "/rewards/reconciliation",
        "rewards-scores": "/rewards/scores",
        "rewards-board": "/rewards/board",
        "rewards-tried": "/rewards/tried",
        "people": "/people",
    }.items():
        page.goto(hub + path)
        shoot(page, name, size)
    page.goto(f"{hub}/members?q=Ana")
    page.get_by_role("link", name="Forget Ana").first.click()
    shoot(page, "member-forget", size)
    page.goto(f"{hub}/rewards/budgets")
    page.get_by_role("link", name="Thank-yous").click()
    shoot(page, "rewards-budget", size)
    page.goto(f"{hub}/rewards")
    page.get_by_role("link", name="By month").click()
    shoot(page, "rewards-month", size)
    page.goto(f"{hub}/rewards?state=paid&q=Ana")
    page.get_by_role("link", name="All they were given").first.click()
    shoot(page, "rewards-member", size)
    for path in links(page, f"{hub}/rewards", "/rewards/[0-9]+$"):
        page.goto(hub + path)
        if page.get_by_role("heading", name="What managers asked").count():
            shoot(page, "reward", size)
            break
    for path in links(page, f"{hub}/themes", "/themes/[0-9]+$"):
        page.goto(f"{hub}{path}/share")
        if page.get_by_role("button", name="Propose the parts").count():
            shoot(page, "theme-share", size)
            break


def of_customers(browser: Browser, hub: str, playground: str, size: tuple[int, int]) -> None:
    """What is said to them in Slack: the thread with the whole life as Ana, the rest as Flo, who wants it weekly."""
    page = window(browser, size)
    enter(page, hub, "Ana")
    link = page.locator("article", has_text=IT_HELPED).get_by_role("link", name="The thread in Slack").first
    channel, ts = re.findall(r"/archives/(\w+)/p(\d+)", link.get_attribute("href") or "")[0]
    page.goto(f"{playground}/?as=U0ANA&channel={channel}&thread={ts[:-6]}.{ts[-6:]}")
    expect(page.locator("#thread")).to_contain_text("You said: better now.")
    grow(page, "#thread .scroller", size)
    shoot(page, "slack-thread", size)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{playground}/?as=U0FLO&home=1")
    expect(page.locator("[data-testid=home]")).to_contain_text("How much I tell you")
    shoot(page, "slack-home", size)
    page.locator("[data-tab=messages]").click()
    expect(page.locator("main .message", has_text="news about what you said or backed")).not_to_have_count(0)
    shoot(page, "slack-digest", size)


def follow(page: Page, start: str, path: str, row: Callable[[], Locator]) -> None:
    """The link in a row of a table."""
    page.goto(start + path)
    row().first.locator("a[href^='/changes/'], a[href^='/ideas/']").first.click()
    page.wait_for_load_state()


def links(page: Page, start: str, pattern: str) -> list[str]:
    """Where the page leads to, of this form, as it stands there."""
    page.goto(start)
    paths = page.locator("main a[href]").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    return [path for path in dict.fromkeys(paths) if re.match(pattern, path)]


def grow(page: Page, scroller: str, size: tuple[int, int]) -> None:
    """The window is made as high as what is in it, so that nothing is out of sight."""
    hidden = page.locator(scroller).evaluate("it => it.scrollHeight - it.clientHeight")
    page.set_viewport_size({"width": size[0], "height": size[1] + int(max(0, hidden))})


def shoot(page: Page, name: str, size: tuple[int, int]) -> None:
    """The whole page, if it is not too long."""
    page.wait_for_load_state()
    width = size[0]
    height = page.evaluate("Math.max(document.documentElement.scrollHeight, innerHeight)")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        print(f"{name} stands out of a window of {width} pixels: it is {wide} wide")
    clip = FloatRect(x=0, y=0, width=width, height=min(height, LONGEST[width]))
    taken = page.screenshot(full_page=True, clip=clip)
    PAGES.mkdir(exist_ok=True)
    (PAGES / f"{name}-{width}.png").write_bytes(with_palette(page.context.browser, taken))


def with_palette(browser: Browser | None, picture: bytes) -> bytes:
    """The same PNG in its 256 most frequent colours, which makes it a third as large: a page has few."""
    assert browser is not None
    canvas = browser.new_page()
    width, height, pixels = canvas.evaluate(PIXELS, base64.b64encode(picture).decode())
    canvas.context.close()
    rgb = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(-1, 4)[:, :3].astype(np.int32)
    _, inverse, counts = np.unique((rgb >> 3) @ (1024, 32, 1), return_inverse=True, return_counts=True)
    mean = np.stack([np.bincount(inverse, rgb[:, each]) / counts for each in range(3)], axis=1)
    palette = mean[np.argsort(-counts, kind="stable")[:256]]
    nearest = np.array([np.argmin(((palette - colour) ** 2).sum(axis=1)) for colour in mean], np.uint8)
    rows = nearest[inverse].reshape(height, width)
    lines = np.hstack([np.zeros((height, 1), np.uint8), rows]).tobytes()
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.round().astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    packed = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def window(browser: Browser, size: tuple[int, int]) -> Page:
    return browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()


def enter(page: Page, hub: str, name: str) -> None:
    page.goto(f"{hub}/enter")
    page.get_by_role("button", name=f"Continue as {name}").click()
    page.wait_for_url(re.compile("/(inbox|me)$"))


if __name__ == "__main__":
    main(*sys.argv[1:])
