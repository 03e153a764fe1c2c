"""What holds a thank-you: a manager reads what was seen, looks, and says why it may go on."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template

from feedback import rewards
from feedback.overview import holds as overview
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, see

blueprint = Blueprint("holds", __name__)


@page(blueprint, "/rewards/<id:reward_id>/holds", who=managers)
def of_reward(reward_id: int) -> Any:
    return _of_reward(reward_id)


def _of_reward(reward_id: int, hold_id: int = 0, refused: forms.LiftHold | None = None) -> str:
    """`refused`: the form of that hold, as it was sent."""
    with hub().reading() as tx:
        found = overview.of_reward(tx, manager=me(tx), reward_id=reward_id)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        return render_template(
            "rewards/held.html",
            found=found,
            reward=found.reward,
            refused=refused,
            forms={seen.hold.id: forms.LiftHold.blank() for seen in found.holds} | {hold_id: refused},
        )


@page(blueprint, "/rewards/<id:reward_id>/holds/<id:hold_id>/lift", who=managers, methods=["POST"])
def lift(reward_id: int, hold_id: int) -> Any:
    form = forms.LiftHold.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.holds.lift(tx, hold_id=hold_id, manager=me(tx), why=form.said("why"), now=g.now)
    if form.errors:
        return _of_reward(reward_id, hold_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("holds.of_reward", "It may go on. Another manager approves it.", reward_id=reward_id)
