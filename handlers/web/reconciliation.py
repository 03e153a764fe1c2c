"""Where the payout service's books and ours differ, for managers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template

from feedback import rewards
from feedback.overview import reconciling as overview
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, page_number, see

blueprint = Blueprint("reconciliation", __name__)


@page(blueprint, "/rewards/reconciliation", who=managers)
def every() -> Any:
    return _every()


def _every(form: forms.Settle | None = None, refused_id: int = 0) -> str:
    """`form`: as it was sent, about the difference of that id, where it was refused."""
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        return render_template(
            "rewards/reconciliation.html",
            page=overview.listed(tx, workspace_id=workspace_id, number=page_number()),
            settled=overview.settled(tx, workspace_id=workspace_id),
            compared=overview.compared(tx, workspace_id=workspace_id),
            has_service=hub().payouts is not None,
            blank=forms.Settle.blank(),
            sent=form,
            refused_id=refused_id,
        )


@page(blueprint, "/rewards/reconciliation", who=managers, methods=["POST"])
def compare() -> Any:
    with hub().transaction() as tx:
        rewards.compare_now(tx, manager=me(tx), now=g.now)
    return see("reconciliation.every", "Both are being compared. Load this page again in a minute.")


@page(blueprint, "/rewards/reconciliation/<id:discrepancy_id>", who=managers, methods=["POST"])
def settle(discrepancy_id: int) -> Any:
    form = forms.Settle.sent()
    with form.refusals(), hub().transaction() as tx:
        rewards.settle(tx, manager=me(tx), discrepancy_id=discrepancy_id, why=form.said("why"), now=g.now)
    if form.errors:
        return _every(form, discrepancy_id), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("reconciliation.every", "Settled.")
