"""Who may do what. `may_…` answers yes or no; `access_…` fetches the row and checks in one call.

A row of another workspace is not found, in the same words as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from feedback.errors import Refused
from models import (
    Budget,
    Change,
    Hold,
    HookSecret,
    Idea,
    IdeaMerge,
    Member,
    Notice,
    Outbox,
    ProposedChange,
    Reward,
    RewardQuestion,
    SamePair,
    Theme,
)

ROLES = ("customer", "moderator", "product", "manager")


def may_review(member: Member) -> bool:
    """Read the hub, sort ideas and themes."""
    return member.left_at is None and member.role in ("moderator", "product", "manager")


def may_decide(member: Member) -> bool:
    """Plan, decline, say that something shipped."""
    return member.left_at is None and member.role in ("product", "manager")


def may_manage(member: Member) -> bool:
    """Approve rewards, give roles, change the workspace's settings."""
    return member.left_at is None and member.role == "manager"


def may_answer(member: Member, reward: Reward) -> bool:
    """What a manager wants to know about a reward."""
    return may_decide(member) or (may_review(member) and reward.proposed_by_id == member.id)


def check_review(member: Member) -> None:
    if not may_review(member):
        raise Refused("This is for the team that looks after the ideas here.")


def check_decide(member: Member) -> None:
    if not may_decide(member):
        raise Refused("Product people and managers decide what is planned, declined or shipped.")


def check_manage(member: Member) -> None:
    if not may_manage(member):
        raise Refused("This is for managers.")


def access_idea(tx: Session, *, member: Member, idea_id: int) -> Idea:
    """An idea that this member may sort. Locks it until the transaction ends."""
    check_review(member)
    return find_idea(tx, workspace_id=member.workspace_id, idea_id=idea_id)


def find_member(tx: Session, *, workspace_id: int | None, member_id: int) -> Member:
    """A person, and no app. `workspace_id` None: of any, for whoever runs the processes."""
    member = tx.get(Member, member_id)
    if member is None or member.is_bot or workspace_id not in (None, member.workspace_id):
        raise Refused("That person is not here.")
    return member


def find_idea(tx: Session, *, workspace_id: int, idea_id: int) -> Idea:
    idea = tx.scalars(
        select(Idea).where(Idea.id == idea_id, Idea.workspace_id == workspace_id).with_for_update()
    ).one_or_none()
    if idea is None:
        raise Refused("That idea is not here any more.")
    return idea


def access_merge(tx: Session, *, member: Member, merge_id: int) -> IdeaMerge:
    """A merge of two ideas that this member may sort, standing or undone. Not locked: the ideas are, by whoever undoes
    it."""
    check_review(member)
    row = tx.scalars(
        select(IdeaMerge).where(IdeaMerge.id == merge_id, IdeaMerge.workspace_id == member.workspace_id)
    ).one_or_none()
    if row is None:
        raise Refused("That is not here any more.")
    return row


def access_pair(tx: Session, *, member: Member, pair_id: int) -> SamePair:
    """Two ideas that this member may say of whether they are the same. Not locked."""
    check_review(member)
    row = tx.scalars(
        select(SamePair).where(SamePair.id == pair_id, SamePair.workspace_id == member.workspace_id)
    ).one_or_none()
    if row is None:
        raise Refused("Those two were changed meanwhile. Load the page again to see what is left.")
    return row


def access_theme(tx: Session, *, member: Member, theme_id: int) -> Theme:
    """A theme that this member may sort, not one that was merged away. Locks it."""
    check_review(member)
    theme = tx.scalars(
        select(Theme)
        .where(Theme.id == theme_id, Theme.workspace_id == member.workspace_id)
        .with_for_update(key_share=True)  # an idea may be put into it meanwhile
    ).one_or_none()
    if theme is None:
        raise Refused("That theme is not here any more.")
    if theme.merged_into_id is not None:
        raise Refused(f"“{theme.name}” was merged into another theme.")
    return theme


def access_themes(tx: Session, *, member: Member, theme_ids: Sequence[int]) -> list[Theme]:
    """In the order of their ids, so that two transactions lock them in the same order."""
    return [access_theme(tx, member=member, theme_id=theme_id) for theme_id in sorted(set(theme_ids))]


def access_notice(tx: Session, *, member: Member, notice_id: int) -> Notice:
    """A notice that was addressed to this member. Locks it."""
    notice = tx.scalars(
        select(Notice).where(Notice.id == notice_id, Notice.workspace_id == member.workspace_id).with_for_update()
    ).one_or_none()
    if notice is None:
        raise Refused("That question is not here any more.")
    if notice.member_id != member.id:
        raise Refused(f"That question is for {notice.member.name}.")
    return notice


def access_notice_of(tx: Session, *, member: Member, change_id: int) -> Notice:
    """What this member was told of a change, for a button that stands there for several. Locks it."""
    notice = tx.scalars(
        select(Notice)
        .where(
            Notice.change_id == change_id,
            Notice.member_id == member.id,
            Notice.workspace_id == member.workspace_id,
        )
        .with_for_update()
    ).one_or_none()
    if notice is None:
        raise Refused("That question is for the people who are named above it.")
    return notice


def access_change(tx: Session, *, member: Member, change_id: int) -> Change:
    """A change that this member may stop telling people of. Not locked: it never changes."""
    check_decide(member)
    change = tx.scalars(
        select(Change).where(Change.id == change_id, Change.workspace_id == member.workspace_id)
    ).one_or_none()
    if change is None:
        raise Refused("That change is not here any more.")
    return change


def access_proposed(tx: Session, *, member: Member, proposed_id: int) -> ProposedChange:
    """Something that waits for this member to say whether people hear of it, or that somebody decided. Locks it: before
    any theme or idea."""
    check_decide(member)
    proposed = tx.scalars(
        select(ProposedChange)
        .where(ProposedChange.id == proposed_id, ProposedChange.workspace_id == member.workspace_id)
        .with_for_update()
    ).one_or_none()
    if proposed is None:
        raise Refused("That is not here any more.")
    return proposed


def access_reward(tx: Session, *, member: Member, reward_id: int) -> Reward:
    """A reward that this manager may look at. Locks it."""
    check_manage(member)
    return _reward(tx, member, Reward.id == reward_id)


def access_hold(tx: Session, *, member: Member, hold_id: int) -> Hold:
    """What holds a reward that this manager may look at. Locks the reward, and then the hold."""
    check_manage(member)
    of_reward = select(Hold.reward_id).where(Hold.id == hold_id).scalar_subquery()
    reward = tx.scalars(
        select(Reward).where(Reward.id == of_reward, Reward.workspace_id == member.workspace_id).with_for_update()
    ).one_or_none()
    if reward is None:
        raise Refused("That is not here.")
    return tx.scalars(select(Hold).where(Hold.id == hold_id).with_for_update()).one()


def access_own_reward(tx: Session, *, member: Member, reward_id: int) -> Reward:
    """A reward that is for this member. Locks it."""
    return _reward(tx, member, Reward.id == reward_id, Reward.member_id == member.id)


def access_vouch(tx: Session, *, member: Member, reward_id: int) -> Reward:
    """A reward of which this person of the team may say that what it is for works. Locks it."""
    check_review(member)
    return _reward(tx, member, Reward.id == reward_id)


def _reward(tx: Session, member: Member, *which: ColumnElement[bool]) -> Reward:
    """In this member's workspace. Locks it."""
    reward = tx.scalars(
        select(Reward).where(Reward.workspace_id == member.workspace_id, *which).with_for_update()
    ).one_or_none()
    if reward is None:
        raise Refused("That reward is not here.")
    return reward


def access_budget(tx: Session, *, member: Member, budget_id: int) -> Budget:
    """A budget that this manager may change. Locks it: after any reward or payout."""
    check_manage(member)
    budget = tx.scalars(
        select(Budget).where(Budget.id == budget_id, Budget.workspace_id == member.workspace_id).with_for_update()
    ).one_or_none()
    if budget is None:
        raise Refused("That budget is not here.")
    return budget


def check_other_hands(manager: Member, reward: Reward, *, same: AbstractSet[int]) -> None:
    """Whoever receives a reward, or vouched for it, leaves it to another manager. `same`: every account of this manager
    (identities.same_person)."""
    if reward.member_id == manager.id:
        raise Refused("This one is for you, so another manager has to decide.")
    if reward.proposed_by_id == manager.id:
        raise Refused("You proposed it, or recorded the change it is for, so another manager has to decide.")
    if reward.member_id in same:
        raise Refused(f"This one is for {reward.member.name}, who is you, so another manager has to decide.")
    if reward.proposed_by_id in same:
        raise Refused(f"{reward.proposed_by.name} proposed it, who is you, so another manager has to decide.")


def access_question(tx: Session, *, member: Member, question_id: int) -> RewardQuestion:
    """A question about a reward that this person may answer: they proposed it, or are of the product team. Locks the
    reward, under which its questions change."""
    found = tx.scalars(
        select(RewardQuestion)
        .join(Reward, Reward.id == RewardQuestion.reward_id)
        .where(RewardQuestion.id == question_id, Reward.workspace_id == member.workspace_id)
    ).one_or_none()
    if found is None:
        raise Refused("That question is not here.")
    if not may_answer(member, found.reward):
        raise Refused("Whoever proposed it answers, or somebody of the product team.")
    tx.get_one(Reward, found.reward_id, with_for_update=True, populate_existing=True)
    tx.refresh(found)
    return found


def access_outbox(tx: Session, *, member: Member, outbox_id: int) -> Outbox:
    """A piece of work that this manager may look at. Not locked: whoever is doing it holds no lock either."""
    check_manage(member)
    row = tx.scalars(
        select(Outbox).where(Outbox.id == outbox_id, Outbox.workspace_id == member.workspace_id)
    ).one_or_none()
    if row is None:
        raise Refused("That is not here.")
    return row


def access_hook(tx: Session, *, member: Member, secret_id: int) -> HookSecret:
    """A secret that this manager may end. Locks it."""
    check_manage(member)
    row = tx.scalars(
        select(HookSecret)
        .where(HookSecret.id == secret_id, HookSecret.workspace_id == member.workspace_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise Refused("That secret is not here.")
    return row
