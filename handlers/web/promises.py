"""What the team promised in threads, and whether it was kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request

from feedback.overview import promises as overview
from handlers.web.pages import hub, page, page_number, reviewers

blueprint = Blueprint("promises", __name__)


@page(blueprint, "/promises", who=reviewers)
def every() -> Any:
    asked = request.args.get("show", "")
    show = asked if asked in overview.SHOWN else overview.SHOWN[0]
    with hub().reading() as tx:
        found = overview.promises(tx, workspace_id=g.member.workspace_id, show=show, number=page_number())
        return render_template("promises/list.html", found=found, page=found.page, show=show)
