"""Second scores and how much two people agree, the leaderboard, and what members choose about their name."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template

from feedback import loop
from feedback.overview import recognition as overview
from feedback.overview import scoring
from feedback.rewards import recognition
from feedback.rewards.scoring import CRITERIA
from handlers.web import forms
from handlers.web.pages import hub, me, page, page_number, reviewers, see, signed_in

blueprint = Blueprint("recognition", __name__)


@page(blueprint, "/rewards/scores", who=reviewers)
def scores() -> Any:
    with hub().reading() as tx:
        return render_template(
            "rewards/agreement.html",
            page=scoring.waiting(tx, member=g.member, number=page_number()),
            agreed=scoring.agreement(tx, workspace=g.member.workspace),
            criteria=CRITERIA,
        )


@page(blueprint, "/rewards/board", who=reviewers)
def board() -> Any:
    workspace = g.member.workspace
    with hub().reading() as tx:
        found = overview.board(tx, workspace=workspace, looking=g.member, now=g.now)
        return render_template("rewards/board.html", board=found, workspace=workspace)


@page(blueprint, "/me/named", who=signed_in, methods=["POST"])
def name_me() -> Any:
    form = forms.Wants.sent()
    with hub().transaction() as tx:
        loop.allow(tx, member=me(tx), is_credited=form.said("wants") == "yes", now=g.now)
    return see("members.mine", "Saved.")


@page(blueprint, "/me/board", who=signed_in, methods=["POST"])
def join() -> Any:
    form = forms.Wants.sent()
    with hub().transaction() as tx:
        recognition.join_board(tx, member=me(tx), is_on_board=form.said("wants") == "yes", now=g.now)
    return see("members.mine", "Saved.")
