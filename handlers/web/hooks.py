"""Where managers let the trackers tell us of the team's work."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, render_template

from feedback import hooks
from feedback.overview import hooks as overview
from handlers.web import forms
from handlers.web.pages import hub, managers, me, page, see
from models import HookSecret

blueprint = Blueprint("hook_settings", __name__)
SHOWN_SECONDS = 10 * 60
"""For as long a form that is sent twice shows the same secret twice: whoever pressed the button twice sees only the
second answer."""
NAMES = {"github": "GitHub", "gitlab": "GitLab", "linear": "Linear", "jira": "Jira", "tremendous": "Tremendous"}


@page(blueprint, "/settings/hooks", who=managers)
def settings() -> Any:
    return _settings()


def _settings(form: forms.HookSecret | None = None, made: HookSecret | None = None) -> str:
    """`form`: as it was sent, where it was refused. `made`: a secret to show, this once."""
    with hub().reading() as tx:
        found = overview.sources(tx, workspace_id=g.member.workspace_id, cipher=hub().hook_cipher, now=g.now)
        return render_template(
            "hooks/settings.html",
            sources=found,
            names=NAMES,
            address=f"{hub().settings.hub_url}/hooks/",
            nonce=secrets.token_urlsafe(16),
            sent=form,
            blank=forms.HookSecret.blank(),
            made=made,
            secret=hooks.plain(made, cipher=hub().hook_cipher) if made else None,
            overlap_hours=hooks.OVERLAP_HOURS,
            make_their_own=hooks.MAKE_THEIR_OWN,
        )


@page(blueprint, "/settings/hooks", who=managers, methods=["POST"])
def make() -> Any:
    """The answer is the page itself and no redirect: the secret stands in it, and nowhere else."""
    form = forms.HookSecret.sent()
    with form.refusals(), hub().transaction() as tx:
        made = hooks.make(
            tx,
            manager=me(tx),
            source=form.said("source"),
            given=form.said("secret"),
            stays=form.said("others") == "stay",
            nonce=form.said("nonce"),
            cipher=hub().hook_cipher,
            now=g.now,
        )
    if form.errors:
        return _settings(form), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.said("secret").strip() or (g.now - made.made_at).total_seconds() > SHOWN_SECONDS:
        return see("hook_settings.settings", f"The secret for {NAMES[made.source]} is kept.")
    return _settings(made=made)


@page(blueprint, "/settings/hooks/<id:secret_id>/end", who=managers, methods=["POST"])
def end(secret_id: int) -> Any:
    form = forms.HookSecret.sent()
    with form.refusals(), hub().transaction() as tx:
        ended = hooks.end(tx, secret_id=secret_id, manager=me(tx), now=g.now)
    if form.errors:
        return _settings(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return see("hook_settings.settings", f"Ended. Nothing that {NAMES[ended.source]} signs with it is taken any more.")
