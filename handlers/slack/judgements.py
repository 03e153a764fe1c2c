"""Shall I keep this? The two buttons of the question to an author."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext, Respond

from feedback import judgements
from feedback.blocks import Json
from handlers.slack.ideas import id_in, say
from handlers.slack.visits import visit


def register(app: App) -> None:
    app.action("judgement_yes")(on_answer)
    app.action("judgement_no")(on_answer)


def on_answer(ack: Ack, action: Json, context: BoltContext, respond: Respond) -> None:
    ack()
    wanted = action["action_id"] == "judgement_yes"
    with visit(context) as by:
        is_kept = judgements.answer(by.tx, judgement_id=id_in(action), member=by.member, keep=wanted, now=by.now)
    text = "Kept. The thread will say what becomes of it." if is_kept else "All right, it is not kept."
    say(respond, text, instead=True)
