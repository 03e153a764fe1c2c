"""Everything on its way to the app: acknowledgement within 3 s, redelivery on schedule, faults, the log.

Deliveries run side by side and never hold up the Web API. Nothing promises their order.
"""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp

from playground.delivery.attempts import Outcome, Parcel, over_http
from playground.faults import Fault

if TYPE_CHECKING:
    from playground.site import Site

AT_ONCE = 32
ResultT = TypeVar("ResultT")


class Deliveries:
    """Carries parcels to the app: over a connected socket, else by HTTP to ``request_url``."""

    def __init__(self, site: "Site") -> None:
        self._site = site
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._overtaken = asyncio.Event()
        self._http: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the connections to the app; they stay open between deliveries."""
        # Idle connections are given up before the usual servers close them, or a post would meet a closed one.
        connector = aiohttp.TCPConnector(limit=AT_ONCE * 2, keepalive_timeout=1.5)
        self._http = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Give up what is under way and close the connections."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    @property
    def pending(self) -> int:
        """Count what is being delivered, waits for redelivery, or is held back by a fault."""
        return len(self._under_way)

    async def quiet(self, seconds: float) -> bool:
        """Wait until nothing is pending, at most so long; say whether that came true."""
        end = time.monotonic() + seconds
        while self._under_way and (left := end - time.monotonic()) > 0:
            await asyncio.wait(self._under_way, timeout=left)
            await asyncio.sleep(0)
        return not self.pending

    def start(self, work: Coroutine[Any, Any, ResultT]) -> "asyncio.Task[ResultT]":
        """Run something in the background, and know that it runs."""
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """Forget a delivery that ended; one that broke is a fault of the playground's own and is shown as such."""
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "a delivery broke", "exception": error, "task": task}
            )

    @property
    def http(self) -> aiohttp.ClientSession:
        """Answer the connections. They are there as long as the server serves."""
        assert self._http is not None
        return self._http

    # events

    def send_event(self, parcel: Parcel) -> None:
        """Deliver an event in the background, again and again as Slack would."""
        fault = self._site.faults.take("event", parcel.name, str(parcel.payload["event"].get("subtype")))
        self.start(self._with_fault(parcel, fault))
        if fault is None or fault.do != "reorder":
            self._overtaken.set()
            self._overtaken = asyncio.Event()

    async def _with_fault(self, parcel: Parcel, fault: Fault | None) -> None:
        """Deliver an event, or not, as the fault says."""
        if fault is None:
            await self._until_taken(parcel)
        elif fault.do == "drop":
            self._log(parcel, 0, Outcome(0, reason="dropped"), 0.0)
        elif fault.do == "delay":
            await asyncio.sleep(fault.seconds)
            await self._until_taken(parcel)
        elif fault.do == "reorder":
            await self._behind_the_next(fault.seconds)
            await self._until_taken(parcel)
        elif fault.do == "duplicate":
            await asyncio.gather(self._until_taken(parcel), self._until_taken(parcel))
        else:
            failed = Outcome(0, reason="connection_failed") if fault.do == "cut" else Outcome(500, reason="http_error")
            self._log(parcel, 0, failed, 0.0)
            await self._until_taken(parcel, failed=failed)

    async def _behind_the_next(self, seconds: float) -> None:
        """Wait until another event has been sent, and a moment more; at most ``seconds`` if none comes."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._overtaken.wait(), seconds)
            await asyncio.sleep(0.05)

    async def _until_taken(self, parcel: Parcel, failed: Outcome | None = None) -> None:
        """Deliver, then redeliver on schedule until the app takes it, forbids it, or the schedule ends.

        ``failed`` is a first attempt that has already gone wrong.
        """
        outcome = failed or await self._in_turn(parcel)
        for number, wait_seconds in enumerate(self._site.settings.retry_after_seconds, start=1):
            if outcome.ok or outcome.no_retry or outcome.reason == "no_receiver":
                return
            await asyncio.sleep(wait_seconds)
            outcome = await self._in_turn(parcel, retry=(number, outcome.reason or ""))

    async def _in_turn(self, parcel: Parcel, retry: tuple[int, str] | None = None) -> Outcome:
        """Try once, when fewer than AT_ONCE events are on their way. What people do does not wait in this queue."""
        async with self._slots:
            return await self._attempt(parcel, retry)

    # single attempts

    async def interact(self, parcel: Parcel, *names: str) -> Outcome:
        """Hand the app what a person did and answer what came of it. It is not repeated: the person sees the error."""
        return await self.start(self._interact(parcel, self._site.faults.take("interaction", parcel.name, *names)))

    async def once(self, parcel: Parcel) -> Outcome:
        """Deliver something once, whatever comes of it."""
        return await self.start(self._attempt(parcel))

    async def _interact(self, parcel: Parcel, fault: Fault | None) -> Outcome:
        """Hand an interaction over, or not, as the fault says."""
        if fault is None:
            return await self._attempt(parcel)
        if fault.do == "delay":
            await asyncio.sleep(fault.seconds)
            return await self._attempt(parcel)
        lost = Outcome(500, reason="http_error") if fault.do == "error" else Outcome(0, reason="connection_failed")
        self._log(parcel, 0, lost, 0.0)
        return lost

    async def _attempt(self, parcel: Parcel, retry: tuple[int, str] | None = None) -> Outcome:
        """Try once, over a socket if one is connected; answer and log the outcome."""
        began = time.monotonic()
        outcome = await self._carry(parcel, retry)
        self._log(parcel, retry[0] if retry else 0, outcome, time.monotonic() - began)
        return outcome

    async def _carry(self, parcel: Parcel, retry: tuple[int, str] | None) -> Outcome:
        """Choose the way and go it once."""
        site = self._site
        seconds = site.settings.ack_timeout_seconds
        url = site.settings.request_url
        if site.sockets.connected or (url is None and site.sockets.known and await site.sockets.come_back(seconds)):
            return await site.sockets.carry(parcel, seconds=seconds, retry=retry)
        if url is None or self._http is None:
            # An app that was here once gets its redeliveries; where there never was one nobody waits for it.
            return Outcome(0, reason="connection_failed" if site.sockets.known else "no_receiver")
        secret = site.options.signing_secret
        return await over_http(self._http, url, parcel, secret=secret, seconds=seconds, retry=retry)

    def _log(self, parcel: Parcel, retry: int, outcome: Outcome, seconds: float) -> None:
        """Write an attempt down."""
        self._site.logs.delivered(
            kind=parcel.kind,
            name=parcel.name,
            event_id=parcel.event_id,
            retry=retry,
            status=outcome.status,
            seconds=seconds,
            at=self._site.clock(),
            body=parcel.payload,
            error=outcome.reason,
        )
