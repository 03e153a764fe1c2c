"""What happened to something, as sentences that follow a name: "Cy moved it to “Dark mode”"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback import audit
from feedback.blocks import KIND_WORDS, money
from feedback.rewards.holds import KINDS as HOLDS
from models import Audit

Detail = dict[str, Any]
PRODUCT = "Roundtrip"
CAPTURED = {
    "shortcut": "kept it with the shortcut",
    "reaction": "kept it with a :bulb:",
    "mention": "mentioned the app",
    "form": "wrote it in the form",
    "suggestion": "was asked, and kept it",
    "review": "kept it after looking through",
    "judged": "kept it by itself",
}

LEFT = {
    "merge": "putting it together with another",
    "split": "parting it in two",
    "move": "moving some of it elsewhere",
}
UNDONE = {
    "absorbed": "undid that “{one}” was merged into “{other}”",
    "split": "undid that “{other}” was split off from “{one}”",
    "survived": "undid a move from “{one}” to “{other}”",
}
COMPARED = {
    "yes": "said that it asks for the same as another idea",
    "no": "said that it asks for something else than another idea",
    "unsure": "could not say whether it asks for the same as another idea",
}
PAID = {
    "": "gave the points for it",
    "booking": "gave the link where a time can be chosen",
    "codes": "gave a code out of an uploaded list",
    "manual": "took the code or link, and wrote it down as paid",
    "service": "paid it through the payout service",
    "tremendous": "paid it through the payout service",
}


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    text: str
    why: str
    """In the words of whoever did it; often empty."""
    act: str
    """As the history is written down."""


def lines(tx: Session, *, workspace_id: int, subject: str, subject_id: int) -> Sequence[Line]:
    """Oldest first, in one query."""
    found = audit.history(tx, workspace_id=workspace_id, subject=subject, subject_id=subject_id)
    return [line_of(row) for row in found]


def line_of(row: Audit) -> Line:
    return Line(
        at=row.at,
        who=row.member.name if row.member else PRODUCT,
        text=sentence(row.subject, row.act, row.detail),
        why=str(row.detail.get("why") or row.detail.get("error") or ""),
        act=row.act,
    )


def sentence(subject: str, act: str, detail: Detail) -> str:
    """An act that nobody has put into words yet reads as it is named."""
    say = SENTENCES.get((subject, act))
    return say(detail) if say else f"{act} it"


def _how_many(detail: Detail, noun: str = "idea") -> str:
    count = len(detail.get("idea_ids") or [])
    return f"{count} {noun if count == 1 else noun + 's'}"


def _day(detail: Detail) -> str:
    on = date.fromisoformat(str(detail["due_on"]))
    return f"{on.day} {on:%B %Y}"


def _amount(detail: Detail) -> str:
    return money(int(detail.get("cents", 0)), str(detail.get("currency", "USD")))


def _changed(detail: Detail) -> str:
    before, after = detail.get("before", ""), detail.get("after", "")
    named = f"renamed it from “{before}” to “{after}”" if before != after else "gave it other days"
    days = [
        f"{word} {detail[name]}" for word, name in (("from", "starts_on"), ("until", "ends_on")) if detail.get(name)
    ]
    return f"{named}: {' '.join(days)}" if days else named


def _line(detail: Detail) -> str:
    return f"{money(detail['cents'], detail['currency'])} for {detail['country']}, {detail['year']}"


SENTENCES: dict[tuple[str, str], Callable[[Detail], str]] = {
    ("idea", "captured"): lambda d: CAPTURED.get(d.get("captured_with", ""), "kept it"),
    ("idea", "brought back"): lambda d: "brought it back",
    ("idea", "withdrawn"): lambda d: "took it back",
    ("idea", "not feedback"): lambda d: "said that it is no feedback",
    ("idea", "sorted"): lambda d: f"called it {KIND_WORDS.get(d.get('after', ''), 'something else')}",
    ("idea", "edited"): lambda d: "changed the words in Slack",
    ("idea", "deleted in Slack"): lambda d: "deleted the message in Slack",
    ("idea", "reviewed"): lambda d: "marked it as seen",
    ("idea", "grouped"): lambda d: f"put it into “{d.get('theme', '')}”",
    ("idea", "moved"): lambda d: f"moved it to “{d.get('theme', '')}”",
    ("idea", "compared"): lambda d: COMPARED.get(d.get("verdict", ""), COMPARED["unsure"]),
    ("idea", "compared anew"): lambda d: "took back what was said about it and another idea",
    ("idea", "planned"): lambda d: "planned it",
    ("idea", "declined"): lambda d: "declined it",
    ("idea", "shipped"): lambda d: "shipped it",
    ("idea", "confirmed"): lambda d: "said: better now",
    ("idea", "helped partly"): lambda d: "said: partly",
    ("idea", "asked again"): lambda d: "asked again",
    ("idea", "heard again"): lambda d: "brought it back to the inbox: enough new people back it",
    ("idea", "promised"): lambda d: f"made a promise, for {_day(d)}",
    ("idea", "promise moved"): lambda d: f"gave a promise another day, {_day(d)}",
    ("idea", "promise kept"): lambda d: f"marked a promise of {d['name']} as kept" if "name" in d else "kept a promise",
    ("idea", "promise given_up"): lambda d: "said that a promise cannot be kept",
    ("idea", "promise lapsed"): lambda d: (
        f"let a promise of {d.get('name', 'somebody')} rest, because it was taken back"
    ),
    ("idea", "promise broken"): lambda d: f"noted that a promise of {d.get('name', 'somebody')} was not kept in time",
    ("idea", "reopened"): lambda d: "said: not yet",
    ("idea", "sent back to the inbox"): lambda d: "sent it back to the inbox",
    ("idea", "merged"): lambda d: f"merged it into what {d.get('author', 'somebody')} said",
    ("idea", "took in"): lambda d: f"merged into it what {d.get('author', 'somebody')} said",
    ("idea", "taken out"): lambda d: "undid that: it stands for itself again",
    ("idea", "let go"): lambda d: "undid a merge: the other idea stands for itself again",
    ("idea", "left alone"): lambda d: "let it stand for itself again, because the other idea was taken back",
    ("idea", "linked"): lambda d: f"linked {d.get('key', 'work')} to it",
    ("idea", "unlinked"): lambda d: f"took the link to {d.get('key', 'work')} off",
    ("idea", "work reopened"): lambda d: f"heard that {d.get('key', 'work')} was opened again",
    ("idea", "scored"): lambda d: "scored it",
    ("idea", "scored anew"): lambda d: "scored it anew",
    ("theme", "shared"): lambda d: f"shared a thank-you of {money(d['amount_cents'], d['currency'])} for it",
    ("theme", "linked"): lambda d: f"linked {d.get('key', 'work')} to it",
    ("theme", "unlinked"): lambda d: f"took the link to {d.get('key', 'work')} off",
    ("theme", "work reopened"): lambda d: f"heard that {d.get('key', 'work')} was opened again",
    ("theme", "opened"): lambda d: f"opened it as “{d.get('name', '')}”",
    ("theme", "renamed"): lambda d: f"renamed it from “{d.get('before', '')}” to “{d.get('after', '')}”",
    ("theme", "merged"): lambda d: f"merged it into “{d.get('into', '')}”, with {_how_many(d)}",
    ("theme", "took in"): lambda d: f"merged “{d.get('name', '')}” into it, with {_how_many(d)}",
    ("theme", "gave"): lambda d: f"moved {_how_many(d)} out to “{d.get('into', '')}”",
    ("theme", "got"): lambda d: f"moved {_how_many(d)} in from “{d.get('name', '')}”",
    ("theme", "pinned"): lambda d: "pinned it",
    ("theme", "unpinned"): lambda d: "took the pin off",
    ("theme", "undone"): lambda d: UNDONE.get(d.get("what", ""), UNDONE["survived"]).format(**d),
    ("theme", "left as it is"): lambda d: f"left it as it is, instead of {LEFT.get(d.get('kind', ''), 'a change')}",
    ("theme", "split"): lambda d: f"moved {_how_many(d)} out into “{d.get('new', '')}”",
    ("change", "shipped"): lambda d: f"shipped it for {_how_many(d)}",
    ("change", "planned"): lambda d: f"planned {_how_many(d)}",
    ("change", "declined"): lambda d: f"declined {_how_many(d)}",
    ("change", "asked"): lambda d: f"asked everybody behind {_how_many(d)}",
    ("change", "stopped"): lambda d: "stopped telling people",
    ("change", "went on"): lambda d: "went on telling people",
    ("budget", "opened"): lambda d: f"opened it with {_amount(d)}",
    ("budget", "changed"): _changed,
    ("budget", "funded"): lambda d: f"put {_amount(d)} in",
    ("budget", "reduced"): lambda d: f"took {_amount(d)} out",
    ("budget", "closed"): lambda d: "closed it",
    ("reward", "proposed"): lambda d: "proposed it",
    ("reward", "proposed again"): lambda d: "proposed it again",
    ("reward", "verified"): lambda d: "confirmed it",
    ("reward", "not verified"): lambda d: "found that nobody but its receiver has said so",
    ("reward", "vesting"): lambda d: "began to count the days until it may be approved",
    ("reward", "cancelled"): lambda d: "cancelled it",
    ("reward", "approval taken back"): lambda d: "took the approval back, and the money is in the budget again",
    ("reward", "thanked"): lambda d: "thanked them in words",
    ("reward", "approved"): lambda d: "approved it",
    ("reward", "approved first"): lambda d: "said yes to it; one more manager was needed",
    ("reward", "asked"): lambda d: "asked about it",
    ("reward", "answered"): lambda d: "answered that",
    ("reward", "declined"): lambda d: "declined it",
    ("reward", "paid"): lambda d: PAID.get(d.get("provider", ""), "paid it"),
    ("reward", "told"): lambda d: "sent the gift to them in a message",
    ("reward", "sent again"): lambda d: "had the gift sent once more",
    ("reward", "reminded"): lambda d: "reminded them that it ends soon",
    ("reward", "taken back"): lambda d: "asked the payout service to take it back",
    ("reward", "not returned"): lambda d: "could not take it back: the payout service refused",
    ("reward", "returned"): lambda d: "took it back, and the money is in the budget again",
    ("reward", "failed"): lambda d: "could not pay it: the payout service refused",
    ("reward", "adopted"): lambda d: f"found that it had no budget, and took it out of “{d.get('budget', '')}”",
    ("reward", "on its way"): lambda d: "put the money aside, and set the payment off",
    ("reward", "human"): lambda d: "stopped: a person has to look at the payment",
    ("reward", "tried again"): lambda d: "had the payment tried again",
    ("reward", "asked again"): lambda d: "had the payment asked for again",
    ("reward", "paid after all"): lambda d: "found that it was paid after all",
    ("reward", "not paid after all"): lambda d: "found that it was not paid, and gave the money back",
    ("reward", "left"): lambda d: "left it as it is",
    ("reward", "held"): lambda d: f"held it: {HOLDS.get(d.get('kind', ''), 'something has to be looked at')}",
    ("reward", "hold lifted"): lambda d: f"let it go on: {HOLDS.get(d.get('kind', ''), 'what held it')}",
    ("tax line", "added"): lambda d: f"wrote down {_line(d)}",
    ("tax line", "changed"): lambda d: f"changed {_line(d)}, from {money(d['before_cents'], d['before_currency'])}",
}
