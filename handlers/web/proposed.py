"""What happened and waits for a person to say that people hear of it; and a changelog that is read for it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template, request

from feedback import changes
from feedback.errors import Refused
from feedback.overview import proposed as overview
from handlers.web import forms
from handlers.web.changes import decide
from handlers.web.pages import deciders, hub, id_in, me, page, page_number, see

blueprint = Blueprint("proposed", __name__)
SOURCES = {"github": "GitHub", "gitlab": "GitLab", "linear": "Linear", "jira": "Jira"}
WORK = {"issue": "issue", "pull_request": "pull request", "milestone": "milestone", "release": "release"}
STATES = {"open": "open", "started": "in work", "done": "done", "not_planned": "not planned"}


@page(blueprint, "/changes/proposed", who=deciders)
def every() -> Any:
    return _every()


def _every(refused_id: int = 0, act: str = "", form: forms.Form | None = None) -> str:
    """`form`: the one that was sent from here for that change, where it was refused; `act`: which."""
    show = request.args.get("show", "")
    with hub().reading() as tx:
        show = show if show in overview.SHOWN else "waiting"
        found = overview.listed(tx, workspace_id=g.member.workspace_id, show=show, number=page_number())
        return render_template(
            "changes/proposed.html",
            found=found,
            show=show,
            forms={"plan": forms.Plan.blank(), "decline": forms.Decline.blank()},
            refused_id=refused_id,
            refused={act: form} if form else {},
            ticked=_ticked() if refused_id else None,
            words={"source": SOURCES, "work": WORK, "state": STATES},
        )


def _ticked() -> dict[str, list[int]]:
    return {name: [id_in(value) for value in request.form.getlist(name)] for name in ("idea_ids", "theme_ids")}


@page(blueprint, "/changes/proposed/<id:proposed_id>/plan", who=deciders, methods=["POST"])
def plan(proposed_id: int) -> Any:
    return _decide(proposed_id, "plan")


@page(blueprint, "/changes/proposed/<id:proposed_id>/decline", who=deciders, methods=["POST"])
def decline(proposed_id: int) -> Any:
    return _decide(proposed_id, "decline")


def _decide(proposed_id: int, act: str) -> Any:
    form, say = decide(act, proposed_id=proposed_id, **_ticked())
    return _after(proposed_id, act, form, say)


@page(blueprint, "/changes/proposed/<id:proposed_id>/leave", who=deciders, methods=["POST"])
def leave(proposed_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        changes.dismiss(tx, by=me(tx), proposed_id=proposed_id, now=g.now)
    return _after(proposed_id, "leave", form, "Put aside. Nobody is told of it, and you can take it up again.")


@page(blueprint, "/changes/proposed/<id:proposed_id>/back", who=deciders, methods=["POST"])
def take_up(proposed_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        changes.take_up_again(tx, by=me(tx), proposed_id=proposed_id, now=g.now)
    return _after(proposed_id, "back", form, "It waits for your word again.")


@page(blueprint, "/changes/proposed/<id:proposed_id>/look", who=deciders, methods=["POST"])
def look(proposed_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        changes.look_again(tx, by=me(tx), proposed_id=proposed_id, now=g.now)
    return _after(proposed_id, "look", form, "It is being compared again. Load this page anew in a few seconds.")


def _after(proposed_id: int, act: str, form: forms.Form, say: str) -> Any:
    if form.errors:
        return _every(proposed_id, act, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("proposed.every", say)


@page(blueprint, "/changes/import", who=deciders)
def read() -> Any:
    return render_template("changes/import.html", form=forms.Changelog.blank(), found=None)


@page(blueprint, "/changes/import", who=deciders, methods=["POST"])
def take() -> Any:
    """Two steps: what it holds, and then the ticked versions."""
    form, found, taken = forms.Changelog.sent(), None, None
    with form.refusals():
        text = _given(form)
        with hub().transaction() as tx:
            by = me(tx)
            found = changes.look_through(tx, by=by, text=text, now=g.now)
            if form.said("step") == "take":
                taken = changes.take_in(tx, by=by, text=text, keys=set(form.chosen("versions")), now=g.now)
    if taken is not None:
        say = {0: "That was read already.", 1: "One version is being compared with the ideas that wait."}
        return see("proposed.every", say.get(taken, f"{taken} versions are being compared with the ideas that wait."))
    answer = render_template("changes/import.html", form=form, found=found)
    return (answer, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else answer


def _given(form: forms.Changelog) -> str:
    """The file, if there is one; from then on it stands where it could have been pasted."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return form.said("text")
    try:
        form.text.data = sent.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("This file is not text in UTF-8. Save it so, or paste what it says.", "file") from None
    return form.said("text")
