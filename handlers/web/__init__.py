"""The hub's pages for the product team and managers, and the doors that Slack and the trackers knock at."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, render_template, request
from flask_wtf import CSRFProtect
from slack_bolt import App
from werkzeug.exceptions import HTTPException

from feedback.database import DatabaseDown
from feedback.errors import Refused
from feedback.hub import Hub
from handlers import webhooks
from handlers.web import (
    books,
    changes,
    codes,
    earning,
    evidence,
    filters,
    holds,
    hooks,
    ideas,
    identities,
    judgements,
    loop,
    members,
    metrics,
    owing,
    pages,
    products,
    promises,
    proposals,
    proposed,
    recognition,
    reconciliation,
    rewards,
    same,
    sharing,
    slack,
    taxes,
    telling,
    themes,
    undelivered,
    words,
    work,
    workspaces,
)

MOST_BODY_BYTES = 1_000_000
"""Slack's largest payloads are far below; a form's longest texts too."""
WORDS = {
    400: (
        "That did not arrive whole",
        "The page was open for too long, or the form was not sent whole. Load the page again and try once more.",
    ),
    403: ("This page is not for your role", "A manager can change that."),
    404: ("There is nothing here", "What you are looking for was removed, or never was here."),
    405: ("There is nothing here", "This address only takes what a form sends."),
    413: ("That is too long", "Please send less at once."),
}
"""What people read instead of the protocol's own words: title and text."""
log = structlog.get_logger("roundtrip")


def create_app(hub: Hub, bolt: App) -> Flask:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=hub.settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=MOST_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BODY_BYTES,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https(hub),
        WTF_CSRF_TIME_LIMIT=None,  # a page left open over lunch still works; the session ends it
    )
    app.extensions["hub"] = hub
    app.url_map.converters.update(id=pages.Id, month=pages.Month)
    app.before_request(pages.who_is_there)  # before the check of the form, whose refusal is a page too
    csrf = CSRFProtect(app)
    for door in (slack.door, webhooks.door):
        csrf.exempt(door)
        app.register_blueprint(door)
    slack.open_door(app, bolt)
    pages_of = (
        members,
        judgements,
        ideas,
        same,
        evidence,
        themes,
        proposals,
        changes,
        proposed,
        loop,
        owing,
        promises,
        rewards,
        books,
        identities,
        holds,
        recognition,
        sharing,
        earning,
        codes,
        products,
        reconciliation,
        metrics,
        undelivered,
        telling,
        work,
        words,
        workspaces,
        hooks,
        taxes,
    )
    for word in pages_of:
        app.register_blueprint(word.blueprint)
    filters.register(app, hub)
    app.after_request(_headers)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _fault)
    return app


def is_https(hub: Hub) -> bool:
    return urlsplit(hub.settings.hub_url).scheme == "https"


def _headers(response: Response) -> Response:
    """No foreign script, frame or font; no page of ours in somebody else's."""
    nonce = g.get("nonce", "")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _refused(refused: Refused) -> tuple[str, int]:
    """For what no form could show below a field: somebody followed an old link, or may not do it."""
    return render_template("error.html", title="That is not possible", text=refused.say), HTTPStatus.CONFLICT


def _http_error(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    title, text = WORDS.get(code, (error.name, error.description))
    return render_template("error.html", title=title, text=text), code


def _fault(error: Exception) -> tuple[str, int]:
    """The reference is in the log, so that the person can be helped."""
    reference = secrets.token_hex(4)
    log.error("web.failed", reference=reference, path=request.path, exc_info=error)
    text = f"Something went wrong on our side, and nothing was saved. Please try again. (Reference {reference})"
    code = HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, DatabaseDown) else HTTPStatus.INTERNAL_SERVER_ERROR
    return render_template("error.html", title="Something went wrong", text=text), code
