"""Everything that Slack is told or asked in the background: ids in, a plan out; None where nothing is owed any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import appeals, catch_up, hearing, home, ideas, loop, members, messages, themes, workspaces
from feedback.blocks import Message
from feedback.blocks import ideas as idea_blocks
from feedback.blocks import members as member_blocks
from feedback.blocks import themes as theme_blocks
from feedback.database import in_pieces
from feedback.errors import Refused
from feedback.hub import Hub
from feedback.overview import mapping
from feedback.providers import Impossible
from jobs.losing import LOST_CHANNEL, losing
from jobs.plans import Plan, Post, Publish, Tx, Update, Work

Ids = dict[str, Any]

MOST_NAMED = 10
"""Themes that the map names in Slack."""


def receipt(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    idea = ideas.get(tx, idea_id=ids["idea_id"])
    if idea.receipt_ts:
        return None
    address = loop.address_of(tx, idea)
    return Post(
        message=_receipt_message(tx, idea.id, address.channel_id) if idea.state != "withdrawn" else None,
        look_again=lambda tx: _receipt_message(tx, idea.id, address.channel_id),
        user_id=idea.author.slack_id,
        channel_id=address.channel_id,
        thread_ts=address.thread_ts,
        when_posted=lambda tx, posted, now: ideas.receipt_posted(
            tx, idea_id=idea.id, channel_id=posted.channel_id, ts=posted.ts, now=now
        ),
        when_outdated=lambda tx, now: ideas.refresh(tx, idea=ideas.get(tx, idea_id=idea.id), now=now),
        when_refused=losing(idea.id, address.channel_id),
        elsewhere=[loop.thread_of(idea.message)] if idea.message else [],
    )


def receipt_refresh(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    idea = ideas.get(tx, idea_id=ids["idea_id"])
    message = _receipt_message(tx, idea.id, idea.receipt_channel_id)
    return shown_anew(message, idea.receipt_channel_id, idea.receipt_ts)


def _receipt_message(tx: Tx, idea_id: int, channel_id: str | None) -> Message:
    idea = ideas.get(tx, idea_id=idea_id)
    beside: dict[str, Any] = {
        "alike": ideas.alike(tx, idea=idea, channel_id=channel_id),
        "kept_with": ideas.seen_with(tx, idea=idea, channel_id=channel_id),
    }
    return idea_blocks.receipt(idea, votes=ideas.vote_count(tx, idea_id=idea_id), **beside)


def card(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """A new card: for a new idea, and for one that came back. Where the team has no channel for it, whoever said that
    it shipped hears alone that it came back."""
    idea = ideas.get(tx, idea_id=ids["idea_id"])
    channel_id = workspaces.get(tx, workspace_id=idea.workspace_id).triage_channel_id
    came_back = loop.came_back(tx, idea=idea)
    if channel_id is None and (came_back is None or came_back.owner.left_at):
        return None
    return Post(
        message=_card_message(hub, tx, idea.id) if idea.state != "withdrawn" else None,
        look_again=lambda tx: _card_message(hub, tx, idea.id),
        user_id=came_back.owner.slack_id if came_back else idea.author.slack_id,
        channel_id=channel_id,
        thread_ts=None,
        when_posted=lambda tx, posted, now: ideas.card_posted(
            tx, idea_id=idea.id, channel_id=posted.channel_id, ts=posted.ts, now=now
        ),
        when_outdated=lambda tx, now: ideas.refresh_card(tx, idea=ideas.get(tx, idea_id=idea.id), now=now),
    )


def card_refresh(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    idea = ideas.get(tx, idea_id=ids["idea_id"])
    return shown_anew(_card_message(hub, tx, idea.id), idea.card_channel_id, idea.card_ts)


def card_replaced(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    return shown_anew(idea_blocks.card_replaced(), ids["channel_id"], ids["ts"])


def _card_message(hub: Hub, tx: Tx, idea_id: int) -> Message:
    idea = ideas.get(tx, idea_id=idea_id)
    merge, merged = ideas.merge_of(tx, idea_id=idea.id), ideas.merged_into(tx, idea_ids=[idea.id]).get(idea.id, [])
    return idea_blocks.card(
        idea,
        votes=ideas.vote_count(tx, idea_id=idea.id),
        hub_url=hub.settings.hub_url,
        came_back=loop.came_back(tx, idea=idea),
        appeal=appeals.heard(tx, idea=idea),
        merged=[each.idea for each in merged if each.idea.state != "withdrawn"],
        into=merge.into if merge else None,
    )


def theme_map(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """As things stand when it is posted."""
    asked_by = members.get(tx, member_id=ids["member_id"])
    channel_id = workspaces.get(tx, workspace_id=asked_by.workspace_id).triage_channel_id
    if channel_id is None:
        return None
    spots = mapping.largest(tx, workspace_id=asked_by.workspace_id, most=MOST_NAMED).spots
    return Post(
        message=theme_blocks.largest(spots, hub_url=hub.settings.hub_url),
        user_id=asked_by.slack_id,
        channel_id=channel_id,
        thread_ts=None,
        when_posted=lambda tx, posted, now: None,  # nobody changes it later
    )


def suggestions(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """One line in the triage channel, in the morning. By then somebody may have seen to all of them."""
    workspace_id = ids["workspace_id"]
    workspace = workspaces.get(tx, workspace_id=workspace_id)
    if workspace.triage_channel_id is None:
        return None
    count = len(themes.standing(tx, workspace_id=workspace_id))
    return Post(
        message=theme_blocks.waiting(count, hub_url=hub.settings.hub_url) if count else None,
        user_id=workspace.bot_user_id,
        channel_id=workspace.triage_channel_id,
        thread_ts=None,
        when_posted=lambda tx, posted, now: themes.told(tx, workspace_id=workspace_id, now=now),
    )


def publish_home(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    member = members.get(tx, member_id=ids["member_id"])
    if member.erased_at is not None:
        return Publish(member_blocks.forgotten_home(), member.slack_id)
    return Publish(member_blocks.home(home.facts(tx, member=member, now=now)), member.slack_id)


def read_profile(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    member = members.get(tx, member_id=ids["member_id"])
    slack_id, workspace_id = member.slack_id, member.workspace_id

    def run() -> None:
        facts = hub.slack.user(slack_id)
        with hub.transaction() as tx:
            workspace = workspaces.get(tx, workspace_id=workspace_id)
            members.store_profile(tx, workspace=workspace, facts=facts, now=now)

    return Work(run)


def read_workspace(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """Channels and people as Slack has them: at the start, every hour, and when the app is invited somewhere. Then what
    was said in the channels meanwhile is read."""
    workspace_id = ids["workspace_id"]

    def run() -> None:
        channels, people = list(hub.slack.channels()), list(hub.slack.users())
        for found in in_pieces(people, members.PROFILES_AT_ONCE):
            with hub.transaction() as tx:
                workspace = workspaces.get(tx, workspace_id=workspace_id)
                members.store_profiles(tx, workspace=workspace, found=found, now=now)
        with hub.transaction() as tx:
            workspace = workspaces.get(tx, workspace_id=workspace_id)
            workspaces.store_channels(tx, workspace=workspace, found=channels)
            catch_up.soon(tx, workspace=workspace, now=now)

    return Work(run)


def read_channel(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """One page of what was said in a channel or a thread. Then the row is owed anew, for the page after it."""
    workspace_id = ids["workspace_id"]
    at = catch_up.position(tx, workspace=workspaces.get(tx, workspace_id=workspace_id), ids=ids, now=now)
    return None if at is None else Work(lambda: _read_page(hub, workspace_id, at, now))


def _read_page(hub: Hub, workspace_id: int, at: catch_up.Position, now: datetime) -> None:
    """One message is one transaction, as when its event comes: nobody else waits for long."""
    try:
        page = hub.slack.history(
            channel_id=at.channel_id, thread_ts=at.thread_ts, oldest=at.oldest, latest=at.latest, cursor=at.next_cursor
        )
    except Impossible as error:
        if error.code not in LOST_CHANNEL:
            raise
        with hub.transaction() as tx:
            workspaces.lose_channel(tx, workspace_id=workspace_id, channel_id=at.channel_id, code=error.code)
        return
    with hub.reading() as tx:
        workspace = workspaces.get(tx, workspace_id=workspace_id)
    for said in catch_up.to_take(workspace=workspace, at=at, listed=page.messages):
        with hub.transaction() as tx:
            catch_up.take(tx, workspace=workspace, at=at, said=said, now=now)
    with hub.reading() as tx:
        gone = catch_up.missing(tx, workspace=workspace, at=at, listed=page.messages, next_cursor=page.next_cursor)
    for ts in gone:
        with hub.transaction() as tx:
            hearing.deleted(tx, workspace=workspace, channel_id=at.channel_id, ts=ts, now=now)
    with hub.transaction() as tx:
        catch_up.end_page(tx, workspace=workspace, at=at, listed=page.messages, next_cursor=page.next_cursor, now=now)


def fetch_message(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """Captures a message that is older than the app, because somebody put the reaction on it now."""
    member = members.get(tx, member_id=ids["member_id"])
    member_id, workspace_id = member.id, member.workspace_id

    def run() -> None:
        found = hub.slack.message(channel_id=ids["channel_id"], ts=ids["ts"])
        if found is None or not messages.is_by_a_person(found):
            return
        said = messages.said_in(found, ids["channel_id"])
        with hub.transaction() as tx:
            _capture(hub, tx, workspace_id=workspace_id, member_id=member_id, said=said, now=now)

    return Work(run)


def _capture(hub: Hub, tx: Tx, *, workspace_id: int, member_id: int, said: messages.Said, now: datetime) -> None:
    workspace = workspaces.get(tx, workspace_id=workspace_id)
    message = messages.hear(tx, workspace=workspace, said=said, now=now)
    how: dict[str, Any] = {"captured_by": members.get(tx, member_id=member_id), "captured_with": "reaction"}
    try:
        ideas.capture(tx, workspace=workspace, message=message, **how, now=now, is_late=True)
    except Refused as refused:
        # Nobody is waiting for an answer to a reaction, so the reason is kept where the operator looks.
        hub.log.info("capture.refused", reason=refused.say, channel=said.channel_id, ts=said.ts)


def shown_anew(message: Message, channel_id: str | None, ts: str | None) -> Plan | None:
    """None while it stands nowhere: once it is posted, it says how things stand then."""
    return Update(message, channel_id, ts) if channel_id and ts else None
