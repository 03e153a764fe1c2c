"""What the grouping suggests about themes: accepted or left by a person, and its questions answered."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template

from feedback import themes, workspaces
from feedback.overview import proposals as overview
from handlers.web import forms
from handlers.web.pages import hub, me, page, reviewers, see

blueprint = Blueprint("proposals", __name__)
ACCEPTED = {
    "merge": "Put together. You can undo it at the end of this page.",
    "split": "Parted. You can undo it at the end of this page.",
    "move": "Moved. You can undo it at the end of this page.",
}
ANSWERED = {
    "yes": "Thank you. The two are kept together from now on.",
    "no": "Thank you. The two are kept apart from now on.",
    "unsure": "Thank you. These two are not asked about again.",
}


@page(blueprint, "/themes/proposed", who=reviewers)
def every() -> Any:
    return _every(forms.Form.blank())


def _every(form: forms.Form) -> str:
    """`form`: the one that was sent from here, where it was refused."""
    with hub().reading() as tx:
        workspace = workspaces.get(tx, workspace_id=g.member.workspace_id)
        found = overview.suggested(tx, workspace_id=workspace.id, now=g.now)
        return render_template("themes/proposed.html", found=found, workspace=workspace, form=form)


@page(blueprint, "/themes/proposed/<id:proposal_id>/accept", who=reviewers, methods=["POST"])
def accept(proposal_id: int) -> Any:
    form, say = forms.Form.sent(), ""
    with form.refusals(), hub().transaction() as tx:
        say = ACCEPTED[themes.accept(tx, by=me(tx), proposal_id=proposal_id, now=g.now).kind]
    return _after(form, say)


@page(blueprint, "/themes/proposed/<id:proposal_id>/leave", who=reviewers, methods=["POST"])
def leave(proposal_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        themes.decline(tx, by=me(tx), proposal_id=proposal_id, now=g.now)
    return _after(form, "It stays as it is.")


@page(blueprint, "/themes/proposed/undo/<id:event_id>", who=reviewers, methods=["POST"])
def undo(event_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        themes.undo(tx, by=me(tx), event_id=event_id, now=g.now)
    return _after(form, "Undone. Everything is where it was before.")


@page(blueprint, "/themes/questions/<id:question_id>/answer", who=reviewers, methods=["POST"])
def answer(question_id: int) -> Any:
    form = forms.Answer.sent()
    with form.refusals(), hub().transaction() as tx:
        themes.answer(tx, by=me(tx), question_id=question_id, verdict=form.said("verdict"), now=g.now)
    return _after(form, ANSWERED.get(form.said("verdict"), ""))


@page(blueprint, "/themes/questions/<id:question_id>/back", who=reviewers, methods=["POST"])
def take_back(question_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        themes.take_back(tx, by=me(tx), question_id=question_id, now=g.now)
    return _after(form, "Taken back. The question waits again.")


def _after(form: forms.Form, say: str) -> Any:
    return (_every(form), HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else see("proposals.every", say)
