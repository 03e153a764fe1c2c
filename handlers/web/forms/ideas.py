"""Setting one idea right, and saying which two are the same."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, StringField

from feedback import themes
from handlers.web.forms.form import Form


class Kind(Form):
    kind = SelectField("What is it?", validate_choice=False, render_kw={"required": True})


class Move(Form):
    name = StringField(
        "To which theme?",
        description="Choose one, or write the name of a new one.",
        render_kw={"maxlength": themes.LONGEST_NAME, "required": True, "list": "themes", "autocomplete": "off"},
    )


class Same(Form):
    into_id = SelectField("Ideas", validate_choice=False)
    goes = HiddenField()
    """`other`: the chosen one goes into this one, and not the other way round."""


class Answer(Form):
    """To a question whether two ideas ask for the same; each answer is a button."""

    verdict = HiddenField()
