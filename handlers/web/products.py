"""What can be given through the payout service, for managers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request

from feedback import rewards
from feedback.overview import products as overview
from handlers.web.pages import hub, managers, me, page, page_number, see

blueprint = Blueprint("products", __name__)


@page(blueprint, "/rewards/products", who=managers)
def every() -> Any:
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        choices = overview.choices(tx, workspace_id=workspace_id)
        sieve = overview.Sieve(_one_of(choices.countries, "country"), _one_of(choices.currencies, "currency"))
        return render_template(
            "rewards/products.html",
            page=overview.listed(tx, workspace_id=workspace_id, sieve=sieve, number=page_number()),
            choices=choices,
            sieve=sieve,
            keep={"country": sieve.country or None, "currency": sieve.currency or None},
            asked=overview.asked(tx, workspace_id=workspace_id),
            has_service=hub().payouts is not None,
        )


def _one_of(codes: Any, name: str) -> str:
    """What is asked for; empty, which is all, where there is none of it."""
    found = request.args.get(name, "")
    return found if found in codes else ""


@page(blueprint, "/rewards/products", who=managers, methods=["POST"])
def read() -> Any:
    with hub().transaction() as tx:
        rewards.products.read_now(tx, manager=me(tx), now=g.now)
    return see("products.every", "The payout service is being asked. Load this page again in a minute.")
