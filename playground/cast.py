"""Who and what an empty workspace starts with. These ids are fixed: tests are written against them."""

from playground import community, ids
from playground.records import Channel, Person
from playground.workspace import Workspace

PEOPLE = (
    Person("U0ANA", "ana", "Ana Ferreira", title="Customer"),
    Person("U0BO", "bo", "Bo Lindqvist", title="Community moderator"),
    Person("U0CY", "cy", "Cy Okafor", title="Product", tz="Europe/London"),
    Person(
        "U0DI", "di", "Di Marchetti", title="Community manager", is_admin=True, is_owner=True, is_primary_owner=True
    ),
    Person("U0FLO", "flo", "Flo Baptiste", title="Customer", tz="Europe/Paris"),
    Person("U0GUS", "gus", "Gus Tanaka", title="Customer", tz="Asia/Tokyo"),
)
_EVERYONE = [person.id for person in PEOPLE]


def bot(name: str) -> Person:
    """Answer the app's own user."""
    return Person(ids.BOT_USER_ID, name.lower(), name, title="App", is_bot=True)


def fill(workspace: Workspace, *, bot_name: str, now: float) -> None:
    """Put the cast and its channels into an empty workspace."""
    workspace.save_person(bot(bot_name))
    for person in PEOPLE:
        workspace.save_person(Person(**(vars(person) | {"email": f"{person.name}@fieldnotes.example"})))
    for channel in _channels():
        channel.created = int(now)
        workspace.save_channel(channel)


def _channels() -> list[Channel]:
    """Answer the channels of the beginning; in #lounge the app is not a member."""
    app = ids.BOT_USER_ID
    return [
        Channel("C0GENERAL", "general", purpose="Everything and everyone", members=[*_EVERYONE, app]),
        Channel("C0IDEAS", "ideas", purpose="What would make things better", members=[*_EVERYONE, app]),
        Channel("C0HELP", "help", purpose="Ask, and be answered", members=[*_EVERYONE, app]),
        Channel("C0LOUNGE", "lounge", purpose="Anything else", members=list(_EVERYONE)),
        Channel("C0TRIAGE", "triage", is_private=True, members=["U0BO", "U0CY", "U0DI", app]),
        Channel("C0MANAGERS", "managers", is_private=True, members=["U0DI", app]),
    ]


def community_people() -> list[Person]:
    """Answer the members of the invented community as people: m017 is U0M017."""
    return [
        Person("U0" + one["id"].upper(), one["name"], one["real_name"], title="Customer", tz=one["tz"])
        for one in community.members()
    ]


def add_community(workspace: Workspace, *, now: float) -> None:
    """Add the community's members, and the channels in which they talk. The app is in those channels."""
    newcomers = [person for person in community_people() if person.id not in workspace.people]
    for person in newcomers:
        person.email, person.updated = f"{person.name}@fieldnotes.example", int(now)
        workspace.save_person(person)
    for name in community.CHANNELS:
        known = next((one for one in workspace.channels.values() if one.name == name), None)
        channel = known or Channel("C0" + name.replace("-", "").upper(), name, created=int(now))
        everyone = [person.id for person in workspace.people.values()]
        channel.members += [user_id for user_id in everyone if user_id not in channel.members]
        workspace.save_channel(channel)
