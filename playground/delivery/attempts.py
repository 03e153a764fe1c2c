"""One attempt to hand something to the app, over HTTP with Slack's signature."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from playground.records import Doc


@dataclass(frozen=True)
class Parcel:
    """What is to be delivered. ``kind``: event, interaction or command; ``name``: what the logs and faults call it."""

    kind: str
    name: str
    payload: Doc
    event_id: str = ""

    def encode(self) -> tuple[bytes, str]:
        """Answer the HTTP body and its content type: JSON for events, a form for what people do."""
        if self.kind == "event":
            return json.dumps(self.payload).encode(), "application/json"
        form = self.payload if self.kind == "command" else {"payload": json.dumps(self.payload)}
        return urlencode(form).encode(), "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt. ``status`` is HTTP's, 0 without an answer; ``reason`` is Slack's word for a failure."""

    status: int
    body: Any = None
    reason: str | None = None
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        """Say whether the app took it."""
        return self.reason is None


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Answer X-Slack-Signature for a raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed_headers(secret: str, body: bytes, content_type: str) -> dict[str, str]:
    """Answer the headers of a request from Slack, signed now."""
    timestamp = str(int(time.time()))
    return {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
    }


async def over_http(
    http: aiohttp.ClientSession, url: str, parcel: Parcel, *, secret: str, seconds: float, retry: tuple[int, str] | None
) -> Outcome:
    """Post a parcel and wait ``seconds`` for the answer. ``retry`` is (number, reason) of a redelivery."""
    body, content_type = parcel.encode()
    headers = signed_headers(secret, body, content_type)
    if retry:
        headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with http.post(url, data=body, headers=headers, timeout=timeout, max_redirects=2) as answer:
            text = await answer.text(errors="replace")
    except TimeoutError:
        return Outcome(0, reason="http_timeout")
    except aiohttp.TooManyRedirects:
        return Outcome(0, reason="too_many_redirects")
    except aiohttp.ClientSSLError:
        return Outcome(0, reason="ssl_error")
    except (aiohttp.ClientError, OSError):
        return Outcome(0, reason="connection_failed")
    no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
    reason = None if 200 <= answer.status < 300 else "http_error"
    return Outcome(answer.status, _parsed(text), reason, no_retry)


def _parsed(text: str) -> Any:
    """Answer the body as JSON where it is JSON, else as text; None when it is empty."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
