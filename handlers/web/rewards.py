"""The thank-yous that managers approve or decline. What is given is typed in here and shown nowhere."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template

from feedback import rewards
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
            forms={
                "approve": forms.Approve.blank(),
                "decline": forms.DeclineReward.blank(),
                "was_paid": forms.WasPaid.blank(),
                "was_not_paid": forms.WasNotPaid.blank(),
            }
            | refused,
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


@page(blueprint, "/rewards/<id:reward_id>/was-paid", who=managers, methods=["POST"])
def was_paid(reward_id: int) -> Any:
    form = forms.WasPaid.sent()
    gift = form.said("gift")
    form.gift.data = ""  # as above
    with form.refusals(), hub().transaction() as tx:
        by, why = me(tx), form.said("why")
        rewards.was_paid(tx, reward_id=reward_id, manager=by, why=why, gift=gift, cipher=hub().cipher, now=g.now)
    return _after("was_paid", form, reward_id, "Written down as paid.")


@page(blueprint, "/rewards/<id:reward_id>/was-not-paid", who=managers, methods=["POST"])
def was_not_paid(reward_id: int) -> Any:
    form = forms.WasNotPaid.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.was_not_paid(tx, reward_id=reward_id, manager=me(tx), why=form.said("why"), now=g.now)
    return _after("was_not_paid", form, reward_id, "The money is back in its budget.")


def _after(act: str, form: forms.Form, reward_id: int, say: str) -> Any:
    if form.errors:
        return _one(reward_id, **{act: form}), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("rewards.one", say, reward_id=reward_id)
