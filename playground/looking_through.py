"""What the story's team does in the hub about the talk that nobody kept, and about new ideas: as forms are sent."""

import html
import re
from collections.abc import Mapping

from playground.browser import Browser

_WAITING = re.compile(r'<blockquote class="whole">(.*?)</blockquote>.*?action="/review/(\d+)/keep"', re.DOTALL)
_UNSEEN = re.compile(r'action="(/ideas/\d+/seen)[^"]*"')
KINDS = ("idea", "problem")


def look_through(browser: Browser, kinds: Mapping[str, str]) -> int:
    """Says of each message on the first page of the queue what it is. `kinds`: what people meant, by the words; what
    is not among them waits for somebody else. Returns how many were decided about."""
    decided = 0
    for words, judgement_id in _WAITING.findall(browser.get("/review")):
        kind = kinds.get(html.unescape(words).strip())
        if kind in KINDS:
            browser.send(f"/review/{judgement_id}/keep", [("kind", kind)], form_at="/review")
        elif kind is not None:
            browser.send(f"/review/{judgement_id}/nothing", [], form_at="/review")
        decided += kind is not None
    return decided


def mark_as_seen(browser: Browser, most: int) -> None:
    """Ideas of the inbox stay in the themes that they were put into: the last of its first page, above which stands
    what came back and waits for somebody to think."""
    for path in list(dict.fromkeys(_UNSEEN.findall(browser.get("/inbox"))))[-most:]:
        browser.send(path, [], form_at="/inbox")
