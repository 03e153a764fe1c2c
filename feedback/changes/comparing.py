"""Which ideas something that happened probably answers, by its words: found by the grouping, said by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback import access, audit, ideas, once, outbox
from feedback.changes.answering import ANSWERABLE
from feedback.errors import Refused
from models import Idea, Member, ProposedAnswer, ProposedChange, Theme

MOST_IDEAS = 20
"""More than that nobody reads."""
MOST_OF_A_THEME = 3
"""Of a theme that is offered as a whole only the closest are offered one by one, too."""
MOST_THEMES = 5
LEAST_OF_A_THEME = 2


@dataclass(frozen=True)
class ToCompare:
    workspace_id: int
    proposed_id: int
    title: str
    text: str
    texts: list[str]
    """Of every idea, in the order of their ids: what counts as close is what is close among them."""
    shown_ids: list[int]
    """By row: the idea that it is shown as."""
    waiting: dict[int, int | None]
    """The themes of the ideas that this could answer, by the ideas' ids."""

    @property
    def among(self) -> list[int]:
        """The rows whose idea waits."""
        return [row for row, shown_id in enumerate(self.shown_ids) if shown_id in self.waiting]


@dataclass(frozen=True)
class Likely:
    """One row of `texts` reads like this part of it."""

    row: int
    closeness: float
    part: str


def compare_soon(tx: Session, *, proposed: ProposedChange, now: datetime) -> None:
    """Owes it anew: somebody wants it looked at again, or there was too much to do before it."""
    outbox.owe_again(
        tx,
        workspace_id=proposed.workspace_id,
        kind="change.compare",
        key=f"change.compare:{proposed.id}",
        now=now,
        proposed_id=proposed.id,
    )


def compare_on(tx: Session, *, proposed_id: int, now: datetime) -> None:
    compare_soon(tx, proposed=tx.get_one(ProposedChange, proposed_id), now=now)


def look_again(tx: Session, *, by: Member, proposed_id: int, now: datetime) -> ProposedChange:
    """With the ideas that came since. What was found before stands until then. Of what is decided it is refused."""
    proposed = access.access_proposed(tx, member=by, proposed_id=proposed_id)
    if proposed.decision is not None:
        raise Refused("That is decided already.")
    proposed.compared_at = None
    record(tx, proposed=proposed, by=by, act="looked at again", now=now)
    compare_soon(tx, proposed=proposed, now=now)
    return proposed


def record(tx: Session, *, proposed: ProposedChange, by: Member | None, act: str, now: datetime) -> None:
    audit.record(
        tx,
        workspace_id=proposed.workspace_id,
        by=by,
        act=act,
        subject="proposed",
        subject_id=proposed.id,
        now=now,
    )


def to_compare(tx: Session, *, proposed_id: int) -> ToCompare | None:
    """None where somebody has decided, or it was compared already."""
    proposed = tx.get_one(ProposedChange, proposed_id)
    if proposed.decision is not None or proposed.compared_at is not None:
        return None
    rows = tx.execute(
        select(Idea.id, Idea.text, Idea.theme_id, Idea.state, ideas.shown_as().label("shown_id"))
        .where(Idea.workspace_id == proposed.workspace_id, Idea.state != "withdrawn")
        .order_by(Idea.id)
    ).all()
    can = ANSWERABLE[proposed.kind]
    return ToCompare(
        workspace_id=proposed.workspace_id,
        proposed_id=proposed.id,
        title=proposed.title,
        text=proposed.text,
        texts=[row.text for row in rows],
        shown_ids=[row.shown_id for row in rows],
        waiting={row.id: row.theme_id for row in rows if row.shown_id == row.id and row.state in can},
    )


def keep(tx: Session, *, seen: ToCompare, found: Sequence[Likely], now: datetime) -> int:
    """Offers the closest ideas, and themes most of whose ideas are close. It replaces what was offered by the words
    before; what somebody linked stays. Returns how many. Where somebody decided meanwhile it is no news."""
    proposed = tx.get_one(ProposedChange, seen.proposed_id, with_for_update=True)
    if proposed.decision is not None:
        return 0
    closest = _by_idea(seen, found)
    themes = _themes(seen, closest)
    chosen = _ideas(seen, closest, themes)
    # Rows that refer to others hold them a little: themes before ideas, each in the order of the ids.
    for model, ids in ((Theme, sorted(themes)), (Idea, sorted(chosen))):
        held = select(model.id).where(model.id.in_(ids)).order_by(model.id)
        tx.execute(held.with_for_update(read=True, key_share=True))
    of_it = (ProposedAnswer.proposed_id == proposed.id, ProposedAnswer.how == "text")
    tx.execute(delete(ProposedAnswer).where(*of_it))
    rows = [_row(proposed, None, theme_id, score, "") for theme_id, score in sorted(themes.items())]
    rows += [_row(proposed, each, None, closest[each].closeness, closest[each].part) for each in sorted(chosen)]
    once.insert_all(tx, ProposedAnswer, rows, returning=("id",))
    proposed.compared_at = now
    return len(rows)


def _by_idea(seen: ToCompare, found: Sequence[Likely]) -> dict[int, Likely]:
    """The closest of what is shown as each, the closest first."""
    closest: dict[int, Likely] = {}
    for each in sorted(found, key=lambda each: (-each.closeness, each.row)):
        closest.setdefault(seen.shown_ids[each.row], each)
    return closest


def _themes(seen: ToCompare, closest: dict[int, Likely]) -> dict[int, float]:
    """Those most of whose waiting ideas are close, and how close these are on average."""
    waiting: dict[int, list[int]] = {}
    for idea_id, theme_id in seen.waiting.items():
        if theme_id is not None:
            waiting.setdefault(theme_id, []).append(idea_id)
    near = {theme_id: [each for each in its if each in closest] for theme_id, its in waiting.items()}
    whole = {
        theme_id: round(sum(closest[each].closeness for each in its) / len(its), 6)
        for theme_id, its in near.items()
        if len(its) >= LEAST_OF_A_THEME and 2 * len(its) > len(waiting[theme_id])
    }
    best = sorted(whole, key=lambda theme_id: (-len(near[theme_id]), -whole[theme_id], theme_id))[:MOST_THEMES]
    return {theme_id: whole[theme_id] for theme_id in best}


def _ideas(seen: ToCompare, closest: dict[int, Likely], themes: dict[int, float]) -> list[int]:
    chosen, of_theme = list[int](), dict.fromkeys(themes, 0)
    for idea_id in closest:
        theme_id = seen.waiting[idea_id]
        if theme_id in of_theme:
            of_theme[theme_id] += 1
            if of_theme[theme_id] > MOST_OF_A_THEME:
                continue
        chosen.append(idea_id)
        if len(chosen) == MOST_IDEAS:
            break
    return chosen


def _row(
    proposed: ProposedChange, idea_id: int | None, theme_id: int | None, score: float, part: str
) -> dict[str, object]:
    which = {"proposed_id": proposed.id, "idea_id": idea_id, "theme_id": theme_id}
    return {**which, "how": "text", "score": score, "part": part, "was_chosen": None}
