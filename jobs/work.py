"""Everything that a tracker is asked or told in the background: ids in, a plan out; None where nothing is owed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from feedback import work, workspaces
from feedback.hub import Hub
from feedback.outbox import Claim
from feedback.providers import CALL_SECONDS, Impossible, NotDone
from feedback.providers.slack import Posted
from feedback.providers.trackers import GitHub, Made, Tracker
from jobs.plans import Plan, Tx, Work

Ids = dict[str, Any]
NO_ACCOUNT = "no_account"
MOST_CALLS = 2
"""What writing takes at Linear: the team or the issue is looked up first."""


@dataclass(frozen=True)
class Write:
    """Something that must stand in a tracker once."""

    find: Callable[[datetime], Made | None]
    """What an earlier try wrote, since then."""
    write: Callable[[], Made]
    when_written: Callable[[Tx, Made, datetime], None]
    when_refused: Callable[[Tx, Impossible], None]
    target = None

    def carry_out(self, hub: Hub, claim: Claim) -> Posted | None:
        """Where an earlier try may have had its effect, looks for it first: a second issue is worse than a late one."""
        made = self.find(claim.first_tried_at) if claim.is_unknown else None
        if made is None:
            if hub.clock() + timedelta(seconds=MOST_CALLS * CALL_SECONDS) > claim.lease_until:
                raise NotDone("too late to be sure that nobody else does it")
            made = self.write()
        now = hub.clock()
        with hub.transaction() as tx:
            self.when_written(tx, made, now)
        return None

    def record(self, tx: Tx, posted: Posted | None, now: datetime) -> None:
        """It has recorded its own outcome."""

    def give_up(self, tx: Tx, error: Impossible, now: datetime) -> bool:
        self.when_refused(tx, error)
        return False


def _tracker(hub: Hub, tx: Tx, ids: Ids, source: str) -> Tracker | None:
    account = work.account_of(tx, workspace_id=ids["workspace_id"], source=source, cipher=hub.cipher)
    return hub.tracker(account) if account else None


def check(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """Whether an account is let in. Its page says what came of it, so that a refusal is no failure of ours."""
    workspace_id, source = ids["workspace_id"], ids["source"]
    tracker = _tracker(hub, tx, ids, source)
    if tracker is None:
        return None

    def run() -> None:
        called, refused = "", ""
        try:
            called = tracker.check()
        except Impossible as error:
            refused = str(error)
        with hub.transaction() as tx:
            work.tested(tx, workspace_id=workspace_id, source=source, called=called, error=refused, now=hub.clock())
            if not refused:
                work.soon(tx, workspace_id=workspace_id, now=hub.clock())

    return Work(run)


def read(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """How a piece of work stands, because somebody linked it."""
    item = work.get(tx, work_item_id=ids["work_item_id"])
    tracker = _tracker(hub, tx, ids, item.source)
    if tracker is None:
        return None
    key, workspace_id = item.key, item.workspace_id

    def run() -> None:
        fact = tracker.read(key)
        with hub.transaction() as tx:
            workspace = workspaces.get(tx, workspace_id=workspace_id)
            work.hear(tx, workspace=workspace, facts=[fact], now=hub.clock())

    return Work(run)


def create(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    order = work.to_make(tx, order_id=ids["order_id"])
    if order is None:
        return None
    order_id = order.id
    tracker = _tracker(hub, tx, ids, order.source)
    mark = work.mark_of(tx, workspace_id=order.workspace_id, key=f"work.create:{order.id}")
    place, title, body = order.place, order.title, order.body

    def write() -> Made:
        if tracker is None:
            raise Impossible(NO_ACCOUNT, "the account was removed")
        return tracker.create(place=place, title=title, body=body, mark=mark)

    def when_written(tx: Tx, made: Made, now: datetime) -> None:
        assert made.fact is not None, "an issue says what it is"
        work.made(tx, order_id=order_id, fact=made.fact, now=now)

    return Write(
        find=lambda since: tracker.find_created(place=place, mark=mark, since=since) if tracker else None,
        write=write,
        when_written=when_written,
        when_refused=lambda tx, error: work.not_made(tx, order_id=order_id, error=str(error)),
    )


def comment(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    change_id, item_id = ids["change_id"], ids["work_item_id"]
    found = work.comment_on(tx, change_id=change_id, work_item_id=item_id, hub_url=hub.settings.hub_url)
    if found is None:
        return None
    item, body = found
    tracker = _tracker(hub, tx, ids, item.source)
    if tracker is None:
        return None
    key = item.key
    mark = work.mark_of(tx, workspace_id=item.workspace_id, key=f"work.comment:{change_id}:{item_id}")
    return Write(
        find=lambda since: tracker.find_comment(key=key, mark=mark, since=since),
        write=lambda: tracker.comment(key=key, body=body, mark=mark),
        when_written=lambda tx, made, now: None,  # it stands there, and nobody changes it later
        when_refused=lambda tx, error: None,
    )


def catch_up(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """One page of what came to an end in a repository. Then the row is owed anew, for the page after it."""
    workspace_id = ids["workspace_id"]
    at = work.position(tx, workspace_id=workspace_id, ids=ids, now=now)
    tracker = _tracker(hub, tx, ids, "github")
    if at is None or not isinstance(tracker, GitHub):
        return None
    pages = {"issues": tracker.closed_issues, "pulls": tracker.merged_pulls, "releases": tracker.releases}

    def run() -> None:
        try:
            page = pages[at.stage](at.repository, since=at.at, page=at.page)
        except Impossible as error:
            with hub.transaction() as tx:
                work.unreadable(tx, workspace_id=workspace_id, repository=at.repository, error=str(error))
            return
        now = hub.clock()
        with hub.transaction() as tx:
            work.take_page(
                tx,
                workspace_id=workspace_id,
                at=at,
                facts=page.facts,
                has_more=page.has_more,
                last_at=page.last_at,
                now=now,
            )

    return Work(run)
