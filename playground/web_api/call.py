"""One call of a Web API method: its arguments read as Slack reads them, and the table of all methods."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from playground import ids
from playground.errors import SlackError
from playground.records import Channel, Doc, Person
from playground.site import Site

_TRUE = {"1", "true", "True"}


@dataclass
class Call:
    """A call whose token is known to be good.

    ``args`` come from JSON (any type), from a form or from the query (strings). ``scopes`` are the token's.
    """

    site: Site
    method: str
    args: Doc
    scopes: Collection[str]
    user_id: str = ids.BOT_USER_ID

    def text(self, name: str, default: str | None = None) -> str:
        """Answer an argument as text. Refuses invalid_arguments when it is missing and has no default."""
        value = self.args.get(name)
        if value is None or value == "":
            if default is None:
                raise invalid_arguments(f"missing required field: {name}")
            return default
        if isinstance(value, bool | int | float):
            return str(value)
        if not isinstance(value, str):
            raise invalid_arguments(f"must be a string: {name}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Answer an argument as yes or no."""
        value = self.args.get(name, default)
        return value if isinstance(value, bool) else str(value) in _TRUE

    def number(self, name: str, default: int) -> int:
        """Answer an argument as a whole number. Refuses invalid_arguments."""
        try:
            return int(self.text(name, str(default)))
        except ValueError:
            raise invalid_arguments(f"must be a number: {name}") from None

    def needs(self, *scopes: str) -> None:
        """Refuse missing_scope unless the token has one of these."""
        if scopes and not set(scopes) & set(self.scopes):
            raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(self.scopes)))

    def person(self, name: str = "user") -> Person:
        """Answer the person an argument names. Refuses user_not_found."""
        return self.site.workspace.person(self.text(name).removeprefix("@"))

    def channel(self, name: str = "channel") -> Channel:
        """Answer the channel an argument names, if the app may know of it. Refuses channel_not_found."""
        channel = self.site.workspace.channel(self.text(name))
        if channel.is_private and self.user_id not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def readable(self, family: str) -> Channel:
        """Answer the channel to read from, if the scopes allow its kind: ``history`` or ``read``."""
        channel = self.channel()
        kind = {"channel": "channels", "group": "groups", "im": "im"}[channel.kind]
        self.needs(f"{kind}:{family}")
        return channel


def invalid_arguments(*messages: str) -> SlackError:
    """Answer the refusal of wrong arguments, with what is wrong with them."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {text}" for text in messages]})


Answer = Callable[[Call], Doc]
AnswerT = TypeVar("AnswerT", bound=Answer)


@dataclass(frozen=True)
class Method:
    """A method: who may call it (``bot``, ``app``, ``user``, or ``client`` by id and secret), its scopes and its tier.

    ``scopes`` are alternatives. A ``tier`` of None is special: it is not counted here.
    """

    answer: Answer
    scopes: tuple[str, ...]
    tier: int | None
    caller: str


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, tier: int | None = 3, caller: str = "bot") -> Callable[[AnswerT], AnswerT]:
    """Enter a function into the table of methods."""

    def enter(answer: AnswerT) -> AnswerT:
        METHODS[name] = Method(answer, scopes, tier, caller)
        return answer

    return enter
