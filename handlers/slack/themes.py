"""Setting themes right from the triage channel. Their forms are opened from an idea's card."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext

from feedback import themes
from feedback.blocks import Json
from handlers.slack.ideas import values_of
from handlers.slack.visits import visit


def register(app: App) -> None:
    app.view("theme_rename")(on_renamed)
    app.view("theme_merge")(on_merged)
    app.view("theme_split")(on_split)


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
