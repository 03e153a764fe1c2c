"""Slack's way of knocking at our door: signed requests over HTTP, as they are and as they should not be."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from feedback.hub import Hub
from models import Idea, Inbox, Member, Message, Outbox, Reaction

SECRET = "playground-signing-secret"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
TEAM = "T0PLAYGRND"


@dataclass
class Door:
    http: FlaskClient
    hub: Hub
    sent: int = field(default=0)

    def knock(
        self, body: bytes, mimetype: str = JSON, *, signed: bool = True, headers: dict[str, str] | None = None
    ) -> TestResponse:
        """`headers` are put on top of the signature's two, or stand alone where it is not signed."""
        given = {**(signature(body) if signed else {}), **(headers or {})}
        return self.http.post("/slack/events", data=body, content_type=mimetype, headers=given)

    def event(self, event: dict[str, Any], *, event_id: str = "", team_id: str = TEAM, **headers: str) -> TestResponse:
        self.sent += 1
        envelope = {
            "type": "event_callback",
            "team_id": team_id,
            "event_id": event_id or f"Ev{self.sent}",
            "event": event,
            "authorizations": [{"team_id": team_id, "user_id": "U0ROUNDTRIP", "is_bot": True}],
        }
        return self.knock(json.dumps(envelope).encode(), headers=headers)

    def interaction(self, kind: str, user: str = "U0ANA", **facts: Any) -> TestResponse:
        payload = {"type": kind, "user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}, **facts}
        return self.knock(urlencode({"payload": json.dumps(payload)}).encode(), FORM)

    def stored(self) -> dict[str, int]:
        """How many rows there are of whatever an event could leave."""
        with self.hub.reading() as tx:
            return {
                model.__name__: tx.scalar(select(func.count()).select_from(model)) or 0
                for model in (Inbox, Message, Idea, Member, Outbox, Reaction)
            }

    def messages(self) -> list[str]:
        with self.hub.reading() as tx:
            return list(tx.scalars(select(Message.text).order_by(Message.id)))


def signature(body: bytes, timestamp: str | None = None, secret: str = SECRET) -> dict[str, str]:
    """The two headers, right for this body and time (now, where none is given)."""
    timestamp = str(int(time.time())) if timestamp is None else timestamp
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def said(text: str = "A refill, please", **facts: Any) -> dict[str, Any]:
    """A message event."""
    return {"type": "message", "channel": "C0IDEAS", "user": "U0ANA", "text": text, "ts": "1793600000.000100", **facts}


def share_form(what: str = "A travel size") -> dict[str, Any]:
    """What arrives when somebody sends the form that shares an idea."""
    values = {
        "what": {"what": {"type": "plain_text_input", "value": what}},
        "why": {"why": {"type": "plain_text_input", "value": "I fly a lot"}},
        "kind": {"kind": {"type": "static_select", "selected_option": {"value": "idea"}}},
    }
    blocks = [{"type": "input", "block_id": name} for name in values]
    view = {"id": "V1", "type": "modal", "callback_id": "idea_share", "private_metadata": "1.2.3", "blocks": blocks}
    return {"view": {**view, "state": {"values": values}}, "trigger_id": "1.2.4"}
