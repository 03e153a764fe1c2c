"""One idea's whole loop on one page, to read, to print, and as JSON."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, jsonify, render_template

from feedback.overview import evidence as overview
from feedback.overview.changes import channel_names
from handlers.web.filters import slack_link, told_link
from handlers.web.pages import hub, page, reviewers

blueprint = Blueprint("evidence", __name__)
VERSION = 1
"""Of the shape of the JSON. It grows when a name in it goes or means something else, not when one is added."""


@page(blueprint, "/ideas/<id:idea_id>/evidence", who=reviewers)
def one(idea_id: int) -> Any:
    with hub().reading() as tx:
        chain = overview.chain(tx, workspace_id=g.member.workspace_id, idea_id=idea_id)
        if chain is None:
            abort(HTTPStatus.NOT_FOUND)
        channels = channel_names(tx, workspace_id=g.member.workspace_id)
        return render_template("ideas/evidence.html", chain=chain, whole=chain.whole, channels=channels)


@page(blueprint, "/ideas/<id:idea_id>/evidence.json", who=reviewers)
def one_as_json(idea_id: int) -> Any:
    with hub().reading() as tx:
        chain = overview.chain(tx, workspace_id=g.member.workspace_id, idea_id=idea_id)
        if chain is None:
            abort(HTTPStatus.NOT_FOUND)
        answer = jsonify(as_json(chain, g.member.workspace))
    answer.headers["Content-Disposition"] = f'inline; filename="idea-{chain.whole.idea.id}-evidence.json"'
    return answer


def as_json(chain: overview.Chain, workspace: Any) -> dict[str, Any]:
    """Times are ISO 8601 in UTC, or null; links are empty where there is none that others can open; texts are empty
    where their words were deleted. There are names of members, and never an e-mail address or what a gift holds.

    version, idea (id of the one that is shown)
    said: id, kind, text, why, state, by, at, kept_by, kept_at, link, merged_by, merged_at: first the idea that is
        shown, then what went into it
    backed: by, at
    theme: id, name; or null
    work: source, kind, key, title, url, state, linked_by, linked_at, ended_at
    changes: id, kind, summary, url, by, at
    told: change, to, at, link, answer (verdict, why, at; or null)
    rewards: id, to, amount_cents, currency, state, proposed_by, proposed_at, decision (verdict, by, at; or null),
        paid_at
    history: at, who, what, why, subject (idea, change or reward), subject_id
    """
    whole, idea = chain.whole, chain.whole.idea
    return {
        "version": VERSION,
        "idea": idea.id,
        "said": [_said(idea, None), *(_said(merge.idea, merge) for merge in whole.merged)],
        "backed": [
            {"by": backer.member.name, "at": _time(backer.at)} for backer in whole.backers if not backer.said_it
        ],
        "theme": {"id": idea.theme.id, "name": idea.theme.name} if idea.theme else None,
        "work": [_work(work) for work in chain.works],
        "changes": [
            {
                "id": change.id,
                "kind": change.kind,
                "summary": change.summary,
                "url": change.url,
                "by": change.made_by.name,
                "at": _time(change.made_at),
            }
            for change in chain.changes
        ],
        "told": [_told(notice, workspace) for notice in whole.notices],
        "rewards": [_reward(reward) for reward in chain.rewards],
        "history": [
            {
                "at": _time(act.line.at),
                "who": act.line.who,
                "what": act.line.text,
                "why": act.line.why,
                "subject": act.subject,
                "subject_id": act.subject_id,
            }
            for act in chain.history
        ],
    }


def _said(idea: Any, merge: Any) -> dict[str, Any]:
    return {
        "id": idea.id,
        "kind": idea.kind,
        "text": idea.text,
        "why": idea.why,
        "state": idea.state,
        "by": idea.author.name,
        "at": _time(idea.created_at),
        "kept_by": idea.captured_by.name,
        "kept_at": _time(idea.captured_at),
        "link": slack_link(idea.message),
        "merged_by": merge.merged_by.name if merge else "",
        "merged_at": _time(merge.merged_at if merge else None),
    }


def _work(work: overview.Work) -> dict[str, Any]:
    item = work.item
    return {
        "source": item.source,
        "kind": item.kind,
        "key": item.key,
        "title": item.title,
        "url": item.url,
        "state": item.state,
        "linked_by": work.linked_by,
        "linked_at": _time(work.linked_at),
        "ended_at": _time(work.ended_at),
    }


def _told(notice: Any, workspace: Any) -> dict[str, Any]:
    answer = notice.answer
    return {
        "change": notice.change_id,
        "to": notice.member.name,
        "at": _time(notice.told_at),
        "link": told_link(notice, workspace),
        "answer": {"verdict": answer.verdict, "why": answer.why, "at": _time(answer.given_at)} if answer else None,
    }


def _reward(reward: Any) -> dict[str, Any]:
    given = reward.approvals[-1] if reward.approvals else None
    return {
        "id": reward.id,
        "to": reward.member.name,
        "amount_cents": reward.amount_cents,
        "currency": reward.currency,
        "state": reward.state,
        "proposed_by": reward.proposed_by.name,
        "proposed_at": _time(reward.proposed_at),
        "decision": (
            {"verdict": given.verdict, "by": given.manager.name, "at": _time(given.given_at)} if given else None
        ),
        "paid_at": _time(reward.payout.paid_at if reward.payout else None),
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
