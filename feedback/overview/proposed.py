"""What happened and probably answers ideas, with those ideas, for a person to say whether people hear of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from feedback import changes, ideas, themes
from feedback.changes import ANSWERABLE, LONGEST_SUMMARY, has_answers
from feedback.overview import Page, paged
from feedback.overview.metrics import Share, share
from models import Idea, ProposedAnswer, ProposedChange, Theme

AT_ONCE = 10
SHOWN = ("waiting", "nothing", "aside")
VERY_ALIKE = 0.45
"""From this cosine on nearly all were answered indeed; as `alike` in feedback.clustering.parameters has it."""
Shown = aliased(Idea)
Offered = tuple[ProposedAnswer, Idea | None, Theme | None]
"""And the idea or the theme that it is shown as."""


@dataclass(frozen=True)
class Offer:
    """An idea that waits, and why it may be answered."""

    idea: Idea
    answer: ProposedAnswer
    votes: int

    @property
    def is_very_alike(self) -> bool:
        return _is_very_alike(self.answer)


@dataclass(frozen=True)
class Whole:
    """A theme with something that waits; its closest ideas are offered below it, too."""

    theme: Theme
    answer: ProposedAnswer
    waiting: int
    people: int
    """Behind everything in it."""
    offers: Sequence[Offer]

    @property
    def is_very_alike(self) -> bool:
        return _is_very_alike(self.answer)


@dataclass(frozen=True)
class Card:
    proposed: ProposedChange
    themes: Sequence[Whole]
    ideas: Sequence[Offer]
    """That are in none of these themes."""


@dataclass(frozen=True)
class Listed:
    page: Page[Card]
    counts: Mapping[str, int]
    """How many there are of each of SHOWN."""
    comparing: int
    """That are being compared with the ideas just now."""


@dataclass(frozen=True)
class Begun:
    """What the form for telling begins with."""

    proposed: ProposedChange
    summary: str
    url: str
    idea_ids: Sequence[int]
    theme_ids: Sequence[int]

    @property
    def is_decided(self) -> bool:
        return self.proposed.decision is not None


def _is_very_alike(answer: ProposedAnswer) -> bool:
    return (answer.score or 0.0) >= VERY_ALIKE


def count(tx: Session, *, workspace_id: int) -> int:
    """How many wait for somebody."""
    return tx.scalar(select(func.count(ProposedChange.id)).where(*_which(workspace_id, "waiting"))) or 0


def chosen(tx: Session, *, workspace_id: int) -> Share:
    """Of the ideas that were offered because of their words, and that a person decided about, those that were ticked.
    What was put aside as a whole was ticked nowhere. One query."""
    hits, of = tx.execute(
        select(func.count(ProposedAnswer.id).filter(ProposedAnswer.was_chosen.is_(True)), func.count(ProposedAnswer.id))
        .join(ProposedChange, ProposedChange.id == ProposedAnswer.proposed_id)
        .where(
            ProposedChange.workspace_id == workspace_id,
            ProposedChange.decided_by_id.is_not(None),
            ProposedAnswer.how == "text",
            ProposedAnswer.idea_id.is_not(None),
            ProposedAnswer.was_chosen.is_not(None),
        )
    ).one()
    return share(hits, of)


def listed(tx: Session, *, workspace_id: int, show: str, number: int) -> Listed:
    """`show`, one of SHOWN. waiting: something that it seems to answer waits. nothing: it was compared, and nothing
    does. aside: somebody dismissed it. The newest first, but those that somebody linked before the others."""
    linked = select(ProposedAnswer.id).where(
        ProposedAnswer.proposed_id == ProposedChange.id, ProposedAnswer.how == "link"
    )
    is_guess = (~linked.exists()).label("is_guess")
    statement = (
        select(ProposedChange)
        .where(*_which(workspace_id, show))
        .options(joinedload(ProposedChange.work_item), joinedload(ProposedChange.decided_by))
        .order_by(is_guess, ProposedChange.happened_at.desc(), ProposedChange.id.desc())
    )
    page = paged(tx, statement, number=number, size=AT_ONCE)
    cards = _cards(tx, workspace_id, [row.ProposedChange for row in page.rows])
    counts = [select(func.count(ProposedChange.id)).where(*_which(workspace_id, each)) for each in (*SHOWN, "new")]
    found = tx.execute(select(*(each.scalar_subquery() for each in counts))).one()
    return Listed(
        page=Page(cards, page.number, page.total, page.size),
        counts=dict(zip(SHOWN, found, strict=False)),
        comparing=found[-1],
    )


def begun(
    tx: Session, *, workspace_id: int, proposed_id: int, ticked: Mapping[str, Sequence[int]] | None
) -> Begun | None:
    """`ticked`: what somebody ticked, as "idea" and "theme"; None: nobody was asked, then it is what was linked. None
    where it is not in this workspace."""
    proposed = tx.scalars(
        select(ProposedChange)
        .where(ProposedChange.id == proposed_id, ProposedChange.workspace_id == workspace_id)
        .options(joinedload(ProposedChange.work_item))
    ).one_or_none()
    if proposed is None:
        return None
    (card,) = _cards(tx, workspace_id, [proposed])
    offers = [*card.ideas, *(offer for whole in card.themes for offer in whole.offers)]
    if ticked is None:
        idea_ids = [each.idea.id for each in offers if each.answer.how == "link"]
        theme_ids = [each.theme.id for each in card.themes if each.answer.how == "link"]
    else:
        idea_ids, theme_ids = list(ticked["idea"]), list(ticked["theme"])
    about = [each.answer.part for each in offers if each.idea.id in idea_ids or each.idea.theme_id in theme_ids]
    return Begun(proposed, _summary(proposed, about), _url(proposed), idea_ids, theme_ids)


def _summary(proposed: ProposedChange, about: Iterable[str]) -> str:
    """Of many things in one version those that answer something; else the title, as people would write it."""
    is_many = proposed.work_item is None or proposed.work_item.kind == "release"
    parts = list(dict.fromkeys(part.rstrip(".") for part in about if part)) if is_many else []
    return changes.in_words(". ".join(parts) or proposed.title)[:LONGEST_SUMMARY]


def _url(proposed: ProposedChange) -> str:
    """Customers cannot open the team's tracker, so of work only a release is shown to them. A comparison of two
    versions of the code shows nobody what changed for them."""
    is_inside = proposed.work_item is not None and proposed.work_item.kind != "release"
    return "" if is_inside or "/compare/" in proposed.url else proposed.url


def _which(workspace_id: int, show: str) -> tuple[ColumnElement[bool], ...]:
    mine = ProposedChange.workspace_id == workspace_id
    if show == "aside":
        return mine, ProposedChange.decision == "dismissed"
    is_open, is_new = ProposedChange.decision.is_(None), ProposedChange.compared_at.is_(None)
    if show == "new":
        return mine, is_open, is_new
    return (mine, is_open, has_answers()) if show == "waiting" else (mine, is_open, ~is_new, ~has_answers())


def _cards(tx: Session, workspace_id: int, found: Sequence[ProposedChange]) -> list[Card]:
    """In five queries, however many."""
    shown = themes.shown_as()
    offered = tx.execute(
        select(ProposedAnswer, Shown, Theme)
        .outerjoin(Idea, Idea.id == ProposedAnswer.idea_id)
        .outerjoin(Shown, Shown.id == ideas.shown_as())
        .outerjoin(shown, shown.c.theme_id == ProposedAnswer.theme_id)
        .outerjoin(Theme, Theme.id == shown.c.shown_id)
        .where(ProposedAnswer.proposed_id.in_([each.id for each in found]))
        .options(joinedload(Shown.author), joinedload(Shown.message))
        .order_by(ProposedAnswer.how, ProposedAnswer.score.desc(), ProposedAnswer.id)  # link before text
    ).all()
    votes = ideas.vote_counts(tx, idea_ids=sorted({idea.id for _, idea, _ in offered if idea is not None}))
    theme_ids = sorted({theme.id for *_, theme in offered if theme is not None})
    waiting = _waiting(tx, theme_ids)
    people = _people(tx, workspace_id, theme_ids)
    by_change: defaultdict[int, list[Offered]] = defaultdict(list)
    for answer, idea, theme in offered:
        by_change[answer.proposed_id].append((answer, idea, theme))
    return [_card(each, by_change[each.id], votes, waiting, people) for each in found]


def _card(
    proposed: ProposedChange,
    offered: Sequence[Offered],
    votes: Mapping[int, int],
    waiting: Mapping[tuple[int, str], int],
    people: Mapping[int, int],
) -> Card:
    """With what still waits of what was offered."""
    can = ANSWERABLE[proposed.kind]
    offers: dict[int, Offer] = {}
    for answer, idea, _ in offered:
        if idea is not None and idea.state in can:
            offers.setdefault(idea.id, Offer(idea, answer, votes[idea.id]))
    whole: dict[int, Whole] = {}
    for answer, _, theme in offered:
        its = sum(waiting.get((theme.id, state), 0) for state in can) if theme else 0
        if its and theme:
            inside = [each for each in offers.values() if each.idea.theme_id == theme.id]
            whole.setdefault(theme.id, Whole(theme, answer, its, people.get(theme.id, 0), inside))
    inside_ids = {offer.idea.id for each in whole.values() for offer in each.offers}
    return Card(proposed, list(whole.values()), [each for each in offers.values() if each.idea.id not in inside_ids])


def _waiting(tx: Session, theme_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """How many of a theme's ideas are in which state, not counting what went into others."""
    rows = tx.execute(
        select(Idea.theme_id, Idea.state, func.count(Idea.id))
        .where(Idea.theme_id.in_(theme_ids), ~ideas.is_merged())
        .group_by(Idea.theme_id, Idea.state)
    )
    return {(theme_id, state): number for theme_id, state, number in rows if theme_id is not None}


def _people(tx: Session, workspace_id: int, theme_ids: Sequence[int]) -> dict[int, int]:
    behind = themes.people_behind(workspace_id=workspace_id)
    rows = tx.execute(select(behind.c.theme_id, behind.c.people).where(behind.c.theme_id.in_(theme_ids)))
    return {row.theme_id: row.people for row in rows}
