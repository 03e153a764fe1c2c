"""The gift service's webhook: one address, one private key, and each attempt to tell of an event.

Nothing promises an order, and nothing is told again by itself: how the real service does that is not written down.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import uuid
from typing import TYPE_CHECKING, Any

import aiohttp

from playground import ids
from playground.faults import Fault
from playground.records import Doc
from playground.tremendous.errors import TremendousError, invalid, not_found
from playground.tremendous.records import Telling, Webhook, moment

if TYPE_CHECKING:
    from playground.site import Site

EVENTS = (
    "ORDERS.CREATED",
    "ORDERS.APPROVED",
    "ORDERS.FAILED",
    "ORDERS.CANCELED",
    "REWARDS.DELIVERY.SUCCEEDED",
    "REWARDS.DELIVERY.FAILED",
    "REWARDS.CANCELED",
)
KEPT = 200
WAIT_SECONDS = 10.0


class Hooks:
    """Where events are told. What was set by the API or on the page is kept; until then the options say."""

    def __init__(self, site: "Site") -> None:
        self._site = site
        self.webhook: Webhook | None = None
        self._tellings: dict[int, Telling] = {}
        self._overtaken = asyncio.Event()
        self._read_store()

    def _read_store(self) -> None:
        """Find what an earlier start left. What it was in the midst of telling it did not finish."""
        kept = dict(self._site.store.all("tremendous_hook"))
        options = self._site.options
        if "hook" in kept:
            self.webhook = Webhook(**kept["hook"]) if kept["hook"] else None
        elif options.payout_hook_url is not None:
            self.webhook = Webhook(ids.new_id("W"), options.payout_hook_url, options.payout_hook_key)
        else:
            self.webhook = None
        found = (Telling(**document) for _, document in self._site.store.all("tremendous_telling"))
        self._tellings = {one.id: one for one in sorted(found, key=lambda one: one.id)}
        for one in self._tellings.values():
            if one.status is None:
                self._ended(one, 0, "the playground stopped")

    def clear(self) -> None:
        """Forget every attempt, and what was set."""
        self._read_store()

    def set(self, body: Any) -> Webhook:
        """Tell another address from now on; there is one at a time. Refuses (400) what is no address."""
        url = body.get("url") if isinstance(body, dict) else None
        key = body.get("private_key") if isinstance(body, dict) else None
        if not isinstance(url, str) or not url.startswith(("http://", "https://")) or any(map(str.isspace, url)):
            raise TremendousError("url is not an address", 400, {"url": "begins with http:// or https://"})
        if key is not None and (not isinstance(key, str) or not key):
            raise TremendousError("private_key is not a text", 400, {"private_key": "is a text"})
        self.webhook = Webhook(ids.new_id("W"), url, key or secrets.token_urlsafe(24))
        self._site.store.put("tremendous_hook", "hook", vars(self.webhook))
        return self.webhook

    def end(self, webhook_id: str) -> None:
        """Tell nobody any more. Refuses (404) what is not there."""
        self.known(webhook_id)
        self.webhook = None
        self._site.store.put("tremendous_hook", "hook", None)

    def known(self, webhook_id: str) -> Webhook:
        """Answer the webhook. Refuses (404) what is not there."""
        if self.webhook is None or self.webhook.id != webhook_id:
            raise not_found()
        return self.webhook

    def simulate(self, body: Any) -> None:
        """Tell of an event that never happened. Refuses (422) what is none."""
        event = body.get("event") if isinstance(body, dict) else None
        if event not in EVENTS:
            raise invalid("event", "is not one that is told")
        self.tell(str(event), str(event).partition(".")[0].lower(), ids.new_id("X"))

    def tell(self, event: str, kind: str, resource_id: str) -> None:
        """Tell the address of an event, in the background. Without an address nothing is told, nor written down."""
        if self.webhook is None:
            return
        number, key = max(self._tellings, default=0) + 1, str(uuid.uuid4())
        at = self._site.clock()
        payload: Doc = {"resource": {"id": resource_id, "type": kind}}
        told = {"event": event, "uuid": key, "created_utc": moment(at), "payload": payload}
        self._start(Telling(number, key, event, json.dumps(told, separators=(",", ":")), at))

    def tell_again(self, telling_id: int) -> None:
        """Send the same once more, under the same uuid. Refuses (404) what is not there."""
        if telling_id not in self._tellings:
            raise not_found()
        old = self._tellings[telling_id]
        self._start(Telling(max(self._tellings) + 1, old.uuid, old.event, old.body, self._site.clock()))

    def recent(self) -> list[Telling]:
        """Answer the attempts, newest first."""
        return list(reversed(self._tellings.values()))

    def _start(self, telling: Telling) -> None:
        """Write an attempt down and send it."""
        self._tellings[telling.id] = telling
        self._keep(telling)
        self._site.deliveries.start(self._send(telling))

    async def _send(self, telling: Telling) -> None:
        """Send it, with the fault that was asked for, and write down what came of it."""
        fault = self._site.faults.take("payout_hook", telling.event)
        if fault is not None and fault.do in {"drop", "error"}:
            self._ended(telling, 0 if fault.do == "drop" else 500, "a fault that was asked for")
            return
        await self._wait(fault)
        status, reason = await self._post(telling)
        if fault is not None and fault.do == "duplicate":
            status, reason = await self._post(telling)
        self._ended(telling, status, reason)

    async def _wait(self, fault: Fault | None) -> None:
        """Hold it back: so many seconds, or until another one has overtaken it."""
        if fault is None or fault.do not in {"delay", "reorder"}:
            return
        if fault.do == "delay":
            await asyncio.sleep(fault.seconds)
            return
        self._overtaken.clear()
        try:
            await asyncio.wait_for(self._overtaken.wait(), fault.seconds)
        except TimeoutError:
            return  # nothing else happened, so it goes out late instead

    async def _post(self, telling: Telling) -> tuple[int, str]:
        """Post it to the address of now; answer the status, and what went wrong."""
        if self.webhook is None:
            return 0, "nobody wants to know any more"
        body = telling.body.encode()
        timeout = aiohttp.ClientTimeout(total=WAIT_SECONDS)
        headers = signed_headers(self.webhook.private_key, body)
        http = self._site.deliveries.http
        try:
            async with http.post(
                self.webhook.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                await answer.read()
        except TimeoutError:
            return 0, f"no answer within {WAIT_SECONDS:g} seconds"
        except (aiohttp.ClientError, OSError, ValueError):
            return 0, "nobody answers there"
        return answer.status, "" if answer.ok else str(answer.reason)

    def _ended(self, telling: Telling, status: int, reason: str) -> None:
        """Write down how it ended; whoever was held back until then may go."""
        telling.status, telling.reason = status, reason
        self._overtaken.set()
        if telling.id in self._tellings:  # not forgotten meanwhile
            self._keep(telling)

    def _keep(self, telling: Telling) -> None:
        """Keep a new or changed attempt, and only so many."""
        self._site.store.put("tremendous_telling", str(telling.id), vars(telling))
        for oldest in list(self._tellings)[:-KEPT]:
            del self._tellings[oldest]
            self._site.store.drop("tremendous_telling", str(oldest))


def signed_headers(key: str, body: bytes) -> dict[str, str]:
    """Answer the headers with which an event is told."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "Tremendous-Webhook-Signature": f"sha256={digest}"}
