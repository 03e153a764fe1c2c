"""What people type becomes what Slack stores: entities, mentions, links."""

import re

from playground.workspace import Workspace

_TOKEN = re.compile(
    r"<(?:[@#][A-Z0-9]+(?:\|[^<>]*)?|![a-z^0-9A-Z]+(?:[|^][^<>]*)?|(?:https?://|mailto:)[^<>\s]+(?:\|[^<>]*)?)>"
)
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
_LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)\]}'\"]")
_MENTION = re.compile(r"(?<![\w@.])@([a-z0-9][a-z0-9._-]*)", re.IGNORECASE)
_CHANNEL = re.compile(r"(?<![\w#&])#([a-z0-9][a-z0-9_-]*)")


def escaped(text: str) -> str:
    """Escape & < > where they are not already part of an entity or of a token such as ``<@U0ANA>``."""
    parts, start = [], 0
    for token in _TOKEN.finditer(text):
        parts += [_escape(text[start : token.start()]), token.group()]
        start = token.end()
    return "".join([*parts, _escape(text[start:])])


def typed(text: str, workspace: Workspace) -> str:
    """Turn what a person typed into Slack's form: escaped, with ``@bo``, ``#ideas`` and addresses made tokens."""
    parts, start = [], 0
    for token in _TOKEN.finditer(text):
        parts += [_marked(text[start : token.start()], workspace), token.group()]
        start = token.end()
    return "".join([*parts, _marked(text[start:], workspace)])


def _escape(text: str) -> str:
    """Escape a piece that holds no token."""
    return _ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def _marked(text: str, workspace: Workspace) -> str:
    """Escape a piece that holds no token, then make its links, and the mentions between them, tokens."""
    parts, start, plain = [], 0, _escape(text)
    for link in _LINK.finditer(plain):
        parts += [_mentions(plain[start : link.start()], workspace), f"<{link.group()}>"]
        start = link.end()
    return "".join([*parts, _mentions(plain[start:], workspace)])


def _mentions(text: str, workspace: Workspace) -> str:
    """Make the names of people and of public channels tokens; names nobody has stay as they are."""
    people = {person.name.lower(): person.id for person in workspace.people.values()} if "@" in text else {}
    channels = {one.name: one.id for one in workspace.channels.values() if not one.is_private} if "#" in text else {}

    def person(match: re.Match[str]) -> str:
        name = match.group(1).rstrip(".-")
        rest = match.group(1)[len(name) :]
        if name.lower() in {"here", "channel", "everyone"}:
            return f"<!{name.lower()}>{rest}"
        return f"<@{people[name.lower()]}>{rest}" if name.lower() in people else match.group()

    def channel(match: re.Match[str]) -> str:
        name = match.group(1)
        return f"<#{channels[name]}|{name}>" if name in channels else match.group()

    return _CHANNEL.sub(channel, _MENTION.sub(person, text))
