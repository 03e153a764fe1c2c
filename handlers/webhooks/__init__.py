"""What trackers tell of the team's work, and the payout service of payments: signed, taken once, answered in a line.

| answer | when |
|---|---|
| 200 `{"taken": n}` | it was read; n pieces of it are news |
| 200 `{"ignored": why}` | it says nothing that we need, or it came before |
| 400 `{"error": why}` | signed, but not whole: no JSON, too deep, no object, a field is missing or something else |
| 401 | the signature does not fit, is missing, or is too old |
| 404 | the address is closed: nobody has a secret for this sender |
| 413 | larger than anything that is read here |
| 415 | signed, but sent as something else than JSON |
| 503 | the database is away; whoever tries again is heard then |

Nothing is taken apart before its signature fits, and nobody without one makes us write.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import parse_qs

import structlog
from flask import Blueprint, g, jsonify, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from feedback import hooks
from feedback.database import DatabaseDown
from handlers.web.pages import anyone, hub, page
from handlers.webhooks import github, gitlab, jira, linear, tremendous
from handlers.webhooks.payload import NotNeeded, Odd, Part

door = Blueprint("hooks", __name__)
LONGEST_DELIVERY = 200
FORM = "application/x-www-form-urlencoded"
log = structlog.get_logger("roundtrip")


class Sender(Protocol):
    """What each file here has. What `read` returns is for whoever takes it."""

    SOURCE: str

    def is_signed(self, secret: str, body: bytes, headers: Headers, now: Any) -> bool: ...

    def delivery(self, payload: Part, headers: Headers) -> str: ...

    def event(self, payload: Part, headers: Headers) -> str: ...

    def read(self, payload: Part, headers: Headers, now: Any) -> Sequence[Any]: ...


class Refusal(Exception):
    """Its sender hears why."""

    def __init__(self, code: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


@page(door, "/hooks/github", who=anyone, methods=["POST"])
def from_github() -> Any:
    return _take(github)


@page(door, "/hooks/gitlab", who=anyone, methods=["POST"])
def from_gitlab() -> Any:
    return _take(gitlab)


@page(door, "/hooks/linear", who=anyone, methods=["POST"])
def from_linear() -> Any:
    return _take(linear)


@page(door, "/hooks/jira", who=anyone, methods=["POST"])
def from_jira() -> Any:
    return _take(jira)


@page(door, "/hooks/tremendous", who=anyone, methods=["POST"])
def from_tremendous() -> Any:
    return _take(tremendous, hooks.take_payments)


def _take(sender: Sender, take: Callable[..., int | None] = hooks.take) -> Response:
    body = request.get_data()
    secret_id = _signed_with(sender, body)
    told: Sequence[Any] = ()
    try:
        payload = _payload(body)
        said = sender.event(payload, request.headers)
        told = sender.read(payload, request.headers, g.now)
        answer, code = {}, HTTPStatus.OK
    except NotNeeded as why:
        answer, code, said = {"ignored": str(why)}, HTTPStatus.OK, f"{said}: {why}"
    except Odd as odd:
        raise Refusal(HTTPStatus.BAD_REQUEST, str(odd)) from odd
    delivery = _delivery(sender, payload, body)
    with hub().transaction() as tx:
        news = take(tx, secret_id=secret_id, delivery=delivery, told=told, said=said, now=g.now)
    if news is None:
        return _answer({"ignored": "This delivery came before."}, HTTPStatus.OK)
    return _answer(answer or {"taken": news}, code)


def _signed_with(sender: Sender, body: bytes) -> int:
    """Which secret it was signed with: that says whose it is."""

    def fits(secret: str) -> bool:
        return sender.is_signed(secret, body, request.headers, g.now)

    with hub().reading() as tx:
        found = hooks.whose(tx, source=sender.SOURCE, fits=fits, cipher=hub().hook_cipher, now=g.now)
        if found is not None:
            return found.id
        if not hooks.is_open(tx, source=sender.SOURCE, now=g.now):
            raise Refusal(HTTPStatus.NOT_FOUND, "This address is closed: nobody has set a secret for it.")
    raise Refusal(HTTPStatus.UNAUTHORIZED, "The signature does not fit, is missing, or is too old.")


def _payload(body: bytes) -> Part:
    """JSON, or JSON in the field `payload` of a form, as GitHub can send it."""
    is_form = request.mimetype == FORM
    if not is_form and not request.is_json:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Choose application/json as the content type.")
    try:
        text = body.decode("utf-8")
        facts = json.loads(parse_qs(text).get("payload", [""])[0] if is_form else text)
    except (ValueError, RecursionError) as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The body is not whole JSON, or too deep.") from error
    if not isinstance(facts, dict):
        raise Refusal(HTTPStatus.BAD_REQUEST, "The body is JSON, but not an object.")
    return Part(facts)


def _delivery(sender: Sender, payload: Part, body: bytes) -> str:
    """The sender's own name for it; where it gives none, the same body is the same delivery."""
    given = sender.delivery(payload, request.headers)
    is_name = given.isascii() and given.isprintable() and 0 < len(given) <= LONGEST_DELIVERY
    return given if is_name else f"sha256:{hashlib.sha256(body).hexdigest()}"


def _answer(facts: dict[str, Any], code: int) -> Response:
    answer = jsonify(facts)
    answer.status_code = code
    return answer


@door.errorhandler(Refusal)
def _refused(refusal: Refusal) -> Response:
    return _answer({"error": refusal.why}, refusal.code)


@door.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> Response:
    """Too large, or cut off on its way."""
    return _answer({"error": error.description or error.name}, error.code or HTTPStatus.BAD_REQUEST)


@door.errorhandler(Exception)
def _fault(error: Exception) -> Response:
    """The sender reads only the reference, which is in the log."""
    reference = secrets.token_hex(4)
    log.error("hooks.failed", reference=reference, path=request.path, exc_info=error)
    code = HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, DatabaseDown) else HTTPStatus.INTERNAL_SERVER_ERROR
    return _answer({"error": f"Something went wrong on our side. Send it again later. (Reference {reference})"}, code)
