"""What manifest.yml says the app may do and hear. The playground enforces it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Manifest:
    """The parts of the Slack app's manifest that decide something here.

    ``shortcuts`` hold name, type (global or message), callback_id, description; ``commands`` hold command,
    description, usage_hint, should_escape.
    """

    bot_name: str
    scopes: frozenset[str]
    events: frozenset[str]
    shortcuts: tuple[dict[str, Any], ...]
    commands: tuple[dict[str, Any], ...]
    has_home: bool
    has_messages: bool
    takes_messages: bool

    def shortcut(self, callback_id: str) -> dict[str, Any] | None:
        """Answer the shortcut with this callback_id."""
        return next((item for item in self.shortcuts if item["callback_id"] == callback_id), None)

    def command(self, name: str) -> dict[str, Any] | None:
        """Answer the slash command with this name, which begins with a slash."""
        return next((item for item in self.commands if item["command"] == name), None)


def read(path: Path) -> Manifest:
    """Read a manifest in YAML. Sections that are missing allow nothing."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    features = content.get("features", {})
    home = features.get("app_home", {})
    return Manifest(
        bot_name=features.get("bot_user", {}).get("display_name", "Roundtrip"),
        scopes=frozenset(content.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        events=frozenset(content.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])),
        shortcuts=tuple(features.get("shortcuts", [])),
        commands=tuple(features.get("slash_commands", [])),
        has_home=bool(home.get("home_tab_enabled")),
        has_messages=bool(home.get("messages_tab_enabled")),
        takes_messages=bool(home.get("messages_tab_enabled")) and not home.get("messages_tab_read_only_enabled"),
    )
