"""Whom we owe an answer, how long people may wait for one, and how well loops are closed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template, request

from feedback import loop, workspaces
from feedback.overview import debt, measures
from handlers.web import charts, forms
from handlers.web.filters import day
from handlers.web.pages import hub, managers, me, page, reviewers, see

blueprint = Blueprint("owing", __name__)


@page(blueprint, "/loop/debt", who=reviewers)
def owed() -> Any:
    return _owed(None)


def _owed(form: forms.Limits | None) -> str:
    """`form`: as it was sent, where it was refused; None shows what is set."""
    with hub().reading() as tx:
        workspace = workspaces.get(tx, workspace_id=g.member.workspace_id)
        whole = debt.whole(tx, workspace_id=workspace.id, answer_days=workspace.answer_days, now=g.now)
        weeks = [(day(end), found) for end, found in whole.weeks]
        days, labels = [found.days for _, found in weeks], [label for label, _ in weeks]
        return render_template(
            "loop/debt.html",
            whole=whole,
            weeks=weeks,
            charts=[charts.over_time(days, labels, each) for each in charts.FORMATS],
            workspace=workspace,
            form=form or _as_it_is(workspace),
        )


def _as_it_is(workspace: Any) -> forms.Limits:
    tells = [name for name in ("week", "late") if getattr(workspace, f"tells_{name}")]
    return forms.Limits.blank(
        answer_days=str(workspace.answer_days), late_percent=str(workspace.late_percent), tells=tells
    )


@page(blueprint, "/loop/debt", who=managers, methods=["POST"])
def set_limits() -> Any:
    form = forms.Limits.sent()
    with form.refusals(), hub().transaction() as tx:
        loop.set_limits(
            tx,
            manager=me(tx),
            answer_days=form.said("answer_days"),
            late_percent=form.said("late_percent"),
            tells_week="week" in form.chosen("tells"),
            tells_late="late" in form.chosen("tells"),
            now=g.now,
        )
    return (_owed(form), HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else see("owing.owed", "Saved.")


@page(blueprint, "/loop/measures", who=reviewers)
def measured() -> Any:
    by = "quarter" if request.args.get("by") == "quarter" else "month"
    with hub().reading() as tx:
        workspace = workspaces.get(tx, workspace_id=g.member.workspace_id)
        found = measures.measures(
            tx,
            workspace_id=workspace.id,
            answer_days=workspace.answer_days,
            by=measures.quarter if by == "quarter" else measures.month,
            now=g.now,
        )
    curve = found.times.close
    steps = [(step.days, step.share, step.low, step.high) for step in curve.steps]
    until = max(curve.longest, 1.0)
    return render_template(
        "loop/measures.html",
        found=found,
        by=by,
        answer_days=workspace.answer_days,
        days_shown=[each for each in (1, 3, 7, 14, 30, 60, 90, 180, 365) if each <= until],
        charts=[charts.falling(steps, each, until=until) for each in charts.FORMATS] if steps else [],
    )
