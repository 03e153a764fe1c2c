"""Before a process of ours listens to Slack: in whose workspace it is."""

from __future__ import annotations

from feedback import work, workspaces
from feedback.hub import Hub
from feedback.providers import Impossible, NotDone, Unknown
from feedback.settings import SettingsError


def meet_slack(hub: Hub) -> None:
    """Which workspace the token belongs to. While Slack is away, what is known from before is enough."""
    try:
        who = hub.slack.who_am_i()
    except Impossible as error:
        raise SettingsError(f"SLACK_BOT_TOKEN is not accepted by Slack: {error}.") from None
    except (NotDone, Unknown) as error:
        with hub.transaction() as tx:
            known = workspaces.every(tx)
            if not known:
                raise SettingsError(f"SLACK_API_URL does not answer ({error}).") from None
            for workspace in known:  # what was said meanwhile is read up when Slack is back
                workspaces.read_soon(tx, workspace=workspace, now=hub.clock())
        hub.log.warning("slack.away", error=str(error))
        return
    with hub.transaction() as tx:
        others = [known.name for known in workspaces.every(tx) if known.team_id != who["team_id"]]
        if others:
            raise SettingsError(
                f"DATABASE_URL belongs to the workspace {others[0]}, and SLACK_BOT_TOKEN to {who['team']}. "
                "Use a database of its own for each."
            )
        workspace = workspaces.install(tx, who_am_i=who, now=hub.clock())
        work.soon(tx, workspace_id=workspace.id, now=hub.clock())
