"""Asking again for what was declined: the button under the notice, and its form."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from feedback import appeals
from feedback.blocks import Json
from feedback.blocks import appeals as appeal_blocks
from handlers.slack.ideas import values_of
from handlers.slack.loop import notice_in
from handlers.slack.visits import visit


def register(app: App) -> None:
    app.action("appeal_open")(on_open)
    app.view("appeal_ask")(on_asked)


def on_open(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        notice, needs = appeals.check_may_ask(by.tx, notice_id=notice_in(by, action).id, member=by.member)
        view = appeal_blocks.form(notice, needs=needs)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_asked(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        appeals.ask_again(
            by.tx,
            notice_id=int(view["private_metadata"]),
            member=by.member,
            words=values_of(view)["words"],
            now=by.now,
        )
    ack()
