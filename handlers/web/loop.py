"""Every loop: who was told, who answered, who has not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request

from feedback.overview import loop as overview
from handlers.web.pages import hub, page, page_number, reviewers

blueprint = Blueprint("loop", __name__)


@page(blueprint, "/loop", who=reviewers)
def every() -> Any:
    asked = request.args.get("show", "")
    show = asked if asked in overview.SHOWN else overview.SHOWN[0]
    with hub().reading() as tx:
        found = overview.loops(tx, workspace_id=g.member.workspace_id, show=show, number=page_number())
        return render_template("loop/list.html", found=found, page=found.page, show=show)
