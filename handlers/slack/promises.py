"""Noting what somebody on the team promised, and saying what became of it."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from feedback import promises
from feedback.blocks import Json
from feedback.blocks import promises as promise_blocks
from handlers.slack.ideas import id_in, say, values_of
from handlers.slack.visits import visit

FORMS = {
    "promise_note_open": (promises.check_mine, promise_blocks.note_form),
    "promise_move_open": (promises.check_may_move, promise_blocks.move_form),
    "promise_give_up_open": (promises.check_open, promise_blocks.give_up_form),
}
"""By button: what is checked, and the form that it opens."""


def register(app: App) -> None:
    app.action("promise_note_open")(on_open)
    app.action("promise_move_open")(on_open)
    app.action("promise_give_up_open")(on_open)
    app.action("promise_no")(on_no)
    app.action("promise_kept")(on_kept)
    app.view("promise_note")(on_noted)
    app.view("promise_move")(on_moved)
    app.view("promise_give_up")(on_given_up)


def on_open(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    check, form = FORMS[action["action_id"]]
    with visit(context) as by:
        view = form(check(by.tx, promise_id=id_in(action), member=by.member))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_no(ack: Ack, action: Json, context: BoltContext, respond: Respond) -> None:
    ack()
    with visit(context) as by:
        promises.say_no(by.tx, promise_id=id_in(action), member=by.member)
    say(respond, "All right, it is not noted.", instead=True)


def on_kept(ack: Ack, action: Json, context: BoltContext) -> None:
    ack()
    with visit(context) as by:
        promises.keep(by.tx, promise_id=id_in(action), member=by.member, now=by.now)


def on_noted(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        promises.note(by.tx, **_sent(view), member=by.member, due=values_of(view)["due"], now=by.now)
    ack()


def on_moved(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        promises.move(by.tx, **_sent(view), member=by.member, due=values_of(view)["due"], now=by.now)
    ack()


def on_given_up(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        promises.give_up(by.tx, **_sent(view), member=by.member, why=values_of(view)["why"], now=by.now)
    ack()


def _sent(view: Json) -> dict[str, int]:
    return {"promise_id": int(view["private_metadata"])}
