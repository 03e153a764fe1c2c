"""What was shipped and decided, and the form that says so."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from feedback import changes, inbox
from feedback.overview import changes as overview
from feedback.overview import proposed as overview_of_proposed
from handlers.web import forms
from handlers.web.pages import deciders, hub, id_in, me, page, page_number, reviewers, see

blueprint = Blueprint("changes", __name__)
KINDS = {"plan": "planned", "decline": "declined"}
DECISIONS: dict[str, tuple[type[forms.Form], Callable[..., Any], str]] = {
    "plan": (forms.Plan, changes.plan, "Planned. Everyone who asked for it is told."),
    "decline": (forms.Decline, changes.decline, "Declined. Everyone who asked for it is told why."),
}
"""What is asked, what it does, and what is said when it is done."""


@page(blueprint, "/changes", who=reviewers)
def every() -> Any:
    with hub().reading() as tx:
        found = overview.listed(tx, workspace_id=g.member.workspace_id, number=page_number())
        waiting = overview_of_proposed.count(tx, workspace_id=g.member.workspace_id)
        return render_template("changes/list.html", page=found, waiting=waiting)


@page(blueprint, "/changes/<id:change_id>", who=reviewers)
def one(change_id: int) -> Any:
    with hub().reading() as tx:
        whole = overview.one(tx, workspace_id=g.member.workspace_id, change_id=change_id)
        if whole is None:
            abort(HTTPStatus.NOT_FOUND)
        return render_template("changes/one.html", whole=whole, change=whole.change)


@page(blueprint, "/changes/new", who=deciders)
def new() -> Any:
    """Opened from a theme or an idea, that one is ticked already; from something that waits to be told, it is filled
    in as far as that says."""
    proposed_id = id_in(request.args.get("proposed", ""))
    if proposed_id:
        return _from_proposed(proposed_id)
    form = forms.Ship.blank(
        theme_ids=[str(id_in(value)) for value in request.args.getlist("theme")],
        idea_ids=[str(id_in(value)) for value in request.args.getlist("idea")],
        nonce=secrets.token_urlsafe(16),
    )
    return _write(form)


def _from_proposed(proposed_id: int) -> Any:
    """What was ticked there; or, for whoever comes by a link, what somebody linked."""
    ticked = {name: [id_in(value) for value in request.args.getlist(name)] for name in ("theme", "idea")}
    chosen = ticked if "ticked" in request.args else None
    with hub().reading() as tx:
        found = overview_of_proposed.begun(
            tx, workspace_id=g.member.workspace_id, proposed_id=proposed_id, ticked=chosen
        )
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    if found.is_decided or found.proposed.kind != "shipped":
        return see("proposed.every", "Somebody has decided about that already." if found.is_decided else "")
    form = forms.Ship.blank(
        summary=found.summary,
        url=found.url,
        theme_ids=[str(each) for each in found.theme_ids],
        idea_ids=[str(each) for each in found.idea_ids],
        proposed=str(proposed_id),
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
    is_asked = form.said("step") == "like"
    if is_asked and not form.said("summary").strip():
        form.summary.errors = ["Say in a sentence what changed. Then ideas with the same words come first."]
    with hub().reading() as tx:
        choices = overview.waiting(
            tx,
            workspace_id=g.member.workspace_id,
            like="" if is_asked else form.said("q").strip(),
            said=form.said("summary") if is_asked else "",
            chosen=form.ids("idea_ids"),
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
    key, change_id = f"change:{g.member.id}:{form.said('nonce')}", 0
    with form.refusals(), hub().transaction() as tx:
        is_new = inbox.is_new(tx, source="form", key=key, now=g.now)
        if is_new:
            with _confirmed(tx, form.id_of("proposed"), "shipped") as told:
                told.append(changes.ship(tx, by=me(tx), **_facts(form), now=g.now))
            change_id = told[0].id
    if form.errors:
        return _write(form)
    if not is_new:
        return see("changes.every", "That was sent already.")
    return see("changes.one", "Everyone behind it is being told.", change_id=change_id)


@contextmanager
def _confirmed(tx: Any, proposed_id: int, kind: str) -> Iterator[list[Any]]:
    """Around telling of a change, which is put into the list: what waited for it (0: nothing did) is confirmed. It is
    looked up first, so that of two people who tell of it at once the second reads who was first."""
    told: list[Any] = []
    if proposed_id:
        changes.access_waiting(tx, by=me(tx), proposed_id=proposed_id, kind=kind)
    yield told
    if proposed_id:
        changes.confirm(tx, proposed_id=proposed_id, change=told[0], by=me(tx), now=g.now)


def _facts(form: forms.Ship) -> dict[str, Any]:
    return {
        "summary": form.said("summary"),
        "url": form.said("url"),
        "idea_ids": form.ids("idea_ids"),
        "theme_ids": form.ids("theme_ids"),
    }


def decide(act: str, *, proposed_id: int = 0, **which: list[int]) -> tuple[forms.Form, str]:
    """Plans or declines ideas (`idea_ids`) or themes (`theme_ids`), by the form on their own page, or on the one of
    what waits (`proposed_id`). The form, and what to say where it was not refused."""
    form_of, do, say = DECISIONS[act]
    form = form_of.sent()
    with form.refusals(), hub().transaction() as tx, _confirmed(tx, proposed_id, KINDS[act]) as told:
        told.append(do(tx, by=me(tx), summary=form.said("summary"), **which, now=g.now))
    return form, say
