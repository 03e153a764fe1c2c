"""Who is there: from a payload to a transaction with a workspace and a member in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from feedback import inbox, members, workspaces
from feedback.hub import Hub
from models import Member, Workspace

Json = dict[str, Any]


@dataclass(frozen=True)
class Visit:
    """One inbound call and the transaction that it is."""

    tx: Any
    workspace: Workspace
    member: Member
    now: datetime
    hub: Hub


def authorize(hub: Hub) -> Callable[..., AuthorizeResult]:
    """What Bolt wants to know about a workspace, from what is stored of it: by itself it asks Slack, and turns events
    away while Slack does not answer. Of an unknown workspace there is no `bot_user_id`."""
    token = hub.settings.slack_bot_token.get_secret_value()

    def look_up(context: BoltContext, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        context.client.token = token  # an apology needs it too, and may be all that can be said
        with hub.reading() as tx:
            workspace = workspaces.find(tx, team_id=team_id or "")
        bot_user_id = workspace.bot_user_id if workspace else None
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_user_id=bot_user_id, bot_token=token)

    return look_up


def introduce(hub: Hub) -> Callable[..., BoltResponse | None]:
    """Middleware: puts the hub and the time into the context; what comes from an unknown workspace ends here."""

    def middleware(context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse | None:
        if context.bot_user_id is None:
            hub.log.warning("slack.unknown_workspace", team=context.team_id)
            return BoltResponse(status=200, body="")
        context["hub"], context["now"] = hub, hub.clock()
        return next()

    return middleware


@contextmanager
def visit(context: BoltContext) -> Iterator[Visit]:
    """The transaction of an act by whoever sent it, who takes part by it."""
    with _met(context, None) as found:
        members.take_part(found.tx, member=found.member, now=found.now)
        yield found


@contextmanager
def _met(context: BoltContext, user_id: str | None) -> Iterator[Visit]:
    """`user_id`: where the payload is about somebody else than who sent it."""
    hub, now = _given(context)
    with hub.transaction() as tx:
        workspace = workspaces.find(tx, team_id=context.team_id or "")
        assert workspace is not None, "introduce() lets no other in"
        slack_id = user_id or context.user_id or workspace.bot_user_id
        member = members.meet(tx, workspace=workspace, slack_id=slack_id, now=now)
        yield Visit(tx, workspace, member, now, hub)


@contextmanager
def news(context: BoltContext, body: Json, user_id: str | None = None) -> Iterator[Visit | None]:
    """The transaction of an event; None where the event was taken before."""
    with _met(context, user_id) as found:
        is_new = inbox.is_new(found.tx, source="slack", key=body["event_id"], now=found.now)
        yield found if is_new else None


def _given(context: BoltContext) -> tuple[Hub, datetime]:
    hub, now = context["hub"], context["now"]
    assert isinstance(hub, Hub)
    assert isinstance(now, datetime)
    return hub, now
