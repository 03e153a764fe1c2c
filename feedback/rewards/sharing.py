"""One amount for one theme: the first who reported it clearly and those who added evidence share it by how good their
part was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import Session, joinedload

from feedback import access, audit, ideas, once, themes
from feedback.errors import Refused
from feedback.rewards import contributions, eligibility, proposing, rules, scoring
from models import Change, ChangeIdea, Idea, Member, Reward, RewardPot, RewardRule, Score, Theme

DECIDING = {"first_report": ("shipped", "planned"), "evidence": ("shipped", "planned", "declined")}
"""What is shared, and what has to have been decided about the theme before it is: that is what the thank-you is for."""


def shares(cents: int, *, weights: Mapping[int, Fraction], first: int | None) -> dict[int, int]:
    """Whole cents for each, which add up to `cents` exactly, in the same way whatever order they come in: by weight,
    what is left by largest remainder. `first` has at least half; None: nobody does."""
    found = _by_weight(cents, weights)
    half = -(-cents // 2)
    if first is None or found[first] >= half:
        return found
    others = {each: weight for each, weight in weights.items() if each != first}
    return {first: half, **_by_weight(cents - half, others)}


def _by_weight(cents: int, weights: Mapping[int, Fraction]) -> dict[int, int]:
    whole = sum(weights.values(), Fraction(0))
    exact = {each: cents * weight / whole for each, weight in weights.items()}
    found = {each: int(share) for each, share in exact.items()}
    order = sorted(weights, key=lambda each: (found[each] - exact[each], -weights[each], each))
    for each in order[: cents - sum(found.values())]:
        found[each] += 1
    return found


def share(
    tx: Session, *, by: Member, theme_id: int, trigger: str, idea_ids: Collection[int], now: datetime
) -> tuple[RewardPot, bool]:
    """Proposes a part of what the rule gives for each person behind the ticked ideas and for the first clear reporter.
    True with it: it is new. Once a theme and trigger; a second time finds what the first one made."""
    access.check_decide(by)
    theme = access.access_theme(tx, member=by, theme_id=theme_id)  # locked: two at once take turns
    rule = find_rule(tx, by=by, trigger=trigger)
    known = tx.scalars(select(RewardPot).where(is_of(theme), RewardPot.trigger == trigger)).first()
    if known is not None:
        return known, False
    said = tx.scalars(said_in(theme).order_by(Idea.id).with_for_update()).all()
    if set(idea_ids) - {idea.id for idea in said}:
        raise Refused("One of those ideas is not in this theme any more.", "idea_ids")
    change = decision(tx, theme=theme, trigger=trigger)
    if change is None:
        raise Refused("Nothing was decided about this theme yet. A thank-you is for what followed from it.")
    scores = scores_in(tx, theme=theme)
    if trigger in rules.OF_SHIPPED:
        _check_unearned(tx, [idea for idea in said if idea.id in idea_ids])
        earned = contributions.earned_among(tx, said=said)
        said = [idea for idea in said if idea.id not in earned]
    parts, first_id = _parts(tx, said, set(idea_ids), scores, thanked=_thanked(tx, theme, trigger), now=now)
    if first_id is None and trigger == "first_report":
        raise Refused("Nobody who can be given anything reported it. What others added can be shared as evidence.")
    weights = {member_id: 1 + scoring.quality(scores.get(idea.id, [])) for member_id, idea in parts.items()}
    amounts = shares(rule.amount_cents, weights=weights, first=first_id)
    if min(amounts.values()) < 1:
        raise Refused("There is less than a cent for some of them. Tick fewer.", "idea_ids")
    pot = _open(tx, theme, rule, by, now)
    for member_id in sorted(amounts, key=lambda each: (each != first_id, each)):  # which `recognition` goes by
        idea, cents = parts[member_id], amounts[member_id]
        facts: dict[str, Any] = {"rule": rule, "change": change, "by_id": by.id, "pot_id": pot.id}
        reward = proposing.propose(tx, idea=idea, member=idea.author, **facts, amount_cents=cents, now=now)
        if reward is None:
            raise Refused(f"{idea.author.name} was thanked for that already.", "idea_ids")
    return pot, True


def _check_unearned(tx: Session, chosen: Sequence[Idea]) -> None:
    """One contribution earns one reward, or a part of one pot, whoever of several that said it has it."""
    earned = contributions.earned_among(tx, said=chosen)
    for idea in chosen:
        if idea.id in earned:
            raise Refused(f"{idea.author.name} was thanked for that already, or who said the same was.", "idea_ids")


def find_rule(tx: Session, *, by: Member, trigger: str) -> RewardRule:
    """Refused where nothing that can be shared is given for it, or somebody else has to propose it."""
    rule = rules.of_trigger(tx, workspace_id=by.workspace_id, trigger=trigger) if trigger in DECIDING else None
    if rule is None or rule.amount_cents <= 0:
        raise Refused("Choose what it is for. What money is given for, a manager sets in Settings.", "trigger")
    if access.ROLES.index(by.role) < access.ROLES.index(rule.proposed_by):
        raise Refused("Here only managers propose that.", "trigger")
    return rule


def is_of(theme: Theme) -> ColumnElement[bool]:
    """For queries: a pot of this theme, or of one that was merged into it, which is the same thing by now."""
    return RewardPot.theme_id.in_(themes.kept_in([theme.id]))


def said_in(theme: Theme) -> Select[Idea]:
    """Everything that is shown in the theme, and what was merged into that, whose authors helped with it too."""
    return select(Idea).where(_is_in(theme), Idea.state != "withdrawn").options(joinedload(Idea.author, innerjoin=True))


def _is_in(theme: Theme) -> ColumnElement[bool]:
    shown = select(Idea.id).where(Idea.theme_id == theme.id, ~ideas.is_merged())
    return ideas.kept_in(shown)


def scores_in(tx: Session, *, theme: Theme) -> dict[int, list[Score]]:
    return scoring.by_idea(tx, which=Score.idea_id.in_(select(Idea.id).where(_is_in(theme))))


def decision(tx: Session, *, theme: Theme, trigger: str) -> Change | None:
    """What was decided about it: the newest that shipped, or else the newest of what else counts."""
    later = case((Change.kind == "shipped", 1), else_=0)
    return tx.scalars(
        select(Change)
        .join(ChangeIdea, ChangeIdea.change_id == Change.id)
        .join(Idea, Idea.id == ChangeIdea.idea_id)
        .where(_is_in(theme), Change.kind.in_(DECIDING[trigger]))
        .order_by(later.desc(), Change.id.desc())
    ).first()


def first_report(said: Sequence[Idea], scores: Mapping[int, Sequence[Score]]) -> Idea | None:
    """The oldest problem that was told clearly enough; the oldest of all where none was. None: nobody told of one."""
    problems = sorted((idea for idea in said if idea.kind == "problem"), key=lambda idea: (idea.created_at, idea.id))
    clear = [idea for idea in problems if scoring.is_clear(scores.get(idea.id, []))]
    return next(iter(clear or problems), None)


def _thanked(tx: Session, theme: Theme, trigger: str) -> set[int]:
    """Who got something for the same, before anything was shared."""
    which = (Reward.idea_id.in_(select(Idea.id).where(_is_in(theme))), Reward.reason == trigger)
    ended = Reward.state.in_(("declined", "cancelled"))
    return set(tx.scalars(select(Reward.member_id).where(*which, ~ended)))


def _parts(
    tx: Session,
    said: Sequence[Idea],
    chosen: Collection[int],
    scores: Mapping[int, Sequence[Score]],
    *,
    thanked: Collection[int],
    now: datetime,
) -> tuple[dict[int, Idea], int | None]:
    """By the person's id what they are thanked for, each once: the best of what was ticked of theirs. With it who
    reported it first, where they may receive anything."""
    first = first_report(said, scores)
    parts: dict[int, Idea] = {}
    for idea in sorted(said, key=lambda idea: (-scoring.quality(scores.get(idea.id, [])), idea.created_at, idea.id)):
        if idea.id in chosen:
            parts.setdefault(idea.author_id, idea)
    for idea in parts.values():
        why_not = _why_not(tx, idea, thanked, now)
        if why_not:
            raise Refused(why_not, "idea_ids")
    if first is not None and not _why_not(tx, first, thanked, now):
        return parts | {first.author_id: first}, first.author_id
    if not parts:
        raise Refused("Tick whose ideas helped with it.", "idea_ids")
    return parts, None


def _why_not(tx: Session, idea: Idea, thanked: Collection[int], now: datetime) -> str:
    if idea.author_id in thanked:
        return f"{idea.author.name} was thanked for that already."
    return eligibility.why_not(tx, member=idea.author, now=now)


def _open(tx: Session, theme: Theme, rule: RewardRule, by: Member, now: datetime) -> RewardPot:
    facts: dict[str, Any] = {"amount_cents": rule.amount_cents, "currency": rule.currency}
    pot_id = once.insert(
        tx,
        RewardPot,
        workspace_id=theme.workspace_id,
        theme_id=theme.id,
        trigger=rule.trigger,
        rule_id=rule.id,
        made_by_id=by.id,
        made_at=now,
        **facts,
    )
    assert pot_id is not None, "the theme is locked, and there was none"
    which: dict[str, Any] = {"subject": "theme", "subject_id": theme.id, "trigger": rule.trigger}
    audit.record(tx, workspace_id=theme.workspace_id, by=by, act="shared", **which, now=now, **facts)
    return tx.get_one(RewardPot, pot_id)
