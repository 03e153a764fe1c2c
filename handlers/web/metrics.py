"""How often the product is right, so that people know how far to trust it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template

from feedback.overview import judgements
from feedback.overview import metrics as overview
from feedback.overview import proposed as overview_of_proposed
from handlers.web.pages import hub, page, reviewers

blueprint = Blueprint("metrics", __name__)


@page(blueprint, "/metrics", who=reviewers)
def every() -> Any:
    with hub().reading() as tx:
        grouping = overview.grouping(tx, workspace_id=g.member.workspace_id)
        capture = overview.capture(tx, workspace_id=g.member.workspace_id)
        judging = judgements.judging(tx, workspace_id=g.member.workspace_id)
        answering = overview_of_proposed.chosen(tx, workspace_id=g.member.workspace_id)
        compared = overview.compared(tx, workspace_id=g.member.workspace_id)
        return render_template(
            "metrics/list.html",
            capture=capture,
            judging=judging,
            grouping=grouping,
            compared=compared,
            answering=answering,
            too_few=overview.TOO_FEW,
        )
