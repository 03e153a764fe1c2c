"""What follows from what a tracker tells: the team is asked, or, where the workspace wants it so, people are told.

Nothing is asked twice: not by the same fact in another delivery, not by the pull request and then by the issue that it
closes, not about ideas that were answered meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import access, audit, changes, ideas, rewards, themes
from feedback.database import among, in_pieces
from feedback.errors import Refused
from feedback.work.rules import outcome, rules_of
from models import Change, Idea, ProposedAnswer, ProposedChange, WorkItem, WorkLink

ENDS = ("done", "not_planned")
SPEAK_FOR_THEMSELVES = ("issue", "pull_request", "release")
"""Kinds that are compared with the ideas by what they say, where nobody linked them."""
COLLECT = ("milestone", "release")
"""Kinds that stand for work which has an end of its own."""
CLOSED_WITH = timedelta(days=1)
"""An issue that a pull request closes is closed with it, and GitHub tells of both."""


@dataclass(frozen=True)
class Linked:
    """What stands behind some work and waits for this."""

    links: Sequence[WorkLink]
    idea_ids: frozenset[int]
    theme_ids: frozenset[int]


def follow(tx: Session, *, item: WorkItem, text: str, now: datetime) -> int | None:
    """The proposal that it led to; None where there is nothing to ask. `text`: what the work says of itself."""
    kind = outcome(rules_of(tx, workspace_id=item.workspace_id), item)
    if kind == "nothing":
        return None
    # What was put away, or a milestone that was deleted, says nothing of what it would have finished.
    links = _links(tx, [item] if kind == "declined" else _with_what_it_finishes(tx, item))
    key = f"{item.source}:{item.key}:{kind}:{item.state_at.isoformat()}"
    if links:
        return _ask(tx, item=item, links=links, kind=kind, key=key, text=text, now=now)
    if kind != "shipped" or item.state != "done" or item.kind not in SPEAK_FOR_THEMSELVES:
        return None
    if _another_speaks_for_it(tx, item):
        return None
    return _propose(tx, item=item, kind=kind, key=key, text=text, now=now)


def follow_link(tx: Session, *, item: WorkItem, link: WorkLink, now: datetime) -> int | None:
    """Somebody linked work that has come somewhere already."""
    kind = outcome(rules_of(tx, workspace_id=item.workspace_id), item)
    if kind == "nothing":
        return None
    key = f"{item.source}:{item.key}:{kind}:link {link.id}"
    return _ask(tx, item=item, links=[link], kind=kind, key=key, text="", now=now)


def say_reopened(tx: Session, *, item: WorkItem, now: datetime) -> None:
    """It was opened again. Nothing is taken back, because what was told was told; the pages say so. But nothing is
    given any more for what shipped with it, where that has not been paid."""
    links = _links(tx, [item])
    idea_ids, theme_ids = [link.idea_id for link in links], [link.theme_id for link in links]
    for link in links:
        audit.record(
            tx,
            workspace_id=item.workspace_id,
            by=None,
            act="work reopened",
            subject="idea" if link.idea_id else "theme",
            subject_id=link.idea_id or link.theme_id or 0,
            now=now,
            source=item.source,
            key=item.key,
        )
    rewards.follow_revert(
        tx, idea_ids=[each for each in idea_ids if each], theme_ids=[each for each in theme_ids if each], now=now
    )


def _with_what_it_finishes(tx: Session, item: WorkItem) -> list[WorkItem]:
    """It, what it closes, what that closes in turn (a release names pull requests, which name issues), and what belongs
    to it if it is a milestone."""
    found = {item.id: item}
    layer = [item]
    for _ in range(2):
        keys = {key for each in layer for key in each.closes or []}
        layer = [each for each in _by_keys(tx, item, keys) if each.id not in found]
        found |= {each.id: each for each in layer}
    if item.kind == "milestone":
        parts = tx.scalars(
            select(WorkItem).where(
                WorkItem.workspace_id == item.workspace_id, WorkItem.source == item.source, WorkItem.part_of == item.key
            )
        )
        found |= {each.id: each for each in parts if each.state != "not_planned"}
    return list(found.values())


def _by_keys(tx: Session, item: WorkItem, keys: Collection[str]) -> list[WorkItem]:
    here = (WorkItem.workspace_id == item.workspace_id, WorkItem.source == item.source)
    return [
        found
        for some in in_pieces(sorted(keys))
        for found in tx.scalars(select(WorkItem).where(*here, WorkItem.key.in_(some)))
    ]


def _links(tx: Session, items: Sequence[WorkItem]) -> list[WorkLink]:
    """That stand, the oldest first."""
    return list(
        tx.scalars(
            select(WorkLink)
            .where(WorkLink.work_item_id.in_(among(tx, [item.id for item in items])), WorkLink.ended_at.is_(None))
            .options(joinedload(WorkLink.linked_by), joinedload(WorkLink.work_item))
            .order_by(WorkLink.id)
        )
    )


def _another_speaks_for_it(tx: Session, item: WorkItem) -> bool:
    """A pull request that closes issues which we know leaves it to them, and an issue that we did not know to the pull
    request that closed it: one of the two asks."""
    if item.kind == "pull_request":
        return bool(_by_keys(tx, item, item.closes or []))
    if item.kind != "issue":
        return False
    lately = tx.scalars(
        select(WorkItem).where(
            WorkItem.workspace_id == item.workspace_id,
            WorkItem.source == item.source,
            WorkItem.kind == "pull_request",
            WorkItem.state == "done",
            WorkItem.state_at >= item.state_at - CLOSED_WITH,
        )
    )
    return any(item.key in (each.closes or []) and _has_proposed(tx, each) for each in lately)


def _has_proposed(tx: Session, item: WorkItem) -> bool:
    asked = select(ProposedChange.id).where(ProposedChange.work_item_id == item.id, ProposedChange.kind == "shipped")
    return tx.scalars(asked.limit(1)).first() is not None


def _ask(
    tx: Session, *, item: WorkItem, links: Sequence[WorkLink], kind: str, key: str, text: str, now: datetime
) -> int | None:
    linked = _waiting(tx, item=item, links=links, kind=kind)
    if not linked.idea_ids and not linked.theme_ids:
        return None
    proposed_id = _propose(tx, item=item, kind=kind, key=key, text=text, linked=linked, now=now)
    if proposed_id is not None:
        _tell_by_itself(tx, proposed_id=proposed_id, item=item, linked=linked, kind=kind, now=now)
    return proposed_id


def _propose(
    tx: Session, *, item: WorkItem, kind: str, key: str, text: str, linked: Linked | None = None, now: datetime
) -> int | None:
    return changes.propose(
        tx,
        workspace_id=item.workspace_id,
        key=key,
        kind=kind,
        title=item.title or item.key,
        text=text,
        url=item.url,
        work_item_id=item.id,
        idea_ids=linked.idea_ids if linked else (),
        theme_ids=linked.theme_ids if linked else (),
        happened_at=item.state_at,
        now=now,
    )


def _waiting(tx: Session, *, item: WorkItem, links: Sequence[WorkLink], kind: str) -> Linked:
    """Of what is linked, the ideas and themes that this can answer, and that nobody is being asked about already. What
    was merged stands for what it went into."""
    into = ideas.went_into(tx, idea_ids=[link.idea_id for link in links if link.idea_id])
    idea_of = {link.id: into.get(link.idea_id, link.idea_id) for link in links if link.idea_id}
    shown = themes.went_into(tx, theme_ids=[link.theme_id for link in links if link.theme_id])
    theme_of = {link.id: shown[link.theme_id] for link in links if link.theme_id}
    asked_ideas, asked_themes = _being_asked(tx, item.workspace_id, kind)
    can = changes.ANSWERABLE[kind]
    wanted = set(idea_of.values()) - asked_ideas
    idea_ids = set(tx.scalars(select(Idea.id).where(Idea.id.in_(among(tx, wanted)), Idea.state.in_(can))))
    in_theme = select(Idea.theme_id).where(
        Idea.theme_id.in_(among(tx, set(theme_of.values()) - asked_themes)), Idea.state.in_(can), ~ideas.is_merged()
    )
    theme_ids = {theme_id for theme_id in tx.scalars(in_theme.distinct()) if theme_id is not None}
    used = [link for link in links if idea_of.get(link.id) in idea_ids or theme_of.get(link.id) in theme_ids]
    return Linked(used, frozenset(idea_ids), frozenset(theme_ids))


def _being_asked(tx: Session, workspace_id: int, kind: str) -> tuple[set[int], set[int]]:
    """The ideas and themes of proposals of this kind that wait for somebody, because of a link; as they are shown."""
    shown = themes.shown_as()
    rows = tx.execute(
        select(ideas.shown_as().label("idea_id"), shown.c.shown_id.label("theme_id"))
        .select_from(ProposedAnswer)
        .join(ProposedChange, ProposedChange.id == ProposedAnswer.proposed_id)
        .outerjoin(Idea, Idea.id == ProposedAnswer.idea_id)
        .outerjoin(shown, shown.c.theme_id == ProposedAnswer.theme_id)
        .where(
            ProposedChange.workspace_id == workspace_id,
            ProposedChange.kind == kind,
            ProposedChange.decision.is_(None),
            ProposedAnswer.how == "link",
        )
    ).all()
    return {row.idea_id for row in rows if row.idea_id}, {row.theme_id for row in rows if row.theme_id}


def _tell_by_itself(
    tx: Session, *, proposed_id: int, item: WorkItem, linked: Linked, kind: str, now: datetime
) -> Change | None:
    """Only where the workspace wants it so, and only in the name of somebody who could do it by hand: whoever linked
    it. Where one of them left, or may no longer decide, or linked it after it had happened, the team is asked. So it is
    where a release only names what is linked, or a milestone is closed over it, and it is not finished itself."""
    if kind == "declined" or not rules_of(tx, workspace_id=item.workspace_id).tells_links:
        return None
    if not all(access.may_decide(link.linked_by) and link.linked_at <= item.state_at for link in linked.links):
        return None
    if item.kind in COLLECT and any(link.work_item.state != "done" for link in linked.links):
        return None
    idea_ids, theme_ids, by = sorted(linked.idea_ids), sorted(linked.theme_ids), linked.links[0].linked_by
    try:
        if kind == "planned":
            change = changes.plan(tx, by=by, idea_ids=idea_ids, theme_ids=theme_ids, now=now)
        else:
            summary = (changes.in_words(item.title) or item.key)[: changes.LONGEST_SUMMARY]
            change = changes.ship(tx, by=by, summary=summary, idea_ids=idea_ids, theme_ids=theme_ids, now=now)
    except Refused:
        return None  # somebody was faster; it stays a question, and the page says what became of the ideas
    proposed = tx.get_one(ProposedChange, proposed_id)
    proposed.decision, proposed.decided_at, proposed.change_id = "confirmed", now, change.id
    return change
