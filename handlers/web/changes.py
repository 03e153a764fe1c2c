"""What was shipped and decided, and the form that says so."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from feedback import changes, inbox
from feedback.overview import changes as overview
from handlers.web import forms
from handlers.web.pages import deciders, hub, id_in, me, page, page_number, reviewers, see

blueprint = Blueprint("changes", __name__)
DECISIONS: dict[str, tuple[type[forms.Form], Callable[..., object], str]] = {
    "plan": (forms.Plan, changes.plan, "Planned. Everyone who asked for it is told."),
    "decline": (forms.Decline, changes.decline, "Declined. Everyone who asked for it is told why."),
}
"""What is asked, what it does, and what is said when it is done."""


@page(blueprint, "/changes", who=reviewers)
def every() -> Any:
    with hub().reading() as tx:
        found = overview.listed(tx, workspace_id=g.member.workspace_id, number=page_number())
        return render_template("changes/list.html", page=found)


@page(blueprint, "/changes/<id:change_id>", who=reviewers)
def one(change_id: int) -> Any:
    with hub().reading() as tx:
        whole = overview.one(tx, workspace_id=g.member.workspace_id, change_id=change_id)
        if whole is None:
            abort(HTTPStatus.NOT_FOUND)
        return render_template("changes/one.html", whole=whole, change=whole.change)


@page(blueprint, "/changes/new", who=deciders)
def new() -> Any:
    """Opened from a theme or an idea, that one is ticked already."""
    form = forms.Ship.blank(
        theme_ids=[str(id_in(value)) for value in request.args.getlist("theme")],
        idea_ids=[str(id_in(value)) for value in request.args.getlist("idea")],
        nonce=secrets.token_urlsafe(16),
    )
    return _write(form)


@page(blueprint, "/changes/new", who=deciders, methods=["POST"])
def take() -> Any:
    """Two steps, because what is told cannot be taken back: first who will hear, then they are told."""
    form = forms.Ship.sent()
    step = form.said("step")
    if step == "preview":
        return _preview(form)
    return _tell(form) if step == "tell" else _write(form)


def _write(form: forms.Ship) -> Any:
    with hub().reading() as tx:
        choices = overview.waiting(
            tx, workspace_id=g.member.workspace_id, like=form.said("q").strip(), chosen=form.ids("idea_ids")
        )
        answer = render_template("changes/new.html", form=form, choices=choices)
    return (answer, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else answer


def _preview(form: forms.Ship) -> Any:
    with form.refusals(), hub().reading() as tx:
        preview = changes.preview(tx, by=me(tx), **_facts(form))
        answer = render_template("changes/preview.html", form=form, preview=preview)
    return _write(form) if form.errors else answer


def _tell(form: forms.Ship) -> Any:
    """A second press of the button, and the browser that sends the form again, are no news."""
    key = f"change:{g.member.id}:{form.said('nonce')}"
    with form.refusals(), hub().transaction() as tx:
        is_new = inbox.is_new(tx, source="form", key=key, now=g.now)
        change_id = changes.ship(tx, by=me(tx), **_facts(form), now=g.now).id if is_new else 0
    if form.errors:
        return _write(form)
    if not is_new:
        return see("changes.every", "That was sent already.")
    return see("changes.one", "Everyone behind it is being told.", change_id=change_id)


def _facts(form: forms.Ship) -> dict[str, Any]:
    return {
        "summary": form.said("summary"),
        "url": form.said("url"),
        "idea_ids": form.ids("idea_ids"),
        "theme_ids": form.ids("theme_ids"),
    }


def decide(act: str, **which: list[int]) -> tuple[forms.Form, str]:
    """Plans or declines ideas (`idea_ids`) or themes (`theme_ids`), by the form on their own page. The form, and what
    to say where it was not refused."""
    form_of, do, say = DECISIONS[act]
    form = form_of.sent()
    said = {name: form.said(name) for name in form.data}
    with form.refusals(), hub().transaction() as tx:
        do(tx, by=me(tx), **said, **which, now=g.now)
    return form, say
