"""What is given for what, as managers set it; and what the team does so that somebody earns it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from feedback import rewards, workspaces
from feedback.overview import earning as overview
from feedback.rewards.amounts import CURRENCIES
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, page_number, reviewers, see

blueprint = Blueprint("earning", __name__)
TITLES = {
    "verified": ("An idea that helped", "It shipped, and somebody says that it is better now. For whoever wrote it."),
    "first_report": (
        "The first clear report of a problem",
        "It is mended, and somebody says so. For whoever reported it first, in place of the one above.",
    ),
    "evidence": ("Evidence that changed a decision", "Somebody of the team says so, below an idea that was decided."),
    "supported": (
        "A theme that many stood behind",
        "It shipped with enough people behind it. For whoever wrote its first idea.",
    ),
    "call": ("A call", "Somebody of the team talked with them about an idea."),
    "tested": (
        "Trying it out first",
        "It shipped again, they were asked before everybody else, and answered in words. It counts the same whether "
        "the answer is “better now”, “partly” or “not yet”.",
    ),
}
"""By trigger: its name, and when it is earned."""
WAYS = {
    "": "Points alone",
    "manual": "By hand: a code or link that a manager pastes, or a privilege",
    "codes": "A code from your own list",
    "tremendous": "The payout service",
    "booking": "A link where they choose a time, for example for a call",
}
BLANK = {"points": "10", "vesting_days": "7", "most_a_year": "0", "supporters": "10", "most_a_quarter": "3"}


@page(blueprint, "/settings/rewards", who=managers)
def rules() -> Any:
    return _rules()


def _rules(limits: forms.Form | None = None, **refused: forms.Form) -> str:
    """`refused`: the form of a rule that was sent from here, by its trigger."""
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        found = overview.rules(tx, workspace_id=workspace_id)
        workspace = workspaces.get(tx, workspace_id=workspace_id)
        return render_template(
            "rewards/rules.html",
            rules=found,
            titles=TITLES,
            forms={trigger: _as_it_is(found.get(trigger)) for trigger in rewards.TRIGGERS} | refused,
            refused=refused,
            limits=limits or _limits(workspace),
            ways={way: label for way, label in WAYS.items() if way != "tremendous" or hub().payouts is not None},
            budgets=overview.budgets(tx, workspace_id=workspace_id),
            currencies=CURRENCIES,
            by_hand=rewards.BY_HAND,
            proposers=rewards.PROPOSERS,
        )


def _as_it_is(rule: Any) -> forms.Rule:
    if rule is None:
        return forms.Rule.blank(**BLANK, provider="", currency="USD", proposed_by="product")
    names = ("points", "provider", "currency", "link", "words", "vesting_days", "most_a_year", "proposed_by")
    facts = {name: str(getattr(rule, name)) for name in names}
    facts |= {name: str(getattr(rule, name) or BLANK[name]) for name in ("supporters",)}
    facts |= {"most_a_quarter": str(rule.most_a_quarter), "budget_id": str(rule.budget_id or "")}
    return forms.Rule.blank(**facts, amount=_typed(rule.amount_cents))


def _limits(workspace: Any) -> forms.RewardLimits:
    return forms.RewardLimits.blank(
        **{name: str(getattr(workspace, name)) for name in rewards.LIMITS},
        two_approve_above=_typed(workspace.two_approve_above_cents),
        most_a_year=_typed(workspace.most_cents_a_year),
        rewards_guests="yes" if workspace.rewards_guests else "no",
        has_board="yes" if workspace.has_board else "no",
    )


def _typed(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}" if cents else ""


@page(blueprint, "/settings/rewards", who=managers, methods=["POST"])
def save() -> Any:
    form = forms.RewardLimits.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.configure(
            tx,
            manager=me(tx),
            typed={name: form.said(name) for name in (*rewards.LIMITS, "two_approve_above", "most_a_year")},
            rewards_guests=form.said("rewards_guests") == "yes",
            has_board=form.said("has_board") == "yes",
            now=g.now,
        )
    if form.errors:
        return _rules(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("earning.rules", "Saved.")


@page(blueprint, "/settings/rewards/<trigger>", who=managers, methods=["POST"])
def give(trigger: str) -> Any:
    if trigger not in rewards.TRIGGERS:
        abort(HTTPStatus.NOT_FOUND)
    form = forms.Rule.sent()
    with form.refusals(), hub().transaction() as tx:
        typed = {field.name: form.said(field.name) for field in form}
        has_service = hub().payouts is not None
        rewards.give(tx, manager=me(tx), trigger=trigger, typed=typed, has_service=has_service, now=g.now)
    if form.errors:
        return _rules(**{trigger: form}), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("earning.rules", "Saved. What was proposed already stays as it is.")


@page(blueprint, "/settings/rewards/<trigger>/end", who=managers, methods=["POST"])
def end(trigger: str) -> Any:
    if trigger not in rewards.TRIGGERS:
        abort(HTTPStatus.NOT_FOUND)
    with hub().transaction() as tx:
        rewards.stop(tx, manager=me(tx), trigger=trigger, now=g.now)
    return see("earning.rules", "Switched off. What was proposed already goes on.")


@page(blueprint, "/rewards/tried", who=reviewers)
def untried() -> Any:
    return _untried(forms.Form.blank())


def _untried(form: forms.Form) -> str:
    with hub().reading() as tx:
        found = overview.untried(tx, workspace_id=g.member.workspace_id, number=page_number())
        return render_template("rewards/untried.html", page=found, form=form, titles=TITLES)


@page(blueprint, "/rewards/<id:reward_id>/tried", who=reviewers, methods=["POST"])
def tried(reward_id: int) -> Any:
    form, idea_id = forms.Form.sent(), 0
    with form.refusals(), hub().transaction() as tx:
        idea_id = rewards.check(tx, reward_id=reward_id, by=me(tx), now=g.now).idea_id
    if form.errors:
        return _untried(form), HTTPStatus.UNPROCESSABLE_ENTITY
    say = "Thank you. That is noted."
    if request.args.get("from") == "idea":
        return see("ideas.one", say, idea_id=idea_id)
    return see("earning.untried", say)


@page(blueprint, "/ideas/<id:idea_id>/thank", who=reviewers)
def thank(idea_id: int) -> Any:
    return _thank(idea_id, forms.Thank.blank())


def _thank(idea_id: int, form: forms.Form) -> str:
    with hub().reading() as tx:
        found = overview.thankable(tx, by=me(tx), idea_id=idea_id)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        return render_template("rewards/thank.html", found=found, idea=found.idea, form=form, titles=TITLES)


@page(blueprint, "/ideas/<id:idea_id>/thank", who=reviewers, methods=["POST"])
def thanked(idea_id: int) -> Any:
    form = forms.Thank.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.thank(
            tx,
            idea_id=idea_id,
            by=me(tx),
            member_id=form.id_of("member_id"),
            trigger=form.said("trigger"),
            note=form.said("note"),
            now=g.now,
        )
    if form.errors:
        return _thank(idea_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("ideas.one", "Proposed. Somebody else on the team confirms it next.", idea_id=idea_id)
