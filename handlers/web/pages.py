"""What every page has: who may see it, who is there, and its hub."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, current_app, g, render_template, request

from feedback import access, members
from feedback.hub import Hub
from models import Member

COOKIE = "roundtrip_session"
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
            return abort(HTTPStatus.FORBIDDEN, description="This page is not for your role. A manager can change that.")

        guarded.who = who  # type: ignore[attr-defined]
        blueprint.add_url_rule(rule, view.__name__, guarded, methods=list(methods))
        return view

    return decorate


def who_is_there() -> None:
    """Before every request: the member whose browser this is, or None."""
    g.nonce = secrets.token_urlsafe(16)
    g.member = None
    token = request.cookies.get(COOKIE)
    if token and request.endpoint not in ("static", "slack.events", "slack.health"):
        with hub().reading() as tx:
            g.member = members.signed_in(tx, token=token, now=hub().clock())


def hub() -> Hub:
    found = current_app.extensions["hub"]
    assert isinstance(found, Hub)
    return found


def me(tx: Any) -> Member:
    """Whoever is there, in this transaction."""
    return members.get(tx, member_id=g.member.id)
