"""Who somebody is, what they may do and what they want to hear."""

from __future__ import annotations

from wtforms import RadioField, SelectField, StringField, TextAreaField

from feedback import identities
from handlers.web.forms.form import Form


class Continue(Form):
    member_id = SelectField("Somebody else", validate_choice=False)


class Role(Form):
    role = SelectField("Role", validate_choice=False)


class Hears(Form):
    hears = RadioField("How much Roundtrip tells you", validate_choice=False)


class LinkAccounts(Form):
    """Two accounts of one person."""

    who = StringField(
        "One account",
        description="Their name in Slack, like @ana.",
        render_kw={"required": True, "autocomplete": "off", "spellcheck": "false"},
    )
    other = StringField(
        "The other account",
        description="Their name in Slack too.",
        render_kw={"required": True, "autocomplete": "off", "spellcheck": "false"},
    )
    why = TextAreaField(
        "How do you know?",
        description="Only managers see this.",
        render_kw={"maxlength": identities.LONGEST_WHY, "required": True},
    )
