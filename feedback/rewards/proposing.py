"""When a reward is proposed by itself, and for whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import ideas, identities, once
from feedback.rewards import contributions, eligibility, ending, rules, states, vesting
from feedback.rewards.standing import record
from models import Answer, Change, ChangeIdea, Idea, Member, Notice, Reward, RewardRule

OWN = ("verified", "confirmed", "first_report")
"""Reasons of an idea's author, of which one idea earns one."""
SAID_NO = ("declined", "cancelled")
SHARED = ("rule_id", "amount_cents", "currency", "points", "provider", "pot_id")
"""What a part of a pot stays, because the others have theirs."""


def propose_verified(tx: Session, *, idea: Idea, change: Change, now: datetime) -> Reward | None:
    """For whoever first said what is kept in `idea`, which is shown, and of which somebody said that it is better now;
    proposed by whoever recorded the change. Where something is proposed for it already, whoever says so too vouches for
    it. None where the workspace gives nothing for that, where another idea that the same change answered earned it,
    where somebody else has something for the same (feedback.rewards.contributions), or its author may not have it."""
    tx.get_one(Change, change.id, with_for_update=True)  # two answers at once take turns, so that the second one sees
    first = contributions.first_said(tx, idea=idea, change=change, now=now)
    author = tx.get_one(Member, first.author_id)
    rule = _rule_of(tx, idea, change)
    reward = _own(tx, first, author)
    is_open = reward is None or reward.state == "cancelled"
    is_earned = contributions.is_earned(tx, idea=idea, member_id=author.id, reasons=OWN)
    if is_open and rule is not None and not is_earned and not _has_one(tx, change, author):
        facts: dict[str, Any] = {"rule": rule, "change": change, "by_id": change.made_by_id}
        reward = propose(tx, idea=first, member=author, old=reward, **facts, now=now) or reward
    vouch_by_answers(tx, idea, change, now)
    return reward


def propose_tested(tx: Session, *, notice: Notice, idea: Idea, now: datetime) -> Reward | None:
    """For somebody who was asked first and answered in words, whatever the answer is. `idea`: as it is shown."""
    rule = rules.of_trigger(tx, workspace_id=notice.workspace_id, trigger="tested")
    if rule is None:
        return None
    change = notice.change
    return propose(tx, idea=idea, member=notice.member, rule=rule, change=change, by_id=change.made_by_id, now=now)


def propose(
    tx: Session,
    *,
    idea: Idea,
    member: Member,
    rule: RewardRule,
    change: Change | None,
    by_id: int,
    by: Member | None = None,
    old: Reward | None = None,
    note: str = "",
    amount_cents: int | None = None,
    pot_id: int | None = None,
    now: datetime,
) -> Reward | None:
    """None where this person has one for this idea and reason already, or may not have it. `by`: who did it by hand;
    `old`: one that was cancelled, locked, which takes its place again where nobody decided about it.
    `amount_cents`: of what several share, with the pot; None is what the rule gives."""
    if obstacle(tx, member=member, rule=rule, now=now):
        return None
    facts: dict[str, Any] = {
        "rule_id": rule.id,
        "change_id": change.id if change else None,
        "note": note,
        "amount_cents": rule.amount_cents if amount_cents is None else amount_cents,
        "pot_id": pot_id,
        "currency": rule.currency,
        "points": rule.points,
        "provider": rule.provider,
        "proposed_by_id": by_id,
        "proposed_at": now,
    }
    if old is None:
        old = _cancelled(tx, idea, member, rule)
    if old is not None:
        return _again(tx, old, facts, by, now) if _may_be_again(tx, old, change) else None
    row_id = once.insert(
        tx,
        Reward,
        workspace_id=idea.workspace_id,
        idea_id=idea.id,
        member_id=member.id,
        reason=rule.trigger,
        state="proposed",
        version=1,
        **facts,
    )
    if row_id is None:
        return None
    reward = tx.get_one(Reward, row_id)
    record(tx, reward=reward, by=by, act="proposed", now=now)
    return reward


def obstacle(tx: Session, *, member: Member, rule: RewardRule, now: datetime) -> str:
    """Why this person gets nothing by this rule, as a manager reads it; empty where nothing speaks against it."""
    why = eligibility.why_not(tx, member=member, now=now)
    if why or not rule.most_a_year:
        return why
    once.take_turn(tx, f"rewards:{rule.workspace_id}")  # of two at once, the second one counts the first
    person = identities.same_person(tx, member_id=member.id)
    counted = select(func.count(Reward.id)).where(
        Reward.member_id.in_(person),
        Reward.reason == rule.trigger,
        Reward.state.not_in(SAID_NO),
        Reward.proposed_at >= datetime(now.year, 1, 1, tzinfo=UTC),
    )
    if (tx.scalar(counted) or 0) < rule.most_a_year:
        return ""
    return f"{member.name} had this as often as it is given in a year: {rule.most_a_year}."


def _rule_of(tx: Session, idea: Idea, change: Change) -> RewardRule | None:
    """Which of the two says more of this idea."""
    if idea.kind == "problem" and _is_first_report(tx, idea, change):
        first = rules.of_trigger(tx, workspace_id=idea.workspace_id, trigger="first_report")
        if first is not None:
            return first
    return rules.of_trigger(tx, workspace_id=idea.workspace_id, trigger="verified")


def _is_first_report(tx: Session, idea: Idea, change: Change) -> bool:
    """Of the problem that its theme is about. What stands in no theme stands alone."""
    if idea.theme_id is None:
        return True
    first = tx.scalars(
        select(Idea.id)
        .join(ChangeIdea, ChangeIdea.idea_id == Idea.id)
        .where(
            ChangeIdea.change_id == change.id,
            Idea.theme_id == idea.theme_id,
            Idea.kind == "problem",
            Idea.state != "withdrawn",
            ~ideas.is_merged(),
        )
        .order_by(Idea.created_at, Idea.id)
        .limit(1)
    ).first()
    return first in (None, idea.id)


def _own(tx: Session, idea: Idea, author: Member) -> Reward | None:
    """Locked."""
    return tx.scalars(
        select(Reward)
        .where(Reward.idea_id == idea.id, Reward.member_id == author.id, Reward.reason.in_(OWN))
        .order_by(Reward.id)
        .with_for_update(of=Reward)
    ).first()


def _has_one(tx: Session, change: Change, author: Member) -> bool:
    """For any of their ideas that the change answers."""
    person = identities.same_person(tx, member_id=author.id)
    return (
        tx.scalars(
            select(Reward.id)
            .join(ChangeIdea, ChangeIdea.idea_id == Reward.idea_id)
            .where(
                ChangeIdea.change_id == change.id,
                Reward.member_id.in_(person),
                Reward.reason.in_(OWN),
                Reward.state != "cancelled",
            )
        ).first()
        is not None
    )


def _cancelled(tx: Session, idea: Idea, member: Member, rule: RewardRule) -> Reward | None:
    """Locked."""
    return tx.scalars(
        select(Reward)
        .where(
            Reward.idea_id == idea.id,
            Reward.member_id == member.id,
            Reward.reason == rule.trigger,
            Reward.state == "cancelled",
        )
        .with_for_update(of=Reward)
    ).first()


def _may_be_again(tx: Session, old: Reward, change: Change | None) -> bool:
    """Where a manager had decided, or money was on its way, it stays as it ended; and while most people say that
    `change` does not help, which it would be for now, there is nothing to propose."""
    if old.state != "cancelled" or old.payout is not None or old.approvals:
        return False
    if change is None or old.reason not in rules.OF_SHIPPED:
        return True
    return not ending.mostly_not_yet(tx, change_id=change.id)


def _again(tx: Session, old: Reward, facts: dict[str, Any], by: Member | None, now: datetime) -> Reward:
    """What was said for it counts for nothing any more: somebody has to find anew that it works. The history keeps
    it."""
    for vouch in list(old.vouches):
        tx.delete(vouch)
    for name, value in facts.items():
        if old.pot_id is None or name not in SHARED:
            setattr(old, name, value)
    old.vests_at, old.ended_why = None, ""
    tx.flush()
    tx.expire(old)
    states.move(tx, reward=old, to="proposed", act="proposed again", by=by, now=now)
    return old


def vouch_by_answers(tx: Session, idea: Idea, change: Change, now: datetime) -> None:
    """Whoever said that it is better now, of this idea or of what is kept together with it, speaks for all that was
    proposed because it shipped."""
    kept = select(Idea.id).where(ideas.kept_in([idea.id]))
    better = tx.scalars(
        select(Answer)
        .join(Notice, Notice.id == Answer.notice_id)
        .where(Notice.change_id == change.id, Answer.verdict == "better", Notice.idea_id.in_(kept))
        .order_by(Answer.id)
    ).all()
    for reward in contributions.undecided(tx, idea=idea):
        for answer in better:
            vesting.vouch(tx, reward=reward, member=answer.notice.member, said_with="answer", now=now)
