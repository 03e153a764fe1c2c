"""What every form of the hub's is, and the one that only has a button."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Self

import wtforms
from flask import request

from feedback.errors import Refused
from handlers.web.pages import id_in


class Form(wtforms.Form):
    """Fields have the names that the domain's `Refused` gives them, so that its words stand below the right one.

    The token against forged forms is checked before any of this, for every POST; parts.html writes it.
    """

    ALIASES: ClassVar[dict[str, str]] = {}
    """The domain's name of a field -> ours, where one question is asked with several inputs."""

    @classmethod
    def sent(cls) -> Self:
        """As somebody filled it in."""
        return cls(request.form)

    @classmethod
    def blank(cls, **values: Any) -> Self:
        """For showing it: nothing of what was sent, which was meant for another form of the same page."""
        return cls(data=values)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Around what the form asks for. Afterwards `errors` tells whether it was refused."""
        try:
            yield
        except Refused as refused:
            field = self._fields.get(self.ALIASES.get(refused.field, refused.field))
            if field is None:
                self.form_errors.append(refused.say)
            else:
                field.errors = [refused.say]

    def said(self, name: str) -> str:
        """What was typed or chosen. PostgreSQL takes no NUL."""
        return str(self._fields[name].data or "").replace("\x00", "").replace("\r\n", "\n")

    def id_of(self, name: str) -> int:
        return id_in(self.said(name))

    def is_ticked(self, name: str) -> bool:
        return bool(self._fields[name].data)

    def chosen(self, name: str) -> list[str]:
        return [str(value) for value in self._fields[name].data or []]

    def ids(self, name: str) -> list[int]:
        return [id_in(value) for value in self.chosen(name)]


class Post(Form):
    """A button and nothing to fill in."""
