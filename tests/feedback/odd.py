"""Rows that no database has seen, with the oddest words that people could write, for tests of what we show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from feedback.identities import Persons
from feedback.overview.deciding import Brief, Given
from feedback.overview.demand import Demand, Estimate
from feedback.overview.trust import Card
from models import (
    Answer,
    Appeal,
    Approval,
    Budget,
    Change,
    Hold,
    Idea,
    Member,
    Message,
    Notice,
    Payout,
    Promise,
    Rehearsal,
    Reply,
    Reward,
    RewardQuestion,
    RewardRule,
    Theme,
    ThemeReading,
    Vouch,
)

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PIECES = (
    *("<!channel>", "<!here|you>", "<@U0EVE>", "<#C0IDEAS>", "<https://evil.example|the thread>", "&lt;", "&amp;"),
    *(
        "&",
        "<",
        ">",
        "|",
        "*",
        "_",
        "`",
        "\n",
        "\n> ",
        " ",
        "word",
        "🧴",
        "👩‍👩‍👧‍👦",
        "שלום",
        "مرحبا",
        "\u202e",
        "\u200b",
        "a" * 75,
    ),
)


@dataclass(frozen=True)
class Odd:
    """One set of words; each as long as the product lets it become."""

    text: str
    why: str
    summary: str
    name: str
    theme: str
    gift: str


def words(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Empty, blank, mixed, and one piece over and over up to the limit."""
    mixed = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).map("".join)
    endless = st.sampled_from(PIECES).map(lambda piece: piece * (most // len(piece) + 1))
    return (st.just("") | st.just(" \n ") | mixed | endless).map(lambda text: text[:most] or "x" * least)


ODD = st.builds(
    Odd,
    text=words(40_000),
    why=words(3000),
    summary=words(1000),
    name=words(80, least=1),
    theme=words(80, least=1),
    gift=words(500, least=1).map(lambda text: "".join(text.split()) or "x"),
)


def member(odd: Odd, slack_id: str = "U0ANA") -> Member:
    return Member(id=1, slack_id=slack_id, name=odd.name, role="customer")


def theme(odd: Odd, theme_id: int = 1) -> Theme:
    return Theme(id=theme_id, name=odd.theme)


def idea(odd: Odd, *, state: str = "new", idea_id: int = 1, in_channel: bool = True, is_grouped: bool = True) -> Idea:
    """In a channel somebody else captured it; without one it came from the form."""
    return Idea(
        id=idea_id,
        author=member(odd),
        author_id=1,
        captured_by=member(odd, "U0CY"),
        captured_by_id=2 if in_channel else 1,
        message=Message(id=1, permalink="https://x.example/archives/C0IDEAS/p1?thread_ts=1.0&cid=C0IDEAS"),
        message_id=1 if in_channel else None,
        kind="problem",
        text=odd.text,
        why=odd.why,
        state=state,
        theme=theme(odd) if is_grouped else None,
        theme_id=1 if is_grouped else None,
        created_at=AT,
    )


def notice(
    odd: Odd,
    *,
    kind: str = "shipped",
    raised_it: bool = True,
    because: str = "backed",
    url: str = "https://shop.example/?a=1&b=2",
    words: str | None = None,
    number: int = 1,
) -> Notice:
    change = Change(id=1, kind=kind, summary=odd.summary, url=url, words=words)
    said = idea(odd, state=kind, idea_id=number)
    return Notice(
        id=number,
        change=change,
        idea=said,
        idea_id=said.id,
        member=member(odd),
        raised_it=raised_it,
        because=because,
    )


def reply(odd: Odd) -> Reply:
    return Reply(text=odd.why[:2000])


def rehearsal(odd: Odd, *, kind: str = "shipped") -> Rehearsal:
    facts = {"kind": kind, "summary": odd.summary, "url": "https://shop.example/", "words": "{news}\n{words}"}
    return Rehearsal(id=1, member=member(odd, "U0CY"), idea=idea(odd), **facts)


def answer(odd: Odd, verdict: str) -> Answer:
    return Answer(verdict=verdict, why=odd.why[:2000], notice=notice(odd))


def appeal(odd: Odd, *, is_heard: bool = False) -> Appeal:
    return Appeal(id=1, member=member(odd), words=odd.why[:1000] or "x", needs=3, heard_at=AT if is_heard else None)


def promise(odd: Odd, *, state: str = "asked") -> Promise:
    found = Promise(
        id=1, idea=idea(odd), member=member(odd), words=odd.text, state=state, due_on=AT.date(), why=odd.why[:1000]
    )
    found.ended_by = "member" if odd.text else "change"
    return found


def reward(odd: Odd, *, state: str = "proposed", provider: str = "manual", cents: int = 2500) -> Reward:
    """By a rule with words of its own, for which a gift that was told ends one day. For somebody who did not say it
    themselves, with a word why, and confirmed by two."""
    found = Reward(
        id=1,
        member_id=3,
        note=odd.why[:1000],
        vouches=[Vouch(member=member(odd, "U0BO")), Vouch(member=member(odd, "U0FLO"))],
        reason="verified",
        rule=RewardRule(words=odd.text),
        ended_why=odd.why[:500],
        vests_at=AT if state == "vesting" else None,
        points=10,
        idea=idea(odd, state="verified"),
        member=member(odd),
        proposed_by=member(odd, "U0CY"),
        amount_cents=cents,
        currency="USD",
        provider=provider,
        state=state,
        version=3,
    )
    if state not in ("proposed", "vesting"):
        found.approvals = [Approval(manager=member(odd, "U0DI"), why=odd.why[:500], version=2, verdict=_verdict(state))]
        is_paid = state in ("paid", "cancelled")
        found.payout = Payout(error=odd.text, paid_at=AT if is_paid else None, expires_at=AT, gift_told_at=AT)
        found.payout.returned_at = AT if state == "cancelled" else None
    return found


def _verdict(state: str) -> str:
    return "declined" if state == "declined" else "approved"


def question(odd: Odd, *, is_answered: bool = False) -> RewardQuestion:
    found = RewardQuestion(
        id=1, reward=reward(odd), asked_by=member(odd, "U0DI"), question=odd.why[:500] or "x", asked_at=AT
    )
    if is_answered:
        found.answered_by, found.answer, found.answered_at = member(odd, "U0CY"), odd.text[:500] or "x", AT
    return found


def brief(odd: Odd, *, is_full: bool, needs: int = 1) -> Brief:
    """With all that can stand against it, or with nothing."""
    budget = Budget(id=1, name=odd.theme[:80] or "x", currency="USD")
    given = Given(1234, {"EUR": 123_456_789, "USD": 123_456_789}) if is_full else Given(0, {})
    sentence = f"{odd.name} and {odd.name} are the same person."
    return Brief(
        persons=Persons([]),
        change=change(odd),
        budget=budget if is_full else None,
        left_cents=123_456_789,
        needs=needs,
        kept=Approval(manager=member(odd, "U0DI"), verdict="approved", version=2) if is_full else None,
        month=given,
        year=given,
        earlier=[reward(odd, state="paid")] * 3 if is_full else [],
        flags=[sentence] * 2 if is_full else [],
        cannot=sentence if is_full else "",
        too_few=sentence if is_full else "",
        questions=[question(odd), question(odd, is_answered=True)] * 2 if is_full else [],
    )


def holds(odd: Odd, reward: Reward, *, is_lifted: bool = False) -> list[Hold]:
    """One of each kind."""
    tax = {"cents": 10**10, "line_cents": 10**10, "currency": "USD", "country": "US", "year": 2026}
    seen: dict[str, dict[str, Any]] = {
        "burst": {"others": 1234, "people": 123, "days": 7},
        "praise": {"votes": 1234, "of": 1234, "back": 1234},
        "accounts": {},
        "often": {"rewards": 1234, "days": 7},
        "share": {"people": 1234, "days": 90, "percent": 100},
        "tax_near": tax,
        "tax_over": tax,
    }
    by = member(odd, "U0DI") if is_lifted else None
    facts: dict[str, Any] = {"lifted_by": by, "lifted_at": AT if by else None, "why": odd.why[:500] if by else ""}
    return [
        Hold(id=number, kind=kind, detail=detail, reward=reward, raised_at=AT, **facts)
        for number, (kind, detail) in enumerate(seen.items(), 1)
    ]


def change(odd: Odd) -> Change:
    return Change(id=1, kind="shipped", summary=odd.summary, url="")


def reading(odd: Odd) -> ThemeReading:
    phrases = [odd.theme[:60] or "x"] * 3
    return ThemeReading(
        measured_at=AT, ideas=900, people=800, cohesion=0.5, least=0.3, runs=20, same_runs=18, phrases=phrases
    )


def trust_card(odd: Odd, reading: ThemeReading | None) -> Card:
    """With all that there can be on it, or, not measured yet, with nothing."""
    found = Estimate(1, 0, 9) if reading else None
    demand = Demand(ideas=1234, votes=9999, people=800, customers=900, heard=800, wanted=799, estimate=found)
    ideas = [idea(odd, idea_id=number) for number in range(3)] if reading else []
    return Card(theme(odd), demand, reading, reading, central=ideas, borderline=ideas, joined=ideas)
