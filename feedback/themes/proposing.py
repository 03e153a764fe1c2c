"""What the grouping would change, kept until a person says yes or no; or applied, where a workspace wants it so and no
person has touched what it is about."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from feedback import ideas, once
from feedback.database import in_pieces
from feedback.themes.comparing import Found
from feedback.themes.grouping import ToGroup
from models import Idea, ThemeProposal, Vote, Workspace

MOST_OPEN = 10
"""So many wait at once, the strongest first: a morning's page that can be read."""
LEAST_STRENGTH = 0.03
"""Below this the grouping itself could think again tomorrow, and it is not worth anybody's minute."""
LEAST_ALONE = 0.08
"""The same for a single idea that would leave a theme: of these there are many, and little is gained."""
SAME_AGAIN = 0.5
"""What was declined stays so while at least this share of the ideas concerned is the same."""


@dataclass(frozen=True)
class Weighed:
    """A change with its numbers."""

    found: Found
    strength: float
    name: str
    """Of the new theme, where there is one."""


@dataclass(frozen=True)
class _Candidate:
    kind: str
    theme_id: int
    into_id: int | None
    idea_ids: list[int]
    beside_ids: list[int]
    name: str
    strength: float
    people: int
    is_worth_it: bool
    is_free: bool
    """It concerns only themes and ideas that no person has touched."""

    def key(self, workspace_id: int) -> str:
        """What it does to whom: a merge into the other theme, or of ideas one of which went over by itself meanwhile,
        is another change, because what waited cannot be carried out any more."""
        concerned = (self.idea_ids, self.beside_ids if self.kind == "merge" else [])
        digest = hashlib.sha256(repr((self.kind, self.theme_id, self.into_id, concerned)).encode()).hexdigest()
        return f"{workspace_id}:{digest}"


def propose(
    tx: Session, *, seen: ToGroup, changes: Sequence[Weighed], version: str, now: datetime
) -> tuple[int, list[int]]:
    """Keeps what is worth a person's time. What waited and is not found again no longer applies.

    Returns how many of those that wait are new, and the ids of those that nobody has to be asked about: `follow` does
    them, one at a time.
    """
    workspace = tx.get_one(Workspace, seen.workspace_id)
    before = tx.scalars(
        select(ThemeProposal)
        .where(ThemeProposal.workspace_id == workspace.id, _matters())
        .order_by(ThemeProposal.id)
        .with_for_update()
    ).all()
    refused = [each for each in before if each.decision is not None]
    candidates = [
        candidate
        for candidate in _candidates(tx, seen, changes)
        if not any(_is_alike(candidate, each) for each in refused)
    ]
    following = [each for each in candidates if workspace.themes_follow and each.is_free]
    asking = [each for each in candidates if each not in following and each.is_worth_it]
    asking.sort(key=lambda each: (-each.people * each.strength, each.theme_id, each.into_id or 0, each.idea_ids))
    chosen = {each.key(workspace.id): each for each in [*following, *asking[:MOST_OPEN]]}
    waiting = {each.key: each for each in before if each.decision is None}
    rows = {
        key: _row(candidate, workspace_id=workspace.id, key=key, version=version, waiting=waiting.values(), now=now)
        for key, candidate in chosen.items()
    }
    _find_again(tx, rows)
    made = once.insert_all(tx, ThemeProposal, list(rows.values()), returning=("id", "key", "told_at"))
    for key, each in waiting.items():
        if key not in chosen:
            each.decision, each.decided_at, each.name = "outdated", now, ""
    free = {each.key(workspace.id) for each in following}
    follow = select(ThemeProposal.id, ThemeProposal.key).where(
        ThemeProposal.workspace_id == workspace.id, ThemeProposal.decision.is_(None)
    )
    tx.flush()
    follow_ids = [row.id for row in tx.execute(follow.order_by(ThemeProposal.id)) if row.key in free]
    return sum(row.key not in free and row.told_at is None for row in made), follow_ids


def _matters() -> ColumnElement[bool]:
    """What waits, and what a person did not want."""
    return ThemeProposal.decision.is_(None) | ThemeProposal.decision.in_(("declined", "undone"))


def _find_again(tx: Session, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """What waits already stands as this run sees it, and what did not apply for a while waits again. `rows`: by key."""
    for some in in_pieces(sorted(rows)):
        for each in tx.scalars(
            select(ThemeProposal)
            .where(ThemeProposal.key.in_(some))
            .where(ThemeProposal.decision.is_(None) | (ThemeProposal.decision == "outdated"))
            .order_by(ThemeProposal.id)
            .with_for_update()
        ):
            each.decision = each.decided_at = None
            for name, value in rows[each.key].items():
                setattr(each, name, value)


def _candidates(tx: Session, seen: ToGroup, changes: Sequence[Weighed]) -> list[_Candidate]:
    """Nothing is taken out of a theme that is held."""
    here = Idea.workspace_id == seen.workspace_id
    people: defaultdict[int, set[int]] = defaultdict(set)
    is_open, is_placed = set[int](), set[int]()
    for idea in tx.execute(select(Idea.id, Idea.author_id, Idea.state, Idea.placed_by_id).where(here)):
        people[idea.id].add(idea.author_id)
        if idea.state in ideas.OPEN_STATES:
            is_open.add(idea.id)
        if idea.placed_by_id is not None:
            is_placed.add(idea.id)
    for vote in tx.execute(select(Vote.idea_id, Vote.member_id).join(Idea, Idea.id == Vote.idea_id).where(here)):
        people[vote.idea_id].add(vote.member_id)
    found = []
    for weighed in changes:
        change = weighed.found
        if change.theme_id in seen.held:
            continue
        going, beside = ([seen.idea_ids[row] for row in side] for side in (change.rows, change.beside))
        concerned = {*going, *beside}
        found.append(
            _Candidate(
                kind=change.kind,
                theme_id=change.theme_id,
                into_id=change.into_id,
                idea_ids=going,
                beside_ids=beside,
                name=weighed.name,
                strength=weighed.strength,
                people=len(set[int]().union(*(people[each] for each in going))),
                is_worth_it=_is_worth_it(weighed, going, beside, is_open),
                is_free=change.into_id not in seen.held and not concerned & is_placed,
            )
        )
    return found


def _is_worth_it(weighed: Weighed, going: Sequence[int], beside: Sequence[int], is_open: set[int]) -> bool:
    """Whether somebody gains by looking at it: it is clear enough, and about something that still waits."""
    if weighed.found.is_asked_for:
        return True
    if len(going) == 1 and weighed.found.kind != "merge":
        return weighed.strength >= LEAST_ALONE and going[0] in is_open
    if len(going) == len(beside) == 1:
        return weighed.strength >= LEAST_STRENGTH and {*going, *beside} <= is_open
    return weighed.strength >= LEAST_STRENGTH and bool(is_open & {*going, *beside})


def _is_alike(candidate: _Candidate, other: ThemeProposal) -> bool:
    """It would do the same, mostly to the same ideas. A merge is the same in both directions, and so is a split."""
    pair, others = (candidate.theme_id, candidate.into_id), (other.theme_id, other.into_id)
    is_turned = candidate.kind == "merge" and pair == others[::-1]
    if other.kind != candidate.kind or (pair != others and not is_turned):
        return False
    now_going = {*candidate.idea_ids, *candidate.beside_ids} if candidate.kind == "merge" else {*candidate.idea_ids}
    then = [{*other.idea_ids, *other.beside_ids}] if candidate.kind == "merge" else [set(other.idea_ids)]
    if candidate.kind == "split":
        then.append(set(other.beside_ids))
    return any(len(now_going & each) >= SAME_AGAIN * max(len(now_going), len(each)) for each in then)


def _row(
    candidate: _Candidate,
    *,
    workspace_id: int,
    key: str,
    version: str,
    waiting: Iterable[ThemeProposal],
    now: datetime,
) -> dict[str, Any]:
    """`waiting`: one of them may be the same with an idea less, which nobody has to be told of again."""
    told_at = next((each.told_at for each in waiting if _is_alike(candidate, each)), None)
    return {
        "workspace_id": workspace_id,
        "kind": candidate.kind,
        "theme_id": candidate.theme_id,
        "into_id": candidate.into_id,
        "idea_ids": candidate.idea_ids,
        "beside_ids": candidate.beside_ids,
        "name": candidate.name,
        "strength": candidate.strength,
        "people": candidate.people,
        "key": key,
        "version": version,
        "proposed_at": now,
        "told_at": told_at,
    }
