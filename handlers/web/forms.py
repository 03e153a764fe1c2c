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

from feedback import changes, hooks, identities, loop, rewards, themes
from feedback.errors import Refused
from feedback.rewards import codes
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


class OpenBudget(Form):
    name = StringField(
        "What is it for?",
        description="A name that managers know it by.",
        render_kw={"maxlength": rewards.LONGEST_BUDGET_NAME, "required": True, "autocomplete": "off"},
    )
    amount = StringField(
        "How much is in it",
        description="More can be added later.",
        render_kw={"inputmode": "decimal", "required": True},
    )
    currency = SelectField("Currency", description="It stays the same.", validate_choice=False)
    starts_on = StringField("From", description="Empty: from now on.", render_kw={"type": "date"})
    ends_on = StringField(
        "Until", description="The last day for a yes. Empty: there is none.", render_kw={"type": "date"}
    )
    nonce = HiddenField()


class ChangeBudget(Form):
    name = StringField("Name", render_kw={"maxlength": rewards.LONGEST_BUDGET_NAME, "required": True})
    starts_on = StringField("From", description="Empty: from the day it was opened.", render_kw={"type": "date"})
    ends_on = StringField(
        "Until", description="The last day for a yes. Empty: there is none.", render_kw={"type": "date"}
    )


class BudgetMoney(Form):
    way = SelectField("Which way?", validate_choice=False)
    amount = StringField("How much?", render_kw={"inputmode": "decimal", "required": True})
    note = StringField(
        "Why?", description="For the ledger. You may leave it empty.", render_kw={"maxlength": rewards.LONGEST_NOTE}
    )
    nonce = HiddenField()


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


class Link(Form):
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


class LiftHold(Form):
    why = TextAreaField(
        "Why may it go on?",
        description="Managers read this, and another manager then approves it. Whoever gets it learns nothing of it.",
        render_kw={"maxlength": rewards.holds.LONGEST_WHY, "required": True},
    )


class TaxLine(Form):
    country = StringField(
        "Country",
        description="Two letters, like US or DE.",
        render_kw={"maxlength": 2, "size": 2, "autocomplete": "off", "required": True},
    )
    year = StringField("Year", render_kw={"inputmode": "numeric", "maxlength": 4, "required": True})
    amount = StringField(
        "The line",
        description="From this sum on it has to be reported. Where there is none, write a very large one.",
        render_kw={"inputmode": "decimal", "required": True},
    )
    currency = SelectField("Currency", validate_choice=False)


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


class Settle(Form):
    why = TextAreaField(
        "What did you find?",
        description="For the other managers, and for whoever looks at the books.",
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
