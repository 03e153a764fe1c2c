"""What managers decide about one reward, and how its gift reaches somebody."""

from __future__ import annotations

from wtforms import HiddenField, StringField, TextAreaField

from feedback import rewards
from handlers.web.forms.form import Form


class Seen(Form):
    version = HiddenField()
    """Of the reward, as the page showed it. What was decided about another one is refused."""


class Approve(Seen):
    gift = StringField(
        "Code or link",
        description="Only they will see it, in a message from the app. It is stored encrypted.",
        render_kw={"maxlength": rewards.LONGEST_GIFT, "autocomplete": "off", "spellcheck": "false", "required": True},
    )


class DeclineReward(Seen):
    why = TextAreaField(
        "Why not?",
        description="Only managers see this. They read: Not this time.",
        render_kw={"maxlength": rewards.LONGEST_WHY, "required": True},
    )


class AskReward(Seen):
    question = TextAreaField(
        "What would you like to know?",
        description="Whoever proposed it gets it in a message. It can be approved meanwhile.",
        render_kw={"maxlength": rewards.LONGEST_QUESTION, "required": True},
    )


class AnswerReward(Form):
    answer = TextAreaField(
        "What do you know?",
        description="Managers read it before they decide.",
        render_kw={"maxlength": rewards.LONGEST_QUESTION, "required": True},
    )


class LiftHold(Form):
    why = TextAreaField(
        "Why may it go on?",
        description="Managers read this, and another manager then approves it. Whoever gets it learns nothing of it.",
        render_kw={"maxlength": rewards.holds.LONGEST_WHY, "required": True},
    )


class WasPaid(Form):
    why = TextAreaField(
        "How do you know?",
        description="Where you saw it, for the other managers.",
        render_kw={"maxlength": rewards.LONGEST_WHY, "required": True},
    )
    gift = StringField(
        "Code or link",
        description="Only if they do not have it yet. Then they are sent it, and nobody else sees it.",
        render_kw={"maxlength": rewards.LONGEST_GIFT, "autocomplete": "off", "spellcheck": "false"},
    )


class WasNotPaid(Form):
    why = TextAreaField(
        "How do you know?",
        description="Where you looked, for the other managers.",
        render_kw={"maxlength": rewards.LONGEST_WHY, "required": True},
    )


class Revoke(Form):
    why = TextAreaField(
        "Why is it taken back?",
        description="They read this in the app’s Home, and so do the other managers.",
        render_kw={"maxlength": rewards.LONGEST_REVOKE_WHY, "required": True},
    )


class TakeBack(Form):
    why = TextAreaField(
        "Why is it taken back?",
        description="They read this in Slack.",
        render_kw={"maxlength": rewards.LONGEST_RETURN_WHY, "required": True},
    )
