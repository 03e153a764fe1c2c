"""Do these two ask for the same thing? What is asked, what people answered, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, aliased, joinedload

from feedback import access, audit, ideas, once
from feedback.errors import Refused
from feedback.themes.answers import DECIDING
from feedback.themes.changing import take_in
from feedback.themes.contents import ideas_in, is_held
from feedback.themes.grouping import regroup_soon
from feedback.themes.undoing import undo
from models import Idea, Member, Theme, ThemeEvent, ThemeQuestion

VERDICTS = ("yes", "no", "unsure")
MOST_ASKED = 10
"""So many wait at once; a page shows the most helpful of them."""
Pair = tuple[int, int]


def ask(tx: Session, *, workspace_id: int, weights: Mapping[Pair, float], now: datetime) -> None:
    """These wait for an answer now, by the ideas' ids, the smaller first; what waited before and is not among them is
    not asked any more."""
    open_ones = (ThemeQuestion.workspace_id == workspace_id, ThemeQuestion.verdict.is_(None))
    waiting = tx.scalars(select(ThemeQuestion).where(*open_ones).order_by(ThemeQuestion.id).with_for_update()).all()
    for question in waiting:
        if (question.idea_id, question.other_id) in weights:
            question.weight = weights[question.idea_id, question.other_id]
    gone = [question.id for question in waiting if (question.idea_id, question.other_id) not in weights]
    tx.execute(delete(ThemeQuestion).where(ThemeQuestion.id.in_(gone)))
    # Rows that refer to ideas hold them a little; in the order in which people's acts take several of them.
    concerned = sorted({idea_id for pair in weights for idea_id in pair})
    of_these = select(Idea.id).where(Idea.id.in_(concerned)).order_by(Idea.id)
    tx.execute(of_these.with_for_update(read=True, key_share=True))
    rows = [
        {"workspace_id": workspace_id, "idea_id": idea_id, "other_id": other_id, "weight": weight, "asked_at": now}
        for (idea_id, other_id), weight in sorted(weights.items())
    ]
    once.insert_all(tx, ThemeQuestion, rows, returning=("id",))


def waiting(tx: Session, *, workspace_id: int, most: int) -> list[tuple[ThemeQuestion, Idea, Idea]]:
    """The most helpful first, with the two ideas; none whose words are gone."""
    one, other = aliased(Idea), aliased(Idea)
    rows = tx.execute(
        select(ThemeQuestion, one, other)
        .join(one, one.id == ThemeQuestion.idea_id)
        .join(other, other.id == ThemeQuestion.other_id)
        .where(
            ThemeQuestion.workspace_id == workspace_id,
            ThemeQuestion.verdict.is_(None),
            one.state != "withdrawn",
            other.state != "withdrawn",
            ~ideas.is_merged(one),
            ~ideas.is_merged(other),
        )
        .options(joinedload(one.author), joinedload(other.author))
        .order_by(ThemeQuestion.weight.desc(), ThemeQuestion.id)
        .limit(most)
    )
    return [(question, left, right) for question, left, right in rows]


def answer(tx: Session, *, by: Member, question_id: int, verdict: str, now: datetime) -> ThemeQuestion:
    """A yes about two ideas that are each alone in a theme of no person's puts them together at once: that is all it
    could mean. Anything else the grouping weighs with all that it knows, and proposes what follows.

    A second press is no news, another word about what somebody has answered is refused.
    """
    question = _access(tx, by=by, question_id=question_id)
    if verdict not in VERDICTS:
        raise Refused("Choose yes, no or cannot say.")
    if question.verdict is not None:
        if question.verdict != verdict:
            name = question.answered_by.name if question.answered_by else "Somebody"
            raise Refused(f"{name} has answered that one meanwhile.")
        return question
    question.verdict, question.answered_at, question.answered_by_id = verdict, now, by.id
    _record(tx, question, by=by, act="compared", now=now)
    if verdict in DECIDING:
        event = _join_singles(tx, question, by=by, now=now) if verdict == "yes" else None
        if event is not None:
            question.event_id = event.id
        else:
            _look_again(tx, question, now)
    return question


def take_back(tx: Session, *, by: Member, question_id: int, now: datetime) -> ThemeQuestion:
    """It was not meant so: the question waits again, and what the answer did at once is undone."""
    question = _access(tx, by=by, question_id=question_id)
    if question.verdict is None:
        return question
    _record(tx, question, by=by, act="compared anew", now=now)
    if question.event_id is not None:
        undo(tx, by=by, event_id=question.event_id, now=now)
    question.verdict = question.answered_at = question.answered_by_id = question.event_id = None
    _look_again(tx, question, now)
    return question


def _access(tx: Session, *, by: Member, question_id: int) -> ThemeQuestion:
    """Locked."""
    access.check_review(by)
    question = tx.scalars(
        select(ThemeQuestion)
        .where(ThemeQuestion.id == question_id, ThemeQuestion.workspace_id == by.workspace_id)
        .with_for_update()
    ).one_or_none()
    if question is None:
        raise Refused("That question is not asked any more.")
    return question


def _join_singles(tx: Session, question: ThemeQuestion, *, by: Member, now: datetime) -> ThemeEvent | None:
    """The younger theme goes into the older one. None where that is not all there is to it."""
    pair = (question.idea_id, question.other_id)
    theme_ids = [each for each in tx.scalars(select(Idea.theme_id).where(Idea.id.in_(pair))) if each is not None]
    wanted = select(Theme).where(Theme.id.in_(theme_ids)).order_by(Theme.id)
    found = tx.scalars(wanted.with_for_update(key_share=True)).all()
    inside = ideas_in(tx, theme_ids=theme_ids)
    is_free = not any(is_held(theme) or theme.merged_into_id is not None for theme in found)
    if len(found) != 2 or not is_free or {idea.id for idea in inside} != set(pair):
        return None
    return take_in(tx, theme=found[1], into=found[0], by=by, now=now)


def _look_again(tx: Session, question: ThemeQuestion, now: datetime) -> None:
    """Owes a new grouping where the answer says something else than the themes do."""
    rows = select(Idea.theme_id).where(Idea.id.in_((question.idea_id, question.other_id)))
    theme_ids = tx.scalars(rows).all()
    is_together = len(set(theme_ids)) == 1
    if question.verdict is None or is_together is not (question.verdict == "yes"):
        regroup_soon(tx, workspace_id=question.workspace_id, now=now)


def _record(tx: Session, question: ThemeQuestion, *, by: Member, act: str, now: datetime) -> None:
    for idea_id, other_id in ((question.idea_id, question.other_id), (question.other_id, question.idea_id)):
        audit.record(
            tx,
            workspace_id=question.workspace_id,
            by=by,
            act=act,
            subject="idea",
            subject_id=idea_id,
            now=now,
            other_id=other_id,
            verdict=question.verdict,
        )
