"""What reads as a promise, and by when: patterns for English, made for precision.

Whoever is asked needlessly stops reading the question, so what is only wished, asked, doubted or denied is none.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

WILL = r"(?:(?:i|we)(?:'ll| will| shall|'m going to|'re going to| am going to| are going to| can have| promise to))"
DOES = (
    r"(?:add|ask|bring|build|change|check|clarify|correct|deal|deliver|do|dig|escalate|find|finish|fix|follow|get|give|"
    r"handle|have|improve|investigate|keep you|launch|let you|look|make|patch|pick|post|prepare|publish|put|raise|"
    r"release|repair|replace|report|resolve|restore|roll|send|share|ship|sort|take|talk|tell|test|try to|update|write)"
)
LET_ME = r"(?:let me|lemme) (?:check|ask|find out|look into|see what|get back|follow up|dig)"
WILL_BE = (
    r"(?:it|this|that|the [\w-]+(?: [\w-]+)?)(?:'ll| will| should| is going to)(?: \w+ly)? (?:be )?"
    r"(?:back|fixed|available|done|here|in the shop|live|out|ready|released|resolved|shipped|sorted|there)"
)
ON_IT = r"(?:i'm|we're|i am|we are) (?:on it|on this|looking into|working on|fixing)"
PROMISE = re.compile(rf"\b(?:{WILL}(?: (?!not\b|never\b)[\w']+)?,? {DOES}|{LET_ME}|{WILL_BE}|{ON_IT})\b")
DENIED = re.compile(
    r"\b(?:won't|will not|will never|can't|cannot|don't think|not sure|unlikely|if (?:i|we|you|it|that)|"
    r"maybe|might|perhaps|unless)\b"
)
SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
MONTH_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "a couple of": 2,
    "three": 3,
    "a few": 3,
    "four": 4,
    "five": 5,
    "six": 6,
}
FRIDAY = 4
A_MONTH = "|".join(MONTH_OF)
ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({A_MONTH})\b")
MONTH_DAY = re.compile(rf"\b({A_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?\b")
IN_SO_MANY = re.compile(
    rf"\b(?:in|within) ({'|'.join(sorted(NUMBERS, key=len, reverse=True))}|\d{{1,2}}) (day|week|month)s?\b"
)
WEEKDAY = re.compile(rf"\b(next |this )?({'|'.join(DAYS)})\b")
TODAY = re.compile(r"\b(?:today|tonight|this (?:morning|afternoon|evening)|end of (?:the )?day|eod)\b")
TOMORROW = re.compile(r"\btomorrow\b")
THIS_WEEK = re.compile(r"\b(?:this week|end of (?:the |this )?week|eow)\b")
THIS_MONTH = re.compile(r"\b(?:this month|end of (?:the |this )?month)\b")
DAYS_IN = {"day": 1, "week": 7, "month": 30}


def promises(text: str) -> bool:
    """`text` as people read it."""
    return any(
        PROMISE.search(sentence) and not DENIED.search(sentence) and not sentence.endswith("?")
        for sentence in (found[0].strip() for found in SENTENCE.finditer(_plain(text)))
    )


def due_on(text: str, *, today: date) -> date | None:
    """The day that its words name, seen from the day on which they were written; None where they name none.

    A week ends on its Friday, a month on its last day: "next week" is kept by whoever delivers until then. Where two
    days are named, the plainer one counts. A day that is over says when something was, and not by when it will be.
    """
    plain = _plain(text)
    return next((found for read in READ if (found := read(plain, today)) is not None and found >= today), None)


def _plain(text: str) -> str:
    return " ".join(line.strip() for line in text.replace("’", "'").casefold().splitlines())


def _date_in(plain: str, today: date) -> date | None:
    """A day of the calendar. Without a year it is the next one."""
    found = ISO.search(plain)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found, month, number = DAY_MONTH.search(plain), 2, 1
    if not found:
        found, month, number = MONTH_DAY.search(plain), 1, 2
    if not found:
        return None
    this_year = _day(today.year, MONTH_OF[found[month]], int(found[number]))
    if this_year is not None and this_year >= today:
        return this_year
    return _day(today.year + 1, MONTH_OF[found[month]], int(found[number]))


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _today_or_tomorrow(plain: str, today: date) -> date | None:
    if TODAY.search(plain):
        return today
    return today + timedelta(days=1) if TOMORROW.search(plain) else None


def _so_much_later(plain: str, today: date) -> date | None:
    found = IN_SO_MANY.search(plain)
    if not found:
        return None
    return today + timedelta(days=(NUMBERS.get(found[1]) or int(found[1])) * DAYS_IN[found[2]])


def _weekday(plain: str, today: date) -> date | None:
    """The next such day after today. "next friday" is the one of the week after this; "this friday" may be today."""
    found = WEEKDAY.search(plain)
    if not found:
        return None
    index = DAYS.index(found[2])
    if found[1] == "next ":
        return today + timedelta(days=7 - today.weekday() + index)
    if found[1] == "this ":
        return today + timedelta(days=(index - today.weekday()) % 7)
    return today + timedelta(days=(index - today.weekday() - 1) % 7 + 1)


def _end_of_week(plain: str, today: date) -> date | None:
    if "next week" in plain:
        return _friday_of(today + timedelta(days=7))
    return max(today, _friday_of(today)) if THIS_WEEK.search(plain) else None


def _end_of_month(plain: str, today: date) -> date | None:
    if "next month" in plain:
        return _last_day(_last_day(today) + timedelta(days=1))
    return _last_day(today) if THIS_MONTH.search(plain) else None


def _friday_of(some: date) -> date:
    return some + timedelta(days=FRIDAY - some.weekday())


def _last_day(some: date) -> date:
    first_of_next = (some.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


READ = (_date_in, _today_or_tomorrow, _so_much_later, _weekday, _end_of_week, _end_of_month)
"""What looks for a day, the plainest first."""
