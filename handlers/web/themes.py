"""The list of themes, one theme, and setting it right."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from feedback import themes, work
from feedback.overview import demand, mapping, trust
from feedback.overview import themes as overview
from feedback.overview import work as overview_of_work
from handlers.web import forms, picture
from handlers.web.changes import decide
from handlers.web.pages import deciders, hub, me, page, page_number, reviewers, searched, see

blueprint = Blueprint("themes", __name__)


@page(blueprint, "/themes", who=reviewers)
def every() -> Any:
    sort = request.args.get("sort", overview.SORTS[0])
    with hub().reading() as tx:
        found = overview.listed(
            tx, workspace_id=g.member.workspace_id, number=page_number(), sort=sort, like=searched()
        )
        phrases = overview.phrases(tx, of=found.rows)
        waiting = len(themes.standing(tx, workspace_id=g.member.workspace_id))
        return render_template("themes/list.html", page=found, phrases=phrases, sort=sort, waiting=waiting)


@page(blueprint, "/themes/map", who=reviewers)
def drawn() -> Any:
    return _map(forms.Post.blank())


def _map(form: forms.Form) -> str:
    with hub().reading() as tx:
        largest = mapping.largest(tx, workspace_id=g.member.workspace_id)
    return render_template(
        "themes/map.html",
        largest=largest,
        pictures=[picture.draw(largest.spots, each) for each in picture.FORMATS],
        letters=picture.LETTERS,
        states=mapping.STATES,
        form=form,
    )


@page(blueprint, "/themes/map/post", who=reviewers, methods=["POST"])
def post_map() -> Any:
    form = forms.Post.sent()
    with form.refusals(), hub().transaction() as tx:
        themes.post_map(tx, by=me(tx), now=g.now)
    if form.errors:
        return _map(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("themes.drawn", "It will be in the triage channel in a moment.")


@page(blueprint, "/themes/<id:theme_id>", who=reviewers)
def one(theme_id: int) -> Any:
    return _one(theme_id)


def _one(theme_id: int, **refused: forms.Form) -> Any:
    """`refused`: a form that was sent from here, by its act."""
    with hub().reading() as tx:
        theme = overview.find(tx, workspace_id=g.member.workspace_id, theme_id=theme_id)
        if theme is None:
            abort(HTTPStatus.NOT_FOUND)
        if theme.merged_into_id is not None:
            return redirect(url_for("themes.one", theme_id=theme.merged_into_id))
        blank = {
            "rename": forms.Rename.blank(name=theme.name),
            "merge": forms.Merge.blank(),
            "split": forms.Split.blank(),
            "pin": forms.Form.blank(),
            "undo": forms.Undo.blank(),
            "plan": forms.Plan.blank(),
            "decline": forms.Decline.blank(),
            "link": forms.LinkWork.blank(),
            "ask": forms.Ask.blank(),
        }
        card = trust.card(tx, theme=theme)
        return render_template(
            "themes/one.html",
            theme=theme,
            card=card,
            trust=trust,
            sentences=demand.sentences(card.demand),
            whole=overview.one(tx, theme=theme, number=page_number()),
            living=themes.living(tx, workspace_id=theme.workspace_id),
            work=overview_of_work.linked(tx, workspace_id=theme.workspace_id, theme_id=theme.id),
            undoable=themes.offered(tx, theme=theme, now=g.now),
            forms=blank | refused,
            refused=refused,
        )


@page(blueprint, "/themes/<id:theme_id>/rename", who=reviewers, methods=["POST"])
def rename(theme_id: int) -> Any:
    form = forms.Rename.sent()
    with form.refusals(), hub().transaction() as tx:
        themes.rename(tx, by=me(tx), theme_id=theme_id, name=form.said("name"), now=g.now)
    return _after("rename", form, theme_id, "Renamed.")


@page(blueprint, "/themes/<id:theme_id>/work", who=reviewers, methods=["POST"])
def link(theme_id: int) -> Any:
    form = forms.LinkWork.sent()
    with form.refusals(), hub().transaction() as tx:
        work.link(tx, by=me(tx), url=form.said("url"), theme_id=theme_id, now=g.now)
    return _after("link", form, theme_id, "Linked.")


@page(blueprint, "/themes/<id:theme_id>/pin", who=reviewers, methods=["POST"])
def pin(theme_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        themes.pin(tx, by=me(tx), theme_id=theme_id, now=g.now)
    return _after("pin", form, theme_id, "Pinned. From now on it only gains ideas, unless a person says otherwise.")


@page(blueprint, "/themes/<id:theme_id>/unpin", who=reviewers, methods=["POST"])
def unpin(theme_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        themes.unpin(tx, by=me(tx), theme_id=theme_id, now=g.now)
    return _after("pin", form, theme_id, "The pin is off.")


@page(blueprint, "/themes/<id:theme_id>/undo", who=reviewers, methods=["POST"])
def undo(theme_id: int) -> Any:
    form = forms.Undo.sent()
    with form.refusals(), hub().transaction() as tx:
        themes.undo(tx, by=me(tx), event_id=form.id_of("event_id"), now=g.now)
    return _after("undo", form, theme_id, "Undone. Everything is where it was before.")


@page(blueprint, "/themes/<id:theme_id>/merge", who=reviewers, methods=["POST"])
def merge(theme_id: int) -> Any:
    form = forms.Merge.sent()
    into_id = form.id_of("into_id")
    with form.refusals(), hub().transaction() as tx:
        themes.merge(tx, by=me(tx), theme_id=theme_id, into_id=into_id, now=g.now)
    return _after("merge", form, theme_id, "Merged. Old links come here now. You can undo it below.", into_id)


@page(blueprint, "/themes/<id:theme_id>/split", who=reviewers, methods=["POST"])
def split(theme_id: int) -> Any:
    form = forms.Split.sent()
    new_id = 0
    with form.refusals(), hub().transaction() as tx:
        ids, name = form.ids("idea_ids"), form.said("name")
        new_id = themes.split(tx, by=me(tx), theme_id=theme_id, idea_ids=ids, name=name, now=g.now).id
    return _after("split", form, theme_id, "Split. This is the new theme.", new_id)


@page(blueprint, "/themes/<id:theme_id>/plan", who=deciders, methods=["POST"])
def plan(theme_id: int) -> Any:
    form, say = decide("plan", theme_ids=[theme_id])
    return _after("plan", form, theme_id, say)


@page(blueprint, "/themes/<id:theme_id>/decline", who=deciders, methods=["POST"])
def decline(theme_id: int) -> Any:
    form, say = decide("decline", theme_ids=[theme_id])
    return _after("decline", form, theme_id, say)


@page(blueprint, "/themes/<id:theme_id>/ask", who=deciders, methods=["POST"])
def ask(theme_id: int) -> Any:
    form, say = decide("ask", theme_ids=[theme_id])
    return _after("ask", form, theme_id, say)


def _after(act: str, form: forms.Form, theme_id: int, say: str, next_id: int = 0) -> Any:
    """`next_id`: the theme to go on to, where it is another one."""
    if not form.errors:
        return see("themes.one", say, theme_id=next_id or theme_id)
    again = _one(theme_id, **{act: form})
    # A string is the page again; anything else sends on to where the theme was merged meanwhile.
    return (again, HTTPStatus.UNPROCESSABLE_ENTITY) if isinstance(again, str) else again
