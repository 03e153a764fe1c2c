"""From which sum what people were given has to be reported, and who comes near it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template

from feedback import rewards
from feedback.overview import taxes as overview
from feedback.rewards import amounts
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, see

blueprint = Blueprint("taxes", __name__)


@page(blueprint, "/settings/tax", who=managers)
def settings() -> Any:
    return _settings(forms.TaxLine.blank(year=str(g.now.year)))


def _settings(form: forms.TaxLine) -> str:
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        return render_template(
            "rewards/tax.html",
            form=form,
            lines=overview.lines(tx, workspace_id=workspace_id),
            near=overview.near(tx, workspace_id=workspace_id, year=g.now.year),
            changed=overview.changed(tx, workspace_id=workspace_id),
            currencies=amounts.CURRENCIES,
            percent=overview.NEAR_PERCENT,
        )


@page(blueprint, "/settings/tax", who=managers, methods=["POST"])
def save() -> Any:
    form = forms.TaxLine.sent()
    with form.refusals(), hub().transaction() as tx:
        line = rewards.taxes.set_line(
            tx,
            manager=me(tx),
            country=form.said("country"),
            year=form.said("year"),
            cents=amounts.cents_of(form.said("amount"), "amount"),
            currency=form.said("currency"),
            now=g.now,
        )
    if form.errors:
        return _settings(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("taxes.settings", f"Kept: {line.country}, {line.year}.")
