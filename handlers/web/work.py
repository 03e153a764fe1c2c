"""Work in the trackers: issues that are made from here, links that are taken off, and what managers set for both."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from feedback import inbox, work, workspaces
from feedback.overview import themes as overview_of_themes
from feedback.overview import whole as overview_of_idea
from feedback.overview import work as overview
from handlers.web import forms
from handlers.web.pages import deciders, hub, managers, me, page, reviewers, see

blueprint = Blueprint("work", __name__)
TRACKERS = {"github": "GitHub", "linear": "Linear"}


@page(blueprint, "/work/links/<id:link_id>/end", who=reviewers, methods=["POST"])
def end(link_id: int) -> Any:
    form, idea_id, theme_id = forms.Form.sent(), None, None
    with form.refusals(), hub().transaction() as tx:
        link = work.unlink(tx, by=me(tx), link_id=link_id, now=g.now)
        idea_id, theme_id = link.idea_id, link.theme_id
    if form.errors:
        [say] = form.form_errors
        return render_template("error.html", title="That is not possible", text=say), HTTPStatus.UNPROCESSABLE_ENTITY
    if idea_id:
        return see("ideas.one", "The link is off.", idea_id=idea_id)
    return see("themes.one", "The link is off.", theme_id=theme_id)


@page(blueprint, "/ideas/<id:idea_id>/work/new", who=deciders)
def new_for_idea(idea_id: int) -> Any:
    return _write(idea_id=idea_id)


@page(blueprint, "/ideas/<id:idea_id>/work/new", who=deciders, methods=["POST"])
def make_for_idea(idea_id: int) -> Any:
    return _order(idea_id=idea_id)


@page(blueprint, "/themes/<id:theme_id>/work/new", who=deciders)
def new_for_theme(theme_id: int) -> Any:
    return _write(theme_id=theme_id)


@page(blueprint, "/themes/<id:theme_id>/work/new", who=deciders, methods=["POST"])
def make_for_theme(theme_id: int) -> Any:
    return _order(theme_id=theme_id)


def _write(form: forms.OrderWork | None = None, **which: int) -> str:
    """`form`: as it was sent, where it was refused; None drafts it, with names only where that is asked for."""
    names = request.args.get("names") == "1"
    with hub().reading() as tx:
        subject = _subject(tx, **which)
        if subject is None:
            abort(HTTPStatus.NOT_FOUND)
        accounts = overview.trackers(tx, workspace_id=g.member.workspace_id).accounts
        if form is None:
            draft = work.draft(tx, subject=subject, names=names, hub_url=hub().settings.hub_url)
            first = next(iter(accounts.values()), None)
            form = forms.OrderWork.blank(
                source=first.source if first else "",
                place=first.place if first else "",
                title=draft.title,
                body=draft.body,
                nonce=secrets.token_urlsafe(16),
            )
        return render_template(
            "work/new.html",
            form=form,
            subject=subject,
            is_idea="idea_id" in which,
            sources=[(source, TRACKERS[source]) for source in TRACKERS if source in accounts],
            names=names,
        )


def _subject(tx: Any, *, idea_id: int | None = None, theme_id: int | None = None) -> Any:
    workspace_id = g.member.workspace_id
    if idea_id is not None:
        whole = overview_of_idea.one(tx, workspace_id=workspace_id, idea_id=idea_id)
        return whole.idea if whole else None
    return overview_of_themes.find(tx, workspace_id=workspace_id, theme_id=theme_id or 0)


def _order(**which: int) -> Any:
    """A second press of the button, and the browser that sends the form again, are no news."""
    form = forms.OrderWork.sent()
    key = f"work order:{g.member.id}:{form.said('nonce')}"
    facts: dict[str, Any] = {name: form.said(name) for name in ("source", "place", "title", "body")}
    with form.refusals(), hub().transaction() as tx:
        if inbox.is_new(tx, source="form", key=key, now=g.now):
            work.order(tx, by=me(tx), **(facts | which), now=g.now)
    if form.errors:
        return _write(form, **which), HTTPStatus.UNPROCESSABLE_ENTITY
    word = "ideas.one" if "idea_id" in which else "themes.one"
    return see(word, "The issue is being created. It will be linked here in a moment.", **which)


@page(blueprint, "/settings/trackers", who=managers)
def trackers() -> Any:
    return _trackers()


def _trackers(account: forms.TrackerAccount | None = None, rules: forms.TrackerRules | None = None) -> str:
    """Each as it was sent, where it was refused; None shows what is set."""
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        found = overview.trackers(tx, workspace_id=workspace_id)
        known = work.rules_of(tx, workspace_id=workspace_id)
        forms = {source: _account(source, found.accounts.get(source)) for source in TRACKERS}
        if account is not None and account.said("source") in forms:
            forms[account.said("source")] = account
        return render_template(
            "work/trackers.html",
            trackers=TRACKERS,
            found=found,
            forms=forms,
            rules=rules or _rules(known),
            workspace=workspaces.get(tx, workspace_id=workspace_id),
        )


def _account(source: str, known: Any) -> forms.TrackerAccount:
    return forms.TrackerAccount.blank(
        source=source,
        api_url=known.api_url if known else work.API_URLS[source],
        token="",
        place=known.place if known else "",
    )


def _rules(known: Any) -> forms.TrackerRules:
    return forms.TrackerRules.blank(
        on_started=known.on_started,
        on_done=known.on_done,
        on_not_planned=known.on_not_planned,
        statuses=overview.written(known.statuses),
        tells="tell" if known.tells_links else "ask",
        comments="yes" if known.comments else "no",
    )


@page(blueprint, "/settings/trackers/account", who=managers, methods=["POST"])
def save_account() -> Any:
    form = forms.TrackerAccount.sent()
    token = form.said("token")
    form.token.data = ""  # one that was refused is not written into the page again
    with form.refusals(), hub().transaction() as tx:
        work.set_account(
            tx,
            manager=me(tx),
            source=form.said("source"),
            api_url=form.said("api_url"),
            token=token,
            place=form.said("place"),
            cipher=hub().cipher,
            now=g.now,
        )
    if form.errors:
        return _trackers(account=form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("work.trackers", "Saved. It is being tried out: load the page again in a moment.")


@page(blueprint, "/settings/trackers/remove", who=managers, methods=["POST"])
def remove_account() -> Any:
    form = forms.TrackerAccount.sent()
    with hub().transaction() as tx:
        work.remove_account(tx, manager=me(tx), source=form.said("source"), now=g.now)
    return see("work.trackers", "Removed, with its token. What was linked stays linked.")


@page(blueprint, "/settings/trackers", who=managers, methods=["POST"])
def save_rules() -> Any:
    form = forms.TrackerRules.sent()
    with form.refusals(), hub().transaction() as tx:
        work.configure(
            tx,
            manager=me(tx),
            on_started=form.said("on_started"),
            on_done=form.said("on_done"),
            on_not_planned=form.said("on_not_planned"),
            statuses=work.statuses_in(form.said("statuses")),
            tells_links=form.said("tells") == "tell",
            comments=form.said("comments") != "no",
            now=g.now,
        )
    if form.errors:
        return _trackers(rules=form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("work.trackers", "Saved.")
