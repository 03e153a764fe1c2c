"""What is set for the whole workspace, what trackers sign with, and what could not be delivered."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField

from feedback import hooks
from handlers.web.forms.form import Form


class Settings(Form):
    triage_channel_id = SelectField(
        "Triage channel",
        description="New ideas appear here with buttons, for the product team.",
        validate_choice=False,
    )
    managers_channel_id = SelectField(
        "Managers’ channel", description="Thank-yous that wait for a yes appear here.", validate_choice=False
    )
    themes = SelectField(
        "When ideas belong together another way than the themes say",
        description="Pinned themes, named ones, and ideas that somebody has placed always wait for a person.",
        validate_choice=False,
    )
    listening_to = SelectMultipleField("Channels", validate_choice=False)
    capture = SelectMultipleField("What becomes of talk there", validate_choice=False)
    capture_percent = StringField(
        "How sure, of 100",
        description="Where feedback is kept without asking, it must be at least so sure. The rest waits for the team.",
        render_kw={"inputmode": "numeric"},
    )


class HookSecret(Form):
    """What a tracker and we share: made here, or made there and pasted."""

    source = HiddenField()
    nonce = HiddenField()
    secret = StringField(
        "The tracker’s own secret",
        render_kw={"maxlength": hooks.LONGEST_SECRET, "autocomplete": "off", "spellcheck": "false"},
    )
    others = SelectField("And the secret that is there?", validate_choice=False)


class Undelivered(Form):
    """Which attempt the manager read of, so that a second press is no news."""

    attempt = HiddenField()
