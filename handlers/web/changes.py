"""What was shipped and decided, and the form that says so."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from feedback import changes, inbox, loop
from feedback.overview import changes as overview
from feedback.overview import proposed as overview_of_proposed
from feedback.overview import telling
from handlers.web import forms
from handlers.web.pages import deciders, hub, id_in, me, page, page_number, reviewers, see

blueprint = Blueprint("changes", __name__)
DECISIONS: dict[str, tuple[type[forms.Form], str, str]] = {
    "plan": (forms.Plan, "planned", "Planned. Everyone who asked for it is told."),
    "decline": (forms.Decline, "declined", "Declined. Everyone who asked for it is told why."),
    "ask": (forms.Ask, "asked", "Everyone behind it is asked. What they answer stands here."),
}
"""The form, the kind of change that it makes, and what is said when it is done."""


@page(blueprint, "/changes", who=reviewers)
def every() -> Any:
    with hub().reading() as tx:
        found = overview.listed(tx, workspace_id=g.member.workspace_id, number=page_number())
        waiting = overview_of_proposed.count(tx, workspace_id=g.member.workspace_id)
        return render_template("changes/list.html", page=found, waiting=waiting)


@page(blueprint, "/changes/<id:change_id>", who=reviewers)
def one(change_id: int) -> Any:
    with hub().reading() as tx:
        whole = overview.one(tx, workspace_id=g.member.workspace_id, change_id=change_id, number=page_number())
        if whole is None:
            abort(HTTPStatus.NOT_FOUND)
        replies = telling.replies(tx, idea_ids=[idea.id for idea in whole.ideas.rows])
        return render_template("changes/one.html", whole=whole, change=whole.change, replies=replies)


@page(blueprint, "/changes/<id:change_id>/stop", who=deciders, methods=["POST"])
def stop(change_id: int) -> Any:
    with hub().transaction() as tx:
        changes.stop(tx, by=me(tx), change_id=change_id, now=g.now)
    return see("changes.one", "Stopped. Whoever was told was told; nobody else is.", change_id=change_id)


@page(blueprint, "/changes/<id:change_id>/go-on", who=deciders, methods=["POST"])
def go_on(change_id: int) -> Any:
    with hub().transaction() as tx:
        changes.go_on(tx, by=me(tx), change_id=change_id, now=g.now)
    return see("changes.one", "It goes on: whoever was not told yet is told.", change_id=change_id)


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
        kind=_kind(request.args.get("kind", "")),
        nonce=secrets.token_urlsafe(16),
    )
    return _write(form)


def _kind(text: str) -> str:
    """As somebody's address or form has it; what is no kind is one that shipped."""
    return text if text in changes.ANSWERABLE else "shipped"


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
    """Two steps, because what is told cannot be taken back: first who will hear, then they are told. In between,
    whoever tells it can have it sent to themself."""
    form = forms.Ship.sent()
    form.kind.data = _kind(form.said("kind"))
    form.nonce.data = form.said("nonce") or secrets.token_urlsafe(16)  # the short forms of ideas and themes have none
    step, _, number = form.said("step").partition(":")
    if step == "preview":
        return _preview(form, id_in(number))
    if step == "test":
        return _test(form)
    return _tell(form) if step == "tell" else _write(form)


def _write(form: forms.Ship) -> Any:
    if _kind(form.said("kind")) == "planned":
        form.summary.render_kw = {"maxlength": changes.LONGEST_SUMMARY}  # that it is planned says enough by itself
    is_asked, kind = form.said("step") == "like", _kind(form.said("kind"))
    if is_asked and not form.said("summary").strip():
        form.summary.errors = ["Say in a sentence what changed. Then ideas with the same words come first."]
    with hub().reading() as tx:
        choices = overview.waiting(
            tx,
            workspace_id=g.member.workspace_id,
            kind=kind,
            like="" if is_asked else form.said("q").strip(),
            said=form.said("summary") if is_asked else "",
            chosen=form.ids("idea_ids"),
        )
        news = loop.words.channel_for_news(tx, workspace_id=g.member.workspace_id)
        usual = loop.words.of_workspace(tx, workspace_id=g.member.workspace_id)[kind]
        form.words.data = form.said("words") or usual
        answer = render_template(
            "changes/new.html", form=form, kind=kind, choices=choices, news=news, zone=loop.zone(g.member.tz)
        )
    return (answer, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else answer


def _preview(form: forms.Ship, number: int = 1, say: str = "") -> Any:
    with form.refusals(), hub().reading() as tx:
        facts = _facts(tx, form)
        preview = changes.preview(tx, by=me(tx), **facts, now=g.now)
        summary = changes.in_full(form.said("summary"), facts["reason"])
        told = {"words": preview.words, "summary": summary, "url": form.said("url").strip()}
        answer = render_template(
            "changes/preview.html",
            form=form,
            kind=facts["kind"],
            preview=preview,
            counts=telling.counts(preview.people),
            page=telling.rows(tx, workspace_id=g.member.workspace_id, people=preview.people, facts=told, number=number),
            tell_at=facts["telling"].tell_at,
            say=say,
        )
    return _write(form) if form.errors else answer


def _test(form: forms.Ship) -> Any:
    with form.refusals(), hub().transaction() as tx:
        is_new = changes.rehearse(tx, by=me(tx), **_facts(tx, form), nonce=form.said("nonce"), now=g.now)
    if form.errors:
        return _write(form)
    return _preview(form, say="It is on its way to your messages in Slack." if is_new else "You have that one already.")


def _tell(form: forms.Ship) -> Any:
    """A second press of the button, and the browser that sends the form again, are no news."""
    key, change = f"change:{g.member.id}:{form.said('nonce')}", None
    with form.refusals(), hub().transaction() as tx:
        is_new = inbox.is_new(tx, source="form", key=key, now=g.now)
        if is_new:
            facts = _facts(tx, form)
            with _confirmed(tx, form.id_of("proposed"), facts["kind"]) as told:
                told.append(changes.tell(tx, by=me(tx), **facts, now=g.now))
            change = told[0]
    if form.errors:
        return _write(form)
    if change is None:
        return see("changes.every", "That was sent already.")
    say = "Everyone behind it is told when it is time." if change.tell_at else "Everyone behind it is being told."
    return see("changes.one", say, change_id=change.id)


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


def _facts(tx: Any, form: forms.Ship) -> dict[str, Any]:
    told = changes.Telling(
        words=form.said("words"),
        is_minor=form.is_ticked("is_minor"),
        tell_at=changes.time_in(form.said("tell_at"), member=me(tx), now=g.now),
        announces=form.is_ticked("announces"),
    )
    kind = _kind(form.said("kind"))
    return {
        "telling": told,
        "kind": kind,
        "reason": form.said("reason") if kind == "declined" else None,
        "summary": form.said("summary"),
        "url": form.said("url"),
        "idea_ids": form.ids("idea_ids"),
        "theme_ids": form.ids("theme_ids"),
    }


def decide(act: str, *, proposed_id: int = 0, **which: list[int]) -> tuple[forms.Form, str]:
    """Plans or declines ideas (`idea_ids`) or themes (`theme_ids`), by the form on their own page, or on the one of
    what waits (`proposed_id`). The form, and what to say where it was not refused."""
    form_of, kind, say = DECISIONS[act]
    form = form_of.sent()
    facts: dict[str, Any] = {name: form.said(name) for name in form.data} | which
    with form.refusals(), hub().transaction() as tx, _confirmed(tx, proposed_id, kind) as told:
        told.append(changes.tell(tx, by=me(tx), kind=kind, **facts, now=g.now))
    return form, say
