"""Every loop: who was told, who answered, who has not; and what a manager sets about that."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template, request

from feedback import loop, workspaces
from feedback.overview import loop as overview
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, page_number, reviewers, see

blueprint = Blueprint("loop", __name__)


@page(blueprint, "/loop", who=reviewers)
def every() -> Any:
    asked = request.args.get("show", "")
    show = asked if asked in overview.SHOWN else overview.SHOWN[0]
    with hub().reading() as tx:
        found = overview.loops(tx, workspace_id=g.member.workspace_id, show=show, number=page_number())
        return render_template("loop/list.html", found=found, page=found.page, show=show)


@page(blueprint, "/settings/loop", who=managers)
def settings() -> Any:
    with hub().reading() as tx:
        workspace = workspaces.get(tx, workspace_id=g.member.workspace_id)
        form = forms.Hearing.blank(**{name: str(getattr(workspace, name)) for name in loop.LIMITS})
        return render_template("loop/settings.html", form=form)


@page(blueprint, "/settings/loop", who=managers, methods=["POST"])
def save() -> Any:
    form = forms.Hearing.sent()
    with form.refusals(), hub().transaction() as tx:
        loop.configure(tx, manager=me(tx), typed={name: form.said(name) for name in loop.LIMITS}, now=g.now)
    if form.errors:
        return render_template("loop/settings.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("loop.settings", "Saved.")
