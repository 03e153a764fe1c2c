"""The managers' card: approve or decline a thank-you, or ask about it first; and the answer of whoever knows."""

from __future__ import annotations

from typing import TypedDict

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from feedback import rewards
from feedback.blocks import Json
from feedback.blocks import rewards as reward_blocks
from handlers.slack.ideas import id_in, values_of
from handlers.slack.visits import visit


class Seen(TypedDict):
    reward_id: int
    version: int


def register(app: App) -> None:
    app.action("reward_approve")(on_approve)
    app.view("reward_approve")(on_approved)
    app.action("reward_decline")(on_decline)
    app.view("reward_decline")(on_declined)
    app.action("reward_ask")(on_ask)
    app.view("reward_ask")(on_asked)
    app.action("reward_answer")(on_answer)
    app.view("reward_answer")(on_answered)


def on_approve(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    """At once, unless this manager has to give the code or link: then the form asks for it first."""
    ack()
    seen = _seen(action["value"])
    with visit(context) as by:
        reward, gives = rewards.check_approvable(by.tx, **seen, manager=by.member, now=by.now)
        if not gives:
            rewards.approve(by.tx, **seen, manager=by.member, cipher=by.hub.cipher, now=by.now)
            return
        view = reward_blocks.approve_form(reward)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_approved(ack: Ack, view: Json, context: BoltContext) -> None:
    seen, gift = _seen(view["private_metadata"]), values_of(view)["gift"]
    with visit(context) as by:
        rewards.approve(by.tx, **seen, manager=by.member, gift=gift, cipher=by.hub.cipher, now=by.now)
    ack()


def on_decline(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    seen = _seen(action["value"])
    with visit(context) as by:
        view = reward_blocks.decline_form(rewards.check_decidable(by.tx, **seen, manager=by.member, now=by.now))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_declined(ack: Ack, view: Json, context: BoltContext) -> None:
    seen, why = _seen(view["private_metadata"]), values_of(view)["why"]
    with visit(context) as by:
        rewards.decline(by.tx, **seen, manager=by.member, why=why, now=by.now)
    ack()


def on_ask(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    seen = _seen(action["value"])
    with visit(context) as by:
        view = reward_blocks.ask_form(rewards.check_askable(by.tx, **seen, manager=by.member, now=by.now))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_asked(ack: Ack, view: Json, context: BoltContext) -> None:
    seen, question = _seen(view["private_metadata"]), values_of(view)["question"]
    with visit(context) as by:
        rewards.ask(by.tx, **seen, manager=by.member, question=question, now=by.now)
    ack()


def on_answer(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        view = reward_blocks.answer_form(rewards.check_answerable(by.tx, question_id=id_in(action), member=by.member))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_answered(ack: Ack, view: Json, context: BoltContext) -> None:
    question_id, words = int(view["private_metadata"]), values_of(view)["answer"]
    with visit(context) as by:
        rewards.answer(by.tx, question_id=question_id, member=by.member, words=words, now=by.now)
    ack()


def _seen(value: str) -> Seen:
    """Which reward, and as what they saw it. A card of before there were versions names none, and is drawn anew."""
    reward_id, _, version = value.partition(":")
    return Seen(reward_id=int(reward_id), version=int(version or 0))
