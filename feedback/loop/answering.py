"""Did it help?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from feedback import access, audit, ideas, once, rewards
from feedback.errors import Refused
from feedback.loop import asking_first
from feedback.loop.refreshing import refresh
from feedback.loop.reopening import reopen
from models import Answer, Change, ChangeIdea, Idea, Member, Notice, Vote

LONGEST_WHY = 2000
VERDICTS = {"better": "better now", "partly": "partly", "not_yet": "not yet"}
"""Each as the person who gave it reads it."""
Decision = aliased(ChangeIdea)


def answer(tx: Session, *, notice_id: int, member: Member, verdict: str, why: str = "", now: datetime) -> Answer:
    """ "better": the ideas are verified and a thank-you is proposed. "partly": they stay shipped, and the team reads
    the words, if there are any. "not_yet": they may be open again (feedback.loop.reopening), with these words.

    What was decided anew since is left alone, and only the words are kept.

    Ideas that are kept together follow together, whichever of them this person asked for; the thank-you is for the one
    contribution that they are, so it goes to the author of the one that is shown. The first answer counts; the same one
    again is no news, but that words may be added to one that has none. Whoever was asked first earns something by their
    words, whichever answer they go with.
    """
    notice = access.access_notice(tx, member=member, notice_id=notice_id)
    why = why.strip()
    if verdict not in VERDICTS:
        raise Refused("Choose one of the three answers.")
    if verdict == "not_yet" and not why:
        raise Refused("Tell us in a sentence what is still missing.", "why")
    if len(why) > LONGEST_WHY:
        raise Refused(f"Please keep it under {LONGEST_WHY} characters.", "why")
    if notice.change.kind != "shipped":
        raise Refused("There is nothing to try yet.")
    row_id = once.insert(tx, Answer, notice_id=notice.id, verdict=verdict, why=why, given_at=now)
    given = tx.scalars(select(Answer).where(Answer.notice_id == notice.id)).one()
    if row_id is None:
        if given.verdict != verdict:
            raise _answered(given)
        if why and not given.why:
            given.why = why
            _thank_for_words(tx, notice=notice, now=now)
            refresh(tx, notice=notice, now=now)
        return given
    kept = _kept_with_ideas_of(tx, notice)
    if verdict == "not_yet":
        reopen(tx, notice=notice, kept=kept, answer=given, now=now)
    else:
        _stay(tx, kept=kept, answer=given, member=member, now=now)
    asking_first.follow(tx, notice=notice, verdict=verdict, now=now)
    shown = _shown(tx, notice)
    if verdict == "better" and kept and shown.state == "verified":
        rewards.propose_verified(tx, idea=shown, change=notice.change, now=now)
    if why:
        _thank_for_words(tx, notice=notice, now=now)
    refresh(tx, notice=notice, now=now)
    return given


def may_say_how(tx: Session, *, notice: Notice) -> bool:
    """Whether somebody who was asked first and said only "better now" may add a sentence, where sentences earn
    something. The other two answers are asked for one anyway, and what it earns must not depend on which it was."""
    if notice.answer is None or notice.answer.why:
        return False
    earns = any(rule.trigger == "tested" for rule in rewards.in_force(tx, workspace_id=notice.workspace_id))
    return earns and asking_first.was_first(tx, notice=notice)


def _thank_for_words(tx: Session, *, notice: Notice, now: datetime) -> None:
    if asking_first.was_first(tx, notice=notice):
        rewards.propose_tested(tx, notice=notice, idea=_shown(tx, notice), now=now)


def _shown(tx: Session, notice: Notice) -> Idea:
    merge = ideas.merge_of(tx, idea_id=notice.idea_id)
    return merge.into if merge else notice.idea


def check_unanswered(tx: Session, *, notice_id: int, member: Member) -> Notice:
    """Before the form is shown that asks why."""
    notice = access.access_notice(tx, member=member, notice_id=notice_id)
    if notice.answer is not None:
        raise _answered(notice.answer)
    return notice


def _answered(given: Answer) -> Refused:
    return Refused(f"You answered this already: {VERDICTS[given.verdict]}.")


def ideas_of(tx: Session, notice: Notice) -> Sequence[Idea]:
    """What this person raised or backed among the ideas that the change answers. Locked."""
    return tx.scalars(_answered_by(notice, _theirs(notice)).with_for_update(of=Idea)).all()


def _kept_with_ideas_of(tx: Session, notice: Notice) -> Sequence[Idea]:
    """The same, and what is kept together with it. Locked. Not what was decided anew since: its newer notice asks."""
    shown = tx.scalars(_answered_by(notice, _theirs(notice)).with_only_columns(ideas.shown_as())).all()
    newer = (
        select(Decision.idea_id)
        .join(Change, Change.id == Decision.change_id)
        .where(Decision.idea_id == Idea.id, Change.id > notice.change_id, Change.kind != "asked")
    )
    kept = _answered_by(notice, ideas.kept_in(shown)).where(~newer.exists())
    return tx.scalars(kept.with_for_update(of=Idea)).all()


def _theirs(notice: Notice) -> ColumnElement[bool]:
    backed = select(Vote.idea_id).where(Vote.member_id == notice.member_id)
    return (Idea.author_id == notice.member_id) | Idea.id.in_(backed) | (Idea.id == notice.idea_id)


def _answered_by(notice: Notice, which: ColumnElement[bool]) -> Select[Idea]:
    return (
        select(Idea)
        .join(ChangeIdea, ChangeIdea.idea_id == Idea.id)
        .where(ChangeIdea.change_id == notice.change_id, which)
        .order_by(Idea.id)
    )


def _stay(tx: Session, *, kept: Sequence[Idea], answer: Answer, member: Member, now: datetime) -> None:
    """What is not open again: verified where it is better now. What was decided anew since is left alone."""
    for idea in [idea for idea in kept if idea.state in ("shipped", "verified")]:
        if answer.verdict == "partly":
            audit.record(
                tx,
                workspace_id=idea.workspace_id,
                by=member,
                act="helped partly",
                subject="idea",
                subject_id=idea.id,
                now=now,
                **({"why": answer.why} if answer.why else {}),
            )
        elif idea.state == "shipped":
            ideas.set_state(tx, idea=idea, state="verified", act="confirmed", by=member, now=now)
