"""The HTTP endpoint for Slack, and the health check. Junk is turned away before Bolt sees it."""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.parse import parse_qs

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler

from handlers.web.pages import anyone, hub, page

door = Blueprint("slack", __name__)


def open_door(app: Flask, bolt: App) -> None:
    app.extensions["slack"] = SlackRequestHandler(bolt)


@page(door, "/slack/events", who=anyone, methods=["POST"])
def events() -> Response:
    """Whether it comes from Slack is Bolt's to say; here only what Bolt would stumble over."""
    _check_headers()
    _check_body()
    handler: SlackRequestHandler = current_app.extensions["slack"]
    return handler.handle(request)


def _check_headers() -> None:
    """Bolt takes both headers for what they should be."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12 and signature.isascii()):
        abort(HTTPStatus.UNAUTHORIZED)


def _check_body() -> None:
    try:
        body = request.get_data().decode("utf-8")
        if request.mimetype == "application/x-www-form-urlencoded":
            payload = parse_qs(body).get("payload")
            found = json.loads(payload[0]) if payload else {}
        else:
            found = json.loads(body)
    except (ValueError, RecursionError):
        abort(HTTPStatus.BAD_REQUEST)
    if not isinstance(found, dict):
        abort(HTTPStatus.BAD_REQUEST)


@page(door, "/health", who=anyone)
def health() -> Response:
    """200 while the database answers: what a load balancer and a person with curl want to know."""
    with hub().reading() as tx:
        tx.connection()
    return jsonify(ok=True)
