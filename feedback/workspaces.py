"""One installation: which Slack it is, which channels are listened to, where the team reads along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, once, outbox, rewards
from feedback.errors import Refused
from feedback.typed import number_of
from models import Channel, Member, Workspace

DIRECT = "D"
"""How the ids of conversations between two begin. Those of groups look like those of channels, and tell us nothing:
the app does not ask Slack for what happens in them."""
CAPTURE_MODES = ("off", "author", "team", "automatic")
LEAST_PERCENT, MOST_PERCENT = 50, 99
"""Below the half, nothing would be left to ask about; nobody is ever a hundred per cent sure."""


def install(tx: Session, *, who_am_i: dict[str, Any], now: datetime) -> Workspace:
    """The workspace that the bot token belongs to, from the answer of auth.test. Its people and channels are read
    by a job."""
    facts = {
        "name": who_am_i["team"],
        "url": who_am_i["url"],
        "bot_user_id": who_am_i["user_id"],
    }
    new_id = once.insert(
        tx,
        Workspace,
        team_id=who_am_i["team_id"],
        themes_follow=False,
        joined_at=now,
        **facts,
    )
    workspace = tx.scalars(select(Workspace).where(Workspace.team_id == who_am_i["team_id"])).one()
    workspace.name, workspace.url, workspace.bot_user_id = facts["name"], facts["url"], facts["bot_user_id"]
    if new_id is not None:
        rewards.install(tx, workspace=workspace, now=now)
    read_soon(tx, workspace=workspace, now=now)
    return workspace


def find(tx: Session, *, team_id: str) -> Workspace | None:
    return tx.scalars(select(Workspace).where(Workspace.team_id == team_id)).one_or_none()


def get(tx: Session, *, workspace_id: int) -> Workspace:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Workspace, workspace_id)


def lose_channel(tx: Session, *, workspace_id: int, channel_id: str, code: str) -> None:
    """Slack refused a post there. Until it says otherwise, the app is not in that channel."""
    channel = channel_of(tx, workspace=tx.get_one(Workspace, workspace_id), channel_id=channel_id)
    if code == "is_archived":
        channel.is_archived = True
    else:
        channel.app_is_in = False


def every(tx: Session) -> Sequence[Workspace]:
    return tx.scalars(select(Workspace).order_by(Workspace.id)).all()


def read_soon(tx: Session, *, workspace: Workspace, now: datetime) -> None:
    """Owes a reading of the people and channels as Slack has them."""
    outbox.owe_again(tx, workspace_id=workspace.id, kind="workspace.read", key=f"read:{workspace.id}", now=now)


def store_channels(tx: Session, *, workspace: Workspace, found: Iterable[dict[str, Any]]) -> None:
    """`found` as conversations.list gives them."""
    for facts in found:
        channel = channel_of(tx, workspace=workspace, channel_id=facts["id"])
        if facts.get("is_member") and not channel.app_is_in:
            channel.listens_since = None  # whether it was ever there before or not, nobody told us of its coming
        channel.name = facts.get("name", facts["id"])
        channel.is_private = bool(facts.get("is_private"))
        channel.is_archived = bool(facts.get("is_archived"))
        channel.app_is_in = bool(facts.get("is_member"))


def channel_of(tx: Session, *, workspace: Workspace, channel_id: str) -> Channel:
    """The channel's row, made if need be: then with its id for a name until Slack has told it."""
    once.insert(
        tx,
        Channel,
        workspace_id=workspace.id,
        slack_id=channel_id,
        name=channel_id,
        is_private=False,
        is_archived=False,
        app_is_in=False,
    )
    return tx.scalars(select(Channel).where(Channel.workspace_id == workspace.id, Channel.slack_id == channel_id)).one()


def hears(tx: Session, *, workspace: Workspace, channel_id: str, now: datetime, is_event: bool = True) -> bool:
    """Whether what is said there is ours to keep. Slack sends events only from channels that the app is in, so one
    from an unknown channel teaches us that it is in there; a shortcut can be used anywhere, and teaches nothing.

    A person's own conversation with the app is no channel: nobody sets anything for it, and nothing is read up there.
    """
    if channel_id.startswith(DIRECT):
        return is_event
    channel = tx.scalars(
        select(Channel).where(Channel.workspace_id == workspace.id, Channel.slack_id == channel_id)
    ).one_or_none()
    if channel is None and not is_event:
        return False
    if channel is None:
        channel = channel_of(tx, workspace=workspace, channel_id=channel_id)
        channel.app_is_in = True
        read_soon(tx, workspace=workspace, now=now)
    return is_listened_to(workspace, channel)


def capture_mode(tx: Session, *, workspace_id: int, channel_id: str) -> str:
    """What becomes of talk there. Nothing where nobody listens any more, though edits are followed there; and nothing
    in a person's own conversation with the app, which is no channel."""
    channel = tx.scalars(
        select(Channel).where(Channel.workspace_id == workspace_id, Channel.slack_id == channel_id)
    ).one_or_none()
    if channel is None or not is_listened_to(channel.workspace, channel):
        return "off"
    return channel.capture


def is_listened_to(workspace: Workspace, channel: Channel) -> bool:
    """As somebody decided; else wherever the app is, but for the team's own two channels."""
    if channel.listens is not None:
        return channel.listens and channel.app_is_in
    return channel.app_is_in and channel.slack_id not in (
        workspace.triage_channel_id,
        workspace.managers_channel_id,
    )


def app_came_or_went(
    tx: Session, *, workspace: Workspace, channel_id: str, is_in: bool, at: datetime, now: datetime
) -> None:
    """`at`: when that was."""
    channel = channel_of(tx, workspace=workspace, channel_id=channel_id)
    channel.app_is_in = is_in
    if is_in:
        channel.listens_since = at
        read_soon(tx, workspace=workspace, now=now)


def rename_channel(tx: Session, *, workspace: Workspace, channel_id: str, name: str) -> None:
    channel_of(tx, workspace=workspace, channel_id=channel_id).name = name


def archive_channel(tx: Session, *, workspace: Workspace, channel_id: str, is_archived: bool) -> None:
    channel_of(tx, workspace=workspace, channel_id=channel_id).is_archived = is_archived


def channels(tx: Session, *, workspace_id: int) -> Sequence[Channel]:
    """By name; with the channels that the app is not in, so that somebody can see why nothing comes from there."""
    is_direct = Channel.slack_id.startswith(DIRECT)
    return tx.scalars(
        select(Channel)
        .where(Channel.workspace_id == workspace_id, Channel.is_archived.is_(False), ~is_direct)
        .order_by(Channel.name)
    ).all()


def configure(
    tx: Session,
    *,
    manager: Member,
    triage_channel_id: str | None,
    managers_channel_id: str | None,
    themes_follow: bool,
    listening_to: Iterable[str],
    now: datetime,
    capture: Mapping[str, str] | None = None,
    capture_percent: int | None = None,
) -> None:
    """`listening_to`: the channels whose talk is kept. Refuses a team channel that the app is not in. `capture`: what
    becomes of talk there, by channel; one that is not named keeps its own, and so does None."""
    access.check_manage(manager)
    workspace = tx.scalars(select(Workspace).where(Workspace.id == manager.workspace_id).with_for_update()).one()
    by_id = {channel.slack_id: channel for channel in channels(tx, workspace_id=workspace.id)}
    heard = {channel_id for channel_id, channel in by_id.items() if is_listened_to(workspace, channel)}
    _check_team_channel(by_id, triage_channel_id, "triage_channel_id")
    _check_team_channel(by_id, managers_channel_id, "managers_channel_id")
    if not set((capture or {}).values()) <= set(CAPTURE_MODES):
        raise Refused("Choose one of the ways in the list.", "capture")
    workspace.triage_channel_id, workspace.managers_channel_id = triage_channel_id, managers_channel_id
    workspace.themes_follow = themes_follow
    workspace.capture_percent = capture_percent or workspace.capture_percent
    wanted = set(listening_to)
    for channel in by_id.values():
        _listen(workspace, channel, channel.slack_id in wanted)
        channel.capture = (capture or {}).get(channel.slack_id, channel.capture)
        if is_listened_to(workspace, channel) and channel.slack_id not in heard:
            channel.listens_since = now  # what was said while nobody listened stays unread
    audit.record(
        tx,
        workspace_id=workspace.id,
        by=manager,
        act="configured",
        subject="workspace",
        subject_id=workspace.id,
        now=now,
        triage=triage_channel_id,
        managers=managers_channel_id,
        themes_follow=themes_follow,
        listening_to=sorted(wanted),
        capture={channel.slack_id: channel.capture for channel in by_id.values() if channel.capture != "off"},
        capture_percent=workspace.capture_percent,
    )


def percent_of(text: str) -> int | None:
    """What a person typed; None where they left it empty, and it stays as it is."""
    plain = text.strip().removesuffix("%")
    return number_of(plain, "capture_percent", least=LEAST_PERCENT, most=MOST_PERCENT) if plain else None


def _listen(workspace: Workspace, channel: Channel, wanted: bool) -> None:
    channel.listens = None
    if is_listened_to(workspace, channel) != wanted:
        channel.listens = wanted


def _check_team_channel(by_id: dict[str, Channel], channel_id: str | None, field: str) -> None:
    if channel_id is None:
        return
    channel = by_id.get(channel_id)
    if channel is None or not channel.app_is_in:
        raise Refused("Invite the app to that channel first: /invite @Roundtrip.", field)
