"""The way in and out, one's own page, and who has which role."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from feedback import access, home, loop, members, privacy
from feedback.blocks import own_rewards
from feedback.blocks.members import LEVELS, STILL
from feedback.blocks.recognition import FADES, NAMED, NOT_NAMED
from feedback.overview import ideas as idea_overview
from feedback.overview import members as member_overview
from feedback.overview import recognition as overview_of_recognition
from handlers.web import forms
from handlers.web.filters import day
from handlers.web.pages import COOKIE, anyone, hub, managers, me, page, searched, see, signed_in

blueprint = Blueprint("members", __name__)
OWN_ROWS = 200


@page(blueprint, "/", who=anyone)
def front() -> Any:
    if g.member is None:
        return render_template("members/signed_out.html"), HTTPStatus.UNAUTHORIZED
    return redirect(url_for("ideas.inbox" if access.may_review(g.member) else "members.mine"))


@page(blueprint, "/enter", who=anyone)
def demo_door() -> Any:
    _only_in_the_demo()
    return _demo_door(forms.Continue.blank())


@page(blueprint, "/enter/demo", who=anyone, methods=["POST"])
def demo_enter() -> Any:
    """Nobody proves anything here: settings refuse the demo beside a real Slack."""
    _only_in_the_demo()
    form = forms.Continue.sent()
    with form.refusals(), hub().transaction() as tx:
        token = members.continue_as(tx, member_id=form.id_of("member_id"), now=g.now)
    return (_demo_door(form), HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else _let_in(token)


def _demo_door(form: forms.Continue) -> str:
    with hub().reading() as tx:
        return render_template("members/demo.html", form=form, company=member_overview.company(tx))


def _only_in_the_demo() -> None:
    if not hub().settings.demo:
        abort(HTTPStatus.NOT_FOUND)


@page(blueprint, "/enter/<token>", who=anyone)
def door(token: str) -> Any:
    """Looks at nothing: Slack and mail scanners fetch links too, and one that is spent lets nobody in."""
    return render_template("members/door.html", form=forms.Form.blank())


@page(blueprint, "/enter/<token>", who=anyone, methods=["POST"])
def enter(token: str) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        session_token = members.use_link(tx, token=token, now=g.now)
    if form.errors:
        return render_template("members/door.html", form=form), HTTPStatus.GONE
    return _let_in(session_token)


def _let_in(token: str) -> Response:
    """A browser belongs to one person: whoever was signed in with it before is signed out."""
    _end_session()
    answer = see("members.front")
    answer.set_cookie(
        COOKIE,
        token,
        max_age=members.SESSION_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=hub().settings.hub_url.startswith("https:"),
    )
    return answer


@page(blueprint, "/leave", who=anyone, methods=["POST"])
def leave() -> Any:
    _end_session()
    answer = see("members.front")
    answer.delete_cookie(COOKIE)
    return answer


def _end_session() -> None:
    token = request.cookies.get(COOKIE)
    if token:
        with hub().transaction() as tx:
            members.end_session(tx, token=token, now=g.now)


@page(blueprint, "/me", who=signed_in)
def mine() -> Any:
    """What I said and what became of it. The one page that customers see."""
    return _mine(None)


def _mine(form: forms.Hears | None) -> str:
    """`form`: as it was sent, where it was refused."""
    with hub().reading() as tx:
        facts = home.facts(tx, member=me(tx), limit=OWN_ROWS, now=g.now)
        ids = [idea.id for idea in (*facts.raised, *facts.backed)]
        return render_template(
            "members/me.html",
            facts=facts,
            decided=idea_overview.decided(tx, idea_ids=ids),
            form=form or forms.Hears.blank(hears=facts.hears),
            levels=LEVELS,
            still=STILL,
            named=NAMED,
            not_named=NOT_NAMED,
            fades=FADES,
            nothing=own_rewards.NOTHING,
            opted_out=own_rewards.REFUSED,
            own_day=day,
        )


@page(blueprint, "/me/hears", who=signed_in, methods=["POST"])
def choose() -> Any:
    """How much I am told."""
    form = forms.Hears.sent()
    with form.refusals(), hub().transaction() as tx:
        loop.choose(tx, member=me(tx), hears=form.said("hears"), now=g.now)
    return (_mine(form), HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else see("members.mine", "Saved.")


@page(blueprint, "/members", who=managers)
def everybody() -> Any:
    return _everybody()


def _everybody(member_id: int = 0, form: forms.Role | None = None) -> str:
    """`form`: the one of this member, where it was refused."""
    with hub().reading() as tx:
        people = members.people(tx, workspace_id=g.member.workspace_id, like=searched())
        standings = overview_of_recognition.standings(tx, workspace=g.member.workspace, people=people, now=g.now)
        return render_template("members/list.html", people=people, standings=standings, refused_id=member_id, form=form)


@page(blueprint, "/members/<id:member_id>/role", who=managers, methods=["POST"])
def give_role(member_id: int) -> Any:
    form = forms.Role.sent()
    with form.refusals(), hub().transaction() as tx:
        member = members.set_role(tx, manager=me(tx), member_id=member_id, role=form.said("role"), now=g.now)
    if form.errors:
        return _everybody(member_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    if member.id == g.member.id:
        return see("members.front", "Your role is changed.")
    return see("members.everybody", f"{member.name}: {member.role}.", q=searched() or None)


@page(blueprint, "/members/<id:member_id>/forget", who=managers)
def forgetting(member_id: int) -> Any:
    """What it means, before anybody does it."""
    return _forgetting(member_id, forms.Post.blank())


def _forgetting(member_id: int, form: forms.Post) -> str:
    with hub().reading() as tx:
        facts = privacy.about(tx, member_id=member_id, by=me(tx))
        return render_template("members/forget.html", facts=facts, form=form, nobody=privacy.NOBODY)


@page(blueprint, "/members/<id:member_id>/forget", who=managers, methods=["POST"])
def forget(member_id: int) -> Any:
    form = forms.Post.sent()
    with form.refusals(), hub().transaction() as tx:
        member = privacy.ask(tx, member_id=member_id, by=me(tx), now=g.now)
    if form.errors:
        return _forgetting(member_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    if member_id == g.member.id:
        return see("members.front", "You are being forgotten.")
    return see("members.everybody", f"{member.name} is being forgotten. It takes a minute.")
