"""People come to the workspace and change."""

import re
from dataclasses import fields
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playground import ids
from playground.delivery.events import tell_app
from playground.errors import SlackError
from playground.records import Doc, Person

if TYPE_CHECKING:
    from playground.site import Site

_TYPES = {
    field.name: bool if field.type in (bool, "bool") else str for field in fields(Person) if field.name != "updated"
}


_ID = re.compile(r"^[UW][A-Z0-9_-]{1,30}$")


def checked(facts: Doc) -> Doc:
    """Answer the facts about a person that a user object can hold. Refuses invalid_user with a reason."""
    for name, value in facts.items():
        if name not in _TYPES or not isinstance(value, _TYPES[name]):
            raise SlackError("invalid_user", detail=f"{name} is not a fact about a person, or not of its type")
    for name in ("name", "real_name"):
        if not facts.get(name, name).strip():
            raise SlackError("invalid_user", detail=f"{name} must not be empty")
    if not _ID.match(facts.get("id", "U0")):
        raise SlackError("invalid_user", detail="an id is U or W with up to 30 capital letters, digits, - and _")
    try:
        ZoneInfo(facts.get("tz", "UTC"))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SlackError("invalid_user", detail=f"tz {facts['tz']!r} is no time zone") from error
    return facts


def arrive(site: "Site", facts: Doc) -> Person:
    """Add somebody to the workspace. Refuses invalid_user and name_taken."""
    facts = checked(facts)
    if not facts.get("name") or not facts.get("real_name"):
        raise SlackError("invalid_user", detail="name and real_name are needed")
    given: Doc = {"id": ids.new_id("U"), "email": f"{facts['name']}@fieldnotes.example"} | facts
    known = site.workspace.people
    if given["id"] in known or any(person.name == given["name"] for person in known.values()):
        raise SlackError("name_taken")
    person = Person(**given, updated=int(site.clock()))
    site.workspace.save_person(person)
    site.stream.tell_all({"type": "user", "user": person.id})
    tell_app(site, {"type": "team_join", "user": _known_to_app(site, person)})
    return person


def change(site: "Site", person: Person, facts: Doc) -> None:
    """Change facts about somebody: a new name, ``deleted`` when they are deactivated. Refuses invalid_user."""
    if "id" in facts:
        raise SlackError("invalid_user", detail="an id stays as it is")
    for name, value in checked(facts).items():
        setattr(person, name, value)
    person.updated = int(site.clock())
    site.workspace.save_person(person)
    site.stream.tell_all({"type": "user", "user": person.id})
    tell_app(site, {"type": "user_change", "user": _known_to_app(site, person), "cache_ts": person.updated})


def _known_to_app(site: "Site", person: Person) -> Doc:
    """Answer the user object with no more than the app's scopes allow."""
    return person.as_json(with_email="users:read.email" in site.manifest.scopes)
