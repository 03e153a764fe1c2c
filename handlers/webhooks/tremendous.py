"""What the payout service tells, and how it signs: `Tremendous-Webhook-Signature` over the body as it is sent.

The body holds ids and no more, so that how something stands is asked, and nothing depends on the order of deliveries.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from werkzeug.datastructures import Headers

from feedback.rewards import News
from handlers.webhooks.payload import NotNeeded, Part
from handlers.webhooks.signing import is_hmac

SOURCE = "tremendous"
KINDS = ("orders", "rewards")


def is_signed(secret: str, body: bytes, headers: Headers, now: datetime) -> bool:
    return is_hmac(secret, body, headers.get("Tremendous-Webhook-Signature", ""), prefix="sha256=")


def delivery(payload: Part, headers: Headers) -> str:
    return payload.words("uuid")


def event(payload: Part, headers: Headers) -> str:
    return payload.words("event")


def read(payload: Part, headers: Headers, now: datetime) -> Sequence[News]:
    payload.name("event")
    resource = payload.part("payload").part("resource")
    if resource.name("type") not in KINDS:
        raise NotNeeded("Only orders and rewards are read here.")
    return [News(resource.name("id"))]
