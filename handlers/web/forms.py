"""The hub's forms: what each field is called and what was typed into it. What is allowed is the domain's to say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Self

import wtforms
from flask import request
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from feedback import changes, hooks, loop, rewards, themes
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


class Continue(Form):
    member_id = SelectField("Somebody else", validate_choice=False)


class Role(Form):
    role = SelectField("Role", validate_choice=False)


class Post(Form):
    """A button and nothing to fill in."""


class Plan(Form):
    summary = TextAreaField(
        "What do you want to tell them?",
        description="You may leave this empty. Everyone who asked for it is told that it is planned.",
        render_kw={"maxlength": changes.LONGEST_SUMMARY},
    )


class Decline(Form):
    reason = SelectField(
        "Why not?",
        description="The one that comes closest.",
        validate_choice=False,
        render_kw={"required": True},
    )
    summary = TextAreaField(
        "In a sentence",
        description="Everyone who asked for it reads the reason and this.",
        render_kw={"maxlength": changes.LONGEST_SUMMARY, "required": True},
    )


class Ask(Form):
    summary = TextAreaField(
        "What would you like to know?",
        description="Everyone behind it reads this, and can answer. It stays as it is.",
        render_kw={"maxlength": changes.LONGEST_SUMMARY, "required": True},
    )


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


class Kind(Form):
    kind = SelectField("What is it?", validate_choice=False, render_kw={"required": True})


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


class Undo(Form):
    """What became of a theme, to be as it was before."""

    event_id = HiddenField()


class Answer(Form):
    """To a question whether two ideas ask for the same; each answer is a button."""

    verdict = HiddenField()


class Split(Form):
    idea_ids = SelectMultipleField("Ideas", validate_choice=False)
    name = StringField(
        "What should the new theme be called?",
        description="The ideas that you ticked above move there.",
        render_kw={"maxlength": themes.LONGEST_NAME},
    )


class Ship(Form):
    """Three steps with one set of fields: write, see who will hear, tell them."""

    ALIASES: ClassVar[dict[str, str]] = {"ideas": "idea_ids"}

    summary = TextAreaField(
        "What changed?",
        description="One or two sentences, as you would tell a friend. They read it in Slack, below their own words.",
        render_kw={"maxlength": changes.LONGEST_SUMMARY, "required": True},
    )
    reason = SelectField(
        "Why not?", description="The one that comes closest.", validate_choice=False, render_kw={"required": True}
    )
    url = StringField(
        "Where can they see it?",
        description="A link, if there is one.",
        render_kw={"maxlength": changes.LONGEST_URL, "placeholder": "https://", "inputmode": "url"},
    )
    theme_ids = SelectMultipleField("Themes", validate_choice=False)
    idea_ids = SelectMultipleField("Ideas", validate_choice=False)
    words = TextAreaField(
        "How is it told?",
        description="Between braces stands what differs from one to the other. This time only; Settings has the usual "
        "text.",
        render_kw={"maxlength": loop.words.LONGEST},
    )
    tell_at = StringField(
        "When?",
        description="Empty: now. What becomes of the ideas stands at once; people hear of it then.",
        render_kw={"type": "datetime-local"},
    )
    is_minor = BooleanField("A small thing: only in the weekly digest")
    announces = BooleanField("Also a note in the channel for news")
    q = StringField("Find an idea")
    kind = HiddenField()
    """shipped, planned, declined or asked."""
    proposed = HiddenField()
    """What waited for a person to say that people hear of it; empty where somebody wrote it by hand."""
    nonce = HiddenField()
    step = HiddenField()


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


class Changelog(Form):
    text = TextAreaField(
        "The changelog",
        description="Its versions, each with what changed. The newest are enough.",
        render_kw={"spellcheck": "false"},
    )
    file = FileField(
        "Or its file",
        description="CHANGELOG.md, as text in UTF-8. It goes before what is pasted.",
        render_kw={"accept": ".md,.markdown,.txt,text/plain,text/markdown"},
    )
    versions = SelectMultipleField("Versions", validate_choice=False)
    step = HiddenField()


class Approve(Form):
    gift = StringField(
        "Code or link",
        description="Only they will see it, in a message from the app. It is stored encrypted.",
        render_kw={"maxlength": rewards.LONGEST_GIFT, "autocomplete": "off", "spellcheck": "false", "required": True},
    )


class DeclineReward(Form):
    why = TextAreaField(
        "Why not?",
        description="Only managers see this. They read: Not this time.",
        render_kw={"maxlength": rewards.LONGEST_WHY, "required": True},
    )


class TakeBack(Form):
    why = TextAreaField(
        "Why is it taken back?",
        description="They read this in Slack.",
        render_kw={"maxlength": rewards.LONGEST_RETURN_WHY, "required": True},
    )


class Undelivered(Form):
    """Which attempt the manager read of, so that a second press is no news."""

    attempt = HiddenField()


class Hears(Form):
    hears = RadioField("How much Roundtrip tells you", validate_choice=False)


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


class Settings(Form):
    triage_channel_id = SelectField(
        "Triage channel",
        description="New ideas appear here with buttons, for the product team.",
        validate_choice=False,
    )
    managers_channel_id = SelectField(
        "Managers’ channel", description="Thank-yous that wait for a yes appear here.", validate_choice=False
    )
    reward = StringField(
        "Amount",
        description="Proposed when somebody says that what they asked for helps.",
        render_kw={"inputmode": "decimal", "required": True},
    )
    reward_currency = SelectField("Currency", validate_choice=False)
    pays_by = SelectField("How it is paid", validate_choice=False)
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
