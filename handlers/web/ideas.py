"""The inbox, the list of all ideas, one idea, and what the team does with it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from feedback import changes, ideas, judgements, themes, work
from feedback.overview import ideas as overview
from feedback.overview import proposed as overview_of_proposed
from feedback.overview import same as overview_of_same
from feedback.overview import scoring as overview_of_scores
from feedback.overview import telling
from feedback.overview import whole as overview_of_idea
from feedback.overview import work as overview_of_work
from feedback.overview.changes import channel_names
from feedback.overview.steps import steps
from feedback.rewards import scoring
from handlers.web import forms, same
from handlers.web.changes import decide
from handlers.web.pages import deciders, hub, id_in, me, page, page_number, reviewers, searched, see

blueprint = Blueprint("ideas", __name__)


def _blank() -> dict[str, forms.Form]:
    return {
        "plan": forms.Plan.blank(),
        "decline": forms.Decline.blank(),
        "ask": forms.Ask.blank(),
        "move": forms.Move.blank(),
        "same": forms.Same.blank(),
    }


def _blank_for(idea: Any) -> dict[str, forms.Form]:
    """On the page of one idea there is room for saying what it is, and for the work on it, too."""
    return {**_blank(), "sort": forms.Kind.blank(kind=idea.kind), "link": forms.LinkWork.blank()}


def _score_form(own: Any) -> forms.Score:
    return forms.Score.blank(**{name: getattr(own, name) for name in scoring.CRITERIA} if own else {})


@page(blueprint, "/inbox", who=reviewers)
def inbox() -> Any:
    return _inbox()


def _inbox(refused_id: int = 0, **refused: forms.Form) -> str:
    """`refused`: a form that was sent from here for that idea, by its act."""
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        return render_template(
            "ideas/inbox.html",
            morning=overview.morning(tx, workspace_id=workspace_id, now=g.now),
            same=overview_of_same.count(tx, workspace_id=workspace_id),
            proposed=overview_of_proposed.count(tx, workspace_id=workspace_id),
            page=overview.inbox(tx, workspace_id=workspace_id, number=page_number()),
            living=themes.living(tx, workspace_id=workspace_id),
            forms=_blank(),
            refused_id=refused_id,
            refused=refused,
        )


@page(blueprint, "/ideas", who=reviewers)
def every() -> Any:
    state, theme_id = request.args.get("state", ""), id_in(request.args.get("theme", ""))
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        return render_template(
            "ideas/list.html",
            page=overview.every(
                tx, workspace_id=workspace_id, number=page_number(), state=state, theme_id=theme_id, like=searched()
            ),
            living=themes.living(tx, workspace_id=workspace_id),
            same=overview_of_same.count(tx, workspace_id=workspace_id),
            states=overview.STATES,
            state=state,
            theme_id=theme_id,
        )


@page(blueprint, "/ideas/<id:idea_id>", who=reviewers)
def one(idea_id: int) -> Any:
    return _one(idea_id)


def _one(idea_id: int, **refused: forms.Form) -> str:
    workspace_id = g.member.workspace_id
    with hub().reading() as tx:
        whole = overview_of_idea.one(tx, workspace_id=workspace_id, idea_id=idea_id)
        if whole is None:
            abort(HTTPStatus.NOT_FOUND)
        scores = overview_of_scores.shown(tx, idea=whole.idea, member=g.member, history=whole.history)
        return render_template(
            "ideas/one.html",
            scores=scores,
            criteria=scoring.CRITERIA,
            whole=whole,
            idea=whole.idea,
            steps=steps(whole, remind_after_days=g.member.workspace.remind_after_days, now=g.now),
            candidates=overview_of_same.candidates(tx, idea=whole.idea, like=searched()),
            may_merge=ideas.MAY_GO,
            work=overview_of_work.linked(tx, workspace_id=workspace_id, idea_id=idea_id),
            channels=channel_names(tx, workspace_id=workspace_id),
            living=themes.living(tx, workspace_id=workspace_id),
            forms=_blank_for(whole.idea) | {"score": _score_form(scores.own)} | refused,
            refused=refused,
            replies=telling.replies(tx, idea_ids=[idea_id]),
        )


@page(blueprint, "/ideas/<id:idea_id>/seen", who=reviewers, methods=["POST"])
def seen(idea_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        ideas.review(tx, idea_id=idea_id, by=me(tx), now=g.now)
    return _after("seen", form, idea_id, "Marked as seen.")


@page(blueprint, "/ideas/<id:idea_id>/plan", who=deciders, methods=["POST"])
def plan(idea_id: int) -> Any:
    form, say = decide("plan", idea_ids=[idea_id])
    return _after("plan", form, idea_id, say)


@page(blueprint, "/ideas/<id:idea_id>/decline", who=deciders, methods=["POST"])
def decline(idea_id: int) -> Any:
    form, say = decide("decline", idea_ids=[idea_id])
    return _after("decline", form, idea_id, say)


@page(blueprint, "/ideas/<id:idea_id>/ask", who=deciders, methods=["POST"])
def ask(idea_id: int) -> Any:
    form, say = decide("ask", idea_ids=[idea_id])
    return _after("ask", form, idea_id, say)


@page(blueprint, "/ideas/<id:idea_id>/reopen", who=deciders, methods=["POST"])
def reopen(idea_id: int) -> Any:
    form = forms.Form.sent()
    with form.refusals(), hub().transaction() as tx:
        changes.reopen(tx, by=me(tx), idea_id=idea_id, now=g.now)
    return _after("reopen", form, idea_id, "It is back in the inbox.")


@page(blueprint, "/ideas/<id:idea_id>/work", who=reviewers, methods=["POST"])
def link(idea_id: int) -> Any:
    form = forms.LinkWork.sent()
    with form.refusals(), hub().transaction() as tx:
        work.link(tx, by=me(tx), url=form.said("url"), idea_id=idea_id, now=g.now)
    return _after("link", form, idea_id, "Linked.")


@page(blueprint, "/ideas/<id:idea_id>/move", who=reviewers, methods=["POST"])
def move(idea_id: int) -> Any:
    """The name of a theme that there is means that one; any other opens a new one."""
    form = forms.Move.sent()
    with form.refusals(), hub().transaction() as tx:
        themes.move(tx, by=me(tx), idea_id=idea_id, theme_id=None, name=form.said("name"), now=g.now)
    return _after("move", form, idea_id, "Moved.")


@page(blueprint, "/ideas/<id:idea_id>/merge", who=reviewers, methods=["POST"])
def merge(idea_id: int) -> Any:
    """From its own page, or from the pairs that are probably the same."""
    form = forms.Same.sent()
    goes_id, into_id = idea_id, form.id_of("into_id")
    if form.said("goes") == "other":
        goes_id, into_id = into_id, goes_id
    merge_id = 0
    with form.refusals(), hub().transaction() as tx:
        merge_id = ideas.merge(tx, by=me(tx), idea_id=goes_id, into_id=into_id, now=g.now).id
    if request.args.get("from") == "same":
        if form.errors:
            return same.pairs(form), HTTPStatus.UNPROCESSABLE_ENTITY
        return see("same.every", merged=merge_id, page=same.kept_page())
    return _after("same", form, into_id if merge_id else idea_id, "Merged. Everybody behind either counts here, once.")


@page(blueprint, "/ideas/<id:idea_id>/score", who=reviewers, methods=["POST"])
def score(idea_id: int) -> Any:
    form = forms.Score.sent()
    with form.refusals(), hub().transaction() as tx:
        marks = {name: form.said(name) for name in scoring.CRITERIA}
        scoring.score(tx, by=me(tx), idea_id=idea_id, marks=marks, now=g.now)
    return _after("score", form, idea_id, "Scored.")


@page(blueprint, "/ideas/<id:idea_id>/sort", who=reviewers, methods=["POST"])
def sort(idea_id: int) -> Any:
    """It is of another kind, or no feedback at all: which is learned from."""
    form = forms.Kind.sent()
    with form.refusals(), hub().transaction() as tx:
        judgements.correct(tx, idea_id=idea_id, kind=form.said("kind"), by=me(tx), now=g.now)
    return _after("sort", form, idea_id, "It is no feedback, then." if form.said("kind") == "nothing" else "Changed.")


def _after(act: str, form: forms.Form, idea_id: int, say: str) -> Any:
    """Back to the page on which the form stood."""
    in_inbox = request.args.get("from") == "inbox"
    if form.errors:
        again = _inbox(idea_id, **{act: form}) if in_inbox else _one(idea_id, **{act: form})
        return again, HTTPStatus.UNPROCESSABLE_ENTITY
    if in_inbox:
        return see("ideas.inbox", say, page=page_number() if page_number() > 1 else None)
    return see("ideas.one", say, idea_id=idea_id)
