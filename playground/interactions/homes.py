"""Somebody opens the app's Home or its direct messages: app_home_opened."""

from typing import TYPE_CHECKING

from playground import ids
from playground.delivery.events import tell_app
from playground.records import Doc, Person

if TYPE_CHECKING:
    from playground.site import Site


def open_home(site: "Site", person: Person, tab: str = "home") -> Doc | None:
    """Open a tab of the app (home or messages), and answer the Home as it stands; None until it was published."""
    channel = site.workspace.direct(person.id, ids.BOT_USER_ID)
    event: Doc = {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": tab}
    home = site.workspace.homes.get(person.id)
    if home is not None and tab == "home":
        event["view"] = dict(home)
    tell_app(site, event)
    return home
