"""Setting themes right from the triage channel. Their forms are opened from an idea's card."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from feedback import access, themes
from feedback.blocks import Json
from feedback.blocks import themes as theme_blocks
from feedback.overview import trust
from handlers.slack.ideas import id_in, values_of
from handlers.slack.visits import visit


def register(app: App) -> None:
    app.action("theme_about")(on_about)
    app.view("theme_rename")(on_renamed)
    app.view("theme_merge")(on_merged)
    app.view("theme_split")(on_split)


def on_about(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    """Of the theme that the card's idea is in by now."""
    ack()
    with visit(context) as by:
        theme = access.access_idea(by.tx, member=by.member, idea_id=id_in(action)).theme
        found = trust.card(by.tx, theme=theme) if theme else None
        view = theme_blocks.about(found, hub_url=by.hub.settings.hub_url)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_renamed(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        theme_id, name = int(view["private_metadata"]), values_of(view)["name"]
        themes.rename(by.tx, by=by.member, theme_id=theme_id, name=name, now=by.now)
    ack()


def on_merged(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        theme_id, into_id = int(view["private_metadata"]), int(values_of(view)["into_id"])
        themes.merge(by.tx, by=by.member, theme_id=theme_id, into_id=into_id, now=by.now)
    ack()


def on_split(ack: Ack, view: Json, context: BoltContext) -> None:
    values = values_of(view)
    with visit(context) as by:
        themes.split(
            by.tx,
            by=by.member,
            theme_id=int(view["private_metadata"]),
            idea_ids=[int(idea_id) for idea_id in values["idea_ids"]],
            name=values["name"],
            now=by.now,
        )
    ack()
