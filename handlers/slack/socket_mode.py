"""Socket Mode: Slack sends what happens over a connection that we open, so nobody needs to reach us."""

from __future__ import annotations

import threading
import time

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from feedback.hub import Hub
from feedback.providers import Impossible, NotDone, Unknown
from feedback.settings import SettingsError

AGAIN_SECONDS = 5.0


def first_url(hub: Hub) -> str:
    """An address to connect to; empty while Slack is away. Raises SettingsError where Slack refuses the token."""
    try:
        return _url(hub)
    except Impossible as error:
        raise SettingsError(
            f"SLACK_APP_TOKEN is not accepted by Slack: {error}. It needs the scope connections:write, "
            "and Socket Mode turned on in the app."
        ) from None
    except (NotDone, Unknown) as error:
        hub.log.warning("slack.socket_away", error=str(error), note="nothing is heard from Slack; trying until it is")
        return ""


def connect(hub: Hub, bolt: App, url: str) -> None:
    """Without `url` it returns as well, and a thread keeps trying.

    A connection that breaks later is opened anew by slack_sdk, which does so only once there has been a first one.
    """
    if url:
        _open(hub, bolt, url)
    else:
        threading.Thread(target=_keep_trying, args=(hub, bolt), daemon=True).start()


def _keep_trying(hub: Hub, bolt: App) -> None:
    wait_seconds = AGAIN_SECONDS
    while True:
        time.sleep(wait_seconds)
        wait_seconds = AGAIN_SECONDS
        try:
            url = _url(hub)
        except Impossible as error:
            hub.log.error("slack.socket_refused", error=str(error), note="SLACK_APP_TOKEN is not accepted by Slack")
        except (NotDone, Unknown) as error:
            wait_seconds = getattr(error, "after_seconds", None) or AGAIN_SECONDS
            hub.log.warning("slack.socket_away", error=str(error))
        else:
            _open(hub, bolt, url)
            hub.log.info("slack.socket_open")
            return


def _url(hub: Hub) -> str:
    return hub.slack.socket_url(hub.settings.slack_app_token.get_secret_value())


def _open(hub: Hub, bolt: App, url: str) -> None:
    handler = SocketModeHandler(bolt, hub.settings.slack_app_token.get_secret_value())
    handler.client.wss_uri = url  # or it asks for one itself, and raises while Slack is away
    handler.connect()  # type: ignore[no-untyped-call]
