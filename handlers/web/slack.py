"""The HTTP endpoint for Slack, and the health check. Junk is turned away before Bolt sees it."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier

from handlers.web.pages import anyone, hub, page

door = Blueprint("slack", __name__)


def open_door(app: Flask, bolt: App) -> None:
    app.extensions["slack"] = SlackRequestHandler(bolt)


@page(door, "/slack/events", who=anyone, methods=["POST"])
def events() -> Response:
    """Nothing is looked at before it is known to come from Slack: Bolt takes a payload apart first, and stumbles."""
    try:
        body = request.get_data().decode("utf-8")
        _check_signature(body)
        is_whole = isinstance(_facts_in(body), dict)
    except (ValueError, RecursionError):
        is_whole = False
    if not is_whole:
        abort(HTTPStatus.BAD_REQUEST)
    handler: SlackRequestHandler = current_app.extensions["slack"]
    return handler.handle(request)


def _check_signature(body: str) -> None:
    """Without a secret (Socket Mode needs none) this door is shut: an empty one is a key that everybody has."""
    secret = hub().settings.slack_signing_secret.get_secret_value()
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    is_readable = timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12 and signature.isascii()
    if not (secret and is_readable and SignatureVerifier(secret).is_valid(body, timestamp, signature)):
        abort(HTTPStatus.UNAUTHORIZED)


def _facts_in(body: str) -> Any:
    """An event is JSON, an interaction JSON in a form; a command is a form, and so is Slack's look at our TLS."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return json.loads(body)
    form = parse_qs(body)
    if "payload" in form:
        return json.loads(form["payload"][0])
    return form if form.keys() & {"command", "ssl_check"} else None


@page(door, "/health", who=anyone)
def health() -> Response:
    """200 while the database answers: what a load balancer and a person with curl want to know."""
    with hub().reading() as tx:
        tx.connection()
    return jsonify(ok=True)
