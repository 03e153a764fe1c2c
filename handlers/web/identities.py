"""People with several accounts, as managers found them: nobody approves their own reward with another one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template

from feedback import identities
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, see

blueprint = Blueprint("identities", __name__)


@page(blueprint, "/people", who=managers)
def every() -> Any:
    return _every(forms.LinkAccounts.blank())


def _every(form: forms.Form) -> str:
    """`form`: the one that was refused."""
    with hub().reading() as tx:
        links = identities.standing(tx, workspace_id=g.member.workspace_id)
        shown = form if isinstance(form, forms.LinkAccounts) else forms.LinkAccounts.blank()
        return render_template("identities/list.html", links=links, form=shown, refused=form)


@page(blueprint, "/people/link", who=managers, methods=["POST"])
def link() -> Any:
    form = forms.LinkAccounts.sent()
    with form.refusals(), hub().transaction() as tx:
        said = {name: form.said(name) for name in ("who", "other", "why")}
        identities.link(tx, manager=me(tx), **said, now=g.now)
    return _after(form, "They are one person from now on.")


@page(blueprint, "/people/<id:link_id>/end", who=managers, methods=["POST"])
def unlink(link_id: int) -> Any:
    form = forms.Post.sent()
    with form.refusals(), hub().transaction() as tx:
        identities.unlink(tx, manager=me(tx), link_id=link_id, now=g.now)
    return _after(form, "They are two people again.")


def _after(form: forms.Form, say: str) -> Any:
    return (_every(form), HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else see("identities.every", say)
