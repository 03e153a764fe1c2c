"""Pairs of ideas that are probably the same, for somebody to say; and taking a merge back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template, request

from feedback import ideas
from feedback.overview import same as overview
from handlers.web import forms
from handlers.web.pages import hub, id_in, me, page, page_number, reviewers, see

blueprint = Blueprint("same", __name__)


@page(blueprint, "/ideas/same", who=reviewers)
def every() -> Any:
    return pairs()


def pairs(refused: forms.Form | None = None) -> str:
    """`refused`: a form that was sent from here."""
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        return render_template(
            "ideas/same.html",
            page=overview.pairs(tx, workspace_id=workspace_id, number=page_number()),
            merged=overview.merged(tx, workspace_id=workspace_id, merge_id=id_in(request.args.get("merged", ""))),
            refused=refused,
        )


@page(blueprint, "/ideas/same/<id:pair_id>/differ", who=reviewers, methods=["POST"])
def differ(pair_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        ideas.say_they_differ(tx, by=me(tx), pair_id=pair_id, now=g.now)
    if form.errors:
        return pairs(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("same.every", "They stay two. Nobody is asked about them again.", page=kept_page())


@page(blueprint, "/ideas/merges/<id:merge_id>/undo", who=reviewers, methods=["POST"])
def undo(merge_id: int) -> Any:
    """Back to the pairs, or to the idea on whose page it was pressed."""
    form, both = forms.Form.sent(), (0, 0)
    with form.refusals(), hub().transaction() as tx:
        merge = ideas.undo(tx, by=me(tx), merge_id=merge_id, now=g.now)
        both = (merge.idea_id, merge.into_id)
    if form.errors:
        return pairs(form), HTTPStatus.UNPROCESSABLE_ENTITY
    say = "Undone. Both stand for themselves again, with their own votes."
    if request.args.get("from") == "same":
        return see("same.every", say, page=kept_page())
    at = id_in(request.args.get("at", ""))
    return see("ideas.one", say, idea_id=at if at in both else both[0])


def kept_page() -> int | None:
    """For the address to go back to, which names no first page."""
    return page_number() if page_number() > 1 else None
