"""The one exception whose words people read, and its kind that keeps what was found on the way."""

from __future__ import annotations


class Refused(Exception):
    """What somebody asked for cannot be done, and `say` tells them why, in words for them.

    `field` names the input that was wrong, where there was one: the edge shows `say` below it.
    """

    def __init__(self, say: str, field: str = "") -> None:
        super().__init__(say)
        self.say = say
        self.field = field


class Noted(Refused):
    """Refused too, but what was written before is kept: it is why. Whoever raises it has done nothing yet of what was
    asked for."""
