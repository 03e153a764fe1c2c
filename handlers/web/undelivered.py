"""What did not get through to Slack or the payout service, and what managers do about it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template

from feedback import undelivered
from feedback.overview import undelivered as overview
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, page_number, see

blueprint = Blueprint("undelivered", __name__)


@page(blueprint, "/undelivered", who=managers)
def every() -> Any:
    return _every(forms.Undelivered.blank())


def _every(form: forms.Undelivered) -> str:
    """`form`: the one that was sent from here, where it was refused."""
    with hub().reading() as tx:
        found = overview.listed(tx, workspace_id=g.member.workspace_id, number=page_number())
        return render_template("undelivered/list.html", page=found, form=form)


@page(blueprint, "/undelivered/<id:outbox_id>/again", who=managers, methods=["POST"])
def again(outbox_id: int) -> Any:
    form = forms.Undelivered.sent()
    with form.refusals(), hub().transaction() as tx:
        undelivered.try_again(tx, outbox_id=outbox_id, attempt=form.id_of("attempt"), manager=me(tx), now=g.now)
    return _after(form, "It is being tried again. If that fails too, it comes back here.")


@page(blueprint, "/undelivered/<id:outbox_id>/leave", who=managers, methods=["POST"])
def leave(outbox_id: int) -> Any:
    form = forms.Undelivered.sent()
    with form.refusals(), hub().transaction() as tx:
        undelivered.leave(tx, outbox_id=outbox_id, attempt=form.id_of("attempt"), manager=me(tx), now=g.now)
    return _after(form, "It is left as it is.")


def _after(form: forms.Undelivered, say: str) -> Any:
    if form.errors:
        return _every(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("undelivered.every", say, page=page_number() if page_number() > 1 else None)
