"""What stand-ins of services share: they answer in JSON on loopback, for as long as a test needs them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Failure:
    """What a call meets. `is_done`: it has its effect all the same. `raw`: the answer's body, as it is."""

    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    is_done: bool = False
    is_cut: bool = False
    """No answer comes."""
    raw: bytes | None = None


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.take("GET")

    def do_POST(self) -> None:
        self.take("POST")

    def take(self, method: str) -> None:
        raise NotImplementedError

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def fail(self, failure: Failure, data: Any) -> None:
        if failure.is_cut:
            self.close_connection = True
        else:
            self.say(failure.status, data, failure.headers, failure.raw)

    def say(self, status: int, data: Any, headers: dict[str, str] | None = None, raw: bytes | None = None) -> None:
        sent = json.dumps(data).encode() if raw is None else raw
        self.send_response(status)
        for name, value in ((headers or {}) | {"Content-Length": str(len(sent))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(handler: type[Answering]) -> Iterator[str]:
    """Gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
