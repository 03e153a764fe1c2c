"""Issues in the trackers, and what is set for them."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from feedback import work
from handlers.web.forms.form import Form


class LinkWork(Form):
    url = StringField(
        "Address of an issue or pull request",
        description="At GitHub, GitLab, Linear or Jira.",
        render_kw={"maxlength": work.LONGEST_URL, "required": True, "inputmode": "url", "placeholder": "https://"},
    )


class OrderWork(Form):
    source = SelectField("Where", validate_choice=False)
    place = StringField(
        "Repository or team",
        description="At GitHub owner/repository, at Linear the team’s short name.",
        render_kw={"required": True, "autocomplete": "off", "spellcheck": "false"},
    )
    title = StringField("Title", render_kw={"maxlength": work.LONGEST_TITLE, "required": True})
    body = TextAreaField(
        "Text",
        description="Read it over: whoever can see the tracker can read it.",
        render_kw={"maxlength": work.LONGEST_BODY},
    )
    nonce = HiddenField()


class TrackerAccount(Form):
    source = HiddenField()
    api_url = StringField("Address of its API", render_kw={"inputmode": "url", "spellcheck": "false"})
    token = StringField(
        "Token",
        description="Stored encrypted and shown to nobody again. Leave it empty to keep the one that is there.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    place = StringField(
        "Where issues are made",
        description="At GitHub owner/repository, at Linear the team’s short name. You may leave it empty.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class TrackerRules(Form):
    on_started = SelectField("When work on it begins", validate_choice=False)
    on_done = SelectField("When it is finished", validate_choice=False)
    on_not_planned = SelectField("When it is closed as not planned", validate_choice=False)
    statuses = TextAreaField(
        "Your own words",
        description="A line each, like: In Review = planned. Where a line fits, it comes before the three above.",
        render_kw={"spellcheck": "false"},
    )
    tells = SelectField("Where somebody linked the work to an idea themselves", validate_choice=False)
    comments = SelectField("When something is decided here", validate_choice=False)
