"""What a manager wants to know before they decide, and what whoever knows it answers.

A question holds nothing up: another manager may know enough to decide, and whoever asked can say no. So it stands on
the card, with its answer, and whoever decides has seen both.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from feedback import access, identities, outbox
from feedback.errors import Refused
from feedback.rewards import approval, states
from feedback.rewards.standing import record
from models import Member, Reward, RewardQuestion

LONGEST_QUESTION = 500


def check_askable(tx: Session, *, reward_id: int, manager: Member, version: int | None = None, now: datetime) -> Reward:
    """Before a form is shown. Also of what may not be decided yet."""
    reward = access.access_reward(tx, member=manager, reward_id=reward_id)
    access.check_other_hands(manager, reward, same=identities.same_person(tx, member_id=manager.id))
    if reward.state not in states.OPEN:
        raise Refused(f"This was decided already: {states.STATES[reward.state]}.")
    approval.check_version(tx, reward, version, now)
    return reward


def ask(
    tx: Session, *, reward_id: int, manager: Member, question: str, version: int | None = None, now: datetime
) -> RewardQuestion:
    """Whoever proposed it reads it in their messages, and the managers below the card. The same again is no news."""
    question = question.strip()
    for asked in access.access_reward(tx, member=manager, reward_id=reward_id).questions:
        if (asked.asked_by_id, asked.question, asked.answered_at) == (manager.id, question, None):
            return asked
    reward = check_askable(tx, reward_id=reward_id, manager=manager, version=version, now=now)
    if not question:
        raise Refused("Write what you would like to know.", "question")
    _check_length(question, "question")
    found = RewardQuestion(asked_by_id=manager.id, question=question, asked_at=now)
    reward.questions.append(found)
    tx.flush()  # the rows below speak of its id
    record(tx, reward=reward, by=manager, act="asked", now=now, why=question)
    states.touch(tx, reward=reward, now=now)
    for to in ("proposer", "thread"):
        outbox.owe(
            tx,
            workspace_id=reward.workspace_id,
            kind="reward.question",
            key=f"reward.question:{found.id}:{to}",
            now=now,
            question_id=found.id,
            reward_id=reward.id,
            to=to,
        )
    return found


def check_answerable(tx: Session, *, question_id: int, member: Member) -> RewardQuestion:
    """Before a form is shown."""
    found = access.access_question(tx, member=member, question_id=question_id)
    if found.answered_by is not None:
        raise Refused(f"{found.answered_by.name} answered it already.")
    if found.reward.state not in states.OPEN:
        raise Refused(f"This was decided already: {states.STATES[found.reward.state]}.")
    return found


def answer(tx: Session, *, question_id: int, member: Member, words: str, now: datetime) -> RewardQuestion:
    """Whoever asked reads it below the card, or, where there is none, in their messages. The same again is no news."""
    words = words.strip()
    found = access.access_question(tx, member=member, question_id=question_id)
    if (found.answered_by_id, found.answer) == (member.id, words):
        return found
    check_answerable(tx, question_id=question_id, member=member)
    if not words:
        raise Refused("Write what you know.", "answer")
    _check_length(words, "answer")
    found.answer, found.answered_by_id, found.answered_at = words, member.id, now
    tx.flush()
    record(tx, reward=found.reward, by=member, act="answered", now=now, why=words)
    states.touch(tx, reward=found.reward, now=now)
    outbox.owe(
        tx,
        workspace_id=found.reward.workspace_id,
        kind="reward.answered",
        key=f"reward.answered:{found.id}",
        now=now,
        question_id=found.id,
        reward_id=found.reward_id,
    )
    return found


def get_question(tx: Session, *, question_id: int) -> RewardQuestion:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(RewardQuestion, question_id)


def _check_length(words: str, field: str) -> None:
    if len(words) > LONGEST_QUESTION:
        raise Refused(f"Please keep it under {LONGEST_QUESTION} characters.", field)
