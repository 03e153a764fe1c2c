"""Something happened that probably answers ideas: it waits until a person says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from feedback import access, ideas, once, outbox, themes
from feedback.changes.answering import ANSWERABLE
from feedback.changes.comparing import record
from feedback.errors import Refused
from models import Change, ChangeIdea, Idea, Member, ProposedAnswer, ProposedChange

# Nobody who reads the news needs these: “feat(shop): … (#12)”.
FRAME = re.compile(r"^(?:feat(?:ure)?|fix|perf)(?:\([^()]*\))?!?:\s*|\s*\(#\d+\)\s*$", re.IGNORECASE)
Shown = aliased(Idea)


def propose(
    tx: Session,
    *,
    workspace_id: int,
    key: str,
    kind: str,
    title: str,
    text: str = "",
    url: str = "",
    work_item_id: int | None = None,
    idea_ids: Iterable[int] = (),
    theme_ids: Iterable[int] = (),
    happened_at: datetime,
    now: datetime,
) -> int | None:
    """Its id; None where it was proposed before under this key. `idea_ids` and `theme_ids`: what somebody linked. What
    it answers beyond these is found later."""
    proposed_id = once.insert(
        tx,
        ProposedChange,
        workspace_id=workspace_id,
        key=key,
        kind=kind,
        title=title,
        text=text,
        url=url,
        work_item_id=work_item_id,
        happened_at=happened_at,
        proposed_at=now,
    )
    if proposed_id is None:
        return None
    for theme_id in sorted(set(theme_ids)):
        once.insert(tx, ProposedAnswer, proposed_id=proposed_id, theme_id=theme_id, how="link")
    for idea_id in sorted(set(idea_ids)):
        once.insert(tx, ProposedAnswer, proposed_id=proposed_id, idea_id=idea_id, how="link")
    owed = {"workspace_id": workspace_id, "proposed_id": proposed_id}
    outbox.owe(tx, kind="change.compare", key=f"change.compare:{proposed_id}", now=now, **owed)
    return proposed_id


def in_words(title: str) -> str:
    """As people would write it, without what trackers put before and behind it."""
    said = FRAME.sub("", FRAME.sub("", title)).strip()
    return said[:1].upper() + said[1:]


def can_answer(idea: type[Idea] = Idea) -> ColumnElement[bool]:
    """For queries with ProposedChange and this: it is in a state that a change of this kind answers."""
    return or_(*(and_(ProposedChange.kind == kind, idea.state.in_(can)) for kind, can in ANSWERABLE.items()))


def has_answers() -> ColumnElement[bool]:
    """For queries: something that it seems to answer waits still."""
    mine = ProposedAnswer.proposed_id == ProposedChange.id
    shown = themes.shown_as()
    one = (
        select(ProposedAnswer.id)
        .join(Idea, Idea.id == ProposedAnswer.idea_id)
        .join(Shown, Shown.id == ideas.shown_as())
        .where(mine, can_answer(Shown))
    )
    of_theme = (
        select(ProposedAnswer.id)
        .join(shown, shown.c.theme_id == ProposedAnswer.theme_id)
        .join(Idea, Idea.theme_id == shown.c.shown_id)
        .where(mine, can_answer(), ~ideas.is_merged())
    )
    return one.correlate(ProposedChange).exists() | of_theme.correlate(ProposedChange).exists()


def access_waiting(tx: Session, *, by: Member, proposed_id: int, kind: str) -> ProposedChange:
    """Before it is decided: locks it, so that of two people who decide at once the second reads who was first."""
    proposed = access.access_proposed(tx, member=by, proposed_id=proposed_id)
    _check_waits(tx, proposed)
    if proposed.kind != kind:
        raise Refused("That is something else to decide. Load the page again.")
    return proposed


def confirm(tx: Session, *, proposed_id: int, change: Change, by: Member | None, now: datetime) -> ProposedChange:
    """`change` was told in consequence; what it answers of what was offered was chosen, and nothing else. Refused where
    somebody was first. `by` None: the workspace lets what somebody linked be told by itself."""
    if by is not None:
        proposed = access_waiting(tx, by=by, proposed_id=proposed_id, kind=change.kind)
    else:
        proposed = tx.get_one(ProposedChange, proposed_id, with_for_update=True)
        _check_waits(tx, proposed)
    tx.flush()  # the ideas' states, and what the change answers, are asked for below
    _decide(proposed, "confirmed", by, now)
    proposed.change_id = change.id
    answered = set(tx.scalars(select(ChangeIdea.idea_id).where(ChangeIdea.change_id == change.id)))
    offered = tx.scalars(select(ProposedAnswer).where(ProposedAnswer.proposed_id == proposed.id)).all()
    shown = themes.went_into(tx, theme_ids=[each.theme_id for each in offered if each.theme_id is not None])
    whole = _whole_themes(tx, proposed, change, set(shown.values()))
    for each in offered:
        each.was_chosen = each.idea_id in answered or shown.get(each.theme_id or 0) in whole
    record(tx, proposed=proposed, by=by, act="confirmed", now=now)
    return proposed


def dismiss(tx: Session, *, by: Member, proposed_id: int, now: datetime) -> ProposedChange:
    """Nobody is told of it. A second time is no news; what people were told of is refused."""
    proposed = access.access_proposed(tx, member=by, proposed_id=proposed_id)
    if proposed.decision == "dismissed":
        return proposed
    _check_waits(tx, proposed)
    _decide(proposed, "dismissed", by, now)
    _choose(tx, proposed, chosen=False)
    record(tx, proposed=proposed, by=by, act="dismissed", now=now)
    return proposed


def take_up_again(tx: Session, *, by: Member, proposed_id: int, now: datetime) -> ProposedChange:
    """What was dismissed waits again. A second time is no news; what was told cannot be taken back."""
    proposed = access.access_proposed(tx, member=by, proposed_id=proposed_id)
    if proposed.decision is None:
        return proposed
    if proposed.decision == "confirmed":
        _check_waits(tx, proposed)
    proposed.decision, proposed.decided_by_id, proposed.decided_at = None, None, None
    _choose(tx, proposed, chosen=None)
    record(tx, proposed=proposed, by=by, act="taken up again", now=now)
    return proposed


def _check_waits(tx: Session, proposed: ProposedChange) -> None:
    if proposed.decision is None:
        return
    who = tx.get_one(Member, proposed.decided_by_id).name if proposed.decided_by_id else "Roundtrip"
    if proposed.decision == "confirmed":
        raise Refused(f"{who} has told people of this already.")
    raise Refused(f"{who} put this aside. Take it up again first.")


def _decide(proposed: ProposedChange, decision: str, by: Member | None, now: datetime) -> None:
    proposed.decision, proposed.decided_by_id, proposed.decided_at = decision, by.id if by else None, now


def _choose(tx: Session, proposed: ProposedChange, *, chosen: bool | None) -> None:
    tx.execute(update(ProposedAnswer).where(ProposedAnswer.proposed_id == proposed.id).values(was_chosen=chosen))


def _whole_themes(tx: Session, proposed: ProposedChange, change: Change, theme_ids: Iterable[int]) -> set[int]:
    """Those of these themes that the change answers, and in which nothing waits for one of its kind any more."""
    among = Idea.theme_id.in_(sorted(theme_ids))
    of_it = (
        select(Idea.theme_id).join(ChangeIdea, ChangeIdea.idea_id == Idea.id).where(ChangeIdea.change_id == change.id)
    )
    waits = select(Idea.theme_id).where(Idea.state.in_(ANSWERABLE[proposed.kind]), ~ideas.is_merged())
    whole = set(tx.scalars(of_it.where(among))) - set(tx.scalars(waits.where(among)))
    return {theme_id for theme_id in whole if theme_id is not None}
