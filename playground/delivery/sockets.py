"""Socket Mode: the app connects to us, and takes its payloads from a WebSocket."""

import asyncio
import json
import secrets
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from playground import ids
from playground.delivery.attempts import Outcome, Parcel
from playground.errors import SlackError

if TYPE_CHECKING:
    from playground.site import Site

MOST_CONNECTIONS = 10
LEAVING_SECONDS = 10.0  # how long a connection may stay that was told to come back anew
_TYPES = {"event": "events_api", "interaction": "interactive", "command": "slash_commands"}


class Sockets:
    """The app's WebSocket connections. Any of them may get any payload; they take turns."""

    def __init__(self, site: "Site") -> None:
        self._site = site
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._leaving: list[web.WebSocketResponse] = []
        self._cutting: set[asyncio.Task[bool]] = set()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._turn = 0
        self._arrival = asyncio.Event()
        self.known = False

    @property
    def connected(self) -> bool:
        """Say whether the app is connected."""
        return bool(self._open)

    def __len__(self) -> int:
        return len(self._open)

    async def come_back(self, seconds: float) -> bool:
        """Wait for an app that was connected before to connect again; say whether it did in time."""
        self._arrival.clear()
        try:
            await asyncio.wait_for(self._arrival.wait(), seconds)
        except TimeoutError:
            return False
        return self.connected

    def ticket_url(self) -> str:
        """Answer a new address to connect to; it works once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return f"{self._site.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={ids.APP_ID}"

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise SlackError("invalid_ticket", status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=10.0)
        await socket.prepare(request)
        if len(self._open) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await socket.send_json(self._hello())
        self._open.append(socket)
        self.known = True
        self._arrival.set()
        try:
            await self._hear(socket)
        finally:
            self._forget(socket)
        return socket

    def _hello(self) -> dict[str, Any]:
        """Answer the first thing a connection says."""
        debug = {"host": "applink-playground", "build_number": 1, "approximate_connection_time": 18060}
        info = {"app_id": ids.APP_ID}
        return {"type": "hello", "num_connections": len(self._open) + 1, "debug_info": debug, "connection_info": info}

    async def _hear(self, socket: web.WebSocketResponse) -> None:
        """Take acknowledgements until the connection ends. What is not JSON, or answers nothing, is let go."""
        async for received in socket:
            if received.type is not WSMsgType.TEXT:
                continue
            try:
                answer = json.loads(received.data)
            except ValueError:
                continue
            waiting = self._waiting.get(answer.get("envelope_id", "")) if isinstance(answer, dict) else None
            if waiting is not None and not waiting.done():
                waiting.set_result(answer.get("payload"))

    def _forget(self, socket: web.WebSocketResponse) -> None:
        """Stop using a connection."""
        for sockets in (self._open, self._leaving):
            if socket in sockets:
                sockets.remove(socket)

    async def carry(self, parcel: Parcel, *, seconds: float, retry: tuple[int, str] | None) -> Outcome:
        """Send a payload over one connection and wait ``seconds`` for the acknowledgement of its envelope."""
        self._turn += 1
        socket = self._open[self._turn % len(self._open)]
        envelope_id = ids.new_id("")
        self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await socket.send_json(_envelope(envelope_id, parcel, retry))
            body = await asyncio.wait_for(self._waiting[envelope_id], seconds)
        except TimeoutError:
            return Outcome(0, reason="timeout")
        except (ConnectionError, RuntimeError):
            # RuntimeError is aiohttp's word for a socket that is closing while we write to it.
            self._forget(socket)
            return Outcome(0, reason="connection_failed")
        finally:
            del self._waiting[envelope_id]
        return Outcome(200, body)

    async def refresh(self, reason: str = "refresh_requested") -> int:
        """Tell every connection to come back anew, as Slack does every few hours; answer how many there were.

        After a ``warning`` a connection is still used. Otherwise nothing more is sent over it, and whoever has not left
        it after a while is cut off.
        """
        told = list(self._open)
        for socket in told:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}})
            if reason != "warning":
                self._forget(socket)
                self._leaving.append(socket)
                asyncio.get_running_loop().call_later(LEAVING_SECONDS, self._cut, socket)
        return len(told)

    def _cut(self, socket: web.WebSocketResponse) -> None:
        """End a connection that was told to leave; its reader then finds it closed."""
        if socket in self._leaving:
            task = asyncio.get_running_loop().create_task(socket.close())
            self._cutting.add(task)
            task.add_done_callback(self._cutting.discard)

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(socket.close() for socket in [*self._open, *self._leaving]))


def _envelope(envelope_id: str, parcel: Parcel, retry: tuple[int, str] | None) -> dict[str, Any]:
    """Answer the envelope around a payload."""
    envelope: dict[str, Any] = {"envelope_id": envelope_id, "type": _TYPES[parcel.kind], "payload": parcel.payload}
    takes_answer = parcel.kind == "command" or parcel.name in {"view_submission", "block_suggestion"}
    envelope["accepts_response_payload"] = takes_answer
    if parcel.kind == "event":
        envelope |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
    return envelope
