"""Which views are open: each person's stack of modals, and everybody's App Home."""

from typing import Any

from playground import ids
from playground.errors import SlackError
from playground.records import Doc

MOST_IN_STACK = 3


class Modals:
    """Open modals by id, and each person's stack of their ids, the top one last. They end with the process."""

    def __init__(self) -> None:
        self._views: dict[str, Doc] = {}
        self._owners: dict[str, str] = {}
        self._stacks: dict[str, list[str]] = {}

    def clear(self) -> None:
        """Close everything."""
        self._views.clear()
        self._owners.clear()
        self._stacks.clear()

    def stack(self, user_id: str) -> list[Doc]:
        """Answer a person's open modals, the top one last."""
        return [self._views[view_id] for view_id in self._stacks.get(user_id, [])]

    def owner(self, view: Doc) -> str:
        """Answer whose screen a view is on."""
        return self._owners[view["id"]]

    def find(self, view_id: str) -> Doc:
        """Answer an open modal. Refuses not_found."""
        if view_id not in self._views:
            raise SlackError("not_found", status=404)
        return self._views[view_id]

    def by_external_id(self, external_id: str) -> Doc:
        """Answer the open modal with the app's own id. Refuses not_found."""
        for view in self._views.values():
            if view["external_id"] == external_id:
                return view
        raise SlackError("not_found")

    def push(self, user_id: str, content: Doc) -> Doc:
        """Put a view on top of a person's stack. Refuses push_limit_reached and duplicate_external_id."""
        stack = self._stacks.setdefault(user_id, [])
        if len(stack) >= MOST_IN_STACK:
            raise SlackError("push_limit_reached")
        self._refuse_duplicate(content, None)
        view_id = ids.new_id("V")
        below = {"root_view_id": stack[0] if stack else view_id, "previous_view_id": stack[-1] if stack else None}
        view = view_json(content, view_id) | below
        self._views[view_id] = view
        self._owners[view_id] = user_id
        stack.append(view_id)
        return view

    def update(self, view: Doc, content: Doc) -> Doc:
        """Give an open modal new content; what was typed stays where the fields are the same."""
        self._refuse_duplicate(content, view["id"])
        below = {"root_view_id": view["root_view_id"], "previous_view_id": view["previous_view_id"]}
        fresh = view_json(content, view["id"]) | below | {"state": view["state"]}
        self._views[view["id"]] = fresh
        return fresh

    def _refuse_duplicate(self, content: Doc, own_id: str | None) -> None:
        """Refuse an external_id that another open view has."""
        external_id = content.get("external_id")
        for view in self._views.values():
            if external_id and view["external_id"] == external_id and view["id"] != own_id:
                raise SlackError("duplicate_external_id")

    def pop(self, view: Doc) -> None:
        """Close a view, and those above it."""
        stack = self._stacks[self._owners[view["id"]]]
        for view_id in stack[stack.index(view["id"]) :]:
            stack.remove(view_id)
            del self._views[view_id]
            del self._owners[view_id]

    def close_all(self, user_id: str) -> list[Doc]:
        """Close a person's whole stack and answer what was in it, the top one first."""
        closed = list(reversed(self.stack(user_id)))
        for view in closed:
            self.pop(view)
        return closed


def check_hash(view: Doc, given: str | None) -> None:
    """Refuse hash_conflict when the app means an older state of the view than it has."""
    if given and given != view["hash"]:
        raise SlackError("hash_conflict")


def view_json(content: Doc, view_id: str) -> Doc:
    """Answer the view object with everything Slack adds to what the app gave."""
    empty: Doc = {"callback_id": "", "private_metadata": "", "external_id": "", "state": {"values": {}}}
    empty |= {"title": None, "submit": None, "close": None, "clear_on_close": False, "notify_on_close": False}
    added: Doc = {"id": view_id, "team_id": ids.TEAM_ID, "app_id": ids.APP_ID, "bot_id": ids.BOT_ID}
    added |= {"app_installed_team_id": ids.TEAM_ID, "hash": ids.new_id("h"), "root_view_id": view_id}
    return empty | content | added | {"previous_view_id": None}


def state_of(view: Doc) -> dict[str, Any]:
    """Answer the values typed so far, by block_id and action_id."""
    values: dict[str, Any] = view["state"]["values"]
    return values
