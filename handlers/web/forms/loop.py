"""How people are told, and how soon they should be."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from feedback import loop
from handlers.web.forms.form import Form


class Words(Form):
    """How each kind of change is told, and where news go."""

    shipped = TextAreaField("When something shipped", render_kw={"maxlength": loop.words.LONGEST})
    planned = TextAreaField("When something is planned", render_kw={"maxlength": loop.words.LONGEST})
    declined = TextAreaField("When something is declined", render_kw={"maxlength": loop.words.LONGEST})
    asked = TextAreaField("When you would like to know more", render_kw={"maxlength": loop.words.LONGEST})
    announcement_channel_id = SelectField(
        "Channel for news",
        description="Whoever ships something can tick a note there. Without a channel there is no such note.",
        validate_choice=False,
    )
    step = HiddenField()


class Telling(Form):
    quiet = SelectField("At night", validate_choice=False)
    quiet_from = StringField(
        "Quiet from",
        description="On the clock of each person, as their profile in Slack says where they are.",
        render_kw={"placeholder": "21:00", "maxlength": 5, "required": True},
    )
    quiet_to = StringField(
        "Until",
        description="What came in the meantime is told then.",
        render_kw={"placeholder": "08:00", "maxlength": 5, "required": True},
    )
    notices_a_week = StringField(
        "One by one, at most",
        description="To one person in seven days. The rest waits for their week’s message. 0 means no limit.",
        render_kw={"inputmode": "numeric", "maxlength": 3, "required": True},
    )
    digest_weekday = SelectField(
        "The week’s message comes on",
        description="Whoever has nothing waiting gets none.",
        validate_choice=False,
    )
    digest_at = StringField(
        "At",
        description="On the clock of each person.",
        render_kw={"placeholder": "09:00", "maxlength": 5, "required": True},
    )


class Hearing(Form):
    remind_after_days = StringField(
        "Ask again after so many days",
        description="Whoever was told that something shipped, and says nothing, is asked once more. 0: nobody is.",
        render_kw={"inputmode": "numeric", "required": True},
    )
    reopen_after = StringField(
        "How many of those who backed it open it again",
        description="So many have to say “not yet”. Of whoever wrote it, one is enough.",
        render_kw={"inputmode": "numeric", "required": True},
    )
    ask_first_days = StringField(
        "How many days they are asked first",
        description="When it ships again, those who said “not yet” hear first. The others hear when it helped one of "
        "them, or after so many days. 0: everybody at once.",
        render_kw={"inputmode": "numeric", "required": True},
    )
    appeal_supporters = StringField(
        "How many new people it takes to look again",
        description="Somebody can ask once more for what was declined. It comes back to the inbox when so many new "
        "people back it.",
        render_kw={"inputmode": "numeric", "required": True},
    )


class Limits(Form):
    answer_days = StringField(
        "Days within which everybody should have an answer",
        description="Counted from what they wrote, or from their “not yet”.",
        render_kw={"inputmode": "numeric", "required": True},
    )
    late_percent = StringField(
        "Of 100 people, so many may wait longer",
        description="When clearly more do, the triage channel hears of it.",
        render_kw={"inputmode": "numeric", "required": True},
    )
    tells = SelectMultipleField("In the triage channel", validate_choice=False)
