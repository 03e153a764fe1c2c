"""Did it help? The two buttons under a notice, and the form that asks what is missing."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from feedback import loop
from feedback.blocks import Json
from feedback.blocks import loop as loop_blocks
from handlers.slack.ideas import id_in, values_of
from handlers.slack.visits import visit


def register(app: App) -> None:
    app.action("loop_better")(on_better)
    app.action("loop_not_yet")(on_not_yet)
    app.view("loop_not_yet")(on_why)


def on_better(ack: Ack, action: Json, context: BoltContext) -> None:
    ack()
    with visit(context) as by:
        loop.answer(by.tx, notice_id=id_in(action), member=by.member, verdict="better", now=by.now)


def on_not_yet(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        notice = loop.check_unanswered(by.tx, notice_id=id_in(action), member=by.member)
        view = loop_blocks.not_yet_form(notice)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_why(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        loop.answer(
            by.tx,
            notice_id=int(view["private_metadata"]),
            member=by.member,
            verdict="not_yet",
            why=values_of(view)["why"],
            now=by.now,
        )
    ack()
