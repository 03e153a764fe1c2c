"""What becomes of a proposal: a person accepts it or leaves things as they are, or it no longer applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from feedback import access, audit, outbox
from feedback.errors import Refused
from feedback.themes.changing import part, shift, take_in
from feedback.themes.contents import is_held
from models import Idea, Member, Theme, ThemeEvent, ThemeProposal, Workspace

OUT_OF_DATE = "That no longer fits: something about these ideas or their theme was changed meanwhile."
DECIDED = {
    "accepted": "Somebody has accepted that meanwhile. Further down it can be undone.",
    "declined": "Somebody has decided meanwhile to leave that as it is.",
    "undone": "Somebody has accepted that meanwhile, and undone it.",
    "outdated": OUT_OF_DATE,
}


def standing(tx: Session, *, workspace_id: int) -> list[ThemeProposal]:
    """Those that wait and still apply, the strongest first."""
    waiting = tx.scalars(
        select(ThemeProposal)
        .where(ThemeProposal.workspace_id == workspace_id, ThemeProposal.decision.is_(None))
        .options(joinedload(ThemeProposal.theme), joinedload(ThemeProposal.into))
        .order_by((ThemeProposal.people * ThemeProposal.strength).desc(), ThemeProposal.id)
    ).all()
    concerned = sorted({idea_id for each in waiting for idea_id in (*each.idea_ids, *each.beside_ids)})
    known = {idea.id: idea for idea in tx.scalars(select(Idea).where(Idea.id.in_(concerned)))}
    return [each for each in waiting if _still_applies(each, each.theme, each.into, known)]


def _still_applies(proposal: ThemeProposal, theme: Theme, into: Theme | None, known: Mapping[int, Idea]) -> bool:
    """Nothing of what it is about was moved, taken back or placed by a person since, no theme merged away, and the one
    that would lose ideas neither pinned nor named."""
    if is_held(theme) or any(each is not None and each.merged_into_id is not None for each in (theme, into)):
        return False
    home = into.id if into is not None else theme.id
    going = [_is_in(theme.id, known.get(idea_id), proposal) for idea_id in proposal.idea_ids]
    return all(going) and any(_is_in(home, known.get(idea_id), None) for idea_id in proposal.beside_ids)


def _is_in(theme_id: int, idea: Idea | None, since: ThemeProposal | None) -> bool:
    """Whether it is there still; and, `since` something was proposed, not because somebody wanted it there."""
    if idea is None or idea.theme_id != theme_id or idea.state == "withdrawn":
        return False
    return since is None or idea.placed_at is None or idea.placed_at <= since.proposed_at


def accept(tx: Session, *, by: Member, proposal_id: int, now: datetime) -> ThemeProposal:
    """Does it, as if that person had thought of it: the grouping holds to it from then on. A second press is no news;
    refused where somebody decided otherwise, or it no longer applies."""
    access.check_review(by)
    proposal = _lock(tx, workspace_id=by.workspace_id, proposal_id=proposal_id)
    if proposal.decision == "accepted":
        return proposal
    _check_open(proposal)
    event = _carry_out(tx, proposal, by=by, now=now)
    if event is None:
        raise Refused(OUT_OF_DATE)
    _decide(tx, proposal, decision="accepted", by=by, event=event, now=now)
    return proposal


def decline(tx: Session, *, by: Member, proposal_id: int, now: datetime) -> ThemeProposal:
    """Things stay as they are, and the same is not proposed again. A second press is no news."""
    access.check_review(by)
    proposal = _lock(tx, workspace_id=by.workspace_id, proposal_id=proposal_id)
    if proposal.decision not in ("declined", "outdated"):
        _check_open(proposal)
        _decide(tx, proposal, decision="declined", by=by, event=None, now=now)
        audit.record(
            tx,
            workspace_id=proposal.workspace_id,
            by=by,
            act="left as it is",
            subject="theme",
            subject_id=proposal.theme_id,
            now=now,
            kind=proposal.kind,
            proposal_id=proposal.id,
        )
    return proposal


def follow(tx: Session, *, workspace_id: int, proposal_id: int, now: datetime) -> bool:
    """Does what nobody has to be asked about, where the workspace still wants it so. False where it no longer
    applies."""
    proposal = _lock(tx, workspace_id=workspace_id, proposal_id=proposal_id)
    if proposal.decision is not None or not tx.get_one(Workspace, workspace_id).themes_follow:
        return False
    event = _carry_out(tx, proposal, by=None, now=now)
    decision = "accepted" if event is not None else "outdated"
    _decide(tx, proposal, decision=decision, by=None, event=event, now=now)
    return event is not None


def _lock(tx: Session, *, workspace_id: int, proposal_id: int) -> ThemeProposal:
    """Before its themes, and they before their ideas."""
    found = tx.scalars(
        select(ThemeProposal)
        .where(ThemeProposal.id == proposal_id, ThemeProposal.workspace_id == workspace_id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise Refused("That is not here any more.")
    return found


def _check_open(proposal: ThemeProposal) -> None:
    if proposal.decision is not None:
        raise Refused(DECIDED[proposal.decision])


def _carry_out(tx: Session, proposal: ThemeProposal, *, by: Member | None, now: datetime) -> ThemeEvent | None:
    """None where it no longer applies."""
    theme_ids = [each for each in (proposal.theme_id, proposal.into_id) if each is not None]
    wanted = select(Theme).where(Theme.id.in_(theme_ids)).order_by(Theme.id)
    themes = {theme.id: theme for theme in tx.scalars(wanted.with_for_update(key_share=True))}
    theme, into = themes[proposal.theme_id], themes.get(proposal.into_id or 0)
    concerned = select(Idea).where(Idea.id.in_([*proposal.idea_ids, *proposal.beside_ids])).order_by(Idea.id)
    known = {idea.id: idea for idea in tx.scalars(concerned.with_for_update())}
    if not _still_applies(proposal, theme, into, known):
        return None
    chosen = [known[idea_id] for idea_id in proposal.idea_ids]
    if into is None:
        return part(tx, chosen=chosen, theme=theme, name=proposal.name, by=by, now=now, is_named=False)
    if proposal.kind == "merge":
        return take_in(tx, theme=theme, into=into, by=by, now=now)
    return shift(tx, chosen=chosen, theme=theme, into=into, by=by, now=now)


def _decide(
    tx: Session,
    proposal: ThemeProposal,
    *,
    decision: str,
    by: Member | None,
    event: ThemeEvent | None,
    now: datetime,
) -> None:
    proposal.decision, proposal.decided_at = decision, now
    proposal.decided_by_id = by.id if by else None
    proposal.event_id = event.id if event else None
    proposal.name = ""  # made of people's words, which may be deleted one day; the theme has it now, or nobody needs it


def tell_soon(tx: Session, *, workspace_id: int, now: datetime) -> None:
    """Owes one line in the triage channel, at most once a day, where something waits that nobody was told of."""
    workspace = tx.get_one(Workspace, workspace_id)
    if workspace.triage_channel_id and any(each.told_at is None for each in standing(tx, workspace_id=workspace_id)):
        key = f"theme.waiting:{workspace_id}:{now.date()}"
        outbox.owe(tx, workspace_id=workspace_id, kind="theme.waiting", key=key, now=now)


def told(tx: Session, *, workspace_id: int, now: datetime) -> None:
    """The line was posted; it spoke of everything that waits."""
    tx.execute(
        update(ThemeProposal)
        .where(
            ThemeProposal.workspace_id == workspace_id,
            ThemeProposal.decision.is_(None),
            ThemeProposal.told_at.is_(None),
        )
        .values(told_at=now)
    )


def decided(tx: Session, *, workspace_id: int, since: datetime, most: int) -> Sequence[ThemeProposal]:
    """What was accepted and could be undone, the newest first."""
    return tx.scalars(
        select(ThemeProposal)
        .where(ThemeProposal.workspace_id == workspace_id, ThemeProposal.decision == "accepted")
        .where(ThemeProposal.decided_at > since)
        .options(
            joinedload(ThemeProposal.event).options(joinedload(ThemeEvent.theme), joinedload(ThemeEvent.other)),
            joinedload(ThemeProposal.decided_by),
        )
        .order_by(ThemeProposal.decided_at.desc(), ThemeProposal.id.desc())
        .limit(most)
    ).all()
