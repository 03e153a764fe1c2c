"""The thank-yous that managers approve or decline. What is given is typed in here and shown nowhere."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from feedback import access, rewards
from feedback.blocks import rewards as reward_blocks
from feedback.overview import budgets, gifts, queue, scoring
from feedback.overview import rewards as overview
from feedback.rewards.scoring import CRITERIA
from handlers.web import forms
from handlers.web.pages import hub, id_in, managers, me, page, page_number, reviewers, searched, see

blueprint = Blueprint("rewards", __name__)
MOST_VOUCHES = 3
"""Of those who confirmed it, the first."""


@page(blueprint, "/rewards", who=managers)
def every() -> Any:
    workspace_id = g.member.workspace_id
    asked = {name: request.args.get(name, "") for name in ("state", "budget")}
    sieve = queue.Sieve(state=asked["state"], name=searched(), budget_id=id_in(asked["budget"]))
    with hub().reading() as tx:
        return render_template(
            "rewards/list.html",
            page=queue.listed(tx, workspace_id=workspace_id, sieve=sieve, number=page_number(), now=g.now),
            waiting=queue.waiting_cents(tx, workspace_id=workspace_id),
            standing=budgets.standing(tx, workspace_id=workspace_id, now=g.now),
            sieve=sieve,
            keep={"state": sieve.state or None, "q": sieve.name or None, "budget": sieve.budget_id or None},
            groups=queue.GROUPS,
            states=rewards.STATES,
        )


@page(blueprint, "/rewards/<id:reward_id>", who=managers)
def one(reward_id: int) -> Any:
    return _one(reward_id)


def _one(reward_id: int, **refused: forms.Form) -> str:
    """`refused`: the form that was sent from here, by its act. It goes along with what stands here now."""
    with hub().reading() as tx:
        whole = overview.one(tx, manager=me(tx), reward_id=reward_id, now=g.now)
        if whole is None:
            abort(HTTPStatus.NOT_FOUND)
        blank = {
            "approve": forms.Approve,
            "decline": forms.DeclineReward,
            "ask": forms.AskReward,
            "was_paid": forms.WasPaid,
            "was_not_paid": forms.WasNotPaid,
            "back": forms.TakeBack,
            "revoke": forms.Revoke,
        }
        shown = {act: form.blank() for act, form in blank.items()} | refused
        shown["approve"]["gift"].label.text = reward_blocks.GIFT_LABELS[bool(whole.reward.amount_cents)]
        return render_template(
            "rewards/one.html",
            whole=whole,
            brief=whole.brief,
            reward=whole.reward,
            given_words=reward_blocks.given_words,
            what_for=reward_blocks.WHAT_FOR,
            by_hand=rewards.BY_HAND,
            most_vouches=MOST_VOUCHES,
            spoke=reward_blocks.spoke(whole.reward),
            forms=shown,
            scores=scoring.shown(tx, idea=whole.reward.idea, member=g.member),
            criteria=CRITERIA,
            gift=gifts.of(tx, reward=whole.reward, now=g.now),
            refused=refused,
        )


@page(blueprint, "/rewards/<id:reward_id>/approve", who=managers, methods=["POST"])
def approve(reward_id: int) -> Any:
    form = forms.Approve.sent()
    seen, gift = _seen(form, reward_id), form.said("gift")
    form.gift.data = ""  # a code that was refused is not written into the page again
    say = "Approved. They hear of it in Slack."
    with form.refusals(), hub().transaction() as tx:
        reward = rewards.approve(tx, **seen, manager=me(tx), gift=gift, cipher=hub().cipher, now=g.now)
        if rewards.kept(reward):
            say = "Your yes is kept. One more manager is needed."
    return _after("approve", form, reward_id, say)


@page(blueprint, "/rewards/<id:reward_id>/decline", who=managers, methods=["POST"])
def decline(reward_id: int) -> Any:
    form = forms.DeclineReward.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.decline(tx, **_seen(form, reward_id), manager=me(tx), why=form.said("why"), now=g.now)
    return _after("decline", form, reward_id, "Declined.")


@page(blueprint, "/rewards/<id:reward_id>/ask", who=managers, methods=["POST"])
def ask(reward_id: int) -> Any:
    form = forms.AskReward.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.ask(tx, **_seen(form, reward_id), manager=me(tx), question=form.said("question"), now=g.now)
    return _after("ask", form, reward_id, "Asked. Whoever proposed it gets it in a message.")


def _seen(form: forms.Seen, reward_id: int) -> dict[str, int]:
    """A form that says of no version is of none: nobody saw what they decide about."""
    return {"reward_id": reward_id, "version": form.id_of("version")}


@page(blueprint, "/rewards/<id:reward_id>/revoke", who=managers, methods=["POST"])
def revoke(reward_id: int) -> Any:
    form = forms.Revoke.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.revoke(tx, reward_id=reward_id, manager=me(tx), why=form.said("why"), now=g.now)
    return _after("revoke", form, reward_id, "Taken back. The money is in its budget again.")


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


@page(blueprint, "/rewards/questions/<id:question_id>", who=reviewers)
def question(question_id: int) -> Any:
    return _question(question_id, forms.AnswerReward.blank())


def _question(question_id: int, form: forms.AnswerReward) -> str:
    with hub().reading() as tx:
        asked = overview.question(tx, workspace_id=g.member.workspace_id, question_id=question_id)
        if asked is None:
            abort(HTTPStatus.NOT_FOUND)
        if not access.may_answer(g.member, asked.reward):
            abort(HTTPStatus.FORBIDDEN)
        return render_template("rewards/question.html", asked=asked, reward=asked.reward, form=form)


@page(blueprint, "/rewards/questions/<id:question_id>/answer", who=reviewers, methods=["POST"])
def answer(question_id: int) -> Any:
    form = forms.AnswerReward.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.answer(tx, question_id=question_id, member=me(tx), words=form.said("answer"), now=g.now)
    if form.errors:
        return _question(question_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("rewards.question", "Thank you. Whoever asked reads it now.", question_id=question_id)
