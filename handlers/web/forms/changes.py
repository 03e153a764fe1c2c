"""What the team says in response."""

from __future__ import annotations

from typing import ClassVar

from wtforms import BooleanField, FileField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from feedback import changes, loop
from handlers.web.forms.form import Form


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
