"""What is given for what, and what the team does so that somebody earns it."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from feedback import rewards
from handlers.web.forms.form import Form

NUMBER: dict[str, Any] = {"inputmode": "numeric", "maxlength": 5, "required": True}
AMOUNT: dict[str, Any] = {"inputmode": "decimal", "maxlength": 12}


class Rule(Form):
    points = StringField("Points", render_kw=NUMBER)
    provider = SelectField("What else, and how it gets to them", validate_choice=False)
    amount = StringField("Amount", description="Empty: no money.", render_kw=AMOUNT)
    currency = SelectField("Currency", validate_choice=False)
    budget_id = SelectField("Out of which budget", validate_choice=False)
    link = StringField(
        "Link", description="Only for choosing a time.", render_kw={"inputmode": "url", "placeholder": "https://"}
    )
    words = TextAreaField(
        "Words to them",
        description="What they read with it. For a privilege: what it is. Empty: as usual.",
        render_kw={"maxlength": rewards.LONGEST_WORDS},
    )
    vesting_days = StringField(
        "Days to wait",
        description="After somebody else confirmed it, so that what does not last is not rewarded.",
        render_kw=NUMBER,
    )
    most_a_year = StringField(
        "At most so often", description="A person and year. 0: as often as it happens.", render_kw=NUMBER
    )
    supporters = StringField("People behind it", description="At least so many.", render_kw=NUMBER)
    most_a_quarter = StringField(
        "At most so many a quarter", description="The others wait for the next. 0: any number.", render_kw=NUMBER
    )
    proposed_by = SelectField("Who may propose it", validate_choice=False)


class RewardLimits(Form):
    two_approve_above = StringField(
        "Two managers approve from more than", description="In whatever currency it is.", render_kw=AMOUNT
    )
    nearly_spent_percent = StringField(
        "And whenever so much of a budget is spent",
        description="Of 100. From there on every reward out of it needs two.",
        render_kw=NUMBER,
    )
    reward_after_days = StringField(
        "Days before somebody new receives anything", description="Counted from when they joined.", render_kw=NUMBER
    )
    rewards_guests = SelectField("Guests of a few channels", validate_choice=False)
    most_rewards_a_month = StringField(
        "At most so many a month", description="With money, to one person. 0: any number.", render_kw=NUMBER
    )
    most_a_year = StringField(
        "At most so much a year", description="To one person, in each currency. Empty: any sum.", render_kw=AMOUNT
    )
    blind_percent = StringField(
        "Scored by a second person",
        description="Of 100 scored ideas so many, by somebody who does not see the first score.",
        render_kw=NUMBER,
    )
    half_life_days = StringField(
        "Days until points count half", description="So that what is long ago weighs less.", render_kw=NUMBER
    )
    has_board = SelectField("Leaderboard", validate_choice=False)


class Thank(Form):
    member_id = SelectField("Whom?", validate_choice=False, render_kw={"required": True})
    trigger = SelectField("What for?", validate_choice=False, render_kw={"required": True})
    note = TextAreaField(
        "What was good about it?",
        description="Only the team reads this. Somebody else confirms it, then a manager approves it.",
        render_kw={"maxlength": rewards.LONGEST_PRAISE, "required": True},
    )


class Score(Form):
    """One question for each criterion; what they are called is the domain's to say."""

    specific = RadioField("Specific", validate_choice=False)
    reproducible = RadioField("Reproducible", validate_choice=False)
    novel = RadioField("New", validate_choice=False)
    evidence = RadioField("Evidence", validate_choice=False)


class Share(Form):
    trigger = RadioField("What is it for?", validate_choice=False)
    idea_ids = SelectMultipleField("Ideas", validate_choice=False)


class Wants(Form):
    """Which of two buttons somebody pressed: yes or no."""

    wants = HiddenField()
