"""Where the money is: budgets, the ledger, what each person was given, and each month, for managers and for finance."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from feedback import inbox, rewards
from feedback.overview import books as overview
from feedback.overview import budgets as budgets_overview
from feedback.overview import statements
from feedback.rewards import amounts
from feedback.typed import day_of
from handlers.web import forms, sheets
from handlers.web.pages import hub, id_in, managers, me, month_in, page, see

blueprint = Blueprint("books", __name__)
KINDS = {
    "fund": "Money in",
    "withdraw": "Money out",
    "reserve": "Approved",
    "commit": "On its way",
    "settle": "Paid",
    "release": "Not given after all",
    "void": "Not paid, back in the budget",
    "refund": "Came back",
}
"""Of a move of money, as a manager reads it."""
POSTING = (
    *("id", "transaction", "at", "kind", "account", "budget", "amount_cents", "currency"),
    *("reward", "to", "by", "reverses", "note", "key"),
)
GIVEN = (
    *("id", "to", "slack_id", "for", "state", "amount_cents", "currency", "points", "budget", "provider"),
    *("payment", "order", "proposed_by", "proposed_at", "approved_by", "approved_at", "paid_at", "returned_at"),
)
MONTH = (
    *("month", "budget", "currency", "opening_cents", "funded_cents", "withdrawn_cents", "reserved_cents"),
    *("paid_cents", "returned_cents", "closing_cents", "aside_cents"),
)
"""The columns of the files, in their order."""


@page(blueprint, "/rewards/budgets", who=managers)
def budgets() -> Any:
    return _budgets(forms.OpenBudget.blank(nonce=secrets.token_urlsafe(16)))


def _budgets(form: forms.OpenBudget) -> str:
    """`form`: the one that was sent from here, where it was refused."""
    with hub().reading() as tx:
        found = budgets_overview.standing(tx, workspace_id=g.member.workspace_id, now=g.now)
        return render_template(
            "rewards/budgets.html", found=found, form=form, currencies=[(each, each) for each in amounts.CURRENCIES]
        )


@page(blueprint, "/rewards/budgets", who=managers, methods=["POST"])
def open_budget() -> Any:
    """A second press of the button is no news."""
    form = forms.OpenBudget.sent()
    with form.refusals(), hub().transaction() as tx:
        if _is_new(tx, form):
            rewards.open_budget(
                tx,
                workspace_id=g.member.workspace_id,
                name=form.said("name"),
                currency=form.said("currency"),
                cents=amounts.cents_of(form.said("amount"), "amount"),
                by=me(tx),
                starts_on=day_of(form.said("starts_on"), "starts_on"),
                ends_on=day_of(form.said("ends_on"), "ends_on"),
                now=g.now,
            )
    if form.errors:
        return _budgets(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("books.budgets", "It is open.")


def _is_new(tx: Any, form: forms.Form) -> bool:
    nonce = form.said("nonce") or secrets.token_urlsafe(16)
    return inbox.is_new(tx, source="form", key=f"money:{g.member.id}:{nonce}", now=g.now)


@page(blueprint, "/rewards/budgets/<id:budget_id>", who=managers)
def budget(budget_id: int) -> Any:
    return _budget(budget_id)


def _budget(budget_id: int, **refused: forms.Form) -> str:
    """`refused`: the form that was sent from here, by its act."""
    with hub().reading() as tx:
        whole = budgets_overview.one(tx, workspace_id=g.member.workspace_id, budget_id=budget_id, now=g.now)
    if whole is None:
        abort(HTTPStatus.NOT_FOUND)
    its = whole.standing.budget
    blank = {
        "money": forms.BudgetMoney.blank(nonce=secrets.token_urlsafe(16)),
        "change": forms.ChangeBudget.blank(name=its.name, starts_on=its.starts_on or "", ends_on=its.ends_on or ""),
        "close": forms.Post.blank(),
    }
    return render_template(
        "rewards/budget.html", whole=whole, standing=whole.standing, budget=its, forms=blank | refused, refused=refused
    )


@page(blueprint, "/rewards/budgets/<id:budget_id>", who=managers, methods=["POST"])
def change(budget_id: int) -> Any:
    form = forms.ChangeBudget.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.change_budget(
            tx,
            budget_id=budget_id,
            manager=me(tx),
            name=form.said("name"),
            starts_on=day_of(form.said("starts_on"), "starts_on"),
            ends_on=day_of(form.said("ends_on"), "ends_on"),
            now=g.now,
        )
    return _after("change", form, budget_id, "Saved.")


@page(blueprint, "/rewards/budgets/<id:budget_id>/money", who=managers, methods=["POST"])
def money(budget_id: int) -> Any:
    """In, or out. A second press of the button is no news."""
    form = forms.BudgetMoney.sent()
    is_out = form.said("way") == "out"
    with form.refusals(), hub().transaction() as tx:
        if _is_new(tx, form):
            cents = amounts.cents_of(form.said("amount"), "amount")
            rewards.move_money(
                tx,
                budget_id=budget_id,
                manager=me(tx),
                cents=-cents if is_out else cents,
                note=form.said("note"),
                now=g.now,
            )
    return _after("money", form, budget_id, "It is taken out." if is_out else "It is in the budget.")


@page(blueprint, "/rewards/budgets/<id:budget_id>/close", who=managers, methods=["POST"])
def close(budget_id: int) -> Any:
    form = forms.Post.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.close_budget(tx, budget_id=budget_id, manager=me(tx), now=g.now)
    return _after("close", form, budget_id, "It is closed. What is on its way is still paid out of it.")


def _after(act: str, form: forms.Form, budget_id: int, say: str) -> Any:
    if form.errors:
        return _budget(budget_id, **{act: form}), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("books.budget", say, budget_id=budget_id)


@page(blueprint, "/rewards/ledger", who=managers)
def ledger() -> Any:
    chosen, workspace_id = _chosen(), g.member.workspace_id
    with hub().reading() as tx:
        found = overview.moves(tx, workspace_id=workspace_id, **chosen, before=id_in(request.args.get("before", "")))
        standing = budgets_overview.standing(tx, workspace_id=workspace_id, now=g.now)
        first = overview.first_month(tx, workspace_id=workspace_id)
        return render_template(
            "rewards/ledger.html",
            found=found,
            budgets={each.budget.id: each.budget for each in standing},
            months=_months(first) if first else [],
            chosen=chosen,
            keep=_address(chosen),
            kinds=KINDS,
        )


def _chosen() -> dict[str, Any]:
    """By budget, by month, by both or neither."""
    return {
        "budget_id": id_in(request.args.get("budget", "")),
        "month": month_in(request.args.get("month", "")),
    }


def _address(chosen: dict[str, Any]) -> dict[str, Any]:
    return {"budget": chosen["budget_id"] or None, "month": f"{chosen['month']:%Y-%m}" if chosen["month"] else None}


def _months(first: date) -> list[date]:
    """From this one back to the first."""
    found = [g.now.date().replace(day=1)]
    while found[-1] > first:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


@page(blueprint, "/rewards/ledger.csv", who=managers)
def ledger_csv() -> Any:
    return _ledger_file("csv")


@page(blueprint, "/rewards/ledger.json", who=managers)
def ledger_json() -> Any:
    return _ledger_file("json")


def _ledger_file(form: str) -> Any:
    chosen, workspace_id = _chosen(), g.member.workspace_id
    month = f"-{chosen['month']:%Y-%m}" if chosen["month"] else ""
    return sheets.sheet(
        f"ledger{month}", form, POSTING, lambda tx: overview.postings(tx, workspace_id=workspace_id, **chosen)
    )


@page(blueprint, "/rewards/every.csv", who=managers)
def given_csv() -> Any:
    return _given_file("csv")


@page(blueprint, "/rewards/every.json", who=managers)
def given_json() -> Any:
    return _given_file("json")


def _given_file(form: str) -> Any:
    workspace_id = g.member.workspace_id
    return sheets.sheet("rewards", form, GIVEN, lambda tx: overview.given(tx, workspace_id=workspace_id))


@page(blueprint, "/rewards/members/<id:member_id>", who=managers)
def member(member_id: int) -> Any:
    with hub().reading() as tx:
        found = statements.of_member(tx, workspace_id=g.member.workspace_id, member_id=member_id)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        return render_template("rewards/member.html", found=found)


@page(blueprint, "/rewards/months/<month:month>", who=managers)
def month(month: date) -> Any:
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        rows = overview.month_of(tx, workspace_id=workspace_id, month=month)
        first = overview.first_month(tx, workspace_id=workspace_id)
        months = _months(first) if first else []
        return render_template(
            "rewards/month.html", month=month, rows=rows, totals=overview.by_currency(rows), months=months
        )


@page(blueprint, "/rewards/months/<month:month>.csv", who=managers)
def month_csv(month: date) -> Any:
    return _month_file(month, "csv")


@page(blueprint, "/rewards/months/<month:month>.json", who=managers)
def month_json(month: date) -> Any:
    return _month_file(month, "json")


def _month_file(month: date, form: str) -> Any:
    workspace_id = g.member.workspace_id

    def rows(tx: Any) -> Iterator[dict[str, Any]]:
        for row in overview.month_of(tx, workspace_id=workspace_id, month=month):
            yield {
                "month": f"{month:%Y-%m}",
                "budget": row.budget.name,
                "currency": row.budget.currency,
                "opening_cents": row.opening_cents,
                "funded_cents": row.sums.funded_cents,
                "withdrawn_cents": row.sums.withdrawn_cents,
                "reserved_cents": row.sums.reserved_cents,
                "paid_cents": row.sums.paid_cents,
                "returned_cents": row.sums.returned_cents,
                "closing_cents": row.closing_cents,
                "aside_cents": row.aside_cents,
            }

    return sheets.sheet(f"month-{month:%Y-%m}", form, MONTH, rows)
