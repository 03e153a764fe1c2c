"""The thank-yous that managers approve or decline. What is given is typed in here and shown nowhere."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template

from feedback import rewards
from feedback.overview import gifts
from feedback.overview import rewards as overview
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, page_number, see

blueprint = Blueprint("rewards", __name__)


@page(blueprint, "/rewards", who=managers)
def every() -> Any:
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        return render_template(
            "rewards/list.html",
            page=overview.listed(tx, workspace_id=workspace_id, number=page_number()),
            balances=overview.balances(tx, workspace_id=workspace_id),
        )


@page(blueprint, "/rewards/<id:reward_id>", who=managers)
def one(reward_id: int) -> Any:
    return _one(reward_id)


def _one(reward_id: int, **refused: forms.Form) -> str:
    """`refused`: the form that was sent from here, by its act."""
    with hub().reading() as tx:
        whole = overview.one(tx, manager=me(tx), reward_id=reward_id, now=g.now)
        if whole is None:
            abort(HTTPStatus.NOT_FOUND)
        return render_template(
            "rewards/one.html",
            whole=whole,
            reward=whole.reward,
            gift=gifts.of(tx, reward=whole.reward, now=g.now),
            forms={
                "approve": forms.Approve.blank(),
                "decline": forms.DeclineReward.blank(),
                "back": forms.TakeBack.blank(),
                **refused,
            },
            refused=refused,
        )


@page(blueprint, "/rewards/<id:reward_id>/approve", who=managers, methods=["POST"])
def approve(reward_id: int) -> Any:
    form = forms.Approve.sent()
    gift = form.said("gift")
    form.gift.data = ""  # a code that was refused is not written into the page again
    with form.refusals(), hub().transaction() as tx:
        rewards.approve(tx, reward_id=reward_id, manager=me(tx), gift=gift, cipher=hub().cipher, now=g.now)
    return _after("approve", form, reward_id, "Approved. They hear of it in Slack.")


@page(blueprint, "/rewards/<id:reward_id>/decline", who=managers, methods=["POST"])
def decline(reward_id: int) -> Any:
    form = forms.DeclineReward.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.decline(tx, reward_id=reward_id, manager=me(tx), why=form.said("why"), now=g.now)
    return _after("decline", form, reward_id, "Declined.")


@page(blueprint, "/rewards/<id:reward_id>/gift/again", who=managers, methods=["POST"])
def send_again(reward_id: int) -> Any:
    form = forms.Post.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.send_again(tx, reward_id=reward_id, manager=me(tx), now=g.now)
    return _after("again", form, reward_id, "It is on its way to them once more.")


@page(blueprint, "/rewards/<id:reward_id>/gift/back", who=managers, methods=["POST"])
def take_back(reward_id: int) -> Any:
    """At once, or when the payout service has agreed."""
    form, say = forms.TakeBack.sent(), ""
    with form.refusals(), hub().transaction() as tx:
        reward = rewards.take_back(tx, reward_id=reward_id, manager=me(tx), why=form.said("why"), now=g.now)
        say = "Taken back." if reward.state == "cancelled" else "The payout service is asked to take it back."
    return _after("back", form, reward_id, say)


def _after(act: str, form: forms.Form, reward_id: int, say: str) -> Any:
    if form.errors:
        return _one(reward_id, **{act: form}), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("rewards.one", say, reward_id=reward_id)
