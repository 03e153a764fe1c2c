"""Telling people what became of what they said, and asking whether it helped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedback import blocks
from feedback.appeals import Standing
from feedback.blocks import Json, Message
from feedback.blocks.appeals import below_decline
from feedback.changes import in_full
from feedback.loop import MOST_NAMED, VERDICTS
from feedback.loop import words as wording
from feedback.loop.words import NEWS
from models import Answer, Change, Notice, Rehearsal, Reply

LONGEST_NEWS = 1000
LONGEST_NAME = 80


def notice(notice: Notice, *, answer: Answer | None = None, appeal: Standing | None = None) -> Message:
    """Their own words and the day, then the news, then the question; once they answered, their answer. `appeal`:
    whether what was declined can be asked for again, or was."""
    change, idea = notice.change, notice.idea
    author = blocks.said(idea.author.name, LONGEST_NAME)
    on = blocks.date(idea.created_at)
    said = wording.how_they_are_part(raised_it=notice.raised_it, because=notice.because, date=on, author=author)
    places = {"name": blocks.mention(notice.member), "said": said, "date": on}
    told = _told(change.kind, change.words, places=places, quotes=[idea.text], summary=_news(change), url=change.url)
    return Message(_headline(change.kind, _news(change)), [*_with_less(told), *_below(notice, answer, appeal)])


def together(change: Change, notices: Sequence[Notice], *, appeal: Standing | None = None) -> Message:
    """One post for all of these, who wrote in one thread. The buttons answer for whoever presses them."""
    said = {notice.idea_id: notice.idea for notice in notices}
    first = min(said.values(), key=lambda idea: (idea.created_at, idea.id))
    on = blocks.date(first.created_at)
    names = wording.listed([blocks.mention(notice.member) for notice in notices])
    places = {"name": names, "said": wording.of_several(date=on), "date": on}
    quotes = [idea.text for idea in list(said.values())[: wording.MOST_QUOTES]]
    told = _told(change.kind, change.words, places=places, quotes=quotes, summary=_news(change), url=change.url)
    return Message(_headline(change.kind, _news(change)), [*_with_less(told), *_below_all(change, notices, appeal)])


def rehearsal(row: Rehearsal) -> Message:
    """As somebody who raised it would read it, said to be a test."""
    on = blocks.date(row.idea.created_at)
    places = {"name": blocks.mention(row.member), "said": f"on {on} you wrote", "date": on}
    told = _told(row.kind, row.words, places=places, quotes=[row.idea.text], summary=row.summary, url=row.url)
    note = "This is a test, and only you see it. Nobody was told, and the buttons do nothing."
    buttons = [
        blocks.button("Better now", "loop_rehearsed", "better", style="primary"),
        blocks.button("Partly", "loop_rehearsed_partly", "partly"),
        blocks.button("Not yet", "loop_rehearsed_too", "not_yet"),
    ]
    asks = [blocks.actions(buttons)] if row.kind == "shipped" else []
    return Message(f"A test: {_headline(row.kind, row.summary)}", [blocks.context(note), *told, *asks])


def announcement(change: Change, *, people: int, helped: Sequence[str] = ()) -> Message:
    """In the channel where news are: nobody is named who has not agreed to it, and nothing is asked."""
    news = f"*{NEWS[change.kind]}* {blocks.said(_news(change), LONGEST_NEWS)}".strip()
    if change.url:
        news += f" {blocks.link(change.url, 'See it here')}"
    who = "One person" if people == 1 else f"{people} people"
    asked = f"{who} here asked for it. {_with_help(helped)}Thank you."
    below = [blocks.context(asked)] if people and change.kind == "shipped" else []
    return Message(_headline(change.kind, _news(change)), [blocks.section(news), *below])


def _with_help(helped: Sequence[str]) -> str:
    names = [blocks.said(name, LONGEST_NAME) for name in helped[:MOST_NAMED]]
    others = len(helped) - len(names)
    more = [f"{others} more" if others > 1 else "one more"] if others else []
    return f"With the help of {wording.listed([*names, *more])}. " if names else ""


def _news(change: Change) -> str:
    """What there is to say: of a decline the class of its reason first."""
    return in_full(change.summary, change.reason)


def _headline(kind: str, summary: str) -> str:
    return f"{NEWS[kind]} {blocks.said(summary, 200)}".strip()


def _told(
    kind: str, words: str | None, *, places: Mapping[str, str], quotes: Sequence[str], summary: str, url: str
) -> list[Json]:
    """The words with everything in its place: what comes up to the quotation in one section, the rest in another.

    The news are cut to what is left of a section beside all the rest, so that no link is cut in half.
    """
    text = blocks.escape(words or wording.DEFAULTS[kind])
    before, quoted, after = _around_the_quotation(text)
    inline = " ".join(f"“{blocks.said(quote, blocks.QUOTE_CHARACTERS) or 'deleted'}”" for quote in quotes)
    values = {**places, "words": inline, "link": blocks.link(url, "See it here") if url else "", "news": ""}
    sections = []
    for part, is_first in ((before, True), (after, False)):
        quotation = "\n\n".join(blocks.quote(quote) for quote in quotes) if quoted and is_first else ""
        has_link = "{link}" in part or ("{link}" not in text and is_first == (not after))
        here = values if has_link else {**values, "link": ""}
        room = blocks.SECTION_LIMIT - len(wording.fill(part, {**here, "news": "x"})) - len(quotation) - 2
        news = blocks.said(summary, max(1, min(LONGEST_NEWS, room)))
        filled = "\n".join(filter(None, [wording.fill(part, {**here, "news": news}), quotation]))
        sections += [blocks.section(filled)] if filled else []
    return sections


def _around_the_quotation(text: str) -> tuple[str, bool, str]:
    """What stands before and after {words}, where that stands on a line by itself; else all of it and nothing."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.strip() == "{words}":
            return "\n".join(lines[:number]), True, "\n".join(lines[number + 1 :])
    return text, False, ""


def _below(notice: Notice, answer: Answer | None, appeal: Standing | None) -> list[Json]:
    kind = notice.change.kind
    if kind == "asked":
        return [_heard(notice.reply) if notice.reply else _ask(notice.id)]
    if kind == "shipped":
        return [_thanks(notice, answer) if answer else _question(notice.id)]
    return below_decline(appeal, notice.id) if appeal else []


def _below_all(change: Change, notices: Sequence[Notice], appeal: Standing | None) -> list[Json]:
    """How many have answered, and the question as long as somebody has not."""
    if change.kind == "asked":
        replied = sum(notice.reply is not None for notice in notices)
        count = [blocks.context(f"{replied} of {len(notices)} answered. Thank you.")] if replied else []
        return [*count, *([_ask(f"all-{change.id}")] if replied < len(notices) else [])]
    if change.kind != "shipped":
        return below_decline(appeal, f"all-{change.id}") if appeal else []
    verdicts = [notice.answer.verdict for notice in notices if notice.answer]
    said = [f"{verdicts.count(each)} said: {words}" for each, words in VERDICTS.items() if each in verdicts]
    count = [blocks.context("  ·  ".join([*said, "Thank you for telling us"]))] if verdicts else []
    return [*count, *([_question(f"all-{change.id}")] if len(verdicts) < len(notices) else [])]


def reminder(notice: Notice, *, answer: Answer | None = None) -> Message:
    """The question once more, short; once they answered, their answer."""
    text = "Did this help?"
    about = f"{blocks.mention(notice.member)}, you asked for it: “{blocks.said(notice.idea.text, 140)}”. {text}"
    if not notice.raised_it:
        part = "You wrote below it" if notice.because == "joined" else "You backed it"
        about = f"{part}: “{blocks.said(notice.idea.text, 140)}”. {text}"
    news = blocks.context(f"What we told you: {blocks.said(notice.change.summary, 200)}")
    return Message(text, [blocks.section(about), news, _thanks(notice, answer) if answer else _question(notice.id)])


def _question(value: object) -> Json:
    return blocks.actions(
        [
            blocks.button("Better now", "loop_better", value, style="primary"),
            blocks.button("Partly", "loop_partly", value),
            blocks.button("Not yet", "loop_not_yet", value),
        ]
    )


def _ask(value: object) -> Json:
    return blocks.actions([blocks.button("Answer", "loop_reply", value, style="primary")])


def _heard(reply: Reply) -> Json:
    return blocks.context(f"You said: “{blocks.said(reply.text, 300)}” Thank you. The team reads it.")


def _thanks(notice: Notice, answer: Answer) -> Json:
    if answer.verdict == "better":
        return blocks.context("You said: better now. Thank you for telling us.")
    words = f" “{blocks.said(answer.why, 300)}”" if answer.why else ""
    if answer.verdict == "partly":
        return blocks.context(f"You said: partly.{words} Thank you, the team reads this.")
    became = "The idea is open again." if notice.idea.state == "reopened" else "The team reads this."
    return blocks.context(f"You said: not yet.{words} {became}")


def item(notice: Notice) -> list[Json]:
    """The same in one of several places of a message: shorter, and not addressed anew."""
    change = notice.change
    news = f"*{NEWS[change.kind]}* {blocks.said(_news(change), 300)}".strip()
    if change.url:
        news += f" {blocks.link(change.url, 'See it here')}"
    on = blocks.date(notice.idea.created_at)
    name = blocks.said(notice.idea.author.name, 80)
    whose = wording.how_they_are_part(raised_it=notice.raised_it, because=notice.because, date=on, author=name)
    whose = f"On{whose.removeprefix('on')}" if whose.startswith("on <") else whose
    said = [blocks.section(f"{whose}:\n{blocks.quote(notice.idea.text, 160)}\n{news}")]
    return [*said, *_below(notice, notice.answer, Standing(None, 0, may_ask=change.kind == "declined"))]


def _with_less(told: Sequence[Json]) -> list[Json]:
    first, *rest = told
    return [{**first, "accessory": less()}, *rest]


def less() -> Json:
    """The quiet "…" beside whatever tells somebody something. Where several read it, it is for whoever presses."""
    return {"type": "overflow", "action_id": "hears_less", "options": [blocks.option("Tell me less", "less")]}


def better_form(notice: Notice) -> Json:
    """After the answer, which stands without it."""
    return blocks.modal(
        "loop_better",
        "Better now",
        [
            blocks.section(blocks.quote(notice.idea.text)),
            blocks.text_input(
                "why",
                "How did it go?",
                limit=2000,
                hint="Your answer is kept. One sentence helps the team. You may also leave it out.",
                optional=True,
            ),
        ],
        submit="Send",
        metadata=str(notice.id),
    )


def partly_form(notice: Notice) -> Json:
    return blocks.modal(
        "loop_partly",
        "Partly",
        [
            blocks.section(blocks.quote(notice.idea.text)),
            blocks.text_input(
                "why",
                "What is still missing?",
                limit=2000,
                hint="One sentence helps the team. You may also leave it out.",
                optional=True,
            ),
        ],
        submit="Send",
        metadata=str(notice.id),
    )


def not_yet_form(notice: Notice) -> Json:
    """Whoever only backed it does not open it again alone, so nothing is promised to them."""
    hint = "The team reads this, and the idea is open again." if notice.raised_it else "The team reads this."
    return blocks.modal(
        "loop_not_yet",
        "Not yet",
        [
            blocks.section(blocks.quote(notice.idea.text)),
            blocks.text_input("why", "What is still missing?", limit=2000, hint=hint),
        ],
        submit="Send",
        metadata=str(notice.id),
    )


def reply_form(notice: Notice) -> Json:
    return blocks.modal(
        "loop_reply",
        "Tell us more",
        [
            blocks.section(f"{blocks.quote(notice.idea.text)}\n{blocks.said(notice.change.summary, LONGEST_NEWS)}"),
            blocks.text_input("text", "Your answer", limit=2000, hint="Only the team reads this."),
        ],
        submit="Send",
        metadata=str(notice.id),
    )
