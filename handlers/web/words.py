"""What managers set about telling: the words for each kind of change, and the channel for news."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template

from feedback import loop, workspaces
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, see

blueprint = Blueprint("words", __name__)
EXAMPLE = {
    "name": "@Ana",
    "said": "on 3 March you wrote",
    "date": "3 March",
    "words": "“The pump leaks in my bag.”",
    "link": "See it here",
}
NEWS = {
    "shipped": "The pump locks now.",
    "planned": "We look for a lock that holds.",
    "declined": "A lock would make it too heavy for its bag.",
    "asked": "Does it leak when it is full, too?",
}


@page(blueprint, "/settings/words", who=managers)
def texts() -> Any:
    return _texts(None)


@page(blueprint, "/settings/words", who=managers, methods=["POST"])
def save() -> Any:
    form = forms.Words.sent()
    if form.said("step") == "look":
        return _look(form)
    with form.refusals(), hub().transaction() as tx:
        loop.words.configure(
            tx,
            manager=me(tx),
            texts={kind: form.said(kind) for kind in loop.words.DEFAULTS},
            announcement_channel_id=form.said("announcement_channel_id") or None,
            now=g.now,
        )
    if form.errors:
        return _texts(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("words.texts", "Saved. It holds for what you tell from now on.")


def _look(form: forms.Words) -> Any:
    """Saves nothing."""
    with form.refusals():
        for kind in loop.words.DEFAULTS:
            loop.words.check(form.said(kind), kind)
    return (_texts(form), HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else _texts(form)


def _texts(form: forms.Words | None) -> str:
    """`form`: as it was sent; None shows what is set."""
    with hub().reading() as tx:
        workspace = workspaces.get(tx, workspace_id=g.member.workspace_id)
        own = loop.words.of_workspace(tx, workspace_id=workspace.id)
        form = form or forms.Words.blank(**own, announcement_channel_id=workspace.announcement_channel_id or "")
        return render_template(
            "workspaces/words.html",
            form=form,
            named=loop.words.PLACES,
            examples={kind: _example(kind, form.said(kind)) for kind in loop.words.DEFAULTS},
            channels=workspaces.channels(tx, workspace_id=workspace.id),
        )


def _example(kind: str, text: str) -> str:
    places = {**EXAMPLE, "news": NEWS[kind], "link": EXAMPLE["link"] if kind == "shipped" else ""}
    filled = loop.words.fill(text or loop.words.DEFAULTS[kind], places)
    return filled.replace("*", "")
