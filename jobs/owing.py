"""What the team's channel hears of those who wait for an answer: as things stand when it is posted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import loop, workspaces
from feedback.blocks import Message
from feedback.blocks import owing as blocks
from feedback.hub import Hub
from feedback.overview import debt, promises
from jobs.plans import Plan, Post, Tx


def week(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """Where nobody waits, nobody did, nothing happened and nothing was promised, there is nothing to say."""
    workspace = workspaces.get(tx, workspace_id=ids["workspace_id"])
    found = debt.pressing(tx, workspace_id=workspace.id, answer_days=workspace.answer_days, now=now)
    promised = promises.of_week(tx, workspace_id=workspace.id, now=now)
    is_news = found.debt.waiting or found.before.waiting or found.answered or found.came_back or promised.is_news
    if not (is_news and workspace.tells_week):
        return _post(workspace, None)
    message = blocks.week(found, promised=promised, answer_days=workspace.answer_days, hub_url=hub.settings.hub_url)
    return _post(workspace, message)


def late(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """By then they may have been answered."""
    workspace = workspaces.get(tx, workspace_id=ids["workspace_id"])
    found = debt.pressing(tx, workspace_id=workspace.id, answer_days=workspace.answer_days, now=now)
    if not (workspace.tells_late and found.is_burning(workspace.late_percent)):
        return _post(workspace, None)
    message = blocks.late(
        found, answer_days=workspace.answer_days, late_percent=workspace.late_percent, hub_url=hub.settings.hub_url
    )
    return _post(workspace, message)


def _post(workspace: Any, message: Message | None) -> Plan | None:
    if workspace.triage_channel_id is None:
        return None
    return Post(
        message=message,
        user_id=workspace.bot_user_id,
        channel_id=workspace.triage_channel_id,
        thread_ts=None,
        when_posted=lambda tx, posted, now: None,  # nobody changes it later
    )


def owe_week(tx: Tx, workspace_id: int, now: datetime) -> None:
    loop.tell_week_soon(tx, workspace=workspaces.get(tx, workspace_id=workspace_id), now=now)


def owe_late(tx: Tx, workspace_id: int, now: datetime) -> None:
    workspace = workspaces.get(tx, workspace_id=workspace_id)
    found = debt.pressing(tx, workspace_id=workspace.id, answer_days=workspace.answer_days, now=now)
    if found.is_burning(workspace.late_percent):
        loop.tell_late_soon(tx, workspace=workspace, now=now)
