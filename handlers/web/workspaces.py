"""What managers set for the workspace: the team's channels, and where to listen."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template

from feedback import workspaces
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, see

blueprint = Blueprint("workspaces", __name__)


CAPTURE_MODES = {
    "off": "Suggest nothing",
    "author": "Ask whoever wrote it",
    "team": "Let the team look",
    "automatic": "Keep what is sure, let the team look at the rest",
}


@page(blueprint, "/settings", who=managers)
def settings() -> Any:
    return _settings(None)


def _settings(form: forms.Settings | None) -> str:
    """`form`: as it was sent, where it was refused; None shows what is set."""
    with hub().reading() as tx:
        workspace = workspaces.get(tx, workspace_id=g.member.workspace_id)
        channels = workspaces.channels(tx, workspace_id=workspace.id)
        heard = [channel.slack_id for channel in channels if workspaces.is_listened_to(workspace, channel)]
        return render_template(
            "workspaces/settings.html",
            workspace=workspace,
            channels=channels,
            modes=CAPTURE_MODES,
            form=form or _as_it_is(workspace, channels, heard),
        )


def _as_it_is(workspace: Any, channels: Any, heard: list[str]) -> Any:
    return forms.Settings.blank(
        triage_channel_id=workspace.triage_channel_id or "",
        managers_channel_id=workspace.managers_channel_id or "",
        themes="follow" if workspace.themes_follow else "ask",
        listening_to=heard,
        capture=[f"{channel.slack_id}:{channel.capture}" for channel in channels],
        capture_percent=str(workspace.capture_percent),
    )


@page(blueprint, "/settings", who=managers, methods=["POST"])
def save() -> Any:
    form = forms.Settings.sent()
    with form.refusals(), hub().transaction() as tx:
        workspaces.configure(
            tx,
            manager=me(tx),
            triage_channel_id=form.said("triage_channel_id") or None,
            managers_channel_id=form.said("managers_channel_id") or None,
            themes_follow=form.said("themes") == "follow",
            listening_to=form.chosen("listening_to"),
            capture=dict(_channel_and_mode(chosen) for chosen in form.chosen("capture")),
            capture_percent=workspaces.percent_of(form.said("capture_percent")),
            now=g.now,
        )
    if form.errors:
        return _settings(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("workspaces.settings", "Saved.")


def _channel_and_mode(chosen: str) -> tuple[str, str]:
    """One channel's choice, as the page sends it."""
    channel_id, _, mode = chosen.partition(":")
    return channel_id, mode
