"""One thank-you for a theme, which everybody who helped with it shares."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, url_for

from feedback.overview import sharing as overview
from feedback.overview import themes
from feedback.rewards import sharing
from feedback.rewards.rules import TRIGGERS
from handlers.web import forms
from handlers.web.pages import deciders, hub, me, page, page_number, see

blueprint = Blueprint("sharing", __name__)


@page(blueprint, "/themes/<id:theme_id>/share", who=deciders)
def one(theme_id: int) -> Any:
    return _one(theme_id, forms.Share.blank())


def _one(theme_id: int, form: forms.Form) -> Any:
    """`form`: as it was sent, where it was refused."""
    with hub().reading() as tx:
        theme = themes.find(tx, workspace_id=g.member.workspace_id, theme_id=theme_id)
        if theme is None:
            abort(HTTPStatus.NOT_FOUND)
        if theme.merged_into_id is not None:
            return redirect(url_for("sharing.one", theme_id=theme.merged_into_id))
        return render_template(
            "themes/share.html",
            whole=overview.one(tx, theme=theme, member=g.member, number=page_number()),
            theme=theme,
            triggers=TRIGGERS,
            form=form,
        )


@page(blueprint, "/themes/<id:theme_id>/share", who=deciders, methods=["POST"])
def share(theme_id: int) -> Any:
    form, is_new = forms.Share.sent(), False
    with form.refusals(), hub().transaction() as tx:
        trigger, idea_ids = form.said("trigger"), form.ids("idea_ids")
        _, is_new = sharing.share(tx, by=me(tx), theme_id=theme_id, trigger=trigger, idea_ids=idea_ids, now=g.now)
    if form.errors:
        again = _one(theme_id, form)
        return (again, HTTPStatus.UNPROCESSABLE_ENTITY) if isinstance(again, str) else again
    say = "Proposed. Each part waits until somebody else has seen that it helped, and a manager says yes."
    return see("sharing.one", say if is_new else "It was shared already, as it stands here.", theme_id=theme_id)
