"""An app that only takes what it is sent, over real HTTP, and answers what the test wants."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import SignatureVerifier

Answer = tuple[int, dict[str, str], bytes]
OK: Answer = (200, {}, b"")


class Receiver:
    """What arrived: ``requests`` hold headers (lower case), raw body, and ``payload`` read from JSON or form."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], Answer] = lambda _: OK
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = _request({name.lower(): value for name, value in self.headers.items()}, body)
                receiver.requests.append(request)
                status, headers, answer = receiver.answer(request)
                try:
                    self.send_response(status)
                    for name, value in (headers | {"Content-Length": str(len(answer))}).items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(answer)
                except ConnectionError:
                    # The playground has stopped waiting, which is what some tests are about.
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def payloads(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Answer what arrived, all of it or the payloads of one type (an event's or an interaction's)."""
        found = [request["payload"] for request in self.requests]
        return [one for one in found if kind in (None, one.get("event", {}).get("type"), one.get("type"))]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _request(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    if headers["content-type"] == "application/json":
        payload = json.loads(body)
    else:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        payload = json.loads(form["payload"]) if "payload" in form else form
    signed = _is_signed(headers, body)
    return {"headers": headers, "body": body, "payload": payload, "signed": signed, "at": time.monotonic()}


def _is_signed(headers: dict[str, str], body: bytes) -> bool:
    """Say whether it is Slack's, or the tracker's or the gift service's where their header is there."""
    if "tremendous-webhook-signature" in headers:
        digest = hmac.new(b"playground-payout-hook-key", body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(headers["tremendous-webhook-signature"], f"sha256={digest}")
    if "x-github-event" in headers:
        digest = hmac.new(b"playground-hook-secret", body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(headers.get("x-hub-signature-256", ""), f"sha256={digest}")
    return SignatureVerifier("playground-signing-secret").is_valid(
        body, headers["x-slack-request-timestamp"], headers["x-slack-signature"]
    )


def as_json(answer: dict[str, Any]) -> Answer:
    """Answer 200 with JSON."""
    return 200, {"Content-Type": "application/json"}, json.dumps(answer).encode()
