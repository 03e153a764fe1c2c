"""How good the team finds ideas: what one person may see of it, what waits for a second one, how much two agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from feedback import ideas
from feedback.overview import ROWS, Page
from feedback.overview.history import Line
from feedback.overview.intervals import wilson
from feedback.overview.metrics import Share
from feedback.rewards import scoring
from models import Audit, Idea, Member, Score, Workspace

Marks = Mapping[str, int]


@dataclass(frozen=True)
class Shown:
    """The scores of one idea, as one person of the team may see them."""

    scores: Sequence[Score]
    """Empty too while `is_hidden`."""
    own: Score | None
    is_hidden: bool
    """Somebody scored it, and this person is asked to do so without knowing how."""
    why_not: str
    """Why they cannot score it; empty: they can."""


@dataclass(frozen=True)
class Agreed:
    """Over the ideas that a second person scored without seeing the first."""

    criterion: str
    same: Share
    near: Share
    """The same, or one step apart."""


def shown(tx: Session, *, idea: Idea, member: Member, history: Sequence[Line] | None = None) -> Shown:
    """One query; none where the `history` of the idea is at hand and says that nobody scored it."""
    is_scored = history is None or any(line.act == "scored" for line in history)
    found = _scores(tx, idea) if is_scored else []
    is_author = idea.author_id == member.id
    hidden = not is_author and _is_hidden(member, idea.id, found)
    why_not = "It was taken back." if idea.state == "withdrawn" else "Somebody else scores what you said."
    return Shown(
        scores=[] if hidden else found,
        own=next((each for each in found if each.member_id == member.id), None),
        is_hidden=hidden,
        why_not=why_not if is_author or idea.state == "withdrawn" else "",
    )


def _scores(tx: Session, idea: Idea) -> Sequence[Score]:
    of_it = select(Score).where(Score.idea_id == idea.id)
    return tx.scalars(of_it.options(joinedload(Score.member)).order_by(Score.id)).all()


def _is_hidden(member: Member, idea_id: int, scores: Sequence[Score]) -> bool:
    return scoring.is_hidden(member.workspace, scores, idea_id=idea_id, member_id=member.id)


def sums(scores: Mapping[int, Sequence[Score]], *, member: Member, author_ids: Mapping[int, int]) -> dict[int, str]:
    """By idea what its scores add up to, for a list; nothing of what this person is to score without knowing."""
    return {
        idea_id: f"{float(scoring.quality(found)):g} of {scoring.MOST}"
        for idea_id, found in scores.items()
        if author_ids.get(idea_id) == member.id or not _is_hidden(member, idea_id, found)
    }


def waiting(tx: Session, *, member: Member, number: int, size: int = ROWS) -> Page[Idea]:
    """What this person can score without seeing what the first one gave, the oldest first. Two queries: which ideas
    are asked about twice is a matter of their ids, so those are looked through here."""
    once_scored = (
        select(Score.idea_id)
        .where(Score.workspace_id == member.workspace_id)
        .group_by(Score.idea_id)
        .having(func.count() == 1, func.max(Score.member_id) != member.id)
    )
    found = tx.scalars(
        select(Idea.id)
        .where(Idea.id.in_(once_scored), Idea.author_id != member.id, Idea.state != "withdrawn", ~ideas.is_merged())
        .order_by(Idea.id)
    )
    asked = [idea_id for idea_id in found if scoring.asks_second(member.workspace, idea_id=idea_id)]
    number = max(1, min(number, -(-len(asked) // size)))
    page = asked[(number - 1) * size : number * size]
    rows = tx.scalars(
        select(Idea).where(Idea.id.in_(page)).options(joinedload(Idea.author), joinedload(Idea.theme)).order_by(Idea.id)
    ).all()
    return Page(rows, number, len(asked), size)


def agreement(tx: Session, *, workspace: Workspace) -> list[Agreed]:
    """By criterion; empty where nobody gave a second score yet."""
    found = pairs(tx, workspace=workspace)
    return [Agreed(name, _share(found, name, 0), _share(found, name, 1)) for name in scoring.CRITERIA] if found else []


def _share(found: Sequence[tuple[Marks, Marks]], name: str, steps: int) -> Share:
    hits = sum(abs(first[name] - second[name]) <= steps for first, second in found)
    return Share(hits, len(found), *wilson(hits, len(found)))


def pairs(tx: Session, *, workspace: Workspace) -> list[tuple[Marks, Marks]]:
    """What the first and the second person said of each idea, when neither had seen the other's.

    As it was said then: whoever changes their mind after they have seen the other's would make the two agree.
    """
    twice = select(Score.idea_id).where(Score.workspace_id == workspace.id, Score.is_blind)
    rows = tx.execute(
        select(Audit.subject_id, Audit.member_id, Audit.act, Audit.detail)
        .where(
            Audit.workspace_id == workspace.id,
            Audit.subject == "idea",
            Audit.subject_id.in_(twice),
            Audit.act.in_(("scored", "scored anew")),
        )
        .order_by(Audit.id)
    )
    first: dict[int, Marks] = {}
    found: dict[int, tuple[Marks, Marks]] = {}
    for row in rows:
        if row.subject_id in found:
            continue
        if row.act == "scored" and row.detail["is_blind"]:
            found[row.subject_id] = (first[row.subject_id], row.detail["marks"])
        else:
            first[row.subject_id] = row.detail["marks"]
    return list(found.values())
