"""Faults on request: what goes wrong, where, how often. Drawn by a seed, so that a run can be repeated."""

import random
from dataclasses import dataclass, field
from typing import Any

from playground.errors import SlackError

WHERE = {
    "api": {"drop", "cut", "cut_after", "delay", "error", "error_after", "rate_limit"},
    "event": {"drop", "delay", "duplicate", "reorder", "cut", "error"},
    "interaction": {"drop", "delay", "cut", "error"},
    "payout": {
        *("drop", "cut", "cut_after", "delay", "error", "error_after", "rate_limit"),
        *("hang", "hang_after", "pend"),
    },
    "payout_hook": {"drop", "delay", "duplicate", "reorder", "error"},
    "tracker": {"drop", "cut", "cut_after", "delay", "error", "error_after", "rate_limit"},
    "hook": {"drop", "delay", "duplicate", "cut", "error"},
}


@dataclass
class Fault:
    """One fault.

    ``on``: api, event, interaction (with slash commands), payout (the gift service's API), payout_hook (what it tells),
    tracker (its API) or hook (what it tells). ``match``: the method or response_url, the event's type or subtype, the
    interaction's type or callback_id or action_id or the command, the HTTP method of the tracker or the gift service,
    the path below its API, or both as in "POST /orders", the hook's event or event.action; ``*`` is all. ``seconds``:
    how long a delay or a silence lasts (hang before the effect, hang_after after it), after how long to come again
    (rate_limit), how long at most an event waits for another to overtake it (reorder). ``pend``: an order that
    somebody has to approve first. ``times`` is how often it still happens, None until it is cleared.
    ``chance`` is the share of matches it hits.
    """

    on: str
    do: str
    match: str = "*"
    seconds: float = 1.0
    error: str | int = "internal_error"
    times: int | None = None
    chance: float = 1.0
    seed: int = 1
    drawn: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.drawn = random.Random(self.seed)

    def hits(self, on: str, names: tuple[str, ...]) -> bool:
        """Draw whether the fault happens to something known by these names."""
        if self.on != on or self.times == 0 or (self.match != "*" and self.match not in names):
            return False
        if self.drawn.random() >= self.chance:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The faults in force, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def take(self, on: str, *names: str) -> Fault | None:
        """Answer the first fault that happens now, or None."""
        return next((fault for fault in self._faults if fault.hits(on, names)), None)

    def ask(self, wishes: list[Any]) -> None:
        """Add faults as the control API is given them; all or, when one is wrong, none. Refuses invalid_fault."""
        self._faults.extend([_read(wish) for wish in wishes])

    def clear(self) -> None:
        """Let everything work again."""
        self._faults.clear()


def _read(wish: Any) -> Fault:
    """Check one wish for a fault."""
    known = {"on", "match", "do", "seconds", "error", "times", "chance", "seed"}
    if not isinstance(wish, dict) or set(wish) - known:
        raise SlackError("invalid_fault", detail=f"a fault is an object with {', '.join(sorted(known))}")
    if wish.get("do") not in WHERE.get(str(wish.get("on")), set()):
        raise SlackError("invalid_fault", detail=f"on and do must be among {_choices()}")
    for name, types in {
        "seconds": (int, float),
        "chance": (int, float),
        "times": (int, type(None)),
        "seed": (int,),
    }.items():
        if name in wish and (not isinstance(wish[name], types) or isinstance(wish[name], bool)):
            raise SlackError("invalid_fault", detail=f"{name} is not a number")
    if (wish.get("times") or 0) < 0 or wish.get("seconds", 0) < 0:
        raise SlackError("invalid_fault", detail="times and seconds are not negative")
    if not isinstance(wish.get("error", ""), str) and wish["error"] not in range(400, 600):
        raise SlackError("invalid_fault", detail="error is an error's name or an HTTP status from 400 to 599")
    if not isinstance(wish.get("match", ""), str):
        raise SlackError("invalid_fault", detail="match is a name or *")
    return Fault(**wish)


def _choices() -> str:
    """Answer what may be asked for, for people."""
    return "; ".join(f"{on}: {', '.join(sorted(kinds))}" for on, kinds in WHERE.items())
