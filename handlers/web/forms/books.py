"""Budgets, the lines from which on sums are reported, and what the payout service has other than we do."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from feedback import rewards
from handlers.web.forms.form import Form


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


class Settle(Form):
    why = TextAreaField(
        "What did you find?",
        description="For the other managers, and for whoever looks at the books.",
        render_kw={"maxlength": rewards.LONGEST_WHY, "required": True},
    )
