"""The gift codes that managers upload. No page ever shows one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template, request

from feedback.errors import Refused
from feedback.overview import codes as overview
from feedback.rewards import codes
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, see

blueprint = Blueprint("codes", __name__)
LONGEST_REPORT = 50
"""So many wrong rows are listed; whoever has more mends these first."""


@page(blueprint, "/rewards/codes", who=managers)
def every() -> Any:
    return _every(forms.Codes.blank())


def _every(form: forms.Codes, **found: Any) -> str:
    with hub().reading() as tx:
        return render_template(
            "rewards/codes.html",
            form=form,
            found=found,
            batches=overview.batches(tx, workspace_id=g.member.workspace_id, now=g.now),
            stock=overview.stock(tx, workspace_id=g.member.workspace_id, now=g.now),
            longest_report=LONGEST_REPORT,
        )


@page(blueprint, "/rewards/codes", who=managers, methods=["POST"])
def look() -> Any:
    """The first of two steps: what the list holds. Nothing is kept."""
    form = forms.Codes.sent()
    with form.refusals(), hub().reading() as tx:
        lines, sealed = codes.look_through(
            tx,
            manager=me(tx),
            text=_text(),
            batch=form.said("batch"),
            key=hub().code_key,
            cipher=hub().cipher,
            now=g.now,
        )
    if form.errors:
        return _every(form), HTTPStatus.UNPROCESSABLE_ENTITY
    good = [line for line in lines if not line.wrong]
    return _every(form, good=good, wrong=[line for line in lines if line.wrong], sealed=sealed)


@page(blueprint, "/rewards/codes/take", who=managers, methods=["POST"])
def take() -> Any:
    form = forms.SealedCodes.sent()
    with form.refusals(), hub().transaction() as tx:
        taken = codes.take_in(
            tx, manager=me(tx), sealed=form.said("sealed"), key=hub().code_key, cipher=hub().cipher, now=g.now
        )
    if form.errors:
        shown = forms.Codes.blank()
        shown.file.errors = [*form.form_errors]
        return _every(shown), HTTPStatus.UNPROCESSABLE_ENTITY
    say = {0: "These were here already.", 1: "One code is kept."}
    return see("codes.every", say.get(taken, f"{taken:,} codes are kept."))


@page(blueprint, "/rewards/codes/withdraw", who=managers, methods=["POST"])
def withdraw() -> Any:
    form = forms.WithdrawCodes.sent()
    with hub().transaction() as tx:
        ended = codes.withdraw(tx, manager=me(tx), batch=form.said("batch"), now=g.now)
    say = {0: "Nobody had left any of these.", 1: "One code is not given any more."}
    return see("codes.every", say.get(ended, f"{ended:,} codes are not given any more."))


def _text() -> str:
    """The file. Only what is text in UTF-8 is a list."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refused("Choose the list, as a CSV file.", "file")
    try:
        return str(sent.read(4 * codes.MOST_CHARACTERS + 1), "utf-8")
    except UnicodeDecodeError:
        raise Refused("The list cannot be read. Save it as CSV, in UTF-8.", "file") from None
