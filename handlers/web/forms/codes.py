"""Lists of gift codes."""

from __future__ import annotations

from wtforms import FileField, HiddenField, StringField

from feedback.rewards import codes
from handlers.web.forms.form import Form


class Codes(Form):
    batch = StringField(
        "Name of the list",
        description="So that you find it again, like “Coffee cards, May”.",
        render_kw={"maxlength": codes.LONGEST_NAME, "required": True, "autocomplete": "off"},
    )
    file = FileField(
        "The list",
        description="A CSV file. Its first row names the columns: code, amount, currency, expires.",
        render_kw={"accept": ".csv,text/csv", "required": True},
    )


class SealedCodes(Form):
    """A list that was looked through. Nobody can read it on its way."""

    sealed = HiddenField()


class WithdrawCodes(Form):
    batch = HiddenField()
