"""What managers set about how loud the app may be."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template

from feedback import loop, workspaces
from feedback.typed import number_of
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, see

blueprint = Blueprint("telling", __name__)


@page(blueprint, "/settings/telling", who=managers)
def settings() -> Any:
    return _settings(None)


def _settings(form: forms.Telling | None) -> str:
    """`form`: as it was sent, where it was refused; None shows what is set."""
    with hub().reading() as tx:
        workspace = workspaces.get(tx, workspace_id=g.member.workspace_id)
        shown = form or _as_it_is(workspace)
        return render_template("workspaces/telling.html", form=shown, weekdays=list(enumerate(loop.WEEKDAYS)))


def _as_it_is(workspace: Any) -> forms.Telling:
    return forms.Telling.blank(
        quiet="yes" if workspace.has_quiet_hours else "no",
        quiet_from=loop.clock_of(workspace.quiet_from_minutes),
        quiet_to=loop.clock_of(workspace.quiet_to_minutes),
        notices_a_week=str(workspace.notices_a_week),
        digest_weekday=str(workspace.digest_weekday),
        digest_at=loop.clock_of(workspace.digest_minutes),
    )


@page(blueprint, "/settings/telling", who=managers, methods=["POST"])
def save() -> Any:
    form = forms.Telling.sent()
    with form.refusals(), hub().transaction() as tx:
        pacing = loop.Pacing(
            has_quiet_hours=form.said("quiet") != "no",
            quiet_from_minutes=loop.minutes_of(form.said("quiet_from"), "quiet_from"),
            quiet_to_minutes=loop.minutes_of(form.said("quiet_to"), "quiet_to"),
            notices_a_week=number_of(form.said("notices_a_week"), "notices_a_week", least=0, most=loop.MOST_A_WEEK),
            digest_weekday=loop.weekday_of(form.said("digest_weekday")),
            digest_minutes=loop.minutes_of(form.said("digest_at"), "digest_at"),
        )
        loop.pace(tx, manager=me(tx), pacing=pacing, now=g.now)
    if form.errors:
        return _settings(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("telling.settings", "Saved. It holds from now on, also for what waits to be told.")
