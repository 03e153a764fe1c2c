"""How often the product is right: its own guesses beside what people made of them."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from feedback import ideas, judgements
from feedback.overview.intervals import wilson
from models import Audit, Idea, Judgement, TextVector

DRAWS, MOST_DRAWN = 200, 400_000
"""So many resamples, but no more than so many ideas drawn in all."""
TOO_FEW = 10
MONTHS = 6


@dataclass(frozen=True)
class Share:
    """How many of how many, with the interval in which the true share probably lies."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True)
class Agreement:
    """The grouping beside people's word, over pairs of ideas that somebody has seen."""

    ideas: int
    pairs: int
    """Put together by either."""
    precision: float
    recall: float
    f1: float
    low: float
    """Of F1, and up to `high`: a bootstrap over ideas, because one idea is in many pairs."""
    high: float


@dataclass(frozen=True)
class Grouping:
    whole: Agreement
    by_month: Sequence[tuple[str, Agreement]]
    """By when the ideas were kept, as 2026-11, the newest last; months in which there were some."""


@dataclass(frozen=True)
class Taken:
    """What messages were taken for, beside what people said that they are."""

    precision: Share
    """Of those taken for feedback."""
    recall: Share
    """Of those that people call feedback."""
    kind: Share
    """Of those taken for feedback that are some: the same kind."""


@dataclass(frozen=True)
class Capture:
    whole: Taken
    by_month: Sequence[tuple[str, Taken]]


def capture(tx: Session, *, workspace_id: int) -> Capture:
    """Of the messages that were judged and that a person has said something about: decided in the queue or when asked,
    kept by hand, or kept without asking and then seen. What nobody looked at says nothing. One query."""
    rows = tx.execute(
        select(
            Judgement.kind,
            Judgement.probability,
            Judgement.decision,
            Judgement.judged_at,
            Idea.kind.label("kept_as"),
            Idea.captured_with,
            Idea.state,
            Idea.reviewed_at,
        )
        .outerjoin(Idea, Idea.message_id == Judgement.message_id)
        .where(
            Judgement.workspace_id == workspace_id,
            Judgement.version != "",
            Judgement.decision.is_not(None) | Idea.id.is_not(None),
        )
        .order_by(Judgement.id)
    )
    months: dict[str, list[tuple[str | None, str]]] = defaultdict(list)
    for row in rows:
        truth = _said_to_be(row)
        if truth is not None:
            is_taken = row.kind is not None and 100 * row.probability >= judgements.LEAST_PERCENT[row.kind]
            months[_month(row.judged_at)].append((row.kind if is_taken else None, truth))
    newest = sorted(months)[-MONTHS:]
    everything = [pair for pairs in months.values() for pair in pairs]
    return Capture(taken(everything), [(month, taken(months[month])) for month in newest])


def _said_to_be(row: Any) -> str | None:
    """idea, problem, question, praise or nothing; None where nobody has said."""
    if row.decision is not None:
        return str(row.decision)
    by_hand = row.captured_with != "judged"
    return row.kept_as if row.state != "withdrawn" and (by_hand or row.reviewed_at is not None) else None


def taken(pairs: Sequence[tuple[str | None, str]]) -> Taken:
    """`pairs`: the kind that each message was taken for, None for none, and what people say that it is."""
    found = [truth for guess, truth in pairs if guess is not None]
    right = [(guess, truth) for guess, truth in pairs if guess is not None and truth != "nothing"]
    return Taken(
        precision=share(len(right), len(found)),
        recall=share(len(right), sum(truth != "nothing" for _, truth in pairs)),
        kind=share(sum(guess == truth for guess, truth in right), len(right)),
    )


@dataclass(frozen=True)
class Compared:
    """How far the texts are with the way of comparing them that is in use."""

    version: str
    """Empty: nothing was compared yet."""
    texts: int
    of: int


def compared(tx: Session, *, workspace_id: int) -> Compared:
    """The newest version of vectors, and how many of the ideas' different texts have one. Two queries."""
    row = tx.execute(
        select(TextVector.version, func.count(TextVector.id))
        .where(TextVector.workspace_id == workspace_id)
        .group_by(TextVector.version)
        .order_by(func.max(TextVector.id).desc())
        .limit(1)
    ).one_or_none()
    of = tx.scalar(
        select(func.count(func.distinct(Idea.text))).where(Idea.workspace_id == workspace_id, Idea.state != "withdrawn")
    )
    version, texts = row or ("", 0)
    return Compared(version, min(texts, of or 0), of or 0)


def grouping(tx: Session, *, workspace_id: int) -> Grouping:
    """Of the ideas that a person has seen: where the grouping had put each, beside where it is now. Two queries.

    What went into another idea is where that one is: whoever merged them said so.
    """
    guessed, shown = _guesses(tx, workspace_id=workspace_id), aliased(Idea)
    rows = tx.execute(
        select(Idea.id, shown.theme_id, Idea.captured_at)
        .join(shown, shown.id == ideas.shown_as())
        .where(
            Idea.workspace_id == workspace_id,
            Idea.state != "withdrawn",
            shown.theme_id.is_not(None),
            Idea.reviewed_at.is_not(None) | Idea.placed_by_id.is_not(None),
        )
        .order_by(Idea.id)
    )
    months: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
    for idea_id, theme_id, captured_at in rows:
        if idea_id in guessed:
            months[_month(captured_at)].append((guessed[idea_id], theme_id))
    everything = [pair for pairs in months.values() for pair in pairs]
    newest = sorted(months)[-MONTHS:]
    return Grouping(agreement(everything), [(month, agreement(months[month])) for month in newest])


def _guesses(tx: Session, *, workspace_id: int) -> dict[int, int]:
    """The theme that the grouping itself last chose for each idea, by the idea's id, before any person moved it: by
    itself, or with all of its theme where themes follow."""
    of_idea = (Audit.subject == "idea") & Audit.act.in_(("grouped", "moved"))
    of_theme = (Audit.subject == "theme") & (Audit.act == "merged") & Audit.member_id.is_(None)
    acts = tx.execute(
        select(Audit.subject, Audit.subject_id, Audit.member_id, Audit.detail)
        .where(Audit.workspace_id == workspace_id, of_idea | of_theme)
        .order_by(Audit.at, Audit.id)
    )
    found: dict[int, int] = {}
    settled = set[int]()
    for subject, subject_id, member_id, detail in acts:
        moved, theme_id = (
            ([subject_id], detail["after"]) if subject == "idea" else (detail["idea_ids"], detail["into_id"])
        )
        if member_id is not None:
            settled.update(moved)
        else:
            found.update((idea_id, theme_id) for idea_id in moved if idea_id not in settled)
    return found


def _month(at: datetime) -> str:
    return f"{at:%Y-%m}"


def agreement(pairs: Sequence[tuple[Hashable, Hashable]], *, seed: int = 7) -> Agreement:
    """`pairs`: for each idea the group it was put into and the one it belongs to.

    Precision: of the pairs of ideas put together, how many belong together. Recall: of those that belong together, how
    many were. F1 is their harmonic mean. Without any pair all are 1: nothing was wrong.
    """
    precision, recall, f1 = _scores(pairs, [1] * len(pairs))
    low, high = _interval(pairs, f1, seed)
    either = _together([a for a, _ in pairs]) + _together([b for _, b in pairs]) - _together(pairs)
    return Agreement(len(pairs), either, precision, recall, f1, low, high)


def _interval(pairs: Sequence[tuple[Hashable, Hashable]], f1: float, seed: int) -> tuple[float, float]:
    if f1 in (0.0, 1.0):  # every resample would say the same: as if each idea were right or wrong by itself
        alone = share(round(f1 * len(pairs)), len(pairs))
        return alone.low, alone.high
    chance = random.Random(seed)
    draws = max(1, min(DRAWS, MOST_DRAWN // len(pairs)))
    drawn = sorted(_scores(pairs, _weights(len(pairs), chance))[2] for _ in range(draws))
    low, high = drawn[draws * 25 // 1000], drawn[min(draws - 1, draws * 975 // 1000)]
    return min(low, f1), max(high, f1)


def _scores(pairs: Sequence[tuple[Hashable, Hashable]], weights: Sequence[int]) -> tuple[float, float, float]:
    both = _together(pairs, weights)
    put = _together([a for a, _ in pairs], weights)
    belonging = _together([b for _, b in pairs], weights)
    precision = both / put if put else 1.0
    recall = both / belonging if belonging else 1.0
    return precision, recall, 2 * both / (put + belonging) if put + belonging else 1.0


def _together(groups: Sequence[Hashable], weights: Sequence[int] | None = None) -> int:
    """How many pairs of different ideas are in one group, an idea of weight 2 counting as two."""
    sums, squares = Counter[Hashable](), Counter[Hashable]()
    for group, weight in zip(groups, weights or [1] * len(groups), strict=True):
        sums[group] += weight
        squares[group] += weight * weight
    return sum(sums[group] ** 2 - squares[group] for group in sums) // 2


def _weights(count: int, chance: random.Random) -> list[int]:
    """How often each is drawn when as many are drawn as there are."""
    drawn = Counter(chance.choices(range(count), k=count))
    return [drawn[number] for number in range(count)]


def share(hits: int, of: int) -> Share:
    """With its interval; of none, anything may be true."""
    return Share(hits, of, *wilson(hits, of)) if of else Share(0, 0, 0.0, 1.0)
