"""What happens becomes events: only of the types the manifest names, only from channels where the app is."""

from typing import TYPE_CHECKING

from playground import ids
from playground.delivery.attempts import Parcel
from playground.records import Channel, Doc

if TYPE_CHECKING:
    from playground.site import Site

_MESSAGE_EVENTS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def tell_app(site: "Site", event: Doc, channel: Channel | None = None) -> None:
    """Deliver an event if the app is subscribed to it and, when it is about a channel, is in it."""
    if channel is not None and ids.BOT_USER_ID not in channel.members:
        return
    subscription = _MESSAGE_EVENTS[channel.kind] if channel and event["type"] == "message" else event["type"]
    if subscription not in site.manifest.events:
        return
    event.setdefault("event_ts", site.event_ts())
    site.deliveries.send_event(parcel_of(site, event))


def parcel_of(site: "Site", event: Doc, *, team_id: str = ids.TEAM_ID, event_id: str | None = None) -> Parcel:
    """Put an event into Slack's outer envelope."""
    event_id = event_id or ids.new_id("Ev")
    authorization: Doc = {"enterprise_id": None, "team_id": team_id, "user_id": ids.BOT_USER_ID}
    authorization |= {"is_bot": True, "is_enterprise_install": False}
    envelope: Doc = {"token": "playground-verification-token", "team_id": team_id, "api_app_id": ids.APP_ID}
    envelope |= {"context_team_id": team_id, "context_enterprise_id": None}
    envelope |= {"event": event, "type": "event_callback", "event_id": event_id, "event_time": int(site.clock())}
    envelope |= {"authorizations": [authorization], "is_ext_shared_channel": False}
    envelope["event_context"] = f"4-{event_id}"
    return Parcel("event", str(event.get("type", "")), envelope, event_id)
