"""What every page has: who may see it, who is there, and its hub."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.routing import BaseConverter, IntegerConverter
from werkzeug.wrappers import Response

from feedback import access, members, undelivered
from feedback.hub import Hub
from models import Member

COOKIE = "roundtrip_session"
LARGEST_ID = 2**63 - 1
"""Of the databases' integers: asked for a larger one, they answer with an error instead of nothing."""
MOST_PAGES = 100_000
LONGEST_SEARCH = 200
View = Callable[..., Any]


def anyone(member: Member | None) -> bool:
    """Health, Slack's door, and the way in."""
    return True


def signed_in(member: Member | None) -> bool:
    return member is not None


def reviewers(member: Member | None) -> bool:
    return member is not None and access.may_review(member)


def deciders(member: Member | None) -> bool:
    return member is not None and access.may_decide(member)


def managers(member: Member | None) -> bool:
    return member is not None and access.may_manage(member)


def page(
    blueprint: Blueprint, rule: str, *, who: Callable[[Member | None], bool], methods: Sequence[str] = ("GET",)
) -> Callable[[View], View]:
    """A route that names who may see it. A test holds that there is no other kind."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if who(g.member):
                return view(**arguments)
            if g.member is None:
                return render_template("members/signed_out.html"), HTTPStatus.UNAUTHORIZED
            return abort(HTTPStatus.FORBIDDEN)

        guarded.who = who  # type: ignore[attr-defined]
        blueprint.add_url_rule(rule, view.__name__, guarded, methods=list(methods))
        return view

    return decorate


def who_is_there() -> None:
    """Before every request: the member whose browser this is, or None; for a manager, how much did not get through."""
    g.nonce = secrets.token_urlsafe(16)
    g.now = hub().clock()
    g.member, g.undelivered = None, 0
    token = request.cookies.get(COOKIE)
    if token and request.endpoint not in ("static", "slack.events", "slack.health"):
        with hub().reading() as tx:
            g.member = members.signed_in(tx, token=token, now=g.now)
            if managers(g.member):
                g.undelivered = undelivered.count(tx, workspace_id=g.member.workspace_id)


class Id(IntegerConverter):
    """`<id:name>` in a rule: a number that could be a row's id."""

    def __init__(self, map: Any) -> None:
        super().__init__(map, max=LARGEST_ID)


class Month(BaseConverter):
    """`<month:name>` in a rule: 2026-03, as its first day."""

    regex = "20[0-9][0-9]-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"


def month_in(text: str) -> date | None:
    """A month as a form or an address gives it; None where it is none."""
    is_one = re.fullmatch(Month.regex, text.strip())
    return date.fromisoformat(f"{text.strip()}-01") if is_one else None


def id_in(text: str) -> int:
    """A row's id as a form or an address gives it; 0, which no row has, where it is none."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 19 else 0


def page_number() -> int:
    """Which page of a list is asked for, from 1."""
    return max(1, min(id_in(request.args.get("page", "")), MOST_PAGES))


def searched() -> str:
    """What is looked for. PostgreSQL takes no NUL."""
    return request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def see(endpoint: str, say: str = "", **values: Any) -> Response:
    """After something was done: on to a page, with one sentence on top of it."""
    if say:
        flash(say)
    return redirect(url_for(endpoint, **values), HTTPStatus.SEE_OTHER)


def hub() -> Hub:
    found = current_app.extensions["hub"]
    assert isinstance(found, Hub)
    return found


def me(tx: Any) -> Member:
    """Whoever is there, in this transaction."""
    return members.get(tx, member_id=g.member.id)
