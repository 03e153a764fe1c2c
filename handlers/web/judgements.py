"""What seems to hold feedback and waits for somebody on the team to look, and what they said before."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template, request

from feedback import judgements
from feedback.overview import judgements as overview
from feedback.overview.changes import channel_names
from handlers.web import forms
from handlers.web.pages import hub, id_in, me, page, page_number, reviewers, see

blueprint = Blueprint("judgements", __name__)


@page(blueprint, "/review", who=reviewers)
def queue() -> Any:
    return _queue()


def _queue(refused: forms.Form | None = None) -> str:
    """`refused`: a form that was sent from here."""
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        found = overview.queue(tx, workspace_id=workspace_id, number=page_number(), now=g.now)
        return render_template(
            "judgements/queue.html",
            page=found,
            texts=judgements.conversations(tx, found=[row.message for row in found.rows]),
            channels=channel_names(tx, workspace_id=workspace_id),
            undo_id=id_in(request.args.get("undo", "")),
            refused=refused,
        )


@page(blueprint, "/review/decided", who=reviewers)
def decided() -> Any:
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        return render_template(
            "judgements/decided.html",
            page=overview.decided(tx, workspace_id=workspace_id, number=page_number()),
            channels=channel_names(tx, workspace_id=workspace_id),
        )


@page(blueprint, "/review/<id:judgement_id>/keep", who=reviewers, methods=["POST"])
def keep(judgement_id: int) -> Any:
    form = forms.Kind.sent()
    with form.refusals(), hub().transaction() as tx:
        judgements.review(tx, judgement_id=judgement_id, kind=form.said("kind"), by=me(tx), now=g.now)
    return _after(form, "Kept. It is in the inbox now.")


@page(blueprint, "/review/<id:judgement_id>/nothing", who=reviewers, methods=["POST"])
def nothing(judgement_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        judgements.review(tx, judgement_id=judgement_id, kind="nothing", by=me(tx), now=g.now)
    return _after(form, "Put aside as no feedback.", undo=judgement_id)


@page(blueprint, "/review/<id:judgement_id>/undo", who=reviewers, methods=["POST"])
def undo(judgement_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        judgements.undo(tx, judgement_id=judgement_id, by=me(tx), now=g.now)
    return _after(form, "It waits here again.")


def _after(form: forms.Form, say: str, **values: Any) -> Any:
    if form.errors:
        return _queue(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("judgements.queue", say, page=page_number() if page_number() > 1 else None, **values)
