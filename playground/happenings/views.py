"""Modals open, change and close; Home is published."""

from typing import TYPE_CHECKING

from playground import ids
from playground.errors import SlackError
from playground.interactions.state import values_of
from playground.modals import check_hash, view_json
from playground.records import Doc

if TYPE_CHECKING:
    from playground.site import Site


def open_modal(site: "Site", user_id: str, content: Doc, *, on_top_of: str | None = None) -> Doc:
    """Show a checked view as a modal: alone, or on top of the one it was asked for from. Refuses what push refuses."""
    if on_top_of is None:
        site.modals.close_all(user_id)
    view = site.modals.push(user_id, content)
    view["state"] = {"values": values_of(view, {})}
    site.stream.tell(user_id, {"type": "views", "user": user_id})
    return view


def update_modal(site: "Site", view: Doc, content: Doc, given_hash: str | None = None) -> Doc:
    """Give an open modal new content, which is checked. Refuses hash_conflict."""
    check_hash(view, given_hash)
    fresh = site.modals.update(view, content)
    fresh["state"] = {"values": values_of(fresh, {})}
    user_id = site.modals.owner(fresh)
    site.stream.tell(user_id, {"type": "views", "user": user_id})
    return fresh


def close_modals(site: "Site", user_id: str, view: Doc | None = None) -> list[Doc]:
    """Close one view, with those above it, or the whole stack; answer what was closed, the top one first."""
    stack = site.modals.stack(user_id)
    closed = stack if view is None else stack[stack.index(view) :]
    for one in reversed(closed):
        site.modals.pop(one)
    site.stream.tell(user_id, {"type": "views", "user": user_id})
    return list(reversed(closed))


def publish_home(site: "Site", user_id: str, content: Doc, given_hash: str | None = None) -> Doc:
    """Show a person a checked view as the app's Home. Refuses hash_conflict and not_enabled."""
    if not site.manifest.has_home:
        raise SlackError("not_enabled")
    known = site.workspace.homes.get(user_id)
    if known is not None:
        check_hash(known, given_hash)
    view = view_json(content, known["id"] if known else ids.new_id("V"))
    view["state"] = {"values": values_of(view, {})}
    site.workspace.save_home(user_id, view)
    site.stream.tell(user_id, {"type": "home", "user": user_id})
    return view
