"""Setting one theme right."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField

from feedback import themes
from handlers.web.forms.form import Form


class Rename(Form):
    name = StringField(
        "What should it be called?",
        description="Your name stays, however often ideas are grouped again. No suggestion takes an idea out of it.",
        render_kw={"maxlength": themes.LONGEST_NAME, "required": True},
    )


class Merge(Form):
    into_id = SelectField(
        "Into which theme?",
        description="All its ideas go there, and so do old links to it.",
        validate_choice=False,
        render_kw={"required": True},
    )


class Split(Form):
    idea_ids = SelectMultipleField("Ideas", validate_choice=False)
    name = StringField(
        "What should the new theme be called?",
        description="The ideas that you ticked above move there.",
        render_kw={"maxlength": themes.LONGEST_NAME},
    )


class Undo(Form):
    """What became of a theme, to be as it was before."""

    event_id = HiddenField()
