"""The tracker's webhook: one address and one secret, and each attempt to tell it of an act.

As GitHub it tries once, waits ten seconds, promises no order, and never tries again by itself.
"""

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from typing import TYPE_CHECKING

import aiohttp

from playground.records import Doc
from playground.tracker.errors import invalid, not_found
from playground.tracker.records import TEAM, Delivery
from playground.tracker.times import moment

if TYPE_CHECKING:
    from playground.site import Site

EVENTS = ("issue_comment", "issues", "milestone", "pull_request", "release")
KEPT = 200
WAIT_SECONDS = 10.0
_ZEN = "Keep it logically awesome."


class Hooks:
    """Where acts are told, and what came of telling. What was set on the page is kept; until then the options say."""

    def __init__(self, site: "Site") -> None:
        self._site = site
        self.url: str | None = None
        self.secret = ""
        self._deliveries: dict[int, Delivery] = {}
        self._read_store()

    def _read_store(self) -> None:
        """Find what an earlier start left. What it was in the midst of telling it did not finish."""
        kept = dict(self._site.store.all("tracker_hook"))
        given = {"url": self._site.options.hook_url, "secret": self._site.options.hook_secret}
        self.url, self.secret = (kept.get("hook", given)[name] for name in ("url", "secret"))
        found = (Delivery(**document) for _, document in self._site.store.all("tracker_delivery"))
        self._deliveries = {one.id: one for one in sorted(found, key=lambda one: one.id)}
        for one in self._deliveries.values():
            if one.status is None:
                self._ended(one, 0, "the playground stopped", 0.0)

    def clear(self) -> None:
        """Forget every delivery, and what was set on the page."""
        self._read_store()

    def set(self, url: str, secret: str | None) -> None:
        """Tell another address from now on, none where it is empty, and greet it; ``secret`` None keeps the one there.

        Refuses what is no address.
        """
        url = url.strip()
        if url and (not url.startswith(("http://", "https://")) or any(one.isspace() for one in url)):
            raise invalid("Hook", "url", "custom", "An address begins with http:// or https://")
        self.url, self.secret = url or None, self.secret if secret is None else secret
        self._site.store.put("tracker_hook", "hook", {"url": self.url, "secret": self.secret})
        if self.url is not None:
            tracker = self._site.tracker
            greeting = {"zen": _ZEN, "hook_id": 1, "hook": tracker.shapes.hook(self.url, EVENTS)}
            who = {"repository": tracker.repository_json(), "sender": tracker.shapes.user(TEAM)}
            self.tell("ping", greeting | who)

    def tell(self, event: str, payload: Doc) -> None:
        """Tell the address of an act, in the background. Without an address nothing is told, nor written down."""
        if self.url is not None:
            body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
            self._start(event, payload.get("action", ""), str(uuid.uuid4()), body)

    def redeliver(self, delivery_id: int) -> Delivery:
        """Send the same once more, under the same GUID; it is signed with the secret of now."""
        old = self.delivery(delivery_id)
        return self._start(old.event, old.action, old.guid, old.body, redelivery=True)

    def recent(self) -> list[Delivery]:
        """Answer the deliveries, newest first."""
        return list(reversed(self._deliveries.values()))

    def delivery(self, delivery_id: int) -> Delivery:
        """Answer one delivery. Refuses what is not there."""
        if delivery_id not in self._deliveries:
            raise not_found()
        return self._deliveries[delivery_id]

    def _start(self, event: str, action: str, guid: str, body: str, *, redelivery: bool = False) -> Delivery:
        """Write a delivery down and send it, with the fault that was asked for."""
        number = max(self._deliveries, default=0) + 1
        made = Delivery(number, guid, event, action, body, moment(self._site.clock()), redelivery)
        self._deliveries[number] = made
        self._keep(made)
        self._site.deliveries.start(self._send(made))
        return made

    async def _send(self, delivery: Delivery) -> None:
        """Send it once and write down what came of it."""
        fault = self._site.faults.take("hook", delivery.event, f"{delivery.event}.{delivery.action}")
        do = fault.do if fault else ""
        if fault is not None and do == "delay":
            await asyncio.sleep(fault.seconds)
        if fault is not None and do in {"drop", "cut", "error"}:
            status = (fault.error if isinstance(fault.error, int) else 500) if do == "error" else 0
            self._ended(delivery, status, "a fault that was asked for", 0.0)
            return
        began = time.monotonic()
        status, reason = await self._post(delivery)
        if do == "duplicate":
            status, reason = await self._post(delivery)
        self._ended(delivery, status, reason, time.monotonic() - began)

    async def _post(self, delivery: Delivery) -> tuple[int, str]:
        """Post it to the address of now; answer the status, and what went wrong."""
        body = delivery.body.encode()
        headers = signed_headers(self.secret, body, event=delivery.event, guid=delivery.guid)
        timeout = aiohttp.ClientTimeout(total=WAIT_SECONDS)
        http = self._site.deliveries.http
        try:
            async with http.post(
                self.url or "", data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                await answer.read()
        except TimeoutError:
            return 0, f"no answer within {WAIT_SECONDS:g} seconds"
        except (aiohttp.ClientError, OSError, ValueError):
            return 0, "nobody answers there"
        return answer.status, "" if answer.ok else str(answer.reason)

    def _ended(self, delivery: Delivery, status: int, reason: str, seconds: float) -> None:
        """Write down how it ended."""
        delivery.status, delivery.reason, delivery.seconds = status, reason, round(seconds, 2)
        if delivery.id in self._deliveries:  # not forgotten meanwhile
            self._keep(delivery)

    def _keep(self, delivery: Delivery) -> None:
        """Keep a new or changed delivery, and only so many."""
        self._site.store.put("tracker_delivery", str(delivery.id), vars(delivery))
        for oldest in list(self._deliveries)[:-KEPT]:
            del self._deliveries[oldest]
            self._site.store.drop("tracker_delivery", str(oldest))


def signed_headers(secret: str, body: bytes, *, event: str, guid: str) -> dict[str, str]:
    """Answer the headers of a delivery. Without a secret it has no signature, as at GitHub."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/playground",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": guid,
        "X-GitHub-Hook-ID": "1",
        "X-GitHub-Hook-Installation-Target-ID": "1",
        "X-GitHub-Hook-Installation-Target-Type": "repository",
    }
    if secret:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers["X-Hub-Signature-256"] = f"sha256={digest}"
    return headers
