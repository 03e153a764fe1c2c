"""In App Home: whether somebody is named, and whether they are on the leaderboard."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext

from feedback import loop
from feedback.blocks import Json
from feedback.rewards import recognition
from handlers.slack.visits import visit


def register(app: App) -> None:
    app.action("credit_switch")(on_credit)
    app.action("board_switch")(on_board)


def on_credit(ack: Ack, action: Json, context: BoltContext) -> None:
    """The button says what it asks for, so that a second press of it changes nothing."""
    ack()
    with visit(context) as by:
        loop.allow(by.tx, member=by.member, is_credited=action["value"] == "yes", now=by.now)


def on_board(ack: Ack, action: Json, context: BoltContext) -> None:
    ack()
    with visit(context) as by:
        recognition.join_board(by.tx, member=by.member, is_on_board=action["value"] == "yes", now=by.now)
