"""Channels that change their name, end, and come back."""

from __future__ import annotations

from slack_bolt import App, BoltContext

from feedback import workspaces
from feedback.blocks import Json
from handlers.slack.visits import news


def register(app: App) -> None:
    app.event("channel_rename")(on_rename)
    app.event("channel_archive")(on_archive)
    app.event("channel_unarchive")(on_archive)


def on_rename(event: Json, body: Json, context: BoltContext) -> None:
    channel = event["channel"]
    with news(context, body) as by:
        if by:
            workspaces.rename_channel(by.tx, workspace=by.workspace, channel_id=channel["id"], name=channel["name"])


def on_archive(event: Json, body: Json, context: BoltContext) -> None:
    with news(context, body) as by:
        if by:
            workspaces.archive_channel(
                by.tx,
                workspace=by.workspace,
                channel_id=event["channel"],
                is_archived=event["type"] == "channel_archive",
            )
